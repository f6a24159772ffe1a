namespace Diagnostics.Engine.Jobs;

/// <summary>
/// How many pieces of work the next slice of a job takes. A slice is one transaction, and other people wait for it: on
/// SQLite whoever saves an answer, on a server whoever writes into the audit trail. So a slice is kept about as long as a
/// person does not notice.
/// </summary>
public static class JobPace
{
    /// <summary>The number of pieces in the first slice of a job on a node.</summary>
    public const int First = 8;

    public const int Most = 500;

    /// <summary>How long a slice should take.</summary>
    public static readonly TimeSpan Wanted = TimeSpan.FromMilliseconds(40);

    /// <param name="size">The number of pieces in the last slice.</param>
    /// <param name="took">How long that slice took.</param>
    public static int Next(int size, TimeSpan took)
    {
        var fitting = took > TimeSpan.Zero ? (int)Math.Min(Most, size * (Wanted / took)) : Most;
        // A single slow slice says little, so the size at most doubles or halves.
        return Math.Clamp(fitting, Math.Max(1, size / 2), Math.Min(Most, size * 2));
    }
}
