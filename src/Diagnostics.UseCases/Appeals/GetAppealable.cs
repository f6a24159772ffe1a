using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Code">Code of the criterion, e.g. <c>K1</c>.</param>
public sealed record CriterionMark(string Code, string Title, Points Points, Points Maximum);

/// <summary>Marks for each criterion as they were given, with nothing about who gave them.</summary>
/// <param name="Decides">Whether these marks give the score.</param>
/// <param name="Criteria">Marks before the gate is applied; absent for a round that only combines other rounds.</param>
public sealed record OwnMarks(RoundKind Kind, bool Decides, Points Points, IReadOnlyList<CriterionMark>? Criteria);

/// <param name="Points">The points that count now.</param>
/// <param name="Appealable">Whether an appeal may name the slot.</param>
/// <param name="Clause">The clause that excludes an appeal about the slot.</param>
/// <param name="WhyNot">Why no appeal is possible, in words; also present for a blank answer, for full points, and for
/// an appeal withdrawn after votes.</param>
/// <param name="Stem">The task, in Markdown; only for an open answer.</param>
/// <param name="Answer">The person's own open answer; absent when it was left blank.</param>
/// <param name="Marks">All marks of an open answer.</param>
/// <param name="AppealId">The open or decided appeal about this slot.</param>
/// <param name="Scans">Scans of the person's own answer on paper; absent when there are none.</param>
public sealed record AppealableSlot(
    int Slot,
    ItemType Type,
    Points Points,
    Points Maximum,
    bool Appealable,
    string? Clause,
    string? WhyNot,
    string? Stem,
    string? Answer,
    IReadOnlyList<OwnMarks>? Marks,
    Guid? AppealId,
    IReadOnlyList<AnswerScan>? Scans = null
);

/// <summary>A published result, with what its owner needs in order to decide whether to appeal.</summary>
/// <param name="Deadline">The first moment at which an appeal is too late.</param>
/// <param name="Open">Whether an appeal would still be in time.</param>
/// <param name="Policy">The rules, at <c>/policies/appeals/{code}/{version}</c>.</param>
public sealed record AppealableSession(
    Guid SessionId,
    Instant PublishedAt,
    Instant Deadline,
    bool Open,
    PolicyReference Policy,
    IReadOnlyList<AppealableSlot> Slots
);

/// <summary>Shows people a scan of their own answer, once the result is published.</summary>
internal sealed class GetOwnScan(Executor executor) : UseCase<GetOwnScan.Request, ScanFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetOwnScan), AppealRights.Person, Trail.Own);

    internal sealed record Request(Guid SessionId, int Slot, int Number);

    protected override Task<Result<ScanFile>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await SessionStore.Find(db, request.SessionId) is not { } session
            || !Reaches(caller, new Target { Participant = session.ParticipantId })
                ? SessionRefusals.NotFound
            : await AppealStore.PublishedAt(db, request.SessionId) is null ? AppealRights.NotPublished
            : await Scans.Read(db, request.SessionId, request.Slot, request.Number)
        );
}

