using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>Finds an assignment to which the caller has a valid lease; every action on a script begins here.</summary>
internal sealed class OwnAssignments(Database database, FormCatalog forms)
{
    internal static readonly Refusal NotFound = Refusal.NotFound("assignment-not-found", "Такой работы у вас нет.");

    internal static readonly Refusal Lapsed = Refusal.Conflict(
        "lease-lapsed",
        "Срок, на который работа была выдана, истёк: она вернулась в очередь."
    );

    internal static readonly Refusal AlreadyHeld = Refusal.Conflict(
        "marks-held",
        "Баллы за эту работу уже выставлены. Чтобы изменить их, сначала верните баллы к правке."
    );

    private static readonly Refusal Withdrawn = Refusal.Conflict(
        "script-withdrawn",
        "Работа снята с проверки: сеанс продлён или аннулирован."
    );

    /// <summary>
    /// The form of an assignment's item. It is read before the transaction, because a write must not wait for anything
    /// but its own statements.
    /// </summary>
    internal async Task<FormContent?> FormOf(Guid assignmentId)
    {
        var formId = await database.Read(async db =>
            await AssignmentStore.Find(db, assignmentId) is { } assignment && await TaskStore.Find(db, assignment.TaskId) is { } task
                ? (await SessionStore.Find(db, task.SessionId))?.FormId
            : await TrialStore.Find(db, assignmentId) is { } trial ? (await CampaignStore.Find(db, trial.CampaignId))?.FormId
            : null
        );
        return formId is { } id ? await forms.Get(id) : null;
    }

    /// <param name="form">The result of <see cref="FormOf"/>; null when there is no such assignment.</param>
    internal static async Task<Result<HeldAssignment>> Find(Db db, Guid id, FormContent? form, Caller caller, Instant now)
    {
        if (form is null)
            return NotFound;
        return await AssignmentStore.Find(db, id) is { } assignment ? await Script(db, assignment, form, caller, now)
            : await TrialStore.Find(db, id) is { } trial ? await Benchmark(db, trial, form, caller, now)
            : NotFound;
    }

    /// <summary>Why a draft that named this revision was not taken.</summary>
    /// <param name="stored">As read after the refused change.</param>
    internal static Refusal WhyNotChanged(ClaimedScript stored, int? revision) =>
        stored.HeldAt is not null ? AlreadyHeld
        : revision is not null && (stored.Draft?.Revision ?? 0) != revision ? StaleDraft(stored.Draft)
        : Lapsed;

    /// <param name="current">Null when there is no draft.</param>
    internal static Refusal StaleDraft(MarksDraft? current) =>
        new Refusal(
            "stale-draft",
            RefusalKind.Stale,
            "Черновик баллов этой работы уже изменён в другом окне. Выберите, какой верен, и сохраните его ещё раз."
        ).With("current", current);

    /// <summary>The caller's claims with held marks, oldest first.</summary>
    internal static async Task<IReadOnlyList<Guid>> WithMarks(Db db, Guid expertId, Instant now) =>
        [.. await LeaseStore.Scripts.Held(db, expertId, now), .. await LeaseStore.Benchmarks.Held(db, expertId, now)];

    /// <summary>Shows the assignment as the expert sees it.</summary>
    /// <inheritdoc cref="Find"/>
    internal static async Task<Result<ClaimedScript>> Show(Db db, Guid id, FormContent? form, Caller caller, Instant now) =>
        (await Find(db, id, form, caller, now)).Refused(out var refusal, out var held) ? refusal : await held.Show(db);

    /// <summary>Ids of the caller's claims, oldest first.</summary>
    internal static async Task<IReadOnlyList<Guid>> Held(Db db, Guid expertId, Instant now)
    {
        var scripts = (await AssignmentStore.Live(db, expertId, now)).Select(row => (row.ClaimedAt, row.Id));
        var trials = (await TrialStore.Live(db, expertId, now)).Select(row => (row.ClaimedAt, row.Id));
        return scripts.Concat(trials).Order().Select(row => row.Id).ToList();
    }

    private static async Task<Result<HeldAssignment>> Script(Db db, AssignmentRow assignment, FormContent form, Caller caller, Instant now)
    {
        var task = (await TaskStore.Find(db, assignment.TaskId))!;
        if (Check(assignment.ExpertId, task.CampaignId, assignment.Standing, assignment.LeaseUntil, caller, now) is { } refusal)
            return refusal;
        var session = (await SessionStore.Find(db, task.SessionId))!;
        return
            session.ScoredAt is not null
            && session.Clock.State is not Engine.Sessions.SessionState.Annulled
            && task.Standing is TaskState.Waiting
            ? new HeldScript(assignment, task, session, form)
            : Withdrawn;
    }

    private static async Task<Result<HeldAssignment>> Benchmark(Db db, TrialRow trial, FormContent form, Caller caller, Instant now) =>
        Check(trial.ExpertId, trial.CampaignId, trial.Standing, trial.LeaseUntil, caller, now) is { } refusal
            ? refusal
            : new HeldBenchmark(trial, (await BenchmarkStore.Find(db, trial.BenchmarkId))!, form.OfItem(trial.ItemCode)!.Item);

    private static Refusal? Check(Guid expertId, Guid campaignId, ClaimState state, Instant leaseUntil, Caller caller, Instant now)
    {
        // The caller must not learn that another expert's assignment exists.
        if (expertId != caller.AccountId || !MarkingRights.Marks(caller, campaignId))
            return NotFound;
        if (state is ClaimState.Claimed && leaseUntil >= now)
            return null;
        return state is ClaimState.Claimed or ClaimState.Lapsed
            ? Lapsed
            : Refusal.Conflict("assignment-closed", "Эта работа уже проверена или возвращена.").With("state", Codes.Of(state));
    }
}
