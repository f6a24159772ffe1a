using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// Carries a person's requests to a service whose nodes and database may be stopped at any time. When the connection
/// breaks, a request goes to another node; after an answer that says to try later, the request is sent again after a
/// pause. So everything sent may arrive twice.
/// </summary>
internal sealed class Roaming(IReadOnlyList<int> ports, int first, string token, Trouble trouble) : IDisposable
{
    /// <summary>How long to try again: longer than a node or a database server needs to come back.</summary>
    private static readonly TimeSpan Patience = Wait.AtMost + TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private Wire? wire;
    private int at = first % ports.Count;

    /// <returns>The first answer that does not say to try later; status 0 when there was none before
    /// <see cref="Patience"/> ran out.</returns>
    internal async Task<(int Status, string Body)> Send(string method, string path, string body = "")
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(Pause))
        {
            try
            {
                wire ??= await Wire.Connect(ports[at]);
                var (status, answer) = await wire.Send(method, path, token, body).WaitAsync(Patience);
                var says = wire.SaysWhen;
                if (wire.Closing)
                    Hang();
                if (status is not (429 or 503))
                    return (status, answer);
                trouble.Later(says, status, answer);
            }
            catch (Exception broken) when (broken is IOException or SocketException)
            {
                trouble.Broke();
                Hang();
                at = (at + 1) % ports.Count;
            }
            catch (TimeoutException)
            {
                Hang();
                break;
            }
        }
        trouble.Wrong($"{method} {Route(path)} 0", "no answer");
        return (0, "");
    }

    /// <summary>
    /// Sends a request that must be answered with <paramref name="status"/>; any other answer is recorded as wrong.
    /// </summary>
    /// <returns>The body; null after any other answer.</returns>
    internal async Task<string?> Expect(int status, string method, string path, string body = "")
    {
        var (got, answer) = await Send(method, path, body);
        if (got == status)
            return answer;
        if (got != 0)
            trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"{method} {Route(path)} {got}"), answer);
        return null;
    }

    public void Dispose() => Hang();

    /// <summary>The path without ids.</summary>
    private static string Route(string path) =>
        string.Join(
            '/',
            path.Split('/').Where(part => !Guid.TryParse(part, out _) && !int.TryParse(part, CultureInfo.InvariantCulture, out _))
        );

    private void Hang()
    {
        wire?.Dispose();
        wire = null;
    }
}

/// <summary>The problems that people met during the run.</summary>
internal sealed class Trouble
{
    private const int MostExamples = 10;

    private readonly ConcurrentDictionary<string, int> wrong = new();
    private readonly ConcurrentQueue<string> examples = new();
    private int later,
        broken;

    /// <summary>Answers that nobody should have got, by request and status.</summary>
    internal IReadOnlyDictionary<string, int> AllWrong => wrong;

    internal IReadOnlyCollection<string> Examples => examples;

    /// <summary>The number of answers 503 and 429 that said when to try again.</summary>
    internal int ToldLater => Volatile.Read(ref later);

    /// <summary>The number of times that a connection broke or a node could not be reached.</summary>
    internal int Broken => Volatile.Read(ref broken);

    internal void Later(bool saysWhen, int status, string answer)
    {
        Interlocked.Increment(ref later);
        if (!saysWhen)
            Wrong(string.Create(CultureInfo.InvariantCulture, $"{status} without Retry-After"), answer);
    }

    internal void Broke() => Interlocked.Increment(ref broken);

    internal void Wrong(string what, string example)
    {
        wrong.AddOrUpdate(what, 1, (_, count) => count + 1);
        if (examples.Count < MostExamples)
            examples.Enqueue($"{what}: {(example.Length > 500 ? example[..500] : example)}");
    }
}
