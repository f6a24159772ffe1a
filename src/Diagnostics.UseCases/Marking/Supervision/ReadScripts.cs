using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>An expert's claim on a script, live or closed, as those who lead marking see it.</summary>
/// <param name="AssignmentId">Id of the claim.</param>
/// <param name="UserName">Name of the expert's account.</param>
/// <param name="Code">The code by which the expert knows the script.</param>
/// <param name="State">The state of the claim; a claim whose lease has run out is <c>lapsed</c>.</param>
/// <param name="Third">Whether the reading is beyond the independent ones.</param>
/// <param name="HeldAt">When the expert gave marks that can still be taken back; absent otherwise.</param>
/// <param name="ClosedAt">When the claim ended; absent while it is live.</param>
/// <param name="Points">The points that the expert gave; absent while there are none, and hidden from somebody who may
/// still get the script to mark.</param>
public sealed record ScriptClaim(
    Guid AssignmentId,
    Guid ExpertId,
    string UserName,
    string Code,
    ClaimState State,
    bool Third,
    Instant ClaimedAt,
    Instant LeaseUntil,
    Instant? HeldAt,
    Instant? ClosedAt,
    string? Reason,
    Points? Points
)
{
    internal bool IsLive => State is ClaimState.Claimed;

    internal static ScriptClaim Of(ScriptClaimRow claim, int experts, Points? points, Instant now) =>
        new(
            AssignmentId: claim.Id,
            ExpertId: claim.ExpertId,
            UserName: claim.UserName,
            Code: claim.Code,
            State: claim.Standing is ClaimState.Claimed && claim.LeaseUntil < now ? ClaimState.Lapsed : claim.Standing,
            Third: claim.Place > experts,
            ClaimedAt: claim.ClaimedAt,
            LeaseUntil: claim.LeaseUntil,
            HeldAt: claim.HeldAt,
            ClosedAt: claim.ClosedAt,
            Reason: claim.Reason,
            Points: points
        );
}

/// <summary>A script in the hands of the commission: nothing in it tells whose answer it is.</summary>
/// <param name="Id">Id of the script within the commission.</param>
/// <param name="State">Whether the script still needs readings.</param>
/// <param name="Maximum">The most points that the item gives; absent before the first marks.</param>
/// <param name="Thirds">Number of readings called to settle a discrepancy.</param>
/// <param name="SecondLooks">Number of readings called because a control script had put an expert's marks in
/// doubt.</param>
/// <param name="CalledWhy">Why the last further reading was called; absent when none was.</param>
/// <param name="Blind">Whether the points are hidden, because the caller may still get the script to mark.</param>
/// <param name="Claims">Claims in the order in which they were made.</param>
public sealed record ScriptInCommission(
    Guid Id,
    string ItemCode,
    int ItemVersion,
    TaskState State,
    Points? Maximum,
    int Thirds,
    int SecondLooks,
    string? CalledWhy,
    bool Blind,
    IReadOnlyList<ScriptClaim> Claims
)
{
    /// <summary>Scripts, with what has become of each.</summary>
    internal static async Task<IReadOnlyList<ScriptInCommission>> Read(
        Db db,
        Guid campaignId,
        IReadOnlyList<ScriptRow> scripts,
        int experts,
        Caller caller,
        Instant now
    )
    {
        if (scripts.Count == 0)
            return [];
        var (first, last) = (scripts[0].Id, scripts[^1].Id);
        var claims = (await ScriptStore.Claims(db, campaignId, first, last)).ToLookup(row => row.ScriptId);
        var marks = (await ScriptStore.Marks(db, campaignId, first, last)).ToLookup(row => (row.SessionId, row.Slot));
        var marksToo = MarkingRights.Marks(caller, campaignId);
        return scripts
            .Select(script =>
                Of(
                    script,
                    claims[script.Id].ToList(),
                    marks[(script.SessionId, script.Slot)].ToList(),
                    experts,
                    marksToo ? caller.AccountId : null,
                    now
                )
            )
            .ToList();
    }

    /// <param name="marker">The caller, when the caller also marks.</param>
    private static ScriptInCommission Of(
        ScriptRow script,
        IReadOnlyList<ScriptClaimRow> claims,
        IReadOnlyList<ScriptMarkRow> marks,
        int experts,
        Guid? marker,
        Instant now
    )
    {
        var blind =
            script.Standing is TaskState.Waiting
            && marker is { } own
            && !claims.Any(claim => claim.ExpertId == own && claim.Standing is ClaimState.Marked);
        return new(
            Id: script.Id,
            ItemCode: script.ItemCode,
            ItemVersion: script.ItemVersion,
            State: script.Standing,
            Maximum: marks.Count == 0 ? null : marks[0].Maximum,
            Thirds: script.Thirds - script.SecondLooks,
            SecondLooks: script.SecondLooks,
            CalledWhy: script.ThirdReason,
            Blind: blind,
            Claims: claims
                .Select(claim =>
                    ScriptClaim.Of(
                        claim,
                        experts,
                        blind || claim.Standing is not ClaimState.Marked
                            ? null
                            : marks.LastOrDefault(mark => mark.MarkedBy == claim.ExpertId)?.Points,
                        now
                    )
                )
                .ToList()
        );
    }
}

