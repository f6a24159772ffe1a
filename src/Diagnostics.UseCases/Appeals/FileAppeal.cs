using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Ground">The ground of the appeal; the policy excludes some grounds.</param>
/// <param name="Statement">The appeal in the person's own words, up to 4,000 characters.</param>
/// <param name="Slot">The disputed open answer; only in a score appeal.</param>
/// <param name="LateCause">Why a procedural appeal is late, up to 4,000 characters. The chair accepts the cause by
/// admitting the appeal, or else refuses the appeal. Not stored for an appeal that is in time.</param>
public sealed record AppealRequest(
    AppealKind Kind,
    Guid SessionId,
    AppealGround Ground,
    string Statement,
    int? Slot = null,
    string? LateCause = null
);

/// <summary>
/// Accepts an appeal (clause 7.1.3). A procedural appeal is filed by the person, or by the head of the site for the
/// person, on the day of the session, of its annulment, or of the sitting to which the person was not admitted; after
/// that day the appeal must state why it is late. An appeal about points is filed by the person within the policy's
/// working days after publication. An appeal about a matter that may not be appealed is refused immediately, and the
/// refusal names the clause.
/// </summary>
internal sealed class FileAppeal(Executor executor, FormCatalog forms) : UseCase<AppealRequest, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(FileAppeal), AppealRights.Filers, Trail.Writes("appeal.filed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Exists = Refusal.Conflict("appeal-exists", "По этому вопросу апелляция уже подана или решена.");

    /// <summary>
    /// An appeal withdrawn after votes have been cast cannot be filed again. Otherwise a person could withdraw and file
    /// again until the votes turn out differently.
    /// </summary>
    internal static readonly Refusal WithdrawnAfterVotes = Refusal.Conflict(
        "appeal-exists",
        "Апелляцию по этому вопросу отозвали, когда комиссия уже голосовала: подать её снова нельзя."
    );

    internal static Refusal? CheckStake(SessionLedger ledger, int slot)
    {
        var deciding = ledger.Deciding(slot)!;
        // Judge by the automatic round whether the answer is blank: an expert who finds nothing in an answer may be
        // wrong.
        var blank = ledger.Rounds(slot).Last(round => round.Kind is RoundKind.Auto).Outcome is Outcome.Blank;
        return AppealRules.CheckStake(blank, deciding.Points, deciding.Maximum);
    }

    internal static Refusal Late(Instant deadline) =>
        Refusal.Conflict("appeal-late", "Срок подачи апелляции истёк.").With("deadline", deadline);

    /// <summary>Refuses a late procedural appeal that states no cause; with a cause it would be accepted.</summary>
    internal static Refusal LateWithoutCause(Instant deadline) =>
        Refusal
            .Conflict(
                "appeal-late",
                "О порядке проведения заявляют в тот же день. Если заявить вовремя помешала уважительная причина, назовите её."
            )
            .With("deadline", deadline)
            .With("field", "lateCause");

    protected override async Task<Result<AppealView>> Handle(AppealRequest request, Caller caller)
    {
        if (TextRules.Check("statement", request.Statement, AppealRights.MaxText) is { } wrong)
            return wrong;
        if (request.LateCause is { } cause && TextRules.Check("lateCause", cause, AppealRights.MaxText) is { } wrongCause)
            return wrongCause;
        if (await Fetch(db => SessionStore.Find(db, request.SessionId)) is not { } found || !Reaches(caller, TargetOf(found, request.Kind)))
            return SessionRefusals.NotFound;
        var form = await forms.Get(found.FormId);
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                var session = (await SessionStore.Find(db, request.SessionId))!;
                var rules = await AppealRulebook.Of(db, session);
                ProceduralMatter? matter = null;
                if (request.Kind is AppealKind.Procedural)
                {
                    if ((await CheckProcedural(db, session, request, rules, now)).Refused(out var barred, out matter))
                        return barred;
                }
                else if (await CheckScore(db, session, form, request, rules, now) is { } refused)
                    return refused;
                var late = matter is not null && !Deadlines.InTime(now, matter.Deadline);
                if ((await rules.Consideration(db, now)).Refused(out var uncounted, out var when))
                    return uncounted;
                var row = new AppealRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    Kind = Codes.Of(request.Kind),
                    CampaignId = session.CampaignId,
                    SessionId = session.Id,
                    ParticipantId = session.ParticipantId,
                    Slot = request.Slot,
                    Ground = Codes.Of(request.Ground),
                    DisputedAt = matter?.DisputedAt,
                    LateCause = late ? request.LateCause!.Trim() : null,
                    Statement = request.Statement.Trim(),
                    FiledAt = now,
                    FiledBy = caller.Id,
                    RemindAt = when.RemindAt,
                    DueAt = when.DueAt,
                };
                if (!await AppealStore.Add(db, row))
                    return Exists;
                await AppealLog.Add(
                    db,
                    row.Id,
                    "filed",
                    now,
                    caller.Id,
                    new
                    {
                        row.Kind,
                        row.Slot,
                        row.Ground,
                        row.DueAt,
                        late,
                    }
                );
                return await AppealView.Read(db, row.Id, now, anonymous: false);
            }
        );
    }

    /// <summary>
    /// Only the person may appeal against points; an appeal about the procedure may also be filed by the head of the
    /// site.
    /// </summary>
    private static Target TargetOf(SessionRow session, AppealKind kind) =>
        new() { Participant = session.ParticipantId, Site = kind is AppealKind.Procedural ? session.SiteId : null };

    private static async Task<Result<ProceduralMatter>> CheckProcedural(
        Db db,
        SessionRow session,
        AppealRequest request,
        AppealRulebook rules,
        Instant now
    )
    {
        if (request.Slot is not null)
            return Refusal
                .Invalid("slot-unexpected", "Апелляция о нарушении порядка касается всего сеанса: slot не указывают.")
                .With("field", "slot");
        if (AppealRules.CheckGround(request.Kind, request.Ground, rules.Policy) is { } excluded)
            return excluded;
        if ((await ProceduralMatter.Of(db, session, request.Ground, rules, now)).Refused(out var nothing, out var matter))
            return nothing;
        if (!Deadlines.InTime(now, matter.Deadline) && request.LateCause is null)
            return LateWithoutCause(matter.Deadline);
        return await AppealStore.WithdrawnAfterVotes(db, session.Id, slot: null, matter.DisputedAt) ? WithdrawnAfterVotes : matter;
    }

    private static async Task<Refusal?> CheckScore(
        Db db,
        SessionRow session,
        FormContent form,
        AppealRequest request,
        AppealRulebook rules,
        Instant now
    )
    {
        if (request.LateCause is not null)
            return Refusal
                .Invalid("late-cause-unexpected", "Срок апелляции о баллах не продлевают: lateCause не указывают.")
                .With("field", "lateCause");
        // Check the state first: only a person with a published result may learn anything about an item.
        if (session.Clock.State is SessionState.Annulled)
            return AppealRights.SessionAnnulled;
        if (await AppealStore.PublishedAt(db, session.Id) is not { } published)
            return AppealRights.NotPublished;
        if (request.Slot is not { } number)
            return Refusal.Invalid("slot-missing", "Укажите slot: номер задания, балл за которое оспаривается.").With("field", "slot");
        if (form.Find(session.Variant, number) is not { } slot)
            return SessionRefusals.NoSlot;
        if (slot.Item.Rubric is null)
            return rules.Policy.Excludes(AppealGround.ClosedItem)!.Refusal;
        if (AppealRules.CheckGround(request.Kind, request.Ground, rules.Policy) is { } excluded)
            return excluded;
        if (CheckStake((await LoadedLedger.Load(db, session, form)).Ledger, number) is { } idle)
            return idle;
        if (await AppealStore.WithdrawnAfterVotes(db, session.Id, number))
            return WithdrawnAfterVotes;
        if ((await rules.FilingDeadline(db, published)).Refused(out var uncounted, out var deadline))
            return uncounted;
        return Deadlines.InTime(now, deadline) ? null : Late(deadline);
    }
}
