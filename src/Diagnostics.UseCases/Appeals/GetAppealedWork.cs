using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Appeals;

/// <summary>An earlier mark, with nothing about who gave it or when.</summary>
/// <param name="Decides">Whether this mark gives the present score.</param>
/// <param name="Comment">The expert's comment.</param>
public sealed record EarlierMark(
    RoundKind Kind,
    bool Decides,
    Points Points,
    IReadOnlyDictionary<string, Points>? Criteria,
    string? Comment
);

/// <summary>The disputed open answer, with the material for judging it.</summary>
/// <param name="Stem">The task, in Markdown.</param>
/// <param name="Rubric">The criteria, with a description of every point value.</param>
/// <param name="Answer">The answer as typed; empty when it was left blank.</param>
/// <param name="EarlierMarks">Earlier marks; where the policy requires that the chair opens them, absent until
/// then.</param>
/// <param name="Scans">Scans of the answer on paper; absent when there are none.</param>
public sealed record DisputedAnswer(
    int Slot,
    string ItemCode,
    int ItemVersion,
    Points MaxPoints,
    string Stem,
    Stimulus? Stimulus,
    Rubric Rubric,
    string Solution,
    IReadOnlyList<Exemplar> Exemplars,
    string Answer,
    IReadOnlyList<EarlierMark>? EarlierMarks,
    IReadOnlyList<AnswerScan>? Scans = null
);

/// <summary>One line of the disputed session's log, without the name of whoever acted.</summary>
/// <param name="Minute">Minutes since the session began, negative before that; for a session that never began, minutes
/// since the disputed event.</param>
public sealed record DisputedEvent(string Kind, long Minute, string? Details);

/// <summary>What the commission sees: the work or the course of the session, but never the person's identity.</summary>
/// <param name="Answer">The disputed answer; present for a score appeal.</param>
/// <param name="Journal">The session's log; present for a procedural appeal.</param>
public sealed record AppealWork(
    Guid AppealId,
    AppealKind Kind,
    AppealGround Ground,
    string Statement,
    DisputedAnswer? Answer,
    IReadOnlyList<DisputedEvent>? Journal
);

