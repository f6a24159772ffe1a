using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Profiles;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Profiles;

public sealed class PublicationTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Publication_is_refused_with_everything_that_is_open()
    {
        var scene = await Scene.Make(service);
        var text = scene.First(ItemType.ShortAnswer);
        var running = await scene.Begin(await scene.Person());
        var waiting = await scene.Session(Answer.RightWithEssays);
        await scene.Session(Answer.Right.With(text.Slot, new ShortAnswerResponse("публикация: иначе")));
        await scene.Score();
        var faulty = await scene.Session(Answer.Right);
        await scene.Score();
        await scene.Database.Write(db =>
            db.Execute("UPDATE sessions SET scored_at = NULL, scoring_fault = 'сломано' WHERE id = @faulty", new { faulty })
        );

        var refused = await Publish(scene).Json(409);

        refused["code"]!.GetValue<string>().Should().Be("results-open");
        refused["open"]!
            .AsArray()
            .Select(matter =>
                (
                    matter!["what"]!.GetValue<string>(),
                    matter["count"]!.GetValue<int>(),
                    matter["sessions"]!.AsArray().FirstOrDefault()?.GetValue<Guid>()
                )
            )
            .Should()
            .BeEquivalentTo(
                new (string, int, Guid?)[]
                {
                    ("not_over", 1, running),
                    ("marking", 1, waiting),
                    ("scoring_fault", 1, faulty),
                    ("key_review", 1, null),
                }
            );
        (await scene.Database.Read(db => CampaignStore.Find(db, scene.Id)))!.State.Should().Be(CampaignStatus.Published);
        (await scene.Database.Read(db => PublicationStore.Published(db, scene.Id))).Should().Be(0, "nothing is half-published");
    }

    [Fact]
    public async Task Published_results_are_final_once_however_often_they_are_asked_for()
    {
        var scene = await Scene.Make(service);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => scene.Session(Answer.Right)));
        await scene.Score();

        var many = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Publish(scene).Json()));
        var again = await Publish(scene).Json();

        many.Append(again).Should().OnlyContain(answer => answer["profiles"]!.GetValue<int>() == 60);
        foreach (var session in sessions.Take(5))
            (await Profiles(session))
                .Select(profile => (profile!["status"]!.GetValue<string>(), profile["cause"]!.GetValue<string>()))
                .Should()
                .Equal(("provisional", "scored"), ("final", "published"));
        var campaign = (await scene.Database.Read(db => CampaignStore.Find(db, scene.Id)))!;
        (campaign.State, campaign.ClosedAt).Should().Be((CampaignStatus.Closed, service.Clock.GetCurrentInstant()));
        (await scene.Database.Read(db => AuditStore.List(db, null, "results.published", $"campaign:{scene.Id:D}", 0, 10)))
            .Should()
            .ContainSingle();
    }

    [Fact]
    public async Task A_publication_cut_short_goes_on_where_it_stopped()
    {
        var scene = await Scene.Make(service);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scene.Session(Answer.Right)));
        await scene.Score();
        // Simulates a server that was killed after it closed the campaign and before the first batch.
        (await scene.Database.Write(db => PublicationStore.Close(db, scene.Id, service.Clock.GetCurrentInstant())))
            .Should()
            .BeTrue();

        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FinalProfiles>().Finish(campaignId: null);

        (await scene.Database.Read(db => PublicationStore.Published(db, scene.Id))).Should().Be(40);
        (await Publish(scene).Json())["profiles"]!.GetValue<int>().Should().Be(40);
    }

    [Fact]
    public async Task Who_did_not_come_stands_in_the_way_only_while_the_sitting_lasts()
    {
        var own = new TestService();
        await own.InitializeAsync();
        var scene = await Scene.Make(own);
        await scene.Scored(Answer.Right);
        var absent = await scene.Begin(await scene.Person());
        await scene.Database.Write(db =>
            db.Execute(
                "UPDATE sessions SET state = 'scheduled', started_at = NULL, deadline = NULL, accept_until = NULL WHERE id = @absent",
                new { absent }
            )
        );
        (await Publish(scene, own.Admin).ProblemCode(409)).Should().Be("results-open");

        own.Clock.Advance(Duration.FromMinutes(45));
        await scene.Database.Write(db =>
            db.Execute("UPDATE campaigns SET sitting_to = @now WHERE id = @Id", new { now = own.Clock.GetCurrentInstant(), scene.Id })
        );
        (await Publish(scene, own.Admin).Json())["profiles"]!.GetValue<int>().Should().Be(1);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task An_annulled_session_neither_hinders_nor_is_published()
    {
        var scene = await Scene.Make(service);
        var annulled = await scene.Scored(Answer.RightWithEssays);
        await scene.Scored(Answer.Right);
        await scene.Move(annulled, clock => clock.Annul(service.Clock.GetCurrentInstant()));

        (await Publish(scene).Json())["profiles"]!.GetValue<int>().Should().Be(1);
        (await Profiles(annulled)).Should().BeEmpty();
        using var expert = await scene.Staff(Role.Expert);
        (await expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(System.Net.HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_key_decision_after_publication_issues_a_new_final_version()
    {
        var scene = await Scene.Make(service);
        var slot = scene.Slots().First(each => each.Item.Type is ItemType.ShortAnswer && each.Item.MaxPoints > Points.From(1));
        var session = await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse("публикация: верно иначе")));
        await Decide("reject").Json();
        await Publish(scene).Json();

        await Decide("revert").Json();
        (await Profiles(session)).Should().HaveCount(2, "taking the rejection back changes no points");
        (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/key-reviews/decisions/preview",
                    new
                    {
                        itemCode = slot.Item.Code,
                        itemVersion = slot.ItemVersion,
                        normalised = "публикация: верно иначе",
                        decision = "accept",
                    }
                )
                .Json()
        )["publishedSessions"]!.GetValue<int>().Should().Be(1);
        await Decide("accept").Json();

        var profiles = await Profiles(session);
        profiles
            .Select(profile =>
                (
                    profile!["version"]!.GetValue<int>(),
                    profile["status"]!.GetValue<string>(),
                    profile["cause"]!.GetValue<string>(),
                    profile["isLatest"]!.GetValue<bool>()
                )
            )
            .Should()
            .Equal((1, "provisional", "scored", false), (2, "final", "published", false), (3, "final", "rescored", true));

        Task<HttpResponseMessage> Decide(string decision) =>
            service.Admin.PostAsJsonAsync(
                "/api/v1/key-reviews/decisions",
                new
                {
                    itemCode = slot.Item.Code,
                    itemVersion = slot.ItemVersion,
                    normalised = "публикация: верно иначе",
                    decision,
                    reason = "Решение комиссии.",
                }
            );
    }

    [Fact]
    public async Task A_published_session_is_not_taken_up_again()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(Answer.Right);
        await scene.Database.Write(db => db.Execute("UPDATE sessions SET state = 'expired' WHERE id = @session", new { session }));
        await Publish(scene).Json();

        (
            await service
                .Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/extra-time", new { minutes = 10, reason = "Сбой связи" })
                .ProblemCode(409)
        )
            .Should()
            .Be("results-published");
        (await scene.Find(session))!.ScoredAt.Should().NotBeNull();
    }

    [Fact]
    public async Task Publishing_is_for_those_who_lead_the_campaign()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.Right);
        using var expert = await scene.Staff(Role.Expert);
        using var foreign = await scene.Staff(Role.Chair, campaign: Guid.NewGuid());
        using var chair = await scene.Staff(Role.Chair);

        (await Publish(scene, expert).ProblemCode(403)).Should().Be("not-allowed");
        (await Publish(scene, foreign).ProblemCode(403)).Should().Be("not-your-campaign");
        (await service.Admin.PostAsync($"/api/v1/campaigns/{Guid.NewGuid()}/results/publication", null).ProblemCode(404))
            .Should()
            .Be("campaign-not-found");
        (await Publish(scene, chair).Json())["campaignId"]!.GetValue<Guid>().Should().Be(scene.Id);
    }

    private Task<HttpResponseMessage> Publish(Scene scene, HttpClient? client = null) =>
        (client ?? service.Admin).PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null);

    private async Task<JsonArray> Profiles(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();
}
