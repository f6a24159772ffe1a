using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// A caller who waits for a password check. Everybody gets a turn, and nobody has to wait until all attempts of another
/// caller are checked.
/// </summary>
/// <param name="Share">Whose turns the caller shares: the account's, if its person is signed in or the device has
/// signed in before; otherwise the network's.</param>
/// <param name="Known">Whether the caller is known. Known callers go before unknown ones, except that every fourth turn
/// goes to an unknown one.</param>
/// <param name="Late">Whether the other callers of the share go first.</param>
internal readonly record struct Waiter(string Share, bool Known, bool Late = false);

/// <summary>
/// Thrown when too many passwords are already waiting to be checked; the caller should try again a little later.
/// </summary>
internal sealed class PasswordLaneFullException() : Exception("Too many passwords wait to be checked.")
{
    internal const int RetryAfterSeconds = 5;
}

/// <summary>The result of a password check.</summary>
/// <param name="Rehashed">The password hashed with the current work factor, if the stored hash has a lower one;
/// otherwise null.</param>
internal readonly record struct PasswordVerdict(bool Right, string? Rehashed);

/// <summary>
/// Hashes passwords on a few threads of its own, behind a queue with a limit. One hash takes as long as a hundred
/// saves, and anybody can request one without an account. Hashing here uses no request threads, and only the processor
/// time that other work leaves over.
/// </summary>
internal sealed class PasswordLane(IPasswordHasher<AccountRow> hasher, IOptions<PasswordHasherOptions> options) : IDisposable
{
    /// <summary>Iterations of PBKDF2 with HMAC-SHA-512, from OWASP's Password Storage Cheat Sheet.</summary>
    internal const int Iterations = 210_000;

    /// <summary>
    /// Enough places for one school whose people all come at the same time from one address; checking their passwords
    /// takes half a minute. Even when a few such schools come, others still get places.
    /// </summary>
    internal const int PlacesOfNetwork = 300;

    private const int Places = 2 * PlacesOfNetwork;
    private const int PlacesOfKnown = 100;
    private const int PlacesOfAccount = 20;

    // Of every four turns the last belongs to unknown callers, so that known callers who keep the queue full do not
    // shut them out.
    private const int Turns = 4;

    internal static readonly int Threads = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly FairQueue<Work> known = new(PlacesOfKnown, PlacesOfAccount);
    private readonly FairQueue<Work> others = new(Places, PlacesOfNetwork);
    private readonly object waiting = new();
    private int turn;
    private bool started;
    private bool over;

    /// <param name="by">The signed-in person who requests the hash.</param>
    /// <exception cref="PasswordLaneFullException">Too many callers are already waiting.</exception>
    internal Task<string> Hash(string password, string by) => Run(() => hasher.Hash(password), new Waiter(by, Known: true));

    /// <summary>
    /// Verifies a password. This takes the same time for an unknown name, for a closed account, and for an account
    /// whose hash was made with fewer iterations.
    /// </summary>
    /// <param name="account">The account with the name; null when there is none.</param>
    /// <exception cref="PasswordLaneFullException">Too many callers are already waiting.</exception>
    internal Task<PasswordVerdict> Verify(AccountRow? account, string password, Waiter waiter) =>
        Run(
            () =>
            {
                var verified = PasswordVerificationResult.Failed;
                foreach (var spelling in Accounts.Spellings(password))
                {
                    if (account?.PasswordHash is { } hash && verified is PasswordVerificationResult.Failed)
                        verified = hasher.VerifyHashedPassword(account, hash, spelling);
                    if (options.Value.IterationCount - WorkOf(account?.PasswordHash) is > 0 and var missing)
                        Rfc2898DeriveBytes.Pbkdf2(spelling, new byte[16], missing, HashAlgorithmName.SHA512, 32);
                }
                if (verified is PasswordVerificationResult.Failed || account!.Disabled)
                    return new PasswordVerdict(false, null);
                return new(true, verified is PasswordVerificationResult.SuccessRehashNeeded ? hasher.Hash(password) : null);
            },
            waiter
        );

    private Task<T> Run<T>(Func<T> work, Waiter waiter)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var own = new Work(Do, () => answer.SetException(new PasswordLaneFullException()));
        Work? pushedOut;
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(over, this);
            if (!(waiter.Known ? known : others).TryAdd(waiter.Share, waiter.Late, own, out pushedOut))
                throw new PasswordLaneFullException();
            if (!started)
                Start();
            Monitor.Pulse(waiting);
        }
        pushedOut?.Refuse();
        return answer.Task;

        void Do()
        {
            try
            {
                answer.SetResult(work());
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
            }
        }
    }

    private void Start()
    {
        started = true;
        for (var number = 1; number <= Threads; number++)
            new Thread(Serve) { IsBackground = true, Name = $"passwords {number}" }.Start();
    }

    private void Serve()
    {
        Priority.Lower();
        while (Next() is { } work)
            work.Do();
    }

    private Work? Next()
    {
        lock (waiting)
        {
            while (!over)
            {
                var (first, second) = turn == Turns - 1 ? (others, known) : (known, others);
                if (first.TryTake(out var work) || second.TryTake(out work))
                {
                    turn = (turn + 1) % Turns;
                    return work;
                }
                Monitor.Wait(waiting);
            }
            return null;
        }
    }

    private sealed record Work(Action Do, Action Refuse);

    public void Dispose()
    {
        lock (waiting)
        {
            over = true;
            Monitor.PulseAll(waiting);
        }
    }

    /// <summary>
    /// The number of iterations stated in a hash of ASP.NET Core Identity's version 3 (marker, algorithm, iterations);
    /// 0 for any other text.
    /// </summary>
    private static int WorkOf(string? hash)
    {
        if (hash is null)
            return 0;
        Span<byte> bytes = stackalloc byte[128];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length >= 13 && bytes[0] == 1
            ? BinaryPrimitives.ReadInt32BigEndian(bytes[5..])
            : 0;
    }

    /// <summary>
    /// Sets a thread's own <c>nice</c> value, because on Linux the runtime's thread priorities have no effect.
    /// </summary>
    private static class Priority
    {
        private const int Process = 0;
        private const int ThisThread = 0;
        private const int Nice = 5;

        internal static void Lower()
        {
            if (OperatingSystem.IsLinux())
                _ = SetPriority(Process, ThisThread, Nice);
            else
                Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }

        [DllImport("libc", EntryPoint = "setpriority")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int SetPriority(int which, int who, int value);
    }
}
