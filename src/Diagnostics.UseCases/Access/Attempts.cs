using Microsoft.Extensions.Caching.Memory;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Where a sign-in attempt comes from.</summary>
/// <param name="Address">Network address; a whole school may share one.</param>
/// <param name="Device">How the device describes itself.</param>
/// <param name="KnownSignIn">An earlier sign-in of this device, ended or not, proved by its cookie or its refresh
/// token.</param>
internal sealed record Attempt(string Address, string? Device = null, Guid? KnownSignIn = null)
{
    /// <summary>
    /// The network. Failures are counted for the network and not for the address, because the owner of IPv6 addresses
    /// can change the address at will.
    /// </summary>
    internal string Network { get; } = Networks.Of(Address);

    /// <summary>
    /// The wider network that one customer of a provider may have. It has one share of the queue, and failures are also
    /// counted for it, with higher limits.
    /// </summary>
    internal string Site { get; } = Networks.SiteOf(Address);
}

/// <summary>
/// Makes wrong passwords and codes cost time, each further failure more than the one before. Only failures count. A
/// school of three hundred people behind one address signs in as fast as it can type, even after typing errors, because
/// names that have not failed at that address go before names that have. And nobody can shut another person out: after
/// any number of failures with a name, the next attempt waits only seconds. A device that has signed in before does not
/// even wait, and pays only for its own failures.
/// </summary>
/// <remarks>
/// Each node counts by itself, in memory, so several nodes together allow several times the attempts. A failure writes
/// nothing to the database, so nobody can keep the database busy by failing. Counts halve every ten minutes.
/// </remarks>
internal sealed class Attempts(IClock clock) : IDisposable
{
    private const int Remembered = 100_000;

    /// <summary>
    /// The greatest number of simultaneous attempts with the same name from the same network. The limit keeps a guesser
    /// from making up for the waits with parallel attempts.
    /// </summary>
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

    /// <summary>
    /// After this many failures with the same name in the same network, other names from that network go first. Fewer
    /// failures may be mere typing errors.
    /// </summary>
    private const int Slips = 2;

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(2);

    private readonly MemoryCache counts = new(new MemoryCacheOptions { SizeLimit = Remembered });

    /// <summary>
    /// An attempt with a password. It counts as a failure until it has succeeded, so simultaneous attempts all count.
    /// Before checking the password, the calling code waits for <see cref="Turn.Hold"/>; afterwards it disposes of the
    /// turn.
    /// </summary>
    /// <param name="known">Whether the device has signed in to this account before.</param>
    /// <param name="forgetBefore">Failures before this time do not count against the name.</param>
    internal Turn WithPassword(string name, Attempt from, bool known, Instant? forgetBefore)
    {
        var now = clock.GetCurrentInstant();
        if (known)
        {
            // Whether the password is right or wrong, the attempt comes from one person's own device, so that device
            // can be told to come back later instead of waiting here.
            var device = Count($"device {from.KnownSignIn:N}");
            var left = device.Left(now, OfOwnDevice, forgetBefore);
            return left > TimeSpan.Zero
                ? new([], null) { RefusedFor = left }
                : new([(device, device.Add(now, OfOwnDevice, forgetBefore))], null);
        }
        var pair = Count($"pair {from.Network} {name}");
        if (!pair.Enter(AtOnce))
            return new([], null) { RefusedFor = TimeSpan.FromSeconds(2) };
        var ofName = Count($"name {name}");
        var late = pair.IsBeyond(now, Slips, forgetBefore);
        return new([(pair, pair.Add(now, OfPair, forgetBefore)), (ofName, ofName.Add(now, OfName, forgetBefore))], pair, Around(from, now))
        {
            Late = late,
        };
    }

    /// <summary>
    /// An attempt with an access code. A code names nobody, so failures make the device and the networks wait.
    /// </summary>
    internal Turn WithCode(Attempt from)
    {
        var now = clock.GetCurrentInstant();
        var device = Count($"codes {from.Network} {from.Device}");
        return new([(device, device.Add(now, OfCodes, null))], null, Around(from, now));
    }

    /// <summary>
    /// The use of a correct access code. A code may be used many times, but opening the session again and again costs
    /// waiting time.
    /// </summary>
    internal Turn Opening(string codeHash)
    {
        var now = clock.GetCurrentInstant();
        return Unless(now, OfOpenings, Count($"opened {codeHash}"));
    }

    /// <summary>
    /// An attempt with a code from the authenticator app, after the right password. Somebody on another network who
    /// knows the password and guesses codes delays the owner by a minute at most, and does not delay the owner's
    /// recovery code at all.
    /// </summary>
    internal Turn WithSecondFactor(Guid accountId, Attempt from)
    {
        var now = clock.GetCurrentInstant();
        return Unless(
            now,
            OfFactor,
            Count($"second factor {accountId:N}"),
            (Count($"second factor {accountId:N} {from.Network}"), OfOwnDevice)
        );
    }

    /// <summary>An attempt with a recovery code; only failures in the caller's own network count against it.</summary>
    internal Turn WithRecoveryCode(Guid accountId, Attempt from)
    {
        var now = clock.GetCurrentInstant();
        return Unless(now, OfRecovery, Count($"recovery {accountId:N} {from.Network}"));
    }

