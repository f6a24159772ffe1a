using Diagnostics.Engine;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.Server.Pages.Appeals;

/// <summary>What the commission's pages show, read by the commission's use cases.</summary>
internal sealed class OwnCases(
    CommissionCases cases,
    GetAppeal getAppeal,
    GetAppealedWork getWork,
    GetAppealProceedings getProceedings,
    ListAppealAttachments listAttachments,
    ProposalEffects effects
)
{
    /// <summary>What burns first stands first: open appeals by their deadlines, then closed ones, the last filed first.</summary>
    internal async Task<Result<IReadOnlyList<CommissionCase>>> All(Caller caller) =>
        (await cases.All(caller)).Map<IReadOnlyList<CommissionCase>>(all =>
            [
                .. all.Where(own => own.Appeal.Due is not null).OrderBy(own => own.Appeal.DueAt).ThenBy(own => own.Appeal.FiledAt),
                .. all.Where(own => own.Appeal.Due is null).OrderByDescending(own => own.Appeal.FiledAt),
            ]
        );

    internal Task<Result<CommissionCase>> Find(Guid appealId, Caller caller) => cases.One(appealId, caller);

    internal Task<Result<AppealWork>> Work(Guid appealId, Caller caller) => getWork.Run(appealId, caller);

    internal async Task<IReadOnlyList<ProposalEffect?>> Effects(
        Guid appealId,
        IReadOnlyList<IReadOnlyDictionary<string, Points>?> proposals,
        Caller caller
    ) => (await effects.Run(appealId, proposals, caller)).Refused(out _, out var found) ? [] : found;

    internal async Task<Result<CasePage.Facts>> Read(Guid appealId, Caller caller)
    {
        if ((await getAppeal.Run(appealId, caller)).Refused(out var refusal, out var appeal))
            return refusal;
        if ((await cases.One(appealId, caller)).Refused(out refusal, out var own))
            return refusal;
        if ((await getProceedings.Run(appealId, caller)).Refused(out refusal, out var proceedings))
            return refusal;
        var hidden = (await getWork.Run(appealId, caller)).Refused(out var why, out var work);
        var attachments = await Attachments(appeal, caller);
        return new CasePage.Facts(
            own,
            appeal,
            hidden ? null : work,
            why?.Detail,
            proceedings,
            attachments,
            await Effects(appealId, proceedings.Proposals.Select(proposal => proposal.Criteria).ToList(), caller),
            CasePage.CaseStep.Of(own, proceedings),
            Notice: null,
            Error: null
        );
    }

    internal async Task<Result<AppealProtocolSheet.Facts>> Protocol(Guid appealId, Caller caller)
    {
        if ((await getAppeal.Run(appealId, caller)).Refused(out var refusal, out var appeal))
            return refusal;
        if ((await cases.One(appealId, caller)).Refused(out refusal, out var own))
            return refusal;
        return (await getProceedings.Run(appealId, caller)).Refused(out refusal, out var proceedings)
            ? refusal
            : new AppealProtocolSheet.Facts(own, appeal, proceedings);
    }

    /// <summary>The proposal on which the commission votes.</summary>
    internal async Task<Result<(ProposalView Proposal, AppealProceedings Proceedings, ProposalEffect? Effect)>> Current(
        Guid appealId,
        Caller caller
    )
    {
        if ((await getProceedings.Run(appealId, caller)).Refused(out var refusal, out var proceedings))
            return refusal;
        if (proceedings.Proposals is not [.., var current])
            return Refusal.Conflict("proposal-missing", "Решение ещё не поставлено на голосование.");
        return (current, proceedings, await Effects(appealId, [current.Criteria], caller) is [var effect, ..] ? effect : null);
    }

    /// <summary>Listing files is recorded as a look at them, so it is done only where there are any.</summary>
    private async Task<IReadOnlyList<AppealAttachment>> Attachments(AppealView appeal, Caller caller) =>
        appeal.Attachments == 0 || (await listAttachments.Run(appeal.Id, caller)).Refused(out _, out var files) ? [] : files;
}
