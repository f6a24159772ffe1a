using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// An assignment that an expert has claimed: a script, or a benchmark that looks exactly like one. Both are leased and
/// end in the same ways; only the effect of the marks differs.
/// </summary>
/// <param name="Id">Id of the assignment. Ids of scripts and benchmarks never coincide, so every address serves
/// both.</param>
internal abstract record HeldAssignment(Guid Id, string Code, Guid CampaignId, Item Item, LeaseStore Leases)
{
    internal abstract Task<ClaimedScript> Show(Db db);

    /// <summary>
    /// Renews the lease. Like the other methods that change the claim, it returns false when the lease has run out in
    /// the meantime.
    /// </summary>
    internal Task<bool> Renew(Db db, Instant until, Instant now) => Leases.Renew(db, Id, until, now);

    internal Task<bool> SaveDraft(Db db, MarksDraft draft, Instant now) =>
        Leases.SaveDraft(db, Id, draft.Write(), draft.NoAnswer, draft.Revision, now);

    internal Task<bool> Hold(Db db, HoldRequest marks, Instant now) =>
        Leases.Hold(db, Id, MarksDraft.Write(marks.Criteria, marks.Comment), marks.NoAnswer, marks.AlsoAlike, marks.Revision, now);

    internal Task<bool> TakeBack(Db db, Instant now) => Leases.TakeBack(db, Id, now);

    internal Task<bool> Return(Db db, string reason, Instant now) => Leases.Return(db, Id, reason, now);

    internal Task<bool> SetMarked(Db db, Instant now) => Leases.SetMarked(db, Id, now);
}

/// <summary>A person's answer.</summary>
internal sealed record HeldScript(AssignmentRow Assignment, TaskRow Task, SessionRow Session, FormContent Form)
    : HeldAssignment(Assignment.Id, Assignment.Code, Task.CampaignId, Form.Find(Session.Variant, Task.Slot)!.Item, LeaseStore.Scripts)
{
    internal override Task<ClaimedScript> Show(Db db) => ClaimedScript.Read(db, Assignment, Task, Session, Form);
}

/// <summary>A benchmark: an answer with agreed marks.</summary>
internal sealed record HeldBenchmark(TrialRow Trial, BenchmarkRow Benchmark, Item Item)
    : HeldAssignment(Trial.Id, Trial.Code, Trial.CampaignId, Item, LeaseStore.Benchmarks)
{
    internal override Task<ClaimedScript> Show(Db db) => Task.FromResult(ClaimedScript.Of(Trial, Benchmark, Item));
}