    public void Dispose() => counts.Dispose();

    /// <summary>
    /// Refuses the attempt during the wait after a failure; otherwise counts it as a failure until it succeeds.
    /// </summary>
    private static Turn Unless(Instant now, Cost cost, Failures count, params (Failures Count, Cost Cost)[] also)
    {
        (Failures Count, Cost Cost)[] all = [(count, cost), .. also];
        var left = all.Max(each => each.Count.Left(now, each.Cost, null));
        return left > TimeSpan.Zero
            ? new([], null) { RefusedFor = left }
            : new([.. all.Select(each => (each.Count, each.Count.Add(now, each.Cost, null)))], null);
    }

    /// <summary>
    /// The networks of the attempt, which other people may share. Networks count an attempt only after it has failed,
    /// because hundreds of successful attempts may come at the same time.
    /// </summary>
    private Surroundings Around(Attempt from, Instant now)
    {
        var network = Count($"network {from.Network}");
        var hold = network.Of(now, OfNetwork);
        if (from.Site == from.Network)
            return new(now, hold, [network]);
        var site = Count($"network {from.Site}");
        var wider = site.Of(now, OfSite);
        return new(now, wider > hold ? wider : hold, [network, site]);
    }

    private Failures Count(string key) =>
        counts.GetOrCreate(
            key,
            entry =>
            {
                entry.Size = 1;
                entry.SlidingExpiration = Forgotten;
                return new Failures();
            }
        )!;

    /// <param name="Free">The number of failures at which waiting begins, with one second; each later failure doubles
    /// the wait.</param>
    internal sealed record Cost(int Free, TimeSpan Longest)
    {
        internal TimeSpan Of(double failures) =>
            failures < Free
                ? TimeSpan.Zero
                : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(failures - Free, 20)), Longest.TotalSeconds));
    }

    /// <summary>
    /// The networks of an attempt, and how long the attempt must wait because of the failures counted for them.
    /// </summary>
    internal sealed record Surroundings(Instant At, TimeSpan Hold, IReadOnlyList<Failures> Counts)
    {
        internal void Fail()
        {
            foreach (var count in Counts)
                count.Fail(At);
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
                if (hold > Hold)
                    Hold = hold;
        }

        /// <summary>
        /// When the attempt is refused, how long to wait before trying again; null when it is not refused.
        /// </summary>
        internal TimeSpan? RefusedFor { get; init; }

        /// <summary>How long the attempt must wait before it is checked.</summary>
        internal TimeSpan Hold { get; }

        /// <summary>
        /// Whether the name has failed repeatedly in the network; if so, other names from there go first.
        /// </summary>
        internal bool Late { get; init; }

        /// <summary>
        /// Forgets the earlier failures, except those counted for the network, which other people may have caused.
        /// </summary>
        internal void Succeeded()
        {
            around = null;
            foreach (var (count, _) in counted)
                count.Forget();
        }

        /// <summary>Stops counting an attempt that was never checked and so did not fail.</summary>
        internal void Withdraw()
        {
            around = null;
            foreach (var (count, _) in counted)
                count.TakeBack();
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
                if (inside >= atOnce)
                    return false;
                inside++;
                return true;
            }
        }

        internal void Leave()
        {
            lock (changing)
                inside--;
        }

        /// <summary>Counts one more failure.</summary>
        /// <returns>How long to wait because of the failures before it.</returns>
        internal TimeSpan Add(Instant now, Cost cost, Instant? forgetBefore)
        {
            lock (changing)
            {
                var before = Counted(now, forgetBefore);
                (count, last) = (before + 1, now);
                return cost.Of(before);
            }
        }

        /// <summary>The time still to wait after the last failure.</summary>
        internal TimeSpan Left(Instant now, Cost cost, Instant? forgetBefore)
        {
            lock (changing)
                return cost.Of(Counted(now, forgetBefore)) is { } wait && wait > TimeSpan.Zero
                    ? wait - (now - last).ToTimeSpan()
                    : TimeSpan.Zero;
        }

        /// <summary>How long to wait because of the failures so far.</summary>
        internal TimeSpan Of(Instant now, Cost cost)
        {
            lock (changing)
                return cost.Of(Counted(now, null));
        }

        internal bool IsBeyond(Instant now, int failures, Instant? forgetBefore)
        {
            lock (changing)
                return Counted(now, forgetBefore) > failures;
        }

        internal void Fail(Instant now)
        {
            lock (changing)
                (count, last) = (Counted(now, null) + 1, now);
        }

        internal void TakeBack()
        {
            // A successful attempt may already have cleared the count, and the count must not become negative.
            lock (changing)
                count = Math.Max(0, count - 1);
        }

        internal void Forget()
        {
            lock (changing)
                count = 0;
        }

        private double Counted(Instant now, Instant? forgetBefore)
        {
            if (forgetBefore > last)
                count = 0;
            // Simultaneous attempts may be counted out of order, so the time since the last failure might come out
            // negative.
            return count > 0 ? count * Math.Pow(0.5, Math.Max(0, (now - last) / HalfLife)) : 0;
        }
    }
}
