using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Kind">Why the script is flagged: <c>author_revealed</c>, <c>unreadable</c> or <c>other</c>.</param>
/// <param name="Comment">What the expert has noticed, up to 4,000 characters.</param>
public sealed record FlagRequest(ScriptFlag Kind, string Comment);

/// <summary>A flag as the chair sees it.</summary>
/// <param name="Code">The code that the script had in the claim during which it was flagged.</param>
/// <param name="SessionId">The session; present for a participant's script.</param>
/// <param name="Slot">The slot; present for a participant's script.</param>
/// <param name="BenchmarkId">The benchmark, when the flag is on one; it should be retired if it is faulty.</param>
/// <param name="ScriptId">Id of the script among the scripts of the commission; present for a participant's
/// script.</param>
/// <param name="Decided">The decision on the flag; absent while there is none.</param>
public sealed record FlagRaised(
    Guid Id,
    ScriptFlag Kind,
    string Comment,
    string Code,
    string ItemCode,
    Guid? SessionId,
    int? Slot,
    Guid? BenchmarkId,
    Guid ExpertId,
    Instant At,
    Guid? ScriptId = null,
    FlagDecided? Decided = null
)
{
    internal static FlagRaised Of(FlagRow row) =>
        new(
            Id: row.Id,
            Kind: Codes.Parse<ScriptFlag>(row.Kind),
            Comment: row.Comment,
            Code: row.Code,
            ItemCode: row.ItemCode,
            SessionId: row.SessionId,
            Slot: row.Slot,
            BenchmarkId: row.BenchmarkId,
            ExpertId: row.ExpertId,
            At: row.At,
            ScriptId: row.ScriptId,
            Decided: Codes.Find<FlagDecision>(row.Decision) is { } decision
                ? new(decision, row.DecisionReason!, row.DecidedBy!.Value, row.DecidedAt!.Value)
                : null
        );
}

/// <summary>
/// Flags a script, for instance because the author has revealed who they are («Автор раскрыл себя»). The script is
/// taken from this expert for good and goes to another, and the chair sees the reason. A benchmark, which looks exactly
/// like a script, is flagged in the same way, and the chair learns that it may be unsuitable.
/// </summary>
internal sealed class FlagScript(Executor executor, OwnAssignments own) : UseCase<FlagScript.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(FlagScript), MarkingRights.Experts)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AssignmentId, FlagRequest Flag);

    protected override async Task<Result<Done>> Handle(Request request, Caller caller)
    {
        var (id, given) = request;
        if (TextRules.Check("comment", given.Comment, MarkingComment.MaxLength) is { } wrong)
            return wrong;
        var form = await own.FormOf(id);
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var held))
                    return refusal;
                if (!await held.Return(db, given.Comment, now))
                    return OwnAssignments.Lapsed;
                var flag = new FlagRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    AssignmentId = id,
                    Kind = Codes.Of(given.Kind),
                    Comment = given.Comment,
                    At = now,
                };
                await (held is HeldBenchmark ? FlagStore.AddOnTrial(db, flag) : FlagStore.Add(db, flag));
                await AuditStore.Append(db, now, caller.Id, "script.flagged", $"assignment:{id:D}", new { given.Kind });
                return default(Done);
            }
        );
    }
}

/// <summary>Lists experts' flags in a campaign, including those on benchmarks.</summary>
internal sealed class ListFlags(Executor executor) : UseCase<ListFlags.Request, Page<FlagRaised>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListFlags), MarkingRights.Leaders);

    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit);

    protected override Task<Result<Page<FlagRaised>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            var flags = (await FlagStore.OfCampaign(db, campaignId, after, Page<FlagRaised>.Take(limit))).Select(FlagRaised.Of).ToList();
            return Page<FlagRaised>.Of(flags, limit, flag => flag.Id.ToString("D"));
        });
}
