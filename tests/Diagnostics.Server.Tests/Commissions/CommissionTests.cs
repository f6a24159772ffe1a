using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Commissions;

public sealed class CommissionTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_place_in_the_commission_gives_the_right_and_leaving_it_takes_the_right_and_the_scripts_in_hand_back()
    {
        var scene = await Scene.Make(service);
        var slot = scene.First(ItemType.ExtendedResponse);
        await Task.WhenAll(
            Enumerable.Range(0, 40).Select(person => scene.Session(each => each == slot ? new ExtendedResponse($"Ответ {person}") : null))
        );
        await scene.Score();
        var commission = await Make(scene);
        var (leaving, leavingId) = await scene.Newcomer();
        var (staying, stayingId) = await scene.Newcomer();
        (await leaving.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden);

        await Appoint(commission, leavingId);
        await Appoint(commission, stayingId);
        var held = new List<JsonNode>();
        for (var script = 0; script < 10; script++)
            held.Add(await Marks.Claim(leaving, scene));
        await Marks.Award(leaving, held[0], full: true).Json();
        await service
            .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members/{leavingId}/leave", new { reason = "Больничный" })
            .Json();

        (await leaving.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden);
        (await Marks.Award(leaving, held[1], full: true)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        for (var script = 0; script < 39; script++)
            await Marks.Give(staying, scene, full: true);
        var progress = await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json();
        (progress["total"]!.GetValue<int>(), progress["marked"]!.GetValue<int>(), progress["inWork"]!.GetValue<int>())
            .Should()
            .Be((40, 40, 0));
    }

    [Fact]
    public async Task An_expert_who_leaves_with_forty_scripts_in_hand_leaves_nothing_stuck()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 2, LeaseMinutes: 30, InHand: 40));
        var slot = scene.First(ItemType.ExtendedResponse);
        await Task.WhenAll(
            Enumerable.Range(0, 43).Select(person => scene.Session(each => each == slot ? new ExtendedResponse($"Ответ {person}") : null))
        );
        await scene.Score();
        var commission = await Make(scene);
        var (leaving, leavingId) = await scene.Newcomer();
        await Appoint(commission, leavingId);
        for (var script = 0; script < 3; script++)
            await Marks.Give(leaving, scene, full: true);
        var held = new List<JsonNode>();
        for (var script = 0; script < 40; script++)
            held.Add(await Marks.Claim(leaving, scene));
        foreach (var script in held.Take(5))
            await leaving.PutAsJsonAsync(
                Marks.Path(script, "draft"),
                new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 }, comment = "Моя пометка" }
            );
        (await leaving.GetAsync("/api/v1/marking/claims").Json()).Items().Should().HaveCount(40);
        (await Progress("inWork")).Should().Be(40);

        var left = await service
            .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members/{leavingId}/leave", new { reason = "Больничный" })
            .Json();

        left["members"]![0]!["leftReason"]!.GetValue<string>().Should().Be("Больничный");
        (await Progress("inWork"), await Progress("waiting"), await Progress("marked")).Should().Be((0, 43, 0));
        (await leaving.GetAsync("/api/v1/marking/claims")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Marks.Award(leaving, held[0], full: true)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        var audit = (
            await scene.Database.Read(db => AuditStore.List(db, null, "commission.member-left", $"commission:{commission:D}", 0, 10))
        ).Single();
        JsonNode.Parse(audit.Details!)!["returned"]!.GetValue<int>().Should().Be(40);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (staying, stayingId) = await scene.Newcomer();
            await Appoint(commission, stayingId);
            while (await Marks.TryClaim(staying, scene) is { } script)
            {
                script.AsObject().Should().NotContainKey("draft", "the notes of the one who left are nobody's business");
                await Marks.Award(staying, script, full: true).Json();
            }
        }
        (await Progress("marked"), await Progress("waiting"), await Progress("inWork")).Should().Be((43, 0, 0));
        var rounds = await scene.Database.Read(db => RoundStore.ByExperts(db, scene.Id));
        rounds
            .GroupBy(round => round.SessionId)
            .Should()
            .HaveCount(43)
            .And.OnlyContain(script => script.Select(round => round.MarkedBy).Distinct().Count() == 2);
        rounds.Count(round => round.MarkedBy == leavingId).Should().Be(3, "what was marked stays in the ledger");
        (
            await scene.Database.Read(db =>
                db.Value<int>(
                    "SELECT COUNT(*) FROM marking_assignments WHERE expert_id = @leavingId AND state = 'lapsed' AND draft "
                        + "LIKE '%Моя пометка%' AND reason LIKE 'Эксперт вышел%'",
                    new { leavingId }
                )
            )
        )
            .Should()
            .Be(5, "drafts stay on record");

        async Task<int> Progress(string count) =>
            (await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json())[count]!.GetValue<int>();
    }

    [Fact]
    public async Task A_benchmark_in_the_hands_of_an_expert_who_leaves_is_taken_back_too()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 1, LeaseMinutes: 30) { Qualification = new(1, Points.Zero) });
        var item = scene.First(ItemType.ExtendedResponse).Item;
        var criteria = ((ExtendedTask)item.Body).Rubric.Criteria.ToDictionary(
            criterion => criterion.Code,
            criterion => criterion.Maximum.ToDecimal()
        );
        await service
            .Admin.PostAsJsonAsync(
                "/api/v1/marking/benchmarks",
                new
                {
                    campaignId = scene.Id,
                    itemCode = item.Code,
                    purpose = "qualification",
                    answer = "Эталон",
                    criteria,
                    comment = "Верно.",
                }
            )
            .Json(201);
        var commission = await Make(scene);
        var (expert, expertId) = await scene.Newcomer();
        await Appoint(commission, expertId);
        await Marks.Claim(expert, scene, item.Code);

        await service
            .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members/{expertId}/leave", new { reason = "Болезнь" })
            .Json();

        (await scene.Database.Read(db => TrialStore.InHand(db, scene.Id, expertId, service.Clock.GetCurrentInstant()))).Should().Be(0);
        (await scene.Database.Read(db => TrialStore.OfCampaign(db, scene.Id, expertId)))
            .Should()
            .ContainSingle()
            .Which.State.Should()
            .Be("lapsed");
    }

    [Fact]
    public async Task With_the_end_of_the_commission_every_right_in_it_ends()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene);
        var (chair, chairId) = await scene.Newcomer();
        await Appoint(commission, chairId, "chair");
        (await chair.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.OK);

        var ended = await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/end", new { }).Json();

        ended["members"]![0]!["leftReason"]!.GetValue<string>().Should().NotBeEmpty();
        (await chair.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/end", new { }).ProblemCode(409))
            .Should()
            .Be("commission-ended");
        (await Make(scene)).Should().NotBe(commission);
    }

    [Fact]
    public async Task Deputies_lead_beside_the_one_chair_until_they_leave()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays);
        var commission = await Make(scene);
        var (chair, chairId) = await scene.Newcomer();
        var (deputy, deputyId) = await scene.Newcomer();
        var (another, anotherId) = await scene.Newcomer();
        await Appoint(commission, chairId, "chair");
        await Appoint(commission, deputyId, "deputy");
        await Appoint(commission, anotherId, "deputy");

        foreach (var leader in new[] { chair, deputy, another })
        foreach (var what in new[] { "progress", "statistics", "flags", "alerts", "admissions" })
            (await leader.GetAsync($"/api/v1/marking/{what}?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.OK, what);
        while (await Marks.TryClaim(deputy, scene) is { } script)
            await Marks.Award(deputy, script, full: true).Json();
        (
            await deputy
                .PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", new { @checked = new[] { "Все работы" } })
                .Json(201)
        )["approvedBy"]!
            .GetValue<Guid>()
            .Should()
            .Be(deputyId);
        await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members/{deputyId}/leave", new { reason = "Отпуск" }).Json();

        (await deputy.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await another.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_right_held_besides_the_commission_outlives_it()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene);
        var (expert, expertId) = await scene.StaffAccount(Role.Expert);
        await Appoint(commission, expertId);

        await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/end", new { }).Json();

        (await expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_makes_no_commission_is_refused_by_name()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene);
        var (_, one) = await scene.Newcomer();
        var (_, other) = await scene.Newcomer();
        await Appoint(commission, one, "chair");

        (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/commissions",
                    new
                    {
                        campaignId = scene.Id,
                        kind = "marking",
                        title = "Вторая",
                    }
                )
                .ProblemCode(409)
        ).Should().Be("commission-exists");
        (
            await service.Admin.PostAsJsonAsync(
                "/api/v1/commissions",
                new
                {
                    campaignId = scene.Id,
                    kind = "marking",
                    title = " ",
                }
            )
        ).StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/commissions",
                    new
                    {
                        campaignId = Guid.Empty,
                        kind = "conflict",
                        title = "К",
                    }
                )
                .ProblemCode(404)
        ).Should().Be("campaign-not-found");
        (
            await service
                .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members", new { accountId = one, role = "member" })
                .ProblemCode(409)
        )
            .Should()
            .Be("member-exists");
        (
            await service
                .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members", new { accountId = other, role = "chair" })
                .ProblemCode(409)
        )
            .Should()
            .Be("member-exists");
        (
            await service
                .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members", new { accountId = Guid.NewGuid(), role = "member" })
                .ProblemCode(422)
        )
            .Should()
            .Be("account-not-found");
        (
            await service
                .Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members/{other}/leave", new { reason = "—" })
                .ProblemCode(404)
        )
            .Should()
            .Be("member-not-found");
        (
            await service
                .Admin.PostAsJsonAsync(
                    $"/api/v1/commissions/{commission}/members/{one}/conflicts",
                    new { participantId = Guid.NewGuid(), reason = "Родня" }
                )
                .ProblemCode(404)
        )
            .Should()
            .Be("person-not-found");
        (await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{Guid.NewGuid()}/end", new { }).ProblemCode(404))
            .Should()
            .Be("commission-not-found");
    }

    [Fact]
    public async Task Of_fifty_appointments_of_a_chair_at_once_one_stands()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene);
        var candidates = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.Newcomer()));

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(each =>
                    service.Admin.PostAsJsonAsync(
                        $"/api/v1/commissions/{commission}/members",
                        new { accountId = candidates[each % 10].AccountId, role = "chair" }
                    )
                )
        );

        statuses.Count(sent => sent.StatusCode is HttpStatusCode.Created).Should().Be(1);
        var view = await service.Admin.GetAsync($"/api/v1/commissions/{commission}").Json();
        view["members"]!.AsArray().Should().ContainSingle();
    }

    private async Task<Guid> Make(Scene scene) =>
        (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/commissions",
                    new
                    {
                        campaignId = scene.Id,
                        kind = "marking",
                        title = "Региональная комиссия",
                    }
                )
                .Json(201)
        )["id"]!.GetValue<Guid>();

    private Task<JsonNode> Appoint(Guid commission, Guid account, string role = "member") =>
        service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission}/members", new { accountId = account, role }).Json(201);
}
