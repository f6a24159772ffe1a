using Microsoft.Extensions.Caching.Memory;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>From where somebody tries to sign in.</summary>
/// <param name="Address">Of the network; a whole school may be one.</param>
/// <param name="Device">What the device says of itself.</param>
/// <param name="KnownSignIn">An earlier sign-in of the same device, whether or not it has ended: its cookie or its refresh token proves it.</param>
internal sealed record Attempt(string Address, string? Device = null, Guid? KnownSignIn = null)
{
    /// <summary>What is counted in place of the address, which whoever has IPv6 changes at will.</summary>
    internal string Network { get; } = Networks.Of(Address);

    /// <summary>What one customer of a provider has: it is a share of the queue, and counts too, with more to spare.</summary>
    internal string Site { get; } = Networks.SiteOf(Address);
}

/// <summary>
/// What wrong passwords and codes cost whoever tries them: time, which grows. Only failures count: a school of three hundred
/// people behind one address signs in as fast as it can type, also after typing errors: a name that has not failed there has
/// its turn before those that have. And nobody can shut another person out: however many have
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
    private static readonly Cost OfOpenings = new(10, TimeSpan.FromMinutes(1));
    private static readonly Cost OfFactor = new(50, TimeSpan.FromMinutes(1));
    private static readonly Cost OfRecovery = new(20, TimeSpan.FromMinutes(1));
    private static readonly Cost OfNetwork = new(200, TimeSpan.FromSeconds(2));
    private static readonly Cost OfSite = new(1000, TimeSpan.FromSeconds(2));

    /// <summary>Failures of a name at a network from which on the other names there go first: a slip or two are anybody's.</summary>
    private const int Slips = 2;

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
        var pair = Count($"pair {from.Network} {name}");
        if (!pair.Enter(AtOnce)) return new([], null) { RefusedFor = TimeSpan.FromSeconds(2) };
        var ofName = Count($"name {name}");
        var late = pair.IsBeyond(now, Slips, forgetBefore);
        return new(
            [(pair, pair.Add(now, OfPair, forgetBefore)), (ofName, ofName.Add(now, OfName, forgetBefore))], pair, Around(from, now))
        {
            Late = late,
        };
    }

    /// <summary>An attempt with an access code, which names nobody: it is the device and the site that wait.</summary>
    internal Turn WithCode(Attempt from)
    {
        var now = clock.GetCurrentInstant();
        var device = Count($"codes {from.Network} {from.Device}");
        return new([(device, device.Add(now, OfCodes, null))], null, Around(from, now));
    }

    /// <summary>A right code that opens its session once more: right or wrong, it is not for nothing.</summary>
    internal Turn Opening(string codeHash)
    {
        var now = clock.GetCurrentInstant();
        return Unless(now, OfOpenings, Count($"opened {codeHash}"));
    }

    /// <summary>
    /// An attempt with a code of the app, by somebody whose password was right. Who else knows the password and guesses from
    /// elsewhere costs the owner a minute at most; the recovery code, which nobody guesses, not even that.
    /// </summary>
    internal Turn WithSecondFactor(Guid accountId, Attempt from)
    {
        var now = clock.GetCurrentInstant();
        return Unless(now, OfFactor, Count($"second factor {accountId:N}"), (Count($"second factor {accountId:N} {from.Network}"), OfOwnDevice));
    }

    /// <summary>An attempt with a recovery code: it answers for its own network alone.</summary>
    internal Turn WithRecoveryCode(Guid accountId, Attempt from)
    {
        var now = clock.GetCurrentInstant();
        return Unless(now, OfRecovery, Count($"recovery {accountId:N} {from.Network}"));
    }

    public void Dispose() => counts.Dispose();

    /// <summary>Refused while the time of a failure is not over; else counted as one.</summary>
    private static Turn Unless(Instant now, Cost cost, Failures count, params (Failures Count, Cost Cost)[] also)
    {
        (Failures Count, Cost Cost)[] all = [(count, cost), .. also];
        var left = all.Max(each => each.Count.Left(now, each.Cost, null));
        return left > TimeSpan.Zero
            ? new([], null) { RefusedFor = left }
            : new([.. all.Select(each => (each.Count, each.Count.Add(now, each.Cost, null)))], null);
    }

    /// <summary>Where others sign in too: counted when an attempt has failed and not before, because hundreds may come at once, and be right.</summary>
    private Surroundings Around(Attempt from, Instant now)
    {
        var network = Count($"network {from.Network}");
        var hold = network.Of(now, OfNetwork);
        if (from.Site == from.Network) return new(now, hold, [network]);
        var site = Count($"network {from.Site}");
        var wider = site.Of(now, OfSite);
        return new(now, wider > hold ? wider : hold, [network, site]);
    }

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

    /// <summary>The networks that somebody comes from, and what the failures there cost.</summary>
    internal sealed record Surroundings(Instant At, TimeSpan Hold, IReadOnlyList<Failures> Counts)
    {
        internal void Fail()
        {
            foreach (var count in Counts) count.Fail(At);
        }
    }

    /// <summary>One attempt.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly IReadOnlyList<(Failures Count, TimeSpan Hold)> counted;
        private readonly Failures? entered;
        private Surroundings? around;

        internal Turn(IReadOnlyList<(Failures Count, TimeSpan Hold)> counted, Failures? entered, Surroundings? around = null)
        {
            (this.counted, this.entered, this.around) = (counted, entered, around);
            Hold = around?.Hold ?? TimeSpan.Zero;
            foreach (var (_, hold) in counted)
                if (hold > Hold) Hold = hold;
        }

        /// <summary>When to come back instead; null for an attempt that is made.</summary>
        internal TimeSpan? RefusedFor { get; init; }

        /// <summary>How long it waits before anything is checked.</summary>
        internal TimeSpan Hold { get; }

        /// <summary>The name has failed there again and again: the other names of the network go first.</summary>
        internal bool Late { get; init; }

        /// <summary>The failures before it are forgotten, but for those of other people at the network.</summary>
        internal void Succeeded()
        {
            around = null;
            foreach (var (count, _) in counted) count.Forget();
        }

        /// <summary>Nobody has checked it: it is no failure.</summary>
        internal void Withdraw()
        {
            around = null;
            foreach (var (count, _) in counted) count.TakeBack();
        }

        public void Dispose()
        {
            around?.Fail();
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
        internal TimeSpan Of(Instant now, Cost cost)
        {
            lock (changing) return cost.Of(Counted(now, null));
        }

        internal bool IsBeyond(Instant now, int failures, Instant? forgetBefore)
        {
            lock (changing) return Counted(now, forgetBefore) > failures;
        }

        internal void Fail(Instant now)
        {
            lock (changing) (count, last) = (Counted(now, null) + 1, now);
        }

        internal void TakeBack()
        {
            // Meanwhile one that succeeded may have forgotten all.
            lock (changing) count = Math.Max(0, count - 1);
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