/// <summary>
/// Shows the commission the work or the session's log, and earlier marks once the chair has opened them; the audit
/// trail records every reading.
/// </summary>
internal sealed class GetAppealedWork(Executor executor, FormCatalog forms) : UseCase<Guid, AppealWork>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAppealedWork),
        AppealRights.Members,
        Trail.Shows("appeal.work-viewed")
    );

    protected override async Task<Result<AppealWork>> Handle(Guid appealId, Caller caller)
    {
        var form = await Fetch(db => AppealStore.FormOf(db, appealId)) is { } formId ? await forms.Get(formId) : null;
        return await Write(
            caller,
            async db =>
            {
                if ((await Hearing.Of(db, appealId, caller)).Refused(out var refusal, out var own))
                    return refusal;
                var appeal = own.Appeal;
                if (CheckOpen(appeal) is { } closed)
                    return closed;
                var session = (await SessionStore.Find(db, appeal.SessionId))!;
                var work = new AppealWork(
                    appeal.Id,
                    appeal.AppealKind,
                    Codes.Parse<AppealGround>(appeal.Ground),
                    appeal.Statement,
                    appeal.Slot is { } slot ? await AnswerOf(db, appeal, session, form!, form!.Find(session.Variant, slot)!) : null,
                    appeal.Slot is null ? await JournalOf(db, session, appeal) : null
                );
                await AppealLog.Audit(
                    db,
                    appealId,
                    "work-viewed",
                    Now,
                    caller.Id,
                    new { earlierMarks = work.Answer?.EarlierMarks is not null }
                );
                return work;
            }
        );
    }

    /// <summary>Refuses to show the work before the appeal is admitted.</summary>
    internal static Refusal? CheckOpen(AppealRow appeal) =>
        appeal.Standing is AppealState.Admitted or AppealState.InConsideration or AppealState.Decided
            ? null
            : Refusal.Conflict("appeal-state", "Работа открыта комиссии, когда апелляция принята.").With("state", appeal.Standing);

    private static async Task<DisputedAnswer> AnswerOf(Db db, AppealRow appeal, SessionRow session, FormContent form, FormSlot slot)
    {
        var policies = await CampaignPolicies.Load(db, appeal.CampaignId);
        var (policy, _) = await AppealRulebook.OfCampaign(db, policies);
        var item = slot.Item;
        var answer = (await ResponseStore.Latest(db, session.Id))
            .Where(row => row.Slot == slot.Slot)
            .Select(row => new SavedAnswer(row.Revision, row.Content))
            .FirstOrDefault();
        var earlier = AppealView.MarksOpened(appeal, policy)
            ? EarlierMarks((await LoadedLedger.Load(db, session, form, policies)).Ledger, slot.Slot)
            : null;
        return new(
            Slot: slot.Slot,
            ItemCode: item.Code,
            ItemVersion: slot.ItemVersion,
            MaxPoints: item.MaxPoints,
            Stem: item.Stem,
            Stimulus: item.Stimulus,
            Rubric: item.Rubric!,
            Solution: item.Solution,
            Exemplars: item.Exemplars,
            Answer: AutoMarking.TextOf(item, answer) ?? "",
            EarlierMarks: earlier,
            Scans: await Sessions.Scans.Of(db, session.Id, slot.Slot) is { Count: > 0 } scans ? scans : null
        );
    }

    private static IReadOnlyList<EarlierMark> EarlierMarks(SessionLedger ledger, int slot)
    {
        var deciding = ledger.Deciding(slot);
        return ledger
            .Rounds(slot)
            .Where(round => round.Kind is not RoundKind.Auto)
            .Select(round => new EarlierMark(round.Kind, round.Number == deciding?.Number, round.Points, round.Criteria, round.Reason))
            .ToList();
    }

    // Shows all events of the session, including saves and the page's own events, but leaves out the staff who acted in
    // them.
    private static async Task<IReadOnlyList<DisputedEvent>> JournalOf(Db db, SessionRow session, AppealRow appeal)
    {
        var from = session.StartedAt ?? appeal.DisputedAt ?? session.CreatedAt;
        return (await SessionStore.Events(db, session.Id))
            .Select(happened => new DisputedEvent(happened.Kind, (long)Math.Floor((happened.At - from).TotalMinutes), happened.Details))
            .ToList();
    }
}

/// <summary>Shows the commission a scan of the disputed answer; the audit trail records every look.</summary>
internal sealed class GetAppealedScan(Executor executor) : UseCase<GetAppealedScan.Request, ScanFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAppealedScan),
        AppealRights.Members,
        Trail.Shows("appeal.scan-viewed")
    );

    internal sealed record Request(Guid AppealId, int Number);

    protected override Task<Result<ScanFile>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await Hearing.Of(db, request.AppealId, caller)).Refused(out var refusal, out var own))
                    return refusal;
                if (GetAppealedWork.CheckOpen(own.Appeal) is { } closed)
                    return closed;
                if (own.Appeal.Slot is not { } slot)
                    return Scans.NotFound;
                if ((await Scans.Read(db, own.Appeal.SessionId, slot, request.Number)).Refused(out refusal, out var scan))
                    return refusal;
                await AppealLog.Audit(db, request.AppealId, "scan-viewed", Now, caller.Id, new { request.Number });
                return (Result<ScanFile>)scan;
            }
        );
}

/// <summary>
/// The chair shows earlier marks to the commission; where the policy says so, they are hidden until then.
/// </summary>
internal sealed class OpenEarlierMarks(Executor executor) : UseCase<Guid, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(OpenEarlierMarks),
        AppealRights.Chairs,
        Trail.Writes("appeal.marks-opened")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<AppealView>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
                    return refusal;
                if (own.Appeal.AppealKind is not AppealKind.Score)
                    return Refusal.Conflict("no-earlier-marks", "Апелляция о нарушении порядка: баллов в ней нет.");
                if (own.Appeal.Standing.CheckInConsideration() is { } notYet)
                    return notYet;
                var now = Now;
                if (!await AppealStore.OpenMarks(db, appealId, now))
                    return Refusal.Conflict("marks-opened", "Прежние баллы уже открыты.");
                await AppealLog.Add(db, appealId, "marks-opened", now, caller.Id);
                return await AppealView.Read(db, appealId, now, anonymous: true);
            }
        );
}
