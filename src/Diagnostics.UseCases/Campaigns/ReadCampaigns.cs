using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Who may read campaigns: anybody with one of these roles or scopes; members of a conflict commission only their own campaign.
/// Only a campaign's operators may read its draft.
/// </summary>
internal static class CampaignReaders
{
    internal static readonly AccessRule Rule = AccessRule
        .Of(
            Role.Participant,
            Role.Operator,
            Role.SiteHead,
            Role.Invigilator,
            Role.Expert,
            Role.Chair,
            Role.Methodologist,
            Role.Auditor,
            Role.Administrator,
            Role.ConflictMember.OfCampaign()
        )
        .Or(Clients.EnrolPeople, Clients.ReadProfiles);

    /// <summary>The only campaigns that the caller may read; null when the caller may read all.</summary>
    internal static IReadOnlyList<Guid>? Limit(Caller caller) =>
        !caller.IsAccount || Rule.Covers(caller, default)
            ? null
            : caller
                .Grants.Where(grant => grant.Role is Role.ConflictMember)
                .Select(grant => Guid.Parse(grant.ScopeId!))
                .Distinct()
                .ToList();
}

internal sealed class ListCampaigns(Executor executor) : UseCase<ListCampaigns.Request, Page<CampaignView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListCampaigns), CampaignReaders.Rule, Trail.None);

    internal sealed record Request(string? Status, Guid? After, int? Limit);

    protected override async Task<Result<Page<CampaignView>>> Handle(Request request, Caller caller)
    {
        var (status, after, limit) = request;
        if (status is not null && Codes.Find<CampaignStatus>(status) is null)
            return Refusal.Invalid("unknown-status", $"Состояния «{status}» нет.");
        var own = caller
            .Grants.Where(grant => grant is { Role: Role.Operator, Scope: GrantScope.Campaign })
            .Select(grant => grant.ScopeId!)
            .ToList();
        return await Read(async db =>
        {
            if (CampaignReaders.Limit(caller) is { } limited)
                return await Few(db, limited, request, caller);
            var rows = await CampaignStore.List(db, caller.OperatesEverywhere(), own, status, after, Page<CampaignView>.Take(limit));
            return Page<CampaignView>.Of(await CampaignView.Read(db, rows, caller), limit, campaign => campaign.Id.ToString("D"));
        });
    }

    /// <summary>The campaigns in whose conflict commission the caller sits: few enough to be read one by one.</summary>
    private static async Task<Page<CampaignView>> Few(Db db, IReadOnlyList<Guid> campaigns, Request request, Caller caller)
    {
        var found = new List<CampaignView>();
        foreach (var id in campaigns.Where(id => request.After is not { } after || id.CompareTo(after) > 0).Order())
            if (
                await CampaignStore.Find(db, id) is { State: not CampaignStatus.Draft } row
                && (request.Status is null || Codes.Of(row.State) == request.Status)
            )
                found.Add(await CampaignView.Read(db, row, caller));
        return Page<CampaignView>.Of(
            found.Take(Page<CampaignView>.Take(request.Limit)).ToList(),
            request.Limit,
            view => view.Id.ToString("D")
        );
    }
}

/// <summary>A campaign for which a person has applied.</summary>
/// <param name="HasInstruction">Whether an instruction for participants is in force.</param>
internal sealed record OwnCampaign(CampaignView View, bool HasInstruction);

/// <summary>
/// Reads the campaigns for which a person has applied, for the person's pages. However many campaigns there are, the
/// number of SQL statements is the same.
/// </summary>
internal sealed class ReadOwnCampaigns(Executor executor)
{
    internal async Task<Result<Dictionary<Guid, OwnCampaign>>> Run(Guid participantId, Caller caller)
    {
        if (await executor.Refuses(GetCampaign.Operation.Access, caller) is { } refusal)
            return refusal;
        if (participantId != caller.ParticipantId)
            return CampaignRefusals.NoPerson;
        return await executor.Read(async db =>
        {
            var campaigns = await CampaignView.Read(db, await CampaignStore.OfParticipant(db, participantId), caller);
            var instructed = await CampaignDocumentStore.CampaignsOf(
                db,
                participantId,
                Codes.Of(CampaignDocumentKind.ParticipantInstruction),
                executor.Now
            );
            return campaigns.ToDictionary(campaign => campaign.Id, campaign => new OwnCampaign(campaign, instructed.Contains(campaign.Id)));
        });
    }
}

internal sealed class GetCampaign(Executor executor) : UseCase<Guid, CampaignView>(Operation, executor)
{
    // A person who signed in with a session's code needs the name and the dates of the campaign.
    internal static new readonly Operation Operation = new(
        nameof(GetCampaign),
        CampaignReaders.Rule.Under(SignInLimits.OneSession),
        Trail.None
    );

    protected override Task<Result<CampaignView>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
            await CampaignStore.Find(db, campaignId) is { } row
            && (row.State is not CampaignStatus.Draft || caller.OperatesCampaign(campaignId))
            && CampaignReaders.Limit(caller)?.Contains(campaignId) is not false
                ? await CampaignView.Read(db, row, caller)
                : CampaignRefusals.NoCampaign
        );
}
