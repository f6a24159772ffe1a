using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Description;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;

namespace Diagnostics.Server.Tests.Commissions;

/// <summary>
/// A chair or a member falls ill while work is unfinished, and another person takes over with a single call.
/// </summary>
public sealed class ReplacementTests(TestService service) : IClassFixture<TestService>
{
    private const string Reason = "Болезнь; приказ о замене";

    [Fact]
    public async Task Who_is_replaced_loses_the_right_at_once_and_the_scripts_in_hand_wait_for_others()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 1, LeaseMinutes: 30));
        var slot = scene.First(ItemType.ExtendedResponse);
        await Task.WhenAll(
            Enumerable.Range(0, 9).Select(person => scene.Session(each => each == slot ? new ExtendedResponse($"Ответ {person}") : null))
        );
        await scene.Score();
        var commission = await Make(scene, "marking");
        var (ill, illId) = await scene.Newcomer();
        var (well, wellId) = await scene.Newcomer();
        await service
            .Admin.PostAsJsonAsync(
                $"{commission}/members",
                new
                {
                    accountId = illId,
                    role = "chair",
                    standing = "lead",
                    blocks = new[] { slot.Item.Block },
                }
            )
            .Json(201);
        var held = new List<JsonNode>();
        for (var script = 0; script < 7; script++)
            held.Add(await Marks.Claim(ill, scene));
        await Marks.Award(ill, held[0], full: true).Json();

        var view = await Replace(commission, illId, wellId).Json();

        var members = view["members"]!.AsArray().ToDictionary(member => member!["accountId"]!.GetValue<Guid>(), member => member!);
        members[illId]["leftReason"]!.GetValue<string>().Should().Be(Reason);
        (
            members[wellId]["role"]!.GetValue<string>(),
            members[wellId]["standing"]!.GetValue<string>(),
            members[wellId]["blocks"]!.ToJsonString(),
            members[wellId]["leftAt"]
        )
            .Should()
            .Be(("chair", "lead", $"""["{slot.Item.Block}"]""", null));
        (await ill.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Marks.Award(ill, held[1], full: true)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        var progress = await well.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json();
        (progress["marked"]!.GetValue<int>(), progress["waiting"]!.GetValue<int>(), progress["inWork"]!.GetValue<int>())
            .Should()
            .Be((1, 8, 0));
        for (var script = 0; script < 8; script++)
            await Marks.Give(well, scene, full: true);
        var entry = (
            await scene.Database.Read(db =>
                AuditStore.List(db, null, "commission.member-replaced", commission[^36..].Insert(0, "commission:"), 0, 10)
            )
        )
            .Should()
            .ContainSingle()
            .Which;
        JsonNode.Parse(entry.Details!)!["returned"]!.GetValue<int>().Should().Be(6);
        entry.Details.Should().NotContain("Болезнь", "why somebody left is not for the audit");
    }

    [Fact]
    public async Task A_deputy_takes_the_chairs_place_and_keeps_the_scripts_in_hand()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays);
        var commission = await Make(scene, "marking");
        var (_, chairId) = await scene.Newcomer();
        var (deputy, deputyId) = await scene.Newcomer();
        await Appoint(commission, chairId, "chair");
        await Appoint(commission, deputyId, "deputy");
        var script = await Marks.Claim(deputy, scene);

        var view = await Replace(commission, chairId, deputyId).Json();

        view["members"]!
            .AsArray()
            .Where(member => member!["leftAt"] is null)
            .Select(member => (member!["accountId"]!.GetValue<Guid>(), member["role"]!.GetValue<string>()))
            .Should()
            .Equal((deputyId, "chair"));
        await Marks.Award(deputy, script, full: true).Json();
        (await deputy.GetAsync($"/api/v1/marking/statistics?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Amid_a_vote_the_new_chair_goes_on_and_the_old_ones_vote_counts_no_more()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);
        await AppealScene.Vote(scene.Chair, appeal).Json(201);
        await AppealScene.Vote(scene.Members[1].Client, appeal, inFavour: false).Json(201);
        var old = scene.Members[0];
        var fresh = await scene.Scene.Newcomer();

        await Replace($"/api/v1/commissions/{scene.Commission}", old.AccountId, fresh.AccountId).Json();

        (await AppealScene.Do(old.Client, appeal, "decision", new { proposal = 1 })).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await AppealScene.Do(fresh.Client, appeal, "decision", new { proposal = 1 }).ProblemCode(409)).Should().Be("quorum-missing");
        scene.Members[0] = fresh;
        await scene.Propose(appeal, "rejected").Json(201);
        foreach (var member in scene.Members)
            await AppealScene.Vote(member.Client, appeal, proposal: 2).Json(201);
        (await scene.Decide(appeal, proposal: 2).Json())["outcome"]!.GetValue<string>().Should().Be("rejected");
    }

    [Fact]
    public async Task Of_fifty_replacements_of_one_chair_at_once_one_stands()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene, "conflict");
        var (_, chairId) = await scene.Newcomer();
        await Appoint(commission, chairId, "chair");
        var candidates = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.Newcomer()));

        var sent = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(each => Replace(commission, chairId, candidates[each % 10].AccountId))
        );

        sent.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().Be(1);
        var members = (await service.Admin.GetAsync(commission).Json())["members"]!.AsArray();
        members.Should().HaveCount(2);
        var chair = members.Single(member => member!["leftAt"] is null)!["accountId"]!.GetValue<Guid>();
        foreach (var (client, accountId) in candidates)
            (await client.GetAsync($"/api/v1/campaigns/{scene.Id}/appeals"))
                .StatusCode.Should()
                .Be(accountId == chair ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_makes_no_replacement_is_refused_by_name_and_changes_nothing()
    {
        var scene = await Scene.Make(service);
        var commission = await Make(scene, "marking");
        var (_, chairId) = await scene.Newcomer();
        var (member, memberId) = await scene.Newcomer();
        var (_, otherId) = await scene.Newcomer();
        await Appoint(commission, chairId, "chair");
        await Appoint(commission, memberId, "member");

        (await Replace(commission, memberId, chairId).ProblemCode(409))
            .Should()
            .Be("member-exists", "the commission would be without its chair");
        (await Replace(commission, memberId, memberId).ProblemCode(409)).Should().Be("member-exists");
        (await Replace(commission, otherId, memberId).ProblemCode(404)).Should().Be("member-not-found");
        (await Replace(commission, memberId, Guid.NewGuid()).ProblemCode(422)).Should().Be("account-not-found");
        (await Replace(commission, memberId, otherId, " ").ProblemCode(422)).Should().Be("text-missing");
        (await Replace($"/api/v1/commissions/{Guid.NewGuid()}", memberId, otherId).ProblemCode(404)).Should().Be("commission-not-found");
        var person = await scene.Person();
        var taker = (await service.Admin.PostAsJsonAsync($"/api/v1/people/{person}/account", new { }).Json(201))[
            "accountId"
        ]!.GetValue<Guid>();
        (await Replace(commission, memberId, taker).ProblemCode(409)).Should().Be("member-is-participant");

        (await member.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await service.Admin.GetAsync(commission).Json())["members"]!
            .AsArray()
            .Should()
            .HaveCount(2)
            .And.OnlyContain(each => each!["leftAt"] == null);
    }

    private Task<HttpResponseMessage> Replace(string commission, Guid leaving, Guid coming, string reason = Reason) =>
        service.Admin.PostAsJsonAsync($"{commission}/members/{leaving}/replacement", new { accountId = coming, reason });

    private async Task<string> Make(Scene scene, string kind)
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/commissions",
                new
                {
                    campaignId = scene.Id,
                    kind,
                    title = "Комиссия",
                }
            )
            .Json(201);
        return $"/api/v1/commissions/{made["id"]!.GetValue<Guid>():D}";
    }

    private Task<JsonNode> Appoint(string commission, Guid account, string role) =>
        service.Admin.PostAsJsonAsync($"{commission}/members", new { accountId = account, role }).Json(201);
}