/// <summary>Lists the scripts of a campaign, with who has read each and how.</summary>
internal sealed class ListScripts(Executor executor) : UseCase<ListScripts.Request, Page<ScriptInCommission>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListScripts),
        MarkingRights.Leaders,
        Trail.Look<ListScripts.Request, Page<ScriptInCommission>>(
            "scripts.listed",
            (asked, page) => Looked.Rows($"campaign:{asked.CampaignId:D}", page.Items.Count)
        )
    );

    /// <param name="Whole">Whether to list all scripts at once.</param>
    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit, bool Whole = false);

    protected override Task<Result<Page<ScriptInCommission>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit, whole) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var experts = (await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking)).Experts;
            var rows = await ScriptStore.OfCampaign(db, campaignId, after, whole ? int.MaxValue : Page<ScriptRow>.Take(limit));
            var page = whole ? new Page<ScriptRow>(rows, null) : Page<ScriptRow>.Of(rows, limit, row => row.Id.ToString("D"));
            return new Page<ScriptInCommission>(await ScriptInCommission.Read(db, campaignId, page.Items, experts, caller, Now), page.Next);
        });
}

/// <summary>Marks that an expert gave for a script.</summary>
/// <param name="Criteria">The marks as the expert gave them, before the gate is applied.</param>
/// <param name="Points">The points after the gate is applied.</param>
/// <param name="NoAnswer">Whether the expert stated that the item was not attempted.</param>
public sealed record ExpertMarks(
    Guid ExpertId,
    RoundKind Kind,
    IReadOnlyDictionary<string, Points> Criteria,
    Points Points,
    bool NoAnswer,
    string? Comment,
    Instant At
);

/// <summary>A script with its answer and all marks.</summary>
/// <param name="Stem">The task, in Markdown.</param>
/// <param name="Answer">The answer, as typed.</param>
/// <param name="Marks">Marks of the present answer in the order in which they were given; empty when they are
/// hidden.</param>
/// <param name="Points">The points that the script has now; absent while they are open or hidden.</param>
/// <param name="Explanation">Why the script has these points, or what they wait for.</param>
/// <param name="Scans">Scans of the answer on paper; absent when there are none.</param>
public sealed record ScriptSeen(
    Guid CampaignId,
    ScriptInCommission Script,
    string Stem,
    Rubric Rubric,
    string Answer,
    IReadOnlyList<ExpertMarks> Marks,
    Points? Points,
    string? Explanation,
    IReadOnlyList<AnswerScan>? Scans = null
);

/// <summary>Shows one script to those who lead marking, without anything that tells whose it is.</summary>
internal sealed class GetScript(Executor executor, FormCatalog forms) : UseCase<Guid, ScriptSeen>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetScript),
        MarkingRights.Leaders,
        Trail.Look<Guid, ScriptSeen>("script.read", (script, _) => new($"script:{script:D}"))
    );

    internal static readonly Refusal NotFound = Refusal.NotFound("script-not-found", "Такой работы в комиссии нет.");

    protected override async Task<Result<ScriptSeen>> Handle(Guid scriptId, Caller caller)
    {
        var found = await Fetch(async db =>
            await TaskStore.Find(db, scriptId) is { } task ? (Task: task, Session: (await SessionStore.Find(db, task.SessionId))!) : default
        );
        if (found.Task is null || !Reaches(caller, MarkingRights.Of(found.Task.CampaignId)))
            return NotFound;
        var form = await forms.Get(found.Session.FormId);
        return await Read(async db =>
        {
            var (campaignId, session) = (found.Task.CampaignId, (await SessionStore.Find(db, found.Session.Id))!);
            var ledger = await LoadedLedger.Load(db, session, form);
            var task = (await TaskStore.Find(db, scriptId))!;
            var experts = ledger.Policies.Get<MarkingPolicy>(PolicyKind.Marking).Experts;
            var script = (await ScriptInCommission.Read(db, campaignId, [ScriptRow.Of(task)], experts, caller, Now))[0];
            var slot = form.Find(session.Variant, task.Slot)!;
            var answer = (await ResponseStore.Latest(db, session.Id)).FirstOrDefault(each => each.Slot == task.Slot);
            var decision = ledger.Ledger.Decide(task.Slot);
            return new ScriptSeen(
                campaignId,
                script,
                slot.Item.Stem,
                slot.Item.Rubric!,
                AutoMarking.TextOf(slot.Item, answer is null ? null : new SavedAnswer(answer.Revision, answer.Content)) ?? "",
                script.Blind ? [] : Marks(ledger.Ledger.Rounds(task.Slot)),
                script.Blind ? null : decision.Round?.Points,
                script.Blind ? null : GetScores.Explain(decision, ledger.Ledger.Rounds(task.Slot), ledger.Ledger.Policy),
                Scans: await Scans.Of(db, session.Id, task.Slot) is { Count: > 0 } scans ? scans : null
            );
        });
    }

    private static List<ExpertMarks> Marks(IReadOnlyList<MarkingRound> rounds)
    {
        var revision = rounds.LastOrDefault(round => round.Kind is RoundKind.Auto)?.ResponseRevision;
        return rounds
            .Where(round => round is { MarkedBy: not null, Criteria: not null } && round.ResponseRevision == revision)
            .Select(round => new ExpertMarks(
                round.MarkedBy!.Value,
                round.Kind,
                round.Criteria!,
                round.Points,
                round.Outcome is Outcome.Blank,
                round.Reason,
                round.At
            ))
            .ToList();
    }
}

/// <summary>Shows a scan of a script's answer to those who lead marking.</summary>
internal sealed class GetScriptScan(Executor executor) : UseCase<GetScriptScan.Request, ScanFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetScriptScan),
        MarkingRights.Leaders,
        Trail.Look<Request, ScanFile>("script.scan-read", (asked, _) => new($"script:{asked.ScriptId:D}"))
    );

    internal sealed record Request(Guid ScriptId, int Number);

    protected override Task<Result<ScanFile>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await TaskStore.Find(db, request.ScriptId) is { } task && Reaches(caller, MarkingRights.Of(task.CampaignId))
                ? await Scans.Read(db, task.SessionId, task.Slot, request.Number)
                : GetScript.NotFound
        );
}
