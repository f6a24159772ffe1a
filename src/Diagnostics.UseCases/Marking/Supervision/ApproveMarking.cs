using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Checked">What the commission has checked, as a list of 1–20 texts of up to 500 characters each.</param>
/// <param name="Remarks">Remarks, up to 4,000 characters.</param>
/// <param name="Draft">Fingerprint of the draft that the chair has read. The approval is refused when the protocol
/// would now have another number or state other numbers. Absent = approve whatever the ledger contains now.</param>
public sealed record ApprovalRequest(IReadOnlyList<string> Checked, string? Remarks = null, string? Draft = null);

/// <summary>
/// The protocol of a commission: who approved what and when, and the state of the ledger at that time.
/// </summary>
/// <param name="Number">Number of the protocol, from 1; the last one is in force.</param>
/// <param name="Rounds">Number of entries in the ledger, including those of annulled sessions. Once the ledger has
/// more, the protocol no longer covers the results.</param>
/// <param name="ExpertRounds">Number of independent marks. This and the next two numbers count only marks of current
/// answers.</param>
/// <param name="ThirdRounds">Number of marks by a third expert, who settles a discrepancy.</param>
/// <param name="ScriptsWithThird">Number of scripts for which a third expert was called because of a
/// discrepancy.</param>
/// <param name="Flags">Number of flags that experts raised on scripts.</param>
/// <param name="SecondLookRounds">Number of marks given because a control script had put an expert's marks in
/// doubt.</param>
/// <param name="ScriptsWithSecondLook">Number of scripts called back because a control script had put an expert's marks
/// in doubt.</param>
public sealed record MarkingProtocol(
    Guid CampaignId,
    int Number,
    Guid ApprovedBy,
    Instant ApprovedAt,
    IReadOnlyList<string> Checked,
    string? Remarks,
    int Sessions,
    int Scripts,
    int Rounds,
    int ExpertRounds,
    int ThirdRounds,
    int ScriptsWithThird,
    int Flags,
    int SecondLookRounds = 0,
    int ScriptsWithSecondLook = 0
)
{
    /// <summary>Whether both protocols state the same, whoever approved them and when.</summary>
    internal bool SaysTheSameAs(MarkingProtocol other) =>
        Checked.SequenceEqual(other.Checked, StringComparer.Ordinal)
        && this == other with { Number = Number, ApprovedBy = ApprovedBy, ApprovedAt = ApprovedAt, Checked = Checked };

    internal static MarkingProtocol Read(ProtocolRow row) => JsonSerializer.Deserialize<MarkingProtocol>(row.Content, Json.Stored)!;
}

/// <summary>
/// Runs when the chair has approved a campaign's results; a later stage then issues what has waited for the approval.
/// </summary>
internal delegate Task ResultsApproved(Guid campaignId);

