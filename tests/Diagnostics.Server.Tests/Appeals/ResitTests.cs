using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Profiles;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Appeals;

/// <summary>
/// After an upheld appeal about the procedure, the person takes the test in a new session, and the result of that
/// session is published.
/// </summary>
public sealed class ResitTests
{
    private static readonly MarkingPolicy Approved = new(Experts: 1, LeaseMinutes: 30) { RequireApproval = true };

    [Fact]
    public async Task In_a_published_campaign_it_is_published_by_itself_as_soon_as_it_is_marked()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service);
        var again = await SitAgain(own.Service, scene, Answer.RightWithEssays);
        await FinishLate(own.Service);
        (await Profiles(own.Service, again)).Should().BeEmpty("three answers wait for an expert");

        await MarkAll(scene);

        await Wait.Until(
            "the background worker, which looks every few seconds, has published",
            async () => (await Profiles(own.Service, again)).Count >= 2
        );
        (await Profiles(own.Service, again)).Should().Equal(("provisional", "marked"), ("final", "published"));
        var taker = await scene.Taker();
        (await taker.GetAsync($"/api/v1/people/{scene.Person}/profiles").Json())["items"]!
            .AsArray()
            .Select(profile => profile!["sessionId"]!.GetValue<Guid>())
            .Should()
            .Contain(again);
        // The working days for an appeal about the new session's points count from that session's own publication.
        (await taker.GetAsync($"/api/v1/sessions/{again}/appealable").Json())["publishedAt"]!
            .GetValue<DateTimeOffset>()
            .Should()
            .Be(own.Service.Clock.GetCurrentInstant().ToDateTimeOffset());
        (await scene.Scene.Database.Read(db => AuditStore.List(db, null, "results.published", $"session:{again:D}", 0, 10)))
            .Should()
            .ContainSingle()
            .Which.Actor.Should()
            .Be("service");
        (
            await scene.Scene.Database.Read(db =>
                db.Query<Guid>("SELECT session_id FROM events WHERE kind = 'results_published' AND session_id IS NOT NULL")
            )
        )
            .Should()
            .Equal(again);
    }

    [Fact]
    public async Task It_waits_for_the_decision_on_its_short_answers_and_for_the_chairs_protocol_however_often_publication_is_repeated()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service, publish: false, marking: Approved);
        var chair = await scene.Scene.Staff(Role.Chair);
        await Approve(chair, scene);
        await scene.Publish().Json();
        ShortAnswerResponse unmatched = new("пересдача: не по ключу");
        var again = await SitAgain(own.Service, scene, slot => slot.Item.Type is ItemType.ShortAnswer ? unmatched : Answer.Nothing(slot));
        await Nothing("the protocol was made before it");

        await Approve(chair, scene);
        await Nothing("short answers match nothing in the key");
        await DecideKeys();
        await Nothing("the decision gave new scores, which the protocol does not cover");
        await Approve(chair, scene);
        await FinishLate(own.Service);

        (await Profiles(own.Service, again)).Should().Contain(("final", "published"));

        async Task Nothing(string because)
        {
            await FinishLate(own.Service);
            await scene.Publish().Json();
            (await Profiles(own.Service, again)).Should().NotContain(profile => profile.Status == "final", because);
        }

        async Task DecideKeys()
        {
            while (
                (await own.Service.Admin.GetAsync($"/api/v1/key-reviews?campaignId={scene.Scene.Id}").Json())["items"]!.AsArray()
                    is { Count: > 0 } groups
            )
                foreach (var group in groups)
                    await own
                        .Service.Admin.PostAsJsonAsync(
                            "/api/v1/key-reviews/decisions",
                            new
                            {
                                itemCode = group!["itemCode"]!.GetValue<string>(),
                                itemVersion = group["itemVersion"]!.GetValue<int>(),
                                normalised = group["normalised"]!.GetValue<string>(),
                                decision = "reject",
                                reason = "Неверно.",
                            }
                        )
                        .Json();
        }
    }

    [Fact]
    public async Task Its_own_appeal_about_the_procedure_is_decided_first()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service);
        var again = await SitAgain(own.Service, scene, Answer.RightWithEssays);
        var appeal = (
            await (await scene.Taker())
                .PostAsJsonAsync(
                    AppealScene.AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = again,
                        ground = "procedure",
                        statement = "Снова отключили свет.",
                    }
                )
                .Json(201)
        )["id"]!.GetValue<Guid>();
        await MarkAll(scene);
        await FinishLate(own.Service);
        (await Profiles(own.Service, again)).Should().Equal(("provisional", "marked"));

        await AppealScene.Do(await scene.Taker(), appeal, "withdrawal").Json();
        await FinishLate(own.Service);

        (await Profiles(own.Service, again)).Should().Equal(("provisional", "marked"), ("final", "published"));
    }

    [Fact]
    public async Task A_protocol_made_before_it_does_not_cover_it_though_the_ledger_has_as_many_rounds_as_then()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service, publish: false, marking: Approved);
        var chair = await scene.Scene.Staff(Role.Chair);
        await Approve(chair, scene);
        await SitAgain(own.Service, scene, Answer.RightWithEssays);
        await MarkAll(scene);

        var refused = await scene.Publish().Json(409);
        refused["open"]!.AsArray().Select(matter => matter!["what"]!.GetValue<string>()).Should().Equal("approval");
        var protocol = await Approve(chair, scene);

        // The protocol counts one session, with 24 slots and three essays. The rounds of the annulled session are
        // counted only in the ledger.
        (protocol["sessions"]!.GetValue<int>(), protocol["rounds"]!.GetValue<int>(), protocol["expertRounds"]!.GetValue<int>())
            .Should()
            .Be((1, 2 * (24 + 3), 3));
        (await scene.Publish().Json())["profiles"]!.GetValue<int>().Should().Be(1);
    }

    /// <summary>At every step, each caller who may read profiles reads the person's profiles.</summary>
    [Fact]
    public async Task Of_a_session_annulled_and_the_one_sat_instead_exactly_one_profile_is_the_latest()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service);
        (await Latest()).Should().Equal((scene.Session, "final"));
        var again = await SitAgain(own.Service, scene, Answer.RightWithEssays);
        (await Latest()).Should().BeEmpty("a result that was annulled is nobody's latest");
        await MarkAll(scene);
        await FinishLate(own.Service);

        (await Latest()).Should().Equal((again, "final"));
        (await (await scene.Taker()).GetAsync($"/api/v1/people/{scene.Person}/profiles").Json())["items"]!
            .AsArray()
            .Where(IsLatest)
            .Should()
            .ContainSingle();

        async Task<IReadOnlyList<(Guid, string)>> Latest()
        {
            var profiles = new List<JsonNode?>();
            foreach (
                var session in await scene.Scene.Database.Read(db =>
                    db.Query<Guid>("SELECT id FROM sessions WHERE participant_id = @Person", new { scene.Person })
                )
            )
                profiles.AddRange((await own.Service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items());
            return profiles
                .Where(IsLatest)
                .Select(profile => (profile!["sessionId"]!.GetValue<Guid>(), profile["status"]!.GetValue<string>()))
                .ToList();
        }

        static bool IsLatest(JsonNode? profile) => profile!["isLatest"]!.GetValue<bool>();
    }

    [Fact]
    public async Task After_the_publication_a_key_decision_gives_nothing_final_before_the_chairs_new_protocol()
    {
        await using var own = await Own.Start();
        var scene = await Scene.Make(own.Service, Approved);
        var slot = scene.Slots().First(each => each.Item.Type is ItemType.ShortAnswer && each.Item.MaxPoints > Engine.Points.From(1));
        var session = await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse("протокол: верно иначе")));
        using var chair = await scene.Staff(Role.Chair);
        await Decide("reject");
        await Approve();
        await own.Service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
        IReadOnlyList<(string, string)> published = [("provisional", "scored"), ("final", "published")];
        (await Profiles(own.Service, session)).Should().Equal(published);

        own.Service.Clock.Advance(Duration.FromMinutes(1));
        await Decide("revert");
        await Decide("accept");
        await FinishLate(own.Service);
        (await Profiles(own.Service, session)).Should().Equal(published, "the chair has not seen it yet");
        own.Service.Clock.Advance(Duration.FromMinutes(1));
        await Approve();

        (await Profiles(own.Service, session)).Should().Equal([.. published, ("final", "rescored")]);
        await Approve();
        (await Profiles(own.Service, session)).Should().HaveCount(3, "nothing has changed since");

        Task<JsonNode> Approve() =>
            chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", new { @checked = new[] { "Все работы" } }).Json(201);

        Task<JsonNode> Decide(string decision) =>
            own
                .Service.Admin.PostAsJsonAsync(
                    "/api/v1/key-reviews/decisions",
                    new
                    {
                        itemCode = slot.Item.Code,
                        itemVersion = slot.ItemVersion,
                        normalised = "протокол: верно иначе",
                        decision,
                        reason = "Решение комиссии.",
                    }
                )
                .Json();
    }

    /// <summary>The appeal is upheld, and a minute later the person takes the test in the new session.</summary>
    private static async Task<Guid> SitAgain(TestService service, AppealScene scene, Func<FormSlot, Response?> answers)
    {
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Decided(appeal, "upheld", resitUntil: "2026-09-20T06:00:00Z");
        var session = (await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>();
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/admission", new { }).Json();
        var variant = (await (await scene.Taker()).PostAsJsonAsync($"/api/v1/sessions/{session}/start", new { }).Json())[
            "variant"
        ]!.GetValue<int>();
        foreach (var slot in scene.Scene.Slots(variant))
            if (answers(slot) is { } response)
                await scene.Scene.Save(session, slot.Slot, response);
        service.Clock.Advance(Duration.FromMinutes(1));
        await scene.Scene.Finish(session);
        await scene.Scene.Score();
        return session;
    }

    private static async Task MarkAll(AppealScene scene)
    {
        while (await Marks.TryClaim(scene.Expert.Client, scene.Scene) is { } script)
            await Marks.Award(scene.Expert.Client, script, full: true).Json();
    }

    private static Task<JsonNode> Approve(HttpClient chair, AppealScene scene) =>
        chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Scene.Id}/results/approval", new { @checked = new[] { "Все работы" } }).Json(201);

    private static async Task FinishLate(TestService service)
    {
        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FinalProfiles>().FinishLate();
    }

    private static async Task<IReadOnlyList<(string Status, string Cause)>> Profiles(TestService service, Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json())
            .Items()
            .Select(profile => (profile!["status"]!.GetValue<string>(), profile["cause"]!.GetValue<string>()))
            .ToList();
}
