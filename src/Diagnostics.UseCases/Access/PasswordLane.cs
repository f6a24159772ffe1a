using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Diagnostics.UseCases.Access;

/// <summary>Whose password is checked first when many wait.</summary>
internal enum PasswordPriority
{
    /// <summary>A device that has signed in before, or somebody who is signed in.</summary>
    Known,

    Usual,

    /// <summary>From an address where a great many have failed.</summary>
    Suspect,
}

/// <summary>Too many passwords wait to be checked: come back a little later.</summary>
internal sealed class PasswordLaneFullException() : Exception("Too many passwords wait to be checked.")
{
    internal const int RetryAfterSeconds = 5;
}

/// <summary>What a password was found to be.</summary>
/// <param name="Rehashed">The same password with the work of today, where it was hashed with less.</param>
internal readonly record struct PasswordVerdict(bool Right, string? Rehashed);

/// <summary>
/// Where passwords are hashed: a few threads of their own with a short queue. To hash one takes as long as a hundred saves,
/// and anybody can ask for it without an account; here it can neither take the threads of the requests nor more of the
/// processor than is left over.
/// </summary>
internal sealed class PasswordLane(IPasswordHasher<AccountRow> hasher, IOptions<PasswordHasherOptions> options) : IDisposable
{
    /// <summary>PBKDF2 with HMAC-SHA-512: the number of OWASP's Password Storage Cheat Sheet.</summary>
    internal const int Iterations = 210_000;

    // About ten seconds of work; whoever would wait longer is told to come back.
    private static readonly int[] Places = [50, 100, 10];

    private static readonly int Threads = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly Queue<Action>[] waiting = [new(), new(), new()];
    private bool started;
    private bool over;

    /// <exception cref="PasswordLaneFullException">Too many wait.</exception>
    internal Task<string> Hash(string password) => Run(() => hasher.Hash(password), PasswordPriority.Known);

    /// <summary>Takes the same time whoever is asked for: nobody, an account that is shut, one whose hash took less work.</summary>
    /// <param name="account">Null when there is none of the name.</param>
    /// <exception cref="PasswordLaneFullException">Too many wait.</exception>
    internal Task<PasswordVerdict> Verify(AccountRow? account, string password, PasswordPriority priority) => Run(() =>
    {
        var verified = PasswordVerificationResult.Failed;
        foreach (var spelling in Accounts.Spellings(password))
        {
            if (account?.PasswordHash is { } hash && verified is PasswordVerificationResult.Failed)
                verified = hasher.VerifyHashedPassword(account, hash, spelling);
            if (options.Value.IterationCount - WorkOf(account?.PasswordHash) is > 0 and var missing)
                Rfc2898DeriveBytes.Pbkdf2(spelling, new byte[16], missing, HashAlgorithmName.SHA512, 32);
        }
        if (verified is PasswordVerificationResult.Failed || account!.Disabled) return new PasswordVerdict(false, null);
        return new(true, verified is PasswordVerificationResult.SuccessRehashNeeded ? hasher.Hash(password) : null);
    }, priority);

    private Task<T> Run<T>(Func<T> work, PasswordPriority priority)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(over, this);
            var queue = waiting[(int)priority];
            if (queue.Count >= Places[(int)priority]) throw new PasswordLaneFullException();
            if (!started) Start();
            queue.Enqueue(() =>
            {
                try
                {
                    answer.SetResult(work());
                }
                catch (Exception fault)
                {
                    answer.SetException(fault);
                }
            });
            Monitor.Pulse(waiting);
        }
        return answer.Task;
    }

    private void Start()
    {
        started = true;
        for (var number = 1; number <= Threads; number++) new Thread(Work) { IsBackground = true, Name = $"passwords {number}" }.Start();
    }

    private void Work()
    {
        Priority.Lower();
        while (Next() is { } work) work();
    }

    private Action? Next()
    {
        lock (waiting)
        {
            while (!over)
            {
                foreach (var queue in waiting)
                    if (queue.TryDequeue(out var work)) return work;
                Monitor.Wait(waiting);
            }
            return null;
        }
    }

    public void Dispose()
    {
        lock (waiting)
        {
            over = true;
            Monitor.PulseAll(waiting);
        }
    }

    /// <summary>Rounds of a hash in the framework's third format (marker, algorithm, rounds); 0 where there is none.</summary>
    private static int WorkOf(string? hash)
    {
        if (hash is null) return 0;
        Span<byte> bytes = stackalloc byte[128];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length >= 13 && bytes[0] == 1
            ? BinaryPrimitives.ReadInt32BigEndian(bytes[5..])
            : 0;
    }

    /// <summary>The runtime's own thread priorities do nothing on Linux, where each thread has its own «nice».</summary>
    private static class Priority
    {
        private const int Process = 0;
        private const int ThisThread = 0;
        private const int Nice = 5;

        internal static void Lower()
        {
            if (OperatingSystem.IsLinux()) _ = SetPriority(Process, ThisThread, Nice);
            else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }

        [DllImport("libc", EntryPoint = "setpriority")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int SetPriority(int which, int who, int value);
    }
}
