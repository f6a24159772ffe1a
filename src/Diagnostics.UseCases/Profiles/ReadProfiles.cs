using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <param name="ResultPercent">0–100, two places.</param>
/// <param name="DeficitPercent">100 − result.</param>
public sealed record BlockSummary(string Code, string Title, decimal ResultPercent, decimal DeficitPercent, DeficitLevel Level, bool BoundaryCase);

/// <summary>A line of a list of profiles; the whole document stands at <c>/profiles/{id}</c>.</summary>
/// <param name="Version">From 1 within the session.</param>
/// <param name="Cause">Why this version was issued: <c>scored</c>, <c>marked</c>, <c>rescored</c>, <c>published</c>, <c>appealed</c>.</param>
/// <param name="IsLatest">No later version supersedes it.</param>
/// <param name="Annulled">The session was annulled: no version of this profile stands. Absent while it does.</param>
public sealed record ProfileSummary(
    Guid Id, Guid ParticipantId, Guid SessionId, Guid CampaignId, int Version, ProfileStatus Status, string Cause, Instant IssuedAt, bool IsLatest,
    ResultLevel Total, IReadOnlyList<BlockSummary> Blocks, Annulment? Annulled = null)
{
    internal static ProfileSummary Of(ProfileRow row)
    {
        var profile = IssueProfile.Read(row);
        return new(row.Id, row.ParticipantId, row.SessionId, row.CampaignId, row.Version, profile.Status, row.Cause, row.IssuedAt, row.IsLatest, profile.Total,
            profile.Blocks.Select(block => new BlockSummary(
                block.Code, block.Title, block.Result.ResultPercent, block.Result.DeficitPercent, block.Result.Level, block.Result.BoundaryCase)).ToList(),
            ProfileDocument.AnnulmentOf(row));
    }
}

