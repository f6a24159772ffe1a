using Diagnostics.Engine;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>A session that cannot be scored because an item or an answer is broken.</summary>
/// <param name="Fault">What is broken, and where.</param>
public sealed record ScoringFault(Guid SessionId, string Fault, Instant EndedAt);

/// <summary>
/// Lists sessions with a scoring fault. A person must mend the cause before such a session can be scored.
/// </summary>
internal sealed class ListScoringFaults(Executor executor) : UseCase<ListScoringFaults.Request, Page<ScoringFault>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListScoringFaults), MarkingRights.Leaders, Trail.None);

    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit);

    protected override Task<Result<Page<ScoringFault>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            var faults = (await ScoringStore.Faults(db, campaignId, after, Page<ScoringFault>.Take(limit)))
                .Select(row => new ScoringFault(row.SessionId, row.Fault, row.EndedAt))
                .ToList();
            return Page<ScoringFault>.Of(faults, limit, fault => fault.SessionId.ToString("D"));
        });
}
