using Microsoft.Extensions.Caching.Memory;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>From where somebody tries to sign in.</summary>
/// <param name="Address">Of the network; a whole school may be one.</param>
/// <param name="Device">What the device says of itself.</param>
/// <param name="KnownSignIn">An earlier sign-in of the same device, whether or not it has ended: its cookie or its refresh token proves it.</param>
internal sealed record Attempt(string Address, string? Device = null, Guid? KnownSignIn = null);

/// <summary>
/// What wrong passwords and codes cost whoever tries them: time, which grows. Only failures count: a school of three hundred
/// people behind one address signs in as fast as it can type. And nobody can shut another person out: however many have
/// failed with a name, the next attempt is made, after seconds; a device that has signed in before does not even wait, and
/// answers for its own failures alone.
/// </summary>
/// <remarks>
/// In memory, and each node's own: with several nodes somebody has as many times the attempts. A failure costs no write, so
/// failing cannot be used to keep the database busy. Counts halve every ten minutes.
/// </remarks>
internal sealed class Attempts(IClock clock) : IDisposable
{
    private const int Remembered = 100_000;

    /// <summary>Attempts at once of one name from one address: whoever guesses cannot make up in breadth for the time they take.</summary>
    private const int AtOnce = 4;

    private static readonly Cost OfOwnDevice = new(5, TimeSpan.FromMinutes(5));
    private static readonly Cost OfPair = new(5, TimeSpan.FromSeconds(10));
    private static readonly Cost OfName = new(20, TimeSpan.FromSeconds(10));
    private static readonly Cost OfCodes = new(10, TimeSpan.FromSeconds(4));
    private static readonly Cost OfAddress = new(200, TimeSpan.FromSeconds(2));

    /// <summary>Failures at an address from which on others go first: sooner than it costs time, because waiting behind it would.</summary>
    private const int Suspicious = 30;

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(2);

    private readonly MemoryCache counts = new(new MemoryCacheOptions { SizeLimit = Remembered });

    /// <summary>
    /// An attempt with a password, counted as a failure until it has succeeded: many at once are all counted. Whoever makes
    /// it waits for <see cref="Turn.Hold"/> first and disposes of it afterwards.
    /// </summary>
    /// <param name="known">The device has signed in to this account before.</param>
    /// <param name="forgetBefore">Failures before it do not count against the name.</param>
    internal Turn WithPassword(string name, Attempt from, bool known, Instant? forgetBefore)
    {
        var now = clock.GetCurrentInstant();
        if (known)
        {
            // Right or wrong, it is one person's own device: here a wait can be asked for instead of being sat out.
            var device = Count($"device {from.KnownSignIn:N}");
            var left = device.Left(now, OfOwnDevice, forgetBefore);
            return left > TimeSpan.Zero
                ? new([], null) { RefusedFor = left }
                : new([(device, device.Add(now, OfOwnDevice, forgetBefore))], null);
        }
        var pair = Count($"pair {from.Address} {name}");
        if (!pair.Enter(AtOnce)) return new([], null) { RefusedFor = TimeSpan.FromSeconds(2) };
        var (ofName, address) = (Count($"name {name}"), Count($"address {from.Address}"));
        return new(
            [(pair, pair.Add(now, OfPair, forgetBefore)), (ofName, ofName.Add(now, OfName, forgetBefore))], pair, address.Of(now, OfAddress), address.Fail)
        {
            Suspect = address.IsBeyond(now, Suspicious),
        };
    }

    /// <summary>An attempt with an access code, which names nobody: it is the device and the site that wait.</summary>
    internal Turn WithCode(Attempt from)
    {
        var now = clock.GetCurrentInstant();
        var (device, address) = (Count($"codes {from.Address} {from.Device}"), Count($"address {from.Address}"));
        return new([(device, device.Add(now, OfCodes, null))], null, address.Of(now, OfAddress), address.Fail);
    }

    /// <summary>An attempt with a code of the second factor, by somebody whose password was right.</summary>
    internal Turn WithSecondFactor(Guid accountId)
    {
        var now = clock.GetCurrentInstant();
        var codes = Count($"second factor {accountId:N}");
        var left = codes.Left(now, OfOwnDevice, null);
        return left > TimeSpan.Zero ? new([], null) { RefusedFor = left } : new([(codes, codes.Add(now, OfOwnDevice, null))], null);
    }