/// <summary>
/// The chair approves the results in a protocol (docs/promises.md, marking); any later round requires a new protocol.
/// </summary>
internal sealed class ApproveMarking(Executor executor, ResultsApproved approved)
    : UseCase<ApproveMarking.Request, MarkingProtocol>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ApproveMarking), MarkingRights.Chairs, Trail.Writes("results.approved"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private const int MaxChecked = 20;
    private const int MaxCheckedText = 500;

    internal sealed record Request(Guid CampaignId, ApprovalRequest Approval);

    /// <summary>
    /// Whether the chair's last protocol covers every result; true where the policy requires no protocol.
    /// </summary>
    internal static async Task<bool> IsApproved(Db db, Guid campaignId)
    {
        if (!(await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking)).RequireApproval)
            return true;
        return await ProtocolStore.OfCampaign(db, campaignId) is [.., var last]
            && MarkingProtocol.Read(last).Rounds == await ProtocolStore.Rounds(db, campaignId);
    }

    /// <summary>
    /// Like <see cref="IsApproved"/>, but for a single session. A protocol made before the session was scored does not
    /// cover the session; in that case no rounds need to be counted.
    /// </summary>
    internal static async Task<bool> Covers(Db db, SessionRow session)
    {
        if (!(await CampaignPolicies.Get<MarkingPolicy>(db, session.CampaignId, PolicyKind.Marking)).RequireApproval)
            return true;
        return await ProtocolStore.OfCampaign(db, session.CampaignId) is [.., var last]
            && last.ApprovedAt >= session.ScoredAt
            && await IsApproved(db, session.CampaignId);
    }

    /// <summary>
    /// Like <see cref="IsApproved"/>, but for the changes made in a session since its publication. Decisions of the
    /// conflict commission need no protocol of the marking commission.
    /// </summary>
    internal static async Task<bool> CoversChange(Db db, LoadedLedger ledger)
    {
        if (!ledger.Policies.Get<MarkingPolicy>(PolicyKind.Marking).RequireApproval)
            return true;
        var changed = ledger
            .Slots.SelectMany(slot => ledger.Ledger.Rounds(slot.Slot))
            .Where(round => round.Kind is not RoundKind.Appeal)
            .Max(round => round.At);
        if (await ProtocolStore.OfCampaign(db, ledger.Session.CampaignId) is not [.., var last])
            return false;
        return last.ApprovedAt > changed || (last.ApprovedAt == changed && await IsApproved(db, ledger.Session.CampaignId));
    }

    /// <summary>
    /// The next protocol with the numbers of the present ledger, without what the chair adds to it.
    /// </summary>
    internal static async Task<MarkingProtocol> Draw(Db db, Guid campaignId, Instant now)
    {
        var counts = (await ProtocolStore.Counts(db, campaignId))!;
        var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
        var readings = (await ProtocolStore.Readings(db, campaignId, policy.Experts))!;
        return new(
            CampaignId: campaignId,
            Number: (await ProtocolStore.OfCampaign(db, campaignId)).Count + 1,
            ApprovedBy: Guid.Empty,
            ApprovedAt: now,
            Checked: [],
            Remarks: null,
            Sessions: counts.Sessions,
            Scripts: counts.Scripts,
            Rounds: counts.Rounds,
            ExpertRounds: readings.Independent,
            ThirdRounds: readings.Thirds,
            ScriptsWithThird: counts.ScriptsWithThird,
            Flags: counts.Flags,
            SecondLookRounds: readings.SecondLooks,
            ScriptsWithSecondLook: counts.ScriptsWithSecondLook
        );
    }

    /// <summary>Differs for drafts that differ in their number or in any number they state.</summary>
    internal static string FingerprintOf(MarkingProtocol drawn) =>
        Digest.Of(JsonSerializer.Serialize(drawn with { ApprovedAt = default }, Json.Stored));

    protected override async Task<Result<MarkingProtocol>> Handle(Request request, Caller caller)
    {
        var made = await Approve(request, caller);
        if (made.Refusal is null)
            await approved(request.CampaignId);
        return made;
    }

    private Task<Result<MarkingProtocol>> Approve(Request request, Caller caller)
    {
        var (campaignId, approval) = request;
        return Write(
            caller,
            async db =>
            {
                if (Check(approval) is { } wrong)
                    return wrong;
                if (!Reaches(caller, MarkingRights.Of(campaignId)))
                    return Refusal.Forbidden("not-your-commission", "Протокол утверждает председатель комиссии этого мероприятия.");
                if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                    return MarkingRights.NoCampaign;
                if (campaign.State is CampaignStatus.Draft)
                    return Refusal.Conflict("campaign-not-published", "Мероприятие ещё не объявлено: утверждать нечего.");
                var now = Now;
                var items = await TaskStore.ProgressOfItems(db, campaignId, now);
                if (items.Sum(item => item.Total - item.Marked) is > 0 and var open)
                    return Refusal.Conflict("marking-open", $"Ещё не проверены работы: {open}.").With("open", open);
                var drawn = await Draw(db, campaignId, now);
                if (drawn.Sessions == 0)
                    return Refusal.Conflict("nothing-to-approve", "В мероприятии ещё нет оценённых сеансов.");
                if (approval.Draft is { } read && read != FingerprintOf(drawn))
                    return Refusal.Conflict(
                        "protocol-changed",
                        "С тех пор, как вы прочитали проект, протокол утвердили или изменились его числа. Прочитайте новый проект."
                    );
                var protocol = drawn with
                {
                    ApprovedBy = caller.AccountId,
                    Checked = approval.Checked,
                    Remarks = VisibleText.ShowsNothing(approval.Remarks) ? null : approval.Remarks,
                };
                // Whoever names no draft approves whatever the ledger contains, once more if need be.
                if (
                    approval.Draft is not null
                    && await ProtocolStore.OfCampaign(db, campaignId) is [.., var last]
                    && protocol.SaysTheSameAs(MarkingProtocol.Read(last))
                )
                    return Refusal
                        .Conflict(
                            "protocol-in-force",
                            $"Протокол № {last.Number} действует и говорит то же самое. Новый нужен, когда изменятся баллы или его текст."
                        )
                        .With("number", last.Number);
                var content = JsonSerializer.Serialize(protocol, Json.Options);
                var stays = await ProtocolStore.Add(
                    db,
                    new ProtocolRow
                    {
                        CampaignId = campaignId,
                        Number = protocol.Number,
                        Content = content,
                        Fingerprint = Digest.Of(content),
                        ApprovedBy = caller.AccountId,
                        ApprovedAt = now,
                    }
                );
                if (!stays)
                    return Refusal.Conflict("approved-meanwhile", "Протокол только что утвердил другой: прочитайте его.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "results.approved",
                    $"campaign:{campaignId:D}",
                    new { protocol.Number, protocol.Rounds }
                );
                return protocol;
            }
        );
    }

    private static Refusal? Check(ApprovalRequest approval)
    {
        if (approval.Checked.Count is 0 or > MaxChecked)
            return Refusal
                .Invalid("checked-invalid", $"checked — от 1 до {MaxChecked} пунктов: что проверила комиссия.")
                .With("field", "checked");
        return approval.Checked.Select(item => TextRules.Check("checked", item, MaxCheckedText)).FirstOrDefault(wrong => wrong is not null)
            ?? MarkingComment.Check(approval.Remarks);
    }
}