/// <summary>Profiles by id, person, session and campaign.</summary>
internal sealed class ReadProfiles(Transactions transactions, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder profiles, IEndpointRouteBuilder people, IEndpointRouteBuilder sessions, IEndpointRouteBuilder campaigns)
    {
        profiles.MapGet("/{profileId:guid}", One)
            .WithName("GetProfile").WithSummary("Дефицитарный профиль; версия не меняется, поэтому кешируется по ETag")
            .WithDescription("Если сеанс аннулирован после выпуска профиля, ответ дополняет пометка annulled: результат не действует. Тогда меняется и ETag.")
            .Produces<DeficitProfile>().Produces(StatusCodes.Status304NotModified).AllowedTo(ProfileAccess.Readers);
        people.MapGet("/{participantId:guid}/profiles", OfPerson)
            .WithName("ListProfilesOfPerson").WithSummary("Профили человека").AllowedTo(ProfileAccess.Readers);
        sessions.MapGet("/{sessionId:guid}/profiles", OfSession)
            .WithName("ListProfilesOfSession").WithSummary("Все версии профиля сеанса").AllowedTo(ProfileAccess.Readers);
        campaigns.MapGet("/{campaignId:guid}/profiles", OfCampaign)
            .WithName("ListProfilesOfCampaign").WithSummary("Профили мероприятия: последняя версия каждого").AllowedTo(MarkingRights.Leaders);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> One(Guid profileId, Caller caller, ReadProfiles useCase)
    {
        if ((await useCase.Find(profileId, caller)).Refused(out var refusal, out var row)) return Problems.From(refusal);
        var (content, tag) = ProfileDocument.Of(row);
        // Answers If-None-Match with 304.
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(content), "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static Task<Results<Ok<Page<ProfileSummary>>, ProblemHttpResult>> OfPerson(Guid participantId, Caller caller, ReadProfiles useCase, Guid? after, int? limit) =>
        useCase.ListOfPerson(participantId, caller, after, limit).Ok();

    private static Task<Results<Ok<IReadOnlyList<ProfileSummary>>, ProblemHttpResult>> OfSession(Guid sessionId, Caller caller, ReadProfiles useCase) =>
        useCase.ListOfSession(sessionId, caller).Ok();

    private static Task<Results<Ok<Page<ProfileSummary>>, ProblemHttpResult>> OfCampaign(Guid campaignId, Caller caller, Transactions transactions, Guid? after, int? limit) =>
        transactions.Read<Result<Page<ProfileSummary>>>(async db =>
        {
            if (!MarkingRights.Leads(caller, campaignId)) return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null) return MarkingRights.NoCampaign;
            var page = Page<ProfileRow>.Of(await ProfileStore.LatestOfCampaign(db, campaignId, after, Page<ProfileRow>.Take(limit)), limit, row => row.Id.ToString("D"));
            return new Page<ProfileSummary>(page.Items.Select(ProfileSummary.Of).ToList(), page.Next);
        }).Ok();

    private async Task<Result<ProfileRow>> Find(Guid id, Caller caller)
    {
        if (await transactions.Read(db => ProfileStore.Find(db, id)) is not { } row || !ProfileAccess.MaySee(caller, row)) return ProfileAccess.NotFound;
        return caller.ClientId is null
            ? row
            : await transactions.Write<Result<ProfileRow>>(async db =>
            {
                if (await ProfileAccess.CheckPortal(db, caller, row.ParticipantId) is { } refusal) return refusal.Code == "person-not-found" ? ProfileAccess.NotFound : refusal;
                await ProfileAccess.NoteLook(db, clock.GetCurrentInstant(), caller, row.ParticipantId, [row]);
                return row;
            });
    }

    private async Task<Result<Page<ProfileSummary>>> ListOfPerson(Guid participantId, Caller caller, Guid? after, int? limit)
    {
        if (caller.ClientId is null)
            return await transactions.Read(async db => Visible(await ProfileStore.OfParticipant(db, participantId, after, Page<ProfileRow>.Take(limit)), limit, caller).Summaries);
        return await transactions.Write<Result<Page<ProfileSummary>>>(async db =>
        {
            if (await ProfileAccess.CheckPortal(db, caller, participantId) is { } refusal) return refusal;
            var (rows, summaries) = Visible(await ProfileStore.OfParticipant(db, participantId, after, Page<ProfileRow>.Take(limit)), limit, caller);
            await ProfileAccess.NoteLook(db, clock.GetCurrentInstant(), caller, participantId, rows);
            return summaries;
        });
    }

    private async Task<Result<IReadOnlyList<ProfileSummary>>> ListOfSession(Guid sessionId, Caller caller)
    {
        if (await transactions.Read(db => SessionStore.Find(db, sessionId)) is not { } session) return SessionRefusals.NotFound;
        if (caller.ClientId is null)
            return caller.ParticipantId != session.ParticipantId && !MarkingRights.Leads(caller, session.CampaignId)
                ? SessionRefusals.NotFound
                : (await transactions.Read(db => ProfileStore.OfSession(db, sessionId))).Where(row => ProfileAccess.MaySee(caller, row)).Select(ProfileSummary.Of).ToList();
        return await transactions.Write<Result<IReadOnlyList<ProfileSummary>>>(async db =>
        {
            if (await ProfileAccess.CheckPortal(db, caller, session.ParticipantId) is { } refusal) return refusal.Code == "person-not-found" ? SessionRefusals.NotFound : refusal;
            var rows = (await ProfileStore.OfSession(db, sessionId)).Where(row => ProfileAccess.MaySee(caller, row)).ToList();
            await ProfileAccess.NoteLook(db, clock.GetCurrentInstant(), caller, session.ParticipantId, rows);
            return rows.Select(ProfileSummary.Of).ToList();
        });
    }

    private static (IReadOnlyList<ProfileRow> Rows, Page<ProfileSummary> Summaries) Visible(IReadOnlyList<ProfileRow> fetched, int? limit, Caller caller)
    {
        var page = Page<ProfileRow>.Of(fetched, limit, row => row.Id.ToString("D"));
        var rows = page.Items.Where(row => ProfileAccess.MaySee(caller, row)).ToList();
        return (rows, new(rows.Select(ProfileSummary.Of).ToList(), page.Next));
    }
}
