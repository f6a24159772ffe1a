using Diagnostics.Engine;
using Diagnostics.Server.Access;
using Diagnostics.Server.Forms;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.Server.Marking;

/// <summary>A live claim with all that marking it needs.</summary>
internal sealed record LiveAssignment(AssignmentRow Assignment, TaskRow Task, SessionRow Session, FormContent Form);

/// <summary>Finds a claim of the caller that still holds; every action on a script begins here.</summary>
internal sealed class OwnAssignments(Transactions transactions, FormCatalog forms)
{
    internal static readonly Refusal NotFound = Refusal.NotFound("assignment-not-found", "Такой работы у вас нет.");

    internal static readonly Refusal Lapsed = Refusal.Conflict("lease-lapsed", "Срок, на который работа была выдана, истёк: она вернулась в очередь.");

    /// <summary>The form of a claim's session, read before the transaction: a write awaits nothing but its database.</summary>
    internal async Task<FormContent?> FormOf(Guid assignmentId)
    {
        var formId = await transactions.Read(async db =>
            await AssignmentStore.Find(db, assignmentId) is { } assignment && await TaskStore.Find(db, assignment.TaskId) is { } task
                ? (await SessionStore.Find(db, task.SessionId))?.FormId
                : null);
        return formId is { } id ? await forms.Get(id) : null;
    }

    /// <param name="form">From <see cref="FormOf"/>; null when there is no such claim.</param>
    internal static async Task<Result<LiveAssignment>> Find(Db db, Guid id, FormContent? form, Caller caller, Instant now)
    {
        // Of somebody else: that it exists is none of the caller's business.
        if (form is null || await AssignmentStore.Find(db, id) is not { } assignment || assignment.ExpertId != caller.AccountId) return NotFound;
        var task = (await TaskStore.Find(db, assignment.TaskId))!;
        if (!MarkingRights.Marks(caller, task.CampaignId)) return NotFound;
        var live = assignment.State == "claimed" && assignment.LeaseUntil >= now;
        if (!live) return assignment.State is "claimed" or "lapsed" ? Lapsed : Refusal.Conflict("assignment-closed", "Эта работа уже проверена или возвращена.").With("state", assignment.State);
        var session = (await SessionStore.Find(db, task.SessionId))!;
        return session.ScoredAt is not null && session.Clock.State is not Engine.Sessions.SessionState.Annulled && task.State == "waiting"
            ? new LiveAssignment(assignment, task, session, form)
            : Refusal.Conflict("script-withdrawn", "Работа снята с проверки: сеанс продлён или аннулирован.");
    }
}