    public void Dispose() => counts.Dispose();

    private Failures Count(string key) => counts.GetOrCreate(key, entry =>
    {
        entry.Size = 1;
        entry.SlidingExpiration = Forgotten;
        return new Failures();
    })!;

    /// <param name="Free">Failures that cost nothing; from there on each costs twice the time of the one before.</param>
    internal sealed record Cost(int Free, TimeSpan Longest)
    {
        internal TimeSpan Of(double failures) => failures < Free
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(failures - Free, 20)), Longest.TotalSeconds));
    }

    /// <summary>One attempt.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly IReadOnlyList<(Failures Count, TimeSpan Hold)> counted;
        private readonly Failures? entered;
        private readonly Instant at;
        private Action<Instant>? failed;

        /// <param name="failed">What is counted when it has failed and not before: hundreds may come from one address at once, and be right.</param>
        internal Turn(
            IReadOnlyList<(Failures Count, TimeSpan Hold)> counted, Failures? entered, (Instant At, TimeSpan Hold) address = default,
            Action<Instant>? failed = null)
        {
            (this.counted, this.entered, this.failed) = (counted, entered, failed);
            (at, Hold) = address;
            foreach (var (_, hold) in counted)
                if (hold > Hold) Hold = hold;
        }

        /// <summary>When to come back instead; null for an attempt that is made.</summary>
        internal TimeSpan? RefusedFor { get; init; }

        /// <summary>How long it waits before anything is checked.</summary>
        internal TimeSpan Hold { get; }

        /// <summary>From an address where a great many have failed: others go first.</summary>
        internal bool Suspect { get; init; }

        /// <summary>The failures before it are forgotten, but for those of other people at the address.</summary>
        internal void Succeeded()
        {
            failed = null;
            foreach (var (count, _) in counted) count.Forget();
        }

        public void Dispose()
        {
            failed?.Invoke(at);
            entered?.Leave();
        }
    }

    internal sealed class Failures
    {
        private static readonly Duration HalfLife = Duration.FromMinutes(10);

        private readonly Lock changing = new();
        private double count;
        private int inside;
        private Instant last = Instant.MinValue;

        internal bool Enter(int atOnce)
        {
            lock (changing)
            {
                if (inside >= atOnce) return false;
                inside++;
                return true;
            }
        }

        internal void Leave()
        {
            lock (changing) inside--;
        }

        /// <summary>Counts one more.</summary>
        /// <returns>What those before it cost.</returns>
        internal TimeSpan Add(Instant now, Cost cost, Instant? forgetBefore)
        {
            lock (changing)
            {
                var before = Counted(now, forgetBefore);
                (count, last) = (before + 1, now);
                return cost.Of(before);
            }
        }

        /// <summary>Of the time that the last failure costs, what is not over yet.</summary>
        internal TimeSpan Left(Instant now, Cost cost, Instant? forgetBefore)
        {
            lock (changing) return cost.Of(Counted(now, forgetBefore)) is { } wait && wait > TimeSpan.Zero ? wait - (now - last).ToTimeSpan() : TimeSpan.Zero;
        }

        /// <summary>What the failures so far cost.</summary>
        internal (Instant At, TimeSpan Hold) Of(Instant now, Cost cost)
        {
            lock (changing) return (now, cost.Of(Counted(now, null)));
        }

        internal bool IsBeyond(Instant now, int failures)
        {
            lock (changing) return Counted(now, null) > failures;
        }

        internal void Fail(Instant now)
        {
            lock (changing) (count, last) = (Counted(now, null) + 1, now);
        }

        internal void Forget()
        {
            lock (changing) count = 0;
        }

        private double Counted(Instant now, Instant? forgetBefore)
        {
            if (forgetBefore > last) count = 0;
            // Those that were counted at once are not of before.
            return count > 0 ? count * Math.Pow(0.5, Math.Max(0, (now - last) / HalfLife)) : 0;
        }
    }
}