/// <summary>
/// Shows people their own answers and the marks for each criterion, what they may appeal against, and until when.
/// </summary>
internal sealed class GetAppealable(Executor executor, FormCatalog forms) : UseCase<Guid, AppealableSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetAppealable), AppealRights.Person, Trail.Own);

    protected override async Task<Result<AppealableSession>> Handle(Guid sessionId, Caller caller)
    {
        if (
            await Fetch(db => SessionStore.Find(db, sessionId)) is not { } found
            || !Reaches(caller, new Target { Participant = found.ParticipantId })
        )
            return SessionRefusals.NotFound;
        var form = await forms.Get(found.FormId);
        return await Read(async db =>
        {
            var session = (await SessionStore.Find(db, sessionId))!;
            if (session.Clock.State is SessionState.Annulled)
                return AppealRights.SessionAnnulled;
            if (await AppealStore.PublishedAt(db, sessionId) is not { } published)
                return AppealRights.NotPublished;
            var policies = await CampaignPolicies.Load(db, session.CampaignId);
            var rules = await AppealRulebook.Of(db, session, policies);
            if ((await rules.FilingDeadline(db, published)).Refused(out var uncounted, out var deadline))
                return uncounted;
            var ledger = (await LoadedLedger.Load(db, session, form, policies)).Ledger;
            var answers = (await ResponseStore.Latest(db, sessionId)).ToDictionary(
                row => row.Slot,
                row => new SavedAnswer(row.Revision, row.Content)
            );
            var appeals = (await AppealStore.OfSession(db, sessionId))
                .Where(appeal => appeal.Standing.IsLive() || appeal.Standing is AppealState.Decided)
                .ToList();
            var withdrawn = await AppealStore.SlotsWithdrawnAfterVotes(db, sessionId);
            var scans = (await Sessions.Scans.Standing(db, sessionId)).ToLookup(
                scan => scan.Slot,
                scan => new AnswerScan(scan.Number, scan.MediaType, scan.Size)
            );
            var slots = ledger
                .Slots.Select(slot =>
                    Describe(
                        slot,
                        ledger,
                        answers.GetValueOrDefault(slot.Slot),
                        rules.Policy,
                        appeals.FirstOrDefault(appeal => appeal.Slot == slot.Slot)?.Id,
                        withdrawn.Contains(slot.Slot)
                    ) with
                    {
                        Scans = scans[slot.Slot].ToList() is { Count: > 0 } own ? own : null,
                    }
                )
                .ToList();
            return new AppealableSession(sessionId, published, deadline, Deadlines.InTime(Now, deadline), rules.Reference, slots);
        });
    }

    private static AppealableSlot Describe(
        FormSlot slot,
        SessionLedger ledger,
        SavedAnswer? answer,
        AppealsPolicy policy,
        Guid? appealId,
        bool withdrawn
    )
    {
        var deciding = ledger.Deciding(slot.Slot)!;
        var rubric = slot.Item.Rubric;
        var excluded = rubric is null ? policy.Excludes(AppealGround.ClosedItem)! : null;
        var idle = rubric is null ? null : FileAppeal.CheckStake(ledger, slot.Slot) ?? (withdrawn ? FileAppeal.WithdrawnAfterVotes : null);
        return new(
            Slot: slot.Slot,
            Type: slot.Item.Type,
            Points: deciding.Points,
            Maximum: deciding.Maximum,
            Appealable: rubric is not null && appealId is null && idle is null,
            Clause: excluded?.Clause,
            WhyNot: excluded?.Text ?? idle?.Detail,
            Stem: rubric is null ? null : Typography.Bind(slot.Item.Stem),
            Answer: rubric is null ? null : AutoMarking.TextOf(slot.Item, answer),
            Marks: rubric is null ? null : MarksOf(ledger.Rounds(slot.Slot), deciding, rubric),
            AppealId: rubric is null ? null : appealId
        );
    }

    private static List<OwnMarks> MarksOf(IReadOnlyList<MarkingRound> rounds, MarkingRound deciding, Rubric rubric) =>
        rounds
            .Where(round => round.Kind is not RoundKind.Auto && round.ResponseRevision == deciding.ResponseRevision)
            .Select(round => new OwnMarks(round.Kind, round.Number == deciding.Number, round.Points, CriteriaOf(rubric, round.Criteria)))
            .ToList();

    private static List<CriterionMark>? CriteriaOf(Rubric rubric, IReadOnlyDictionary<string, Points>? criteria) =>
        criteria is null
            ? null
            : rubric
                .Criteria.Where(criterion => criteria.ContainsKey(criterion.Code))
                .Select(criterion => new CriterionMark(criterion.Code, criterion.Title, criteria[criterion.Code], criterion.Maximum))
                .ToList();
}
