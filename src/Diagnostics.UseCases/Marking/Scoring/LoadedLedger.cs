using System.Security.Cryptography;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// The ledger of a session, with everything that its scores depend on, read once in a transaction. Code that changes
/// the ledger passes on the result of <see cref="Save"/>, so that later code need not read rounds or policies again.
/// </summary>
internal sealed record LoadedLedger(SessionRow Session, FormContent Form, CampaignPolicies Policies, SessionLedger Ledger)
{
    private const string TakenBack = "Ответ изменён: сеанс был продлён.";

    internal IReadOnlyList<FormSlot> Slots => Ledger.Slots;

    internal LevelScale Scale => Policies.Get<LevelScale>(PolicyKind.LevelScale);

    internal static async Task<LoadedLedger> Load(Db db, SessionRow session, FormContent form, CampaignPolicies policies)
    {
        var marking = policies.Get<MarkingPolicy>(PolicyKind.Marking);
        var awaitsKeyReview = policies.Get<ScoringPolicy>(PolicyKind.Scoring).RequireKeyReview;
        var rounds = await RoundStore.OfSession(db, session.Id);
        return new(
            session,
            form,
            policies,
            new SessionLedger(session.Id, form.Variants[session.Variant], rounds, marking, awaitsKeyReview)
        );
    }

    /// <summary>Loads the ledger in a transaction that has not read the campaign's policies yet.</summary>
    internal static async Task<LoadedLedger> Load(Db db, SessionRow session, FormContent form) =>
        await Load(db, session, form, await CampaignPolicies.Load(db, session.CampaignId));

    /// <summary>Appends the rounds of a change to this ledger and updates the tasks.</summary>
    /// <returns>The ledger including these rounds.</returns>
    internal async Task<LoadedLedger> Save(Db db, LedgerChange change, Instant now)
    {
        foreach (var round in change.Rounds)
            await RoundStore.Add(db, round);
        var organisation = change.Tasks.Any(task => task is TaskChange.Queue) ? await OrganisationOf(db) : "";
        foreach (var task in change.Tasks)
            await Move(db, task, organisation, now);
        return this with { Ledger = change.Ledger };
    }

    /// <summary>For each slot that has all the marks it needs, combines them or calls a third expert.</summary>
    /// <returns>The ledger including the result.</returns>
    internal async Task<LoadedLedger> Settle(Db db, Instant now) =>
        // A single expert's marks are not combined with others, so the scale need not be read.
        Ledger.Policy.Experts == 1
            ? this
            : await Save(db, Ledger.Settle(Scale, now), now);

    private async Task Move(Db db, TaskChange task, string organisation, Instant now)
    {
        switch (task)
        {
            case TaskChange.Queue queued:
                await AssignmentStore.LapseOfSlot(db, Session.Id, queued.Slot, TakenBack, now);
                await TaskStore.Enqueue(db, TaskOf(queued, organisation, now), RandomNumberGenerator.GetInt32(MarkingOrder.Modulus), now);
                break;
            case TaskChange.Withdraw withdrawn:
                await AssignmentStore.LapseOfSlot(db, Session.Id, withdrawn.Slot, TakenBack, now);
                await TaskStore.Withdraw(db, Session.Id, withdrawn.Slot);
                break;
            case TaskChange.CallThird third:
                await TaskStore.CallThird(db, Session.Id, third.Slot, third.Detail);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(task), task, null);
        }
    }

    private TaskRow TaskOf(TaskChange.Queue queued, string organisation, Instant now)
    {
        var slot = Form.Find(Session.Variant, queued.Slot)!;
        return new()
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            CampaignId = Session.CampaignId,
            SessionId = Session.Id,
            Slot = slot.Slot,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            QueuedOrganisation = organisation,
            Block = slot.Item.Block,
            Likeness = queued.Likeness,
        };
    }

    private async Task<string> OrganisationOf(Db db) =>
        AnswerText.Normalise((await PersonStore.Find(db, Session.ParticipantId))?.Organisation ?? "");
}
