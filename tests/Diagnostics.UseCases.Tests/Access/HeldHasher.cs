using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.Tests.Access;

/// <summary>A password hasher that waits until the test lets it continue, and then accepts every password.</summary>
internal sealed class HeldHasher : IPasswordHasher<AccountRow>
{
    private readonly List<string> names = [];
    private int begun;

    internal ManualResetEventSlim Go { get; } = new();

    internal List<string> Checked
    {
        get
        {
            lock (names)
                return [.. names];
        }
    }

    /// <summary>
    /// Gives work to every thread that checks passwords; the threads wait until the test lets them continue.
    /// </summary>
    internal List<Task> Occupy(PasswordLane lane)
    {
        var held = new List<Task>();
        for (var thread = 0; thread < PasswordLane.Threads; thread++)
        {
            var account = new AccountRow { UserName = $"first-{thread}", PasswordHash = "x" };
            held.Add(lane.Verify(account, "пароль", new Waiter($"other-{thread}", Known: false)));
        }
        SpinWait.SpinUntil(() => Volatile.Read(ref begun) == held.Count, TimeSpan.FromMinutes(1)).Should().BeTrue();
        return held;
    }

    public string HashPassword(AccountRow user, string password) => password;

    public PasswordVerificationResult VerifyHashedPassword(AccountRow user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref begun);
        Go.Wait();
        lock (names)
            names.Add(user.UserName);
        return PasswordVerificationResult.Success;
    }
}
