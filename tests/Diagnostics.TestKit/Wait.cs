using System.Diagnostics;

namespace Diagnostics.TestKit;

/// <summary>
/// Waits for things that happen in their own time: a process, a background worker, the other of two nodes. The time
/// limit is far longer than a busy machine needs, so it is reached only when something will never happen; the exception
/// then names what was awaited.
/// </summary>
public static class Wait
{
    public static readonly TimeSpan AtMost = TimeSpan.FromMinutes(2);

    // A caller that polls over HTTP stays far below the service's rate limit.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="what">The condition as a sentence, such as <c>the server is ready</c>.</param>
    /// <param name="output">Returns the last output of the awaited process.</param>
    /// <exception cref="TimeoutException">The condition did not occur.</exception>
    public static Task Until(string what, Func<bool> happened, Func<string>? output = null) =>
        Until(what, () => Task.FromResult(happened()), output);

    /// <inheritdoc cref="Until(string, Func{bool}, Func{string})"/>
    /// <param name="atMost">The time limit; longer than <see cref="AtMost"/> when the work itself takes longer.</param>
    public static Task Until(string what, Func<Task<bool>> happened, Func<string>? output = null, TimeSpan? atMost = null) =>
        Until(what, happened, yes => yes, output, atMost);

    /// <summary>Polls until the condition holds.</summary>
    /// <returns>The value for which the condition held.</returns>
    /// <inheritdoc cref="Until(string, Func{bool}, Func{string})"/>
    public static async Task<T> Until<T>(
        string what,
        Func<Task<T>> look,
        Func<T, bool> awaited,
        Func<string>? output = null,
        TimeSpan? atMost = null
    )
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            var seen = await look();
            if (awaited(seen))
                return seen;
            if (watch.Elapsed > (atMost ?? AtMost))
                throw GivenUp(what, watch.Elapsed, seen is bool ? null : $"seen last: {seen}", output);
        }
    }

    /// <inheritdoc cref="Until(string, Func{bool}, Func{string})"/>
    public static async Task For(string what, Task happening, Func<string>? output = null)
    {
        var watch = Stopwatch.StartNew();
        if (await Task.WhenAny(happening, Task.Delay(AtMost)) != happening)
            throw GivenUp(what, watch.Elapsed, null, output);
        await happening;
    }

    internal static TimeoutException GivenUp(string what, TimeSpan waited, string? seen, Func<string>? output) =>
        new(
            string.Join(
                '\n',
                new[]
                {
                    FormattableString.Invariant($"Waited {waited.TotalSeconds:F0} s until {what}, in vain."),
                    seen,
                    output?.Invoke() is { } said ? $"Said last:\n{said}" : null,
                }.OfType<string>()
            )
        );
}