/// <summary>Lists a campaign's protocols, oldest first; the last one is in force.</summary>
internal sealed class ListProtocols(Executor executor) : UseCase<Guid, IReadOnlyList<MarkingProtocol>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListProtocols), MarkingRights.ReadersOfProtocols, Trail.None);

    protected override Task<Result<IReadOnlyList<MarkingProtocol>>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
            Reaches(caller, MarkingRights.Of(campaignId))
                ? (await ProtocolStore.OfCampaign(db, campaignId)).Select(MarkingProtocol.Read).ToList()
                : (Result<IReadOnlyList<MarkingProtocol>>)MarkingRights.NotLeading
        );
}

/// <summary>What the next protocol would say, and what the chair should know before approving it.</summary>
/// <param name="Required">Whether results are published only with a protocol.</param>
/// <param name="Approved">Whether the last protocol covers every result, or none is required.</param>
/// <param name="OpenScripts">Number of scripts that still need readings; nothing can be approved before.</param>
/// <param name="OpenFlags">Number of flags without a decision; they keep nobody from approving, but from publishing.</param>
/// <param name="Number">Number of the next protocol.</param>
/// <param name="Fingerprint">Fingerprint of these numbers, with which the draft is approved as it was read.</param>
/// <param name="OpenAnswers">Number of groups of short answers that match no key and wait for a decision.</param>
public sealed record ProtocolDraft(
    Guid CampaignId,
    string Title,
    bool Required,
    bool Approved,
    int OpenScripts,
    int OpenFlags,
    int Number,
    int Sessions,
    int Scripts,
    int Rounds,
    int ExpertRounds,
    int ThirdRounds,
    int ScriptsWithThird,
    int Flags,
    int SecondLookRounds,
    int ScriptsWithSecondLook,
    string Fingerprint,
    int OpenAnswers
);

/// <summary>Shows the numbers that a protocol would state now, so that the chair reads them before approving.</summary>
internal sealed class GetProtocolDraft(Executor executor) : UseCase<Guid, ProtocolDraft>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetProtocolDraft), MarkingRights.Leaders, Trail.None);

    protected override Task<Result<ProtocolDraft>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                return MarkingRights.NoCampaign;
            var now = Now;
            var drawn = await ApproveMarking.Draw(db, campaignId, now);
            return new ProtocolDraft(
                CampaignId: campaignId,
                Title: campaign.Title,
                Required: (await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking)).RequireApproval,
                Approved: await ApproveMarking.IsApproved(db, campaignId),
                OpenScripts: (await TaskStore.ProgressOfItems(db, campaignId, now)).Sum(item => item.Total - item.Marked),
                OpenFlags: (await FlagStore.Open(db, campaignId, now)).Sum(kind => kind.Flags),
                Number: drawn.Number,
                Sessions: drawn.Sessions,
                Scripts: drawn.Scripts,
                Rounds: drawn.Rounds,
                ExpertRounds: drawn.ExpertRounds,
                ThirdRounds: drawn.ThirdRounds,
                ScriptsWithThird: drawn.ScriptsWithThird,
                Flags: drawn.Flags,
                SecondLookRounds: drawn.SecondLookRounds,
                ScriptsWithSecondLook: drawn.ScriptsWithSecondLook,
                Fingerprint: ApproveMarking.FingerprintOf(drawn),
                OpenAnswers: await KeyReviewStore.Undecided(db, campaignId)
            );
        });
}
