using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Profiles;

/// <param name="ResultPercent">The result in per cent, 0–100, with two decimal places.</param>
/// <param name="DeficitPercent">100 minus the result.</param>
public sealed record BlockSummary(
    string Code,
    string Title,
    decimal ResultPercent,
    decimal DeficitPercent,
    DeficitLevel Level,
    bool BoundaryCase
);

/// <param name="Evidence">Whether the evidence is enough for a level.</param>
/// <param name="Level">The level; present when the evidence is enough.</param>
public sealed record CompetencySummary(
    string Code,
    string Title,
    string Block,
    CompetencyEvidence Evidence,
    decimal? ResultPercent,
    decimal? DeficitPercent,
    DeficitLevel? Level,
    bool BoundaryCase,
    ElementSignal? Signal
);

/// <summary>A line of a list of profiles; the whole document is at <c>/profiles/{id}</c>.</summary>
/// <param name="Version">Number of the version within the session, from 1.</param>
/// <param name="Cause">
/// Why this version was issued: <c>scored</c>, <c>marked</c>, <c>rescored</c> (also when an earlier diagnostic, with
/// which this one is compared, has changed), <c>published</c> or <c>appealed</c>.
/// </param>
/// <param name="IsLatest">Whether this is the person's result in the campaign. False when a later version or a repeated
/// session has superseded it, or when it was annulled.</param>
/// <param name="Competencies">The competencies; none in profiles issued under schema 1.0.</param>
/// <param name="Annulled">The annulment; present when the session was annulled, so that no version of this profile is
/// valid.</param>
public sealed record ProfileSummary(
    Guid Id,
    Guid ParticipantId,
    Guid SessionId,
    Guid CampaignId,
    int Version,
    ProfileStatus Status,
    string Cause,
    Instant IssuedAt,
    bool IsLatest,
    ResultLevel Total,
    IReadOnlyList<BlockSummary> Blocks,
    IReadOnlyList<CompetencySummary> Competencies,
    Annulment? Annulled = null
)
{
    internal static ProfileSummary Of(ProfileRow row)
    {
        var profile = IssueProfile.Read(row);
        return new(
            Id: row.Id,
            ParticipantId: row.ParticipantId,
            SessionId: row.SessionId,
            CampaignId: row.CampaignId,
            Version: row.Version,
            Status: profile.Status,
            Cause: row.Cause,
            IssuedAt: row.IssuedAt,
            IsLatest: row.IsLatest,
            Total: profile.Total,
            Blocks: profile
                .Blocks.Select(block => new BlockSummary(
                    block.Code,
                    block.Title,
                    block.Result.ResultPercent,
                    block.Result.DeficitPercent,
                    block.Result.Level,
                    block.Result.BoundaryCase
                ))
                .ToList(),
            Competencies: CompetenciesOf(profile),
            Annulled: ProfileDocument.AnnulmentOf(row)
        );
    }

    internal static IReadOnlyList<CompetencySummary> CompetenciesOf(DeficitProfile profile) =>
        (profile.Competencies ?? [])
            .Select(each => new CompetencySummary(
                Code: each.Code,
                Title: each.Title,
                Block: each.Block,
                Evidence: each.Evidence,
                ResultPercent: each.ResultPercent,
                DeficitPercent: each.DeficitPercent,
                Level: each.Level,
                BoundaryCase: each.BoundaryCase,
                Signal: each.Signal
            ))
            .ToList();
}

/// <summary>
/// Returns a version of a profile by its id. A version never changes, except that the annulment of its session is
/// added.
/// </summary>
internal sealed class GetProfile(Executor executor) : ReadProfile<ProfileText>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetProfile),
        ProfileAccess.Readers,
        Trail.Look<Guid, ProfileText>("profile.viewed", (profile, _) => new($"profile:{profile:D}"))
    );

    protected override Task<ProfileText> Of(Db db, ProfileRow row) => Task.FromResult(ProfileDocument.Of(row));
}

/// <summary>Returns the profile for a page that people read or print.</summary>
internal sealed class GetProfileSheet(Executor executor) : ReadProfile<DeficitProfile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetProfileSheet),
        ProfileAccess.Readers,
        Trail.Look<Guid, DeficitProfile>("profile.viewed", (profile, _) => new($"profile:{profile:D}"))
    );

    protected override Task<DeficitProfile> Of(Db db, ProfileRow row) =>
        Task.FromResult(IssueProfile.Read(row) with { Annulled = ProfileDocument.AnnulmentOf(row) });
}

/// <summary>A profile as xAPI statements, with the framework whose parts the statements name.</summary>
internal sealed record ProfileForXapi(ProfileStatements Statements, VersionRow Framework);

