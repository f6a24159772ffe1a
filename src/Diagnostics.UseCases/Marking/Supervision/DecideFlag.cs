using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Decision">The decision.</param>
/// <param name="Reason">The reason or what was done, up to 4,000 characters; it stays on record.</param>
public sealed record FlagDecisionRequest(FlagDecision Decision, string Reason);

/// <summary>A decision on a flag.</summary>
/// <param name="DecidedBy">The account that decided.</param>
public sealed record FlagDecided(FlagDecision Decision, string Reason, Guid DecidedBy, Instant DecidedAt);

/// <summary>Decides on an expert's flag, once. The script has gone to another expert in any case.</summary>
internal sealed class DecideFlag(Executor executor) : UseCase<DecideFlag.Request, FlagDecided>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(DecideFlag), MarkingRights.Leaders, Trail.Writes("flag.decided"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private static readonly Refusal NotFound = Refusal.NotFound("flag-not-found", "Такой пометки нет.");

    internal sealed record Request(Guid FlagId, FlagDecisionRequest Decision);

    protected override async Task<Result<FlagDecided>> Handle(Request request, Caller caller)
    {
        var (id, (decision, reason)) = request;
        if (MarkingComment.CheckReason(reason) is { } wrong)
            return wrong;
        return await Write(
            caller,
            async db =>
            {
                if (await FlagStore.CampaignOf(db, id) is not { } campaignId || !Reaches(caller, MarkingRights.Of(campaignId)))
                    return NotFound;
                var now = Now;
                if (!await FlagStore.Decide(db, id, Codes.Of(decision), reason, caller.AccountId, now))
                    return Refusal.Conflict("flag-decided", "По этой пометке уже решено.");
                await AuditStore.Append(db, now, caller.Id, "flag.decided", $"flag:{id:D}", new { campaignId, decision });
                return new FlagDecided(decision, reason, caller.AccountId, now);
            }
        );
    }
}
