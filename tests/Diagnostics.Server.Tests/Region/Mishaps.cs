using System.Text.Json.Nodes;

namespace Diagnostics.Server.Tests.Region;

/// <summary>A set of mishaps; some of them are drawn by lot and played.</summary>
internal abstract class Mishaps(RegionalDiagnostic region)
{
    protected RegionalDiagnostic Region => region;

    protected abstract IEnumerable<(string Name, Func<Task> Play)> Kinds { get; }

    /// <summary>All kinds of mishap, in random order.</summary>
    internal IReadOnlyList<(string Name, Func<Task> Play)> Shuffled(Random lot)
    {
        var kinds = Kinds.ToArray();
        lot.Shuffle(kinds);
        return kinds;
    }

    /// <summary>Plays a mishap: runs it at once, or plans its steps for later.</summary>
    internal async Task Play(string name, Func<Task> play)
    {
        region.Played.Add(name);
        region.Tick();
        await region.Try(play, name);
    }

    protected string Campaign(string rest) => $"campaigns/{region.Campaign}{rest}";

    protected Guid Sitting(string name) => region.Sittings[name].Id;

    protected async Task ApplyAndApprove(Taker taker)
    {
        await region.Apply(taker);
        await region.Approve(taker);
    }

    /// <summary>Approves an application with conditions or a sitting that differ from what was asked for.</summary>
    protected async Task<JsonNode> Approve(Taker taker, object with) =>
        region.Seated(taker, await region.Operator.Post($"applications/{taker.Application}/approval", with).Ok());

    protected Task<Reply> TryToApply(Taker taker, object? accommodations = null, bool accepted = true) =>
        taker.Actor.Post(Campaign("/applications"), region.ApplicationTo(region.SiteOf(taker), taker.Sitting, accommodations, accepted));

    /// <returns>The new person, who takes the place of the previous person.</returns>
    protected async Task<Actor> Replace(Guid commission, Actor member, string reason)
    {
        var other = await region.Staff();
        await region.Operator.Post($"commissions/{commission}/members/{member.Id}/replacement", new { accountId = other.Id, reason }).Ok();
        return other;
    }

    protected Task<Reply> Refused(Task<Reply> asking, string? code) => region.Refused(asking, code);

    protected void Holds(
        bool condition,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null,
        [System.Runtime.CompilerServices.CallerMemberName] string? where = null
    ) => region.Check($"{where}: {what}", condition);
}