/// <summary>Returns the profile for a store of learning records.</summary>
internal sealed class GetProfileStatements(Executor executor) : ReadProfile<ProfileForXapi>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetProfileStatements),
        ProfileAccess.Readers,
        Trail.Look<Guid, ProfileForXapi>("profile.viewed", (profile, _) => new($"profile:{profile:D}"))
    );

    protected override async Task<ProfileForXapi> Of(Db db, ProfileRow row)
    {
        var profile = IssueProfile.Read(row);
        return new(
            new(profile, Stands: row.IsLatest),
            (await VersionStore.Frameworks.Find(db, profile.Subject.FrameworkCode, profile.Subject.FrameworkVersion))!
        );
    }
}

/// <summary>Reads a profile for callers who may see it.</summary>
internal abstract class ReadProfile<T>(Operation operation, Executor executor) : UseCase<Guid, T>(operation, executor)
    where T : class
{
    protected abstract Task<T> Of(Db db, ProfileRow row);

    protected override async Task<Result<T>> Handle(Guid profileId, Caller caller)
    {
        var (row, profile) = await Fetch(async db =>
            await ProfileStore.Find(db, profileId) is { } found && ProfileAccess.MaySee(caller, found)
                ? (found, await Of(db, found))
                : ((ProfileRow?)null, (T?)null)
        );
        if (row is null || profile is null)
            return ProfileAccess.NotFound;
        if (
            !ProfileAccess.SeesAnyway(caller, row)
            && await Fetch(db => ProfileAccess.CheckConsent(db, caller, row.ParticipantId)) is { } refusal
        )
            return refusal == ProfileAccess.NoPerson ? ProfileAccess.NotFound : refusal;
        return profile;
    }
}

/// <summary>Lists a person's profiles, as far as the caller may see them.</summary>
internal sealed class ListProfilesOfPerson(Executor executor)
    : UseCase<ListProfilesOfPerson.Request, Page<ProfileSummary>>(Operation, executor)
{
    private const int Batch = 100;

    internal static new readonly Operation Operation = new(
        nameof(ListProfilesOfPerson),
        ProfileAccess.Readers,
        Trail.Look<ListProfilesOfPerson.Request, Page<ProfileSummary>>(
            "profile.viewed",
            (asked, page) => ProfileAccess.Shown($"participant:{asked.ParticipantId:D}", page.Items)
        )
    );

    internal sealed record Request(Guid ParticipantId, Guid? After, int? Limit);

    protected override Task<Result<Page<ProfileSummary>>> Handle(Request request, Caller caller)
    {
        if (!ProfileAccess.NeedsConsent(caller))
            return Read(async db => await Visible(db, request, row => ProfileAccess.SeesAnyway(caller, row)));
        return Read(async db =>
        {
            if (await ProfileAccess.CheckConsent(db, caller, request.ParticipantId) is not { } refusal)
                return await Visible(db, request, row => ProfileAccess.MaySee(caller, row));
            // A methodologist who also operates a campaign or leads its marking sees what that role shows.
            var seen = await Visible(db, request, row => ProfileAccess.SeesAnyway(caller, row));
            return seen.Items.Count > 0 ? seen : refusal;
        });
    }

    private static async Task<Page<ProfileSummary>> Visible(Db db, Request request, Func<ProfileRow, bool> maySee)
    {
        var (participantId, after, limit) = request;
        var take = Page<ProfileRow>.Take(limit);
        var seen = new List<ProfileRow>();
        // Leave out what the caller may not see before the page is cut: otherwise its continuation would show that a
        // stranger has profiles, and their ids.
        for (Guid? from = after; seen.Count < take; )
        {
            var fetched = await ProfileStore.OfParticipant(db, participantId, from, Math.Max(take, Batch));
            seen.AddRange(fetched.Where(maySee));
            if (fetched.Count < Math.Max(take, Batch))
                break;
            from = fetched[^1].Id;
        }
        var page = Page<ProfileRow>.Of(seen.Take(take).ToList(), limit, row => row.Id.ToString("D"));
        return new(page.Items.Select(ProfileSummary.Of).ToList(), page.Next);
    }
}

