using System.Net.Http.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Marking;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Events;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Steps of the procedure produce events, and nothing else does.</summary>
public sealed class EventTests : IClassFixture<TestService>
{
    private readonly TestService service;

    public EventTests(TestService service)
    {
        this.service = service;
        service.Clock.AutoAdvance = Duration.FromMilliseconds(1);
    }

    private Database Database => service.Services.GetRequiredService<Database>();

    [Fact]
    public async Task From_application_to_publication_every_decision_is_told_once_and_in_order()
    {
        var scene = await Published(service);
        var (person, client) = await scene.Person();
        var application = (await scene.Apply(client, scene.ApplicationBody(sharing: true)).Json(201)).Id();
        var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/admission", new { }).Json();
        await client.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { device = "ПК-1" }).Json();
        await client.PostAsJsonAsync($"{V1}/sessions/{session}/finish", new { manifest = new Dictionary<string, int>() }).Json();
        // A repeated request gives the same receipt and produces no second event.
        await client.PostAsJsonAsync($"{V1}/sessions/{session}/finish", new { manifest = new Dictionary<string, int>() }).Json();
        await Scored(session);
        await scene.Admin.PostAsync($"{V1}/campaigns/{scene.Campaign}/results/publication", null).Json();
        await scene.Admin.PostAsync($"{V1}/campaigns/{scene.Campaign}/results/publication", null).Json();
        await client.DeleteAsync($"{V1}/people/{person}/consents/profile-sharing").Json(204);

        var told = await About(scene.Campaign, person);

        told.Select(row => (row.Kind, row.ConsentKind, row.Version))
            .Should()
            .Equal(
                (EventKind.ConsentGiven, "participation", 2),
                (EventKind.ConsentGiven, "data_processing", 1),
                (EventKind.ConsentGiven, "profile_sharing", 1),
                (EventKind.ApplicationApproved, null, null),
                (EventKind.SessionFinished, null, null),
                (EventKind.ProfileIssued, null, 1),
                (EventKind.ResultsPublished, null, null),
                (EventKind.ProfileSuperseded, null, 1),
                (EventKind.ProfileIssued, null, 2),
                (EventKind.ConsentWithdrawn, "profile_sharing", null)
            );
        told.Where(row => row.Kind is EventKind.ApplicationApproved).Should().OnlyContain(row => row.ApplicationId == application);
        told.Where(row => row.Kind is EventKind.ApplicationApproved or EventKind.SessionFinished or EventKind.ProfileIssued)
            .Should()
            .OnlyContain(row => row.ParticipantId == person && row.CampaignId == scene.Campaign && row.SessionId == session);
        var profiles = (await scene.Admin.GetAsync($"{V1}/sessions/{session}/profiles").Json()).Items();
        told.Where(row => row.Kind is EventKind.ProfileIssued)
            .Select(row => row.ProfileId)
            .Should()
            .Equal(profiles.Select(profile => (Guid?)profile!["id"]!.GetValue<Guid>()));
    }

    [Fact]
    public async Task A_decided_appeal_is_told_and_with_it_the_version_of_the_profile_that_it_made()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        var before = await About(scene.Scene.Id, scene.Person);

        await scene.Decided(appeal, "satisfied_up", scene.Criteria(full: true));

        var told = (await About(scene.Scene.Id, scene.Person)).Skip(before.Count).ToList();
        told.Select(row => (row.Kind, row.SessionId, row.Version))
            .Should()
            .Equal(
                (EventKind.AppealDecided, scene.Session, null),
                (EventKind.ProfileSuperseded, scene.Session, before.Max(row => row.Version)),
                (EventKind.ProfileIssued, scene.Session, before.Max(row => row.Version) + 1)
            );
        told[0].AppealId.Should().Be(appeal);
    }

    [Fact]
    public async Task What_is_refused_is_not_told_though_its_consent_had_been_written_down()
    {
        var scene = await Published(service);
        var (person, client) = await scene.Person();
        await scene.Apply(client).Json(201);

        (await scene.Apply(client, scene.ApplicationBody(sharing: true)).ProblemCode(409)).Should().Be("application-exists");

        (await About(scene.Campaign, person))
            .Select(row => (row.Kind, row.ConsentKind))
            .Should()
            .Equal((EventKind.ConsentGiven, "participation"), (EventKind.ConsentGiven, "data_processing"));
    }

    [Fact]
    public async Task A_consent_is_told_of_when_it_begins_and_not_when_it_stands_already()
    {
        var scene = await Published(service);
        var (person, client) = await scene.Person();
        var sharing = new
        {
            code = "profile-sharing",
            version = 1,
            accepted = true,
        };

        for (var time = 0; time < 2; time++)
            await client.PostAsJsonAsync($"{V1}/people/{person}/consents/profile-sharing", sharing).Json(204);
        await scene.Admin.DeleteAsync($"{V1}/people/{person}").Json(204);

        (await About(scene.Campaign, person))
            .Select(row => (row.Kind, row.ConsentKind))
            .Should()
            .Equal((EventKind.ConsentGiven, "profile_sharing"), (EventKind.ConsentWithdrawn, "profile_sharing"));
    }

    [Fact]
    public async Task A_session_that_expires_is_told_of_once()
    {
        await using var own = await Own.Start();
        var scene = await SessionScene.At(own.Service, desks: 1);
        own.Service.Clock.Advance(Duration.FromHours(12));

        await Task.WhenAll(scene.Expire(), scene.Expire());

        var database = own.Service.Services.GetRequiredService<Database>();
        (await database.Read(db => SessionStore.Find(db, scene.Session())))!.Clock.State.Should().Be(SessionState.Expired);
        (await database.Read(db => db.Query<Guid>("SELECT session_id FROM events WHERE kind = 'session_finished'")))
            .Should()
            .Equal(scene.Session());
    }

    private async Task Scored(Guid session)
    {
        await service.Services.GetRequiredService<ScoringWorker>().ScoreDue(CancellationToken.None);
        // The service's own worker may have scored the session first.
        await Wait.Until(
            "the session is scored",
            async () => (await Database.Read(db => SessionStore.Find(db, session)))!.ScoredAt is not null
        );
    }

    /// <summary>Events in the order in which they were written.</summary>
    private async Task<IReadOnlyList<ToldRow>> About(Guid campaign, Guid person) =>
        await Database.Read(db =>
            db.Query<ToldRow>(
                """
                SELECT kind AS code, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id, consent_kind, version FROM events
                WHERE participant_id = @person OR (participant_id IS NULL AND campaign_id = @campaign)
                ORDER BY number
                """,
                new { campaign, person }
            )
        );

    private sealed record ToldRow
    {
        public string Code { get; init; } = "";
        public Guid? CampaignId { get; init; }
        public Guid? ParticipantId { get; init; }
        public Guid? ApplicationId { get; init; }
        public Guid? SessionId { get; init; }
        public Guid? AppealId { get; init; }
        public Guid? ProfileId { get; init; }
        public string? ConsentKind { get; init; }
        public int? Version { get; init; }

        internal EventKind Kind => Codes.Parse<EventKind>(Code);
    }
}