/// <summary>
/// Lists the profiles that a portal or a methodologist may see now: valid results of people in the territory or the
/// organisation, with their consent. A portal that notes the end of the feed before it reads the list has a complete copy,
/// and can follow changes from there.
/// </summary>
internal sealed class ListProfiles(Executor executor) : UseCase<ListProfiles.Request, Page<ProfileSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListProfiles),
        AccessRule.Of(Role.Methodologist).Or(Clients.ReadProfiles),
        Trail.Look<ListProfiles.Request, Page<ProfileSummary>>("profiles.viewed", (_, page) => ProfileAccess.Shown("profiles", page.Items))
    );

    /// <param name="ChangedSince">Only profiles that have changed since this time, in ISO 8601 with an offset.</param>
    internal sealed record Request(string? ExternalId, Guid? CampaignId, string? ChangedSince, string? Territory, Guid? After, int? Limit);

    protected override async Task<Result<Page<ProfileSummary>>> Handle(Request request, Caller caller)
    {
        Instant? since = null;
        if (request.ChangedSince is { } text)
        {
            if (!OffsetDateTimePattern.ExtendedIso.Parse(text).TryGetValue(default, out var moment))
                return Refusal
                    .Invalid("changed-since-invalid", "changedSince — время со смещением, например 2026-09-22T12:00:00Z.")
                    .With("field", "changedSince");
            since = moment.ToInstant();
        }
        if (request.Territory is { } asked && caller.ClientTerritory is { } own && own != asked)
            return ProfileAccess.OtherTerritory(own);
        var wanted = new SharedProfiles(request.Territory ?? caller.ClientTerritory, request.ExternalId, request.CampaignId, since);
        var fetched = await Fetch(async db =>
        {
            var within = caller.ClientId is null ? await Within(db, caller) : wanted;
            var narrowed = wanted with { Territories = within.Territories, Organisations = within.Organisations };
            return await ProfileStore.Shared(db, narrowed, request.After, Page<ProfileRow>.Take(request.Limit));
        });
        var page = Page<ProfileRow>.Of(fetched, request.Limit, row => row.Id.ToString("D"));
        return new Page<ProfileSummary>(page.Items.Select(ProfileSummary.Of).ToList(), page.Next);
    }

    /// <summary>Where a methodologist's grants reach.</summary>
    private static async Task<SharedProfiles> Within(Db db, Caller caller)
    {
        var grants = caller.Grants.Where(grant => grant.Role is Role.Methodologist).ToList();
        if (grants.Any(grant => grant.Scope is GrantScope.All))
            return SharedProfiles.Any;
        var organisations = grants.Any(grant => grant.Scope is GrantScope.Organisation)
            ? (await PersonStore.Organisations(db, null)).Where(name => caller.MayInOrganisation(Role.Methodologist, name)).ToList()
            : [];
        return SharedProfiles.Any with
        {
            Territories = grants.Where(grant => grant.Scope is GrantScope.Territory).Select(grant => grant.ScopeId!).ToList(),
            Organisations = organisations,
        };
    }
}

/// <summary>Lists all versions of a session's profile, as far as the caller may see them.</summary>
internal sealed class ListProfilesOfSession(Executor executor) : UseCase<Guid, IReadOnlyList<ProfileSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListProfilesOfSession),
        ProfileAccess.Readers,
        Trail.Look<Guid, IReadOnlyList<ProfileSummary>>(
            "profile.viewed",
            (_, all) => all.Count == 0 ? null : ProfileAccess.Shown($"participant:{all[0].ParticipantId:D}", all)
        )
    );

    protected override async Task<Result<IReadOnlyList<ProfileSummary>>> Handle(Guid sessionId, Caller caller)
    {
        if (await Fetch(db => SessionStore.Find(db, sessionId)) is not { } session)
            return SessionRefusals.NotFound;
        if (caller.ClientId is null && Reaches(caller, new Target { Participant = session.ParticipantId, Campaign = session.CampaignId }))
            return (await Fetch(db => Visible(db, sessionId, row => ProfileAccess.SeesAnyway(caller, row))))
                .Select(ProfileSummary.Of)
                .ToList();
        if (!ProfileAccess.NeedsConsent(caller))
            return SessionRefusals.NotFound;
        return await Read(async db =>
            await ProfileAccess.CheckConsent(db, caller, session.ParticipantId) is { } refusal
                ? refusal == ProfileAccess.NoPerson
                    ? SessionRefusals.NotFound
                    : refusal
                : (Result<IReadOnlyList<ProfileSummary>>)
                    (await Visible(db, sessionId, row => ProfileAccess.MaySee(caller, row))).Select(ProfileSummary.Of).ToList()
        );
    }

    private static async Task<IReadOnlyList<ProfileRow>> Visible(Db db, Guid sessionId, Func<ProfileRow, bool> maySee) =>
        (await ProfileStore.OfSession(db, sessionId)).Where(maySee).ToList();
}

/// <summary>Lists a campaign's profiles, each in its last version.</summary>
internal sealed class ListProfilesOfCampaign(Executor executor)
    : UseCase<ListProfilesOfCampaign.Request, Page<ProfileSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListProfilesOfCampaign),
        MarkingRights.Leaders,
        Trail.Look<ListProfilesOfCampaign.Request, Page<ProfileSummary>>(
            "profiles.viewed",
            (asked, page) => ProfileAccess.Shown($"campaign:{asked.CampaignId:D}", page.Items)
        )
    );

    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit);

    protected override Task<Result<Page<ProfileSummary>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var fetched = await ProfileStore.LatestOfCampaign(db, campaignId, after, Page<ProfileRow>.Take(limit));
            var page = Page<ProfileRow>.Of(fetched, limit, row => row.Id.ToString("D"));
            return new Page<ProfileSummary>(page.Items.Select(ProfileSummary.Of).ToList(), page.Next);
        });
}
