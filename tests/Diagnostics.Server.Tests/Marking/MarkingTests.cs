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
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

public sealed class MarkingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_claimed_script_holds_all_that_marking_needs_and_nothing_of_the_person()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person("МБОУ «Гимназия № 77»");
        var session = await scene.Scored(Answer.RightWithEssays, person: person);
        using var expert = await scene.Staff(Role.Expert);

        var script = await Marks.Claim(expert, scene);

        var text = script.ToJsonString();
        foreach (
            var secret in new[]
            {
                session.ToString("D"),
                person.ToString("D"),
                "Гимназия",
                "Тайнова",
                scene.SiteId.ToString("D"),
                "T06:00:00",
            }
        )
            text.Should().NotContain(secret);
        var slot = scene.Slots().Single(each => each.Item.Code == script["itemCode"]!.GetValue<string>());
        script["answer"]!.GetValue<string>().Should().Be($"Развёрнутый ответ на задание {slot.Slot}");
        script["stem"]!.GetValue<string>().Should().Be(slot.Item.Stem);
        script["solution"]!.GetValue<string>().Should().Be(slot.Item.Solution);
        script["stimulus"]!["body"].Should().NotBeNull();
        script["exemplars"]!.AsArray().Should().NotBeEmpty();
        script["rubric"]!["criteria"]!.AsArray().Should().NotBeEmpty();
        // 06:00 UTC is 18:00 on the same day at a site in Kamchatka.
        script["satOn"]!.GetValue<string>().Should().Be("2026-09-14");
        script["code"]!.GetValue<string>().Should().HaveLength(8);
    }

    [Fact]
    public async Task An_expert_never_gets_a_script_of_the_own_organisation_however_it_is_spelt()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays, "МБОУ «СОШ № 5»");
        using var colleague = await scene.Staff(Role.Expert, " мбоу \"СОШ  № 5\" ");
        using var stranger = await scene.Staff(Role.Expert, "МБОУ «СОШ № 50»");

        (await Claim(colleague, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Claim(stranger, scene)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    // Reported spellings of «СОШ № 25», and look-alike letters.
    [InlineData("МБОУ «СОШ №25»")]
    [InlineData("МБОУ СОШ № 25")]
    [InlineData("МБОУ  «СОШ  № 25»")]
    [InlineData("МБОУ «СОШ N 25»")]
    [InlineData("МБОУ «COШ № 25»")]
    public async Task A_colleague_never_gets_the_script_and_gets_it_once_the_school_is_corrected(string spelling)
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person("МБОУ «СОШ № 25»");
        await scene.Scored(Answer.RightWithEssays, person: person);
        using var colleague = await scene.Staff(Role.Expert, spelling);
        using var other = await scene.Staff(Role.Expert, "СОШ № 125");
        (await Claim(colleague, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        // A correction made after the script was queued still takes effect.
        await scene.Database.Write(db =>
            db.Execute("UPDATE people SET organisation = 'СОШ № 125' WHERE participant_id = @person", new { person })
        );

        (await Claim(other, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Claim(colleague, scene)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("СОШ № 2")]
    [InlineData("СОШ № 125")]
    public async Task An_expert_of_another_school_gets_the_script(string organisation)
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays, "МБОУ «СОШ № 25»");
        using var expert = await scene.Staff(Role.Expert, organisation);

        (await Claim(expert, scene)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Names_that_are_near_are_shown_to_the_chair()
    {
        var (scene, commission) = await Commission.Begin(service, new MarkingPolicy(1, 30));
        await scene.Scored(Answer.RightWithEssays, "МБОУ «СОШ № 25»");
        await scene.Scored(Answer.RightWithEssays, "СОШ № 2");
        var (_, member) = await commission.Member(organisation: "Средняя школа № 25");
        using var chair = await commission.Chair();

        var shown = (await chair.GetAsync($"/api/v1/commissions/{commission.Id}").Json())["members"]!
            .AsArray()
            .Single(each => each!["accountId"]!.GetValue<Guid>() == member)!;

        shown["nearOrganisations"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("МБОУ «СОШ № 25»");
    }

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u2060\uFEFF")]
    public async Task An_answer_that_shows_nothing_reaches_no_expert(string text)
    {
        var scene = await Scene.Make(service);
        var slot = scene.First(ItemType.ExtendedResponse);
        var session = await scene.Scored(each => each.Slot == slot.Slot ? new ExtendedResponse(text) : null);
        using var expert = await scene.Staff(Role.Expert);

        (await Claim(expert, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var rounds = await scene.Database.Read(db => RoundStore.OfSession(db, session));
        rounds.Single(round => round.Slot == slot.Slot).Outcome.Should().Be(Engine.ItemBank.Scoring.Outcome.Blank);
    }

    [Fact]
    public async Task Marks_become_a_round_behind_the_gate_and_the_last_one_gives_the_profile()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(Answer.RightWithEssays);
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        (await Profiles(session)).Should().BeEmpty("three answers wait for an expert");

        var script = await Marks.Claim(expert, scene);
        var criteria = Marks.Of(script, full: true);
        var gate = script["rubric"]!["gate"]!.GetValue<string>();
        criteria[gate] = 0;
        var awarded = await Marks.Award(expert, script, criteria, "Не по теме.").Json();
        await Marks.Give(expert, scene, full: true);
        (await Profiles(session)).Should().BeEmpty();
        await Marks.Give(expert, scene, full: true);

        awarded["points"]!.GetValue<decimal>().Should().Be(0);
        var slot = scene.Slots().Single(each => each.Item.Code == script["itemCode"]!.GetValue<string>()).Slot;
        var round = (await scene.Database.Read(db => RoundStore.OfSession(db, session))).Last(each => each.Slot == slot);
        (round.Kind, round.Points, round.MarkedBy, round.Reason)
            .Should()
            .Be((RoundKind.Expert, Points.Zero, (Guid?)account, "Не по теме."));
        round
            .Criteria!.ToDictionary(mark => mark.Key, mark => mark.Value.ToDecimal())
            .Should()
            .Equal(criteria, "the round keeps what was given, before the gate");
        var profile = (await Profiles(session)).Single()!;
        profile["cause"]!.GetValue<string>().Should().Be("marked");
        // The closed items and the two other essays give 34 of 45 points.
        var essays = scene
            .Slots()
            .Where(each => each.Item.Type is ItemType.ExtendedResponse && each.Slot != slot)
            .Sum(each => each.Item.MaxPoints.ToDecimal());
        profile["total"]!["earned"]!.GetValue<decimal>().Should().Be(34 + essays);
    }

    [Fact]
    public async Task Marks_that_the_rubric_does_not_know_are_refused_and_the_claim_stays()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays);
        using var expert = await scene.Staff(Role.Expert);
        var script = await Marks.Claim(expert, scene);
        var whole = Marks.Of(script, full: true);

        (await Marks.Award(expert, script, []).ProblemCode(422)).Should().Be("criterion-missing");
        (await Marks.Award(expert, script, new Dictionary<string, decimal>(whole) { ["K99"] = 1 }).ProblemCode(422))
            .Should()
            .Be("unknown-criterion");
        (await Marks.Award(expert, script, new Dictionary<string, decimal>(whole) { ["K1"] = 17 }).ProblemCode(422))
            .Should()
            .Be("points-not-in-rubric");
        (await Marks.Award(expert, script, new Dictionary<string, decimal>(whole) { ["K1"] = 0.0001m }).ProblemCode(400))
            .Should()
            .Be("malformed-json");
        (await Marks.Award(expert, script, whole, new string('я', 4001)).ProblemCode(422)).Should().Be("text-too-long");
        (await Marks.Award(expert, script, whole, "а\0б").ProblemCode(422)).Should().Be("forbidden-character");
        (
            await expert
                .PostAsync(Marks.Path(script, "marks"), new StringContent("{\"criteria\":", System.Text.Encoding.UTF8, "application/json"))
                .ProblemCode(400)
        )
            .Should()
            .Be("malformed-json");
        (await expert.PostAsJsonAsync(Marks.Path(script, "marks"), new { criteria = (object?)null }).ProblemCode(400))
            .Should()
            .Be("malformed-json");
        (await expert.PostAsJsonAsync($"/api/v1/marking/assignments/{Guid.NewGuid()}/marks", new { criteria = whole }).ProblemCode(404))
            .Should()
            .Be("assignment-not-found");

        (await expert.GetAsync("/api/v1/marking/claims").Json()).Items().Should().ContainSingle();
        await Marks.Award(expert, script, whole).Json();
        (await Marks.Award(expert, script, whole).ProblemCode(409)).Should().Be("assignment-closed");
    }

    [Fact]
    public async Task Another_experts_claim_is_unknown_to_everyone_else()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays);
        using var holder = await scene.Staff(Role.Expert);
        using var other = await scene.Staff(Role.Expert);
        var script = await Marks.Claim(holder, scene);

        (await Marks.Award(other, script, full: true).ProblemCode(404)).Should().Be("assignment-not-found");
        (await other.PostAsync(Marks.Path(script, "lease"), null).ProblemCode(404)).Should().Be("assignment-not-found");
        (await other.PostAsJsonAsync(Marks.Path(script, "return"), new { reason = "x" }).ProblemCode(404))
            .Should()
            .Be("assignment-not-found");
        (await other.PutAsJsonAsync(Marks.Path(script, "draft"), new { criteria = new { } }).ProblemCode(404))
            .Should()
            .Be("assignment-not-found");
        (await other.GetAsync("/api/v1/marking/claims").Json()).Items().Should().BeEmpty();
    }

    [Fact]
    public async Task A_draft_is_kept_over_a_lapsed_lease_and_a_returned_script_does_not_come_back()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(slot => slot == scene.First(ItemType.ExtendedResponse) ? new ExtendedResponse("Один ответ") : null);
        using var expert = await scene.Staff(Role.Expert);
        var script = await Marks.Claim(expert, scene);
        (
            await expert.PutAsJsonAsync(
                Marks.Path(script, "draft"),
                new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 }, comment = "Вернуться к К2" }
            )
        )
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (
            await expert
                .PutAsJsonAsync(Marks.Path(script, "draft"), new { criteria = new Dictionary<string, decimal> { ["K77"] = 1 } })
                .ProblemCode(422)
        )
            .Should()
            .Be("unknown-criterion");
        var read = await expert.GetAsync($"/api/v1/marking/assignments/{script["assignmentId"]!.GetValue<Guid>()}").Json();
        read["draft"]!["comment"]!.GetValue<string>().Should().Be("Вернуться к К2");

        service.Clock.Advance(Duration.FromMinutes(31));
        (await Marks.Award(expert, script, full: true).ProblemCode(409)).Should().Be("lease-lapsed");
        (await expert.PostAsync(Marks.Path(script, "lease"), null).ProblemCode(409)).Should().Be("lease-lapsed");
        var again = await Marks.Claim(expert, scene);
        again["assignmentId"]!.GetValue<Guid>().Should().NotBe(script["assignmentId"]!.GetValue<Guid>());
        again["code"]!.GetValue<string>().Should().NotBe(script["code"]!.GetValue<string>(), "each claim has a code of its own");
        again["draft"]!["criteria"]!["K1"]!.GetValue<decimal>().Should().Be(1);

        (await expert.PostAsJsonAsync(Marks.Path(again, "return"), new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await expert.PostAsJsonAsync(Marks.Path(again, "return"), new { reason = "Узнал автора." }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (await Claim(expert, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        using var other = await scene.Staff(Role.Expert);
        (await Marks.Claim(other, scene))
            .AsObject()
            .ContainsKey("draft")
            .Should()
            .BeFalse("another's notes are none of the next expert's business");
    }

    [Fact]
    public async Task A_renewed_lease_holds_and_a_lapsed_one_goes_to_another()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 1, LeaseMinutes: 10));
        await scene.Scored(slot => slot == scene.First(ItemType.ExtendedResponse) ? new ExtendedResponse("Один ответ") : null);
        using var slow = await scene.Staff(Role.Expert);
        using var quick = await scene.Staff(Role.Expert);
        var script = await Marks.Claim(slow, scene);

        service.Clock.Advance(Duration.FromMinutes(9));
        var renewed = await slow.PostAsync(Marks.Path(script, "lease"), null).Json();
        DateTimeOffset
            .Parse(renewed["leaseUntil"]!.GetValue<string>(), null)
            .Should()
            .Be((service.Clock.GetCurrentInstant() + Duration.FromMinutes(10)).ToDateTimeOffset());
        service.Clock.Advance(Duration.FromMinutes(9));
        (await Claim(quick, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        service.Clock.Advance(Duration.FromMinutes(2));
        var taken = await Marks.Claim(quick, scene);
        (await Marks.Award(slow, script, full: true).ProblemCode(409)).Should().Be("lease-lapsed");
        await Marks.Award(quick, taken, full: true).Json();
        (await Claim(slow, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_two_independent_experts_each_gets_a_script_once_and_nobody_decides_alone()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 2, LeaseMinutes: 30));
        var slot = scene.First(ItemType.ExtendedResponse).Slot;
        var session = await scene.Scored(Answer.Right.With(slot, new ExtendedResponse("Один ответ")));
        using var first = await scene.Staff(Role.Expert);
        using var second = await scene.Staff(Role.Expert);
        using var third = await scene.Staff(Role.Expert);

        var one = await Marks.Claim(first, scene);
        (await Claim(first, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var other = await Marks.Claim(second, scene);
        (await Claim(third, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Marks.Award(first, one, full: true).Json();
        (await Standing()).Should().Be("awaiting_experts");
        await Marks.Award(second, other, full: false).Json();

        (await Standing()).Should().Be("decided_by_adjudication");
        (await Claim(third, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Profiles(session)).Should().ContainSingle();

        async Task<string> Standing() =>
            (await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json())["slots"]![slot - 1]![
                "standing"
            ]!.GetValue<string>();
    }

    [Fact]
    public async Task Twenty_experts_at_once_mark_two_hundred_scripts_each_once()
    {
        var scene = await Scene.Make(service);
        var slot = scene.First(ItemType.ExtendedResponse);
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(person => scene.Session(each => each == slot ? new ExtendedResponse($"Ответ {person}") : null))
        );
        await scene.Score();
        var experts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scene.Staff(Role.Expert)));

        var marked = (
            await Task.WhenAll(
                experts.Select(async expert =>
                {
                    var answers = new List<string>();
                    while (true)
                    {
                        using var claimed = await Claim(expert, scene);
                        if (claimed.StatusCode is HttpStatusCode.NoContent)
                            return answers;
                        var script = (await claimed.Content.ReadFromJsonAsync<JsonNode>())!;
                        answers.Add(script["answer"]!.GetValue<string>());
                        await Marks.Award(expert, script, full: true).Json();
                    }
                })
            )
        ).SelectMany(answers => answers).ToList();

        marked.Should().HaveCount(200).And.OnlyHaveUniqueItems();
        var progress = await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json();
        (progress["total"]!.GetValue<int>(), progress["marked"]!.GetValue<int>(), progress["waiting"]!.GetValue<int>())
            .Should()
            .Be((200, 200, 0));
        progress["experts"]!.AsArray().Sum(expert => expert!["marked"]!.GetValue<int>()).Should().Be(200);
    }

    [Fact]
    public async Task Nobody_hoards_scripts()
    {
        var scene = await Scene.Make(service);
        for (var person = 0; person < 4; person++)
            await scene.Session(Answer.RightWithEssays);
        await scene.Score();
        using var expert = await scene.Staff(Role.Expert);
        for (var claims = 0; claims < 10; claims++)
            await Marks.Claim(expert, scene);

        (await Claim(expert, scene, 409)).Should().Be("too-many-claims");
    }

    [Fact]
    public async Task The_policy_says_how_many_scripts_of_its_campaign_an_expert_may_hold()
    {
        var (scene, usual) = (
            await Scene.Make(service, new MarkingPolicy(Experts: 1, LeaseMinutes: 30, InHand: 2)),
            await Scene.Make(service)
        );
        await scene.Session(Answer.RightWithEssays);
        await usual.Session(Answer.RightWithEssays);
        await scene.Score();
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        await scene.Database.Write(db =>
            AccountStore.AddGrant(
                db,
                Guid.CreateVersion7(),
                account,
                new Grant(Role.Expert, GrantScope.Campaign, usual.Id.ToString("D")),
                "test",
                service.Clock.GetCurrentInstant()
            )
        );
        var first = await Marks.Claim(expert, scene);
        await Marks.Claim(expert, scene);

        var refused = await Claim(expert, scene).Json(409);
        (refused["code"]!.GetValue<string>(), refused["held"]!.GetValue<int>(), refused["detail"]!.GetValue<string>())
            .Should()
            .Be(("too-many-claims", 2, "У вас на руках уже 2 работы этого мероприятия: проверьте или верните их, прежде чем брать новые."));
        (
            await expert
                .PostAsJsonAsync(
                    "/api/v1/marking/training",
                    new { campaignId = scene.Id, itemCode = scene.First(ItemType.ExtendedResponse).Item.Code }
                )
                .ProblemCode(409)
        )
            .Should()
            .Be("too-many-claims");
        await Marks.Claim(expert, usual);
        await Marks.Award(expert, first, full: true).Json();
        await Marks.Claim(expert, scene);
    }

    [Fact]
    public async Task Scripts_come_item_by_item_or_of_the_item_asked_for()
    {
        var scene = await Scene.Make(service);
        for (var person = 0; person < 3; person++)
            await scene.Session(Answer.RightWithEssays);
        await scene.Score();
        using var expert = await scene.Staff(Role.Expert);
        var wanted = scene.Slots().Last(slot => slot.Item.Type is ItemType.ExtendedResponse).Item.Code;

        (await Marks.Claim(expert, scene, wanted))["itemCode"]!.GetValue<string>().Should().Be(wanted);
        var items = new List<string>();
        for (var claims = 0; claims < 6; claims++)
            items.Add((await Marks.Claim(expert, scene))["itemCode"]!.GetValue<string>());
        items.Should().BeInAscendingOrder(StringComparer.Ordinal);
        (await expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id, itemCode = "no-such-item" }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_claim_repeated_with_its_key_is_the_same_claim()
    {
        var scene = await Scene.Make(service);
        await scene.Scored(Answer.RightWithEssays);
        using var expert = await scene.Staff(Role.Expert);
        expert.DefaultRequestHeaders.Add("Idempotency-Key", "claim-1");

        var first = await Marks.Claim(expert, scene);
        var again = await Marks.Claim(expert, scene);

        again["assignmentId"]!.GetValue<Guid>().Should().Be(first["assignmentId"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task A_claim_that_found_nothing_finds_nothing_when_it_is_repeated_with_its_key()
    {
        var scene = await Scene.Make(service);
        using var expert = await scene.Staff(Role.Expert);
        expert.DefaultRequestHeaders.Add("Idempotency-Key", "claim-of-nothing");

        (await Claim(expert, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await scene.Scored(Answer.RightWithEssays);
        using var again = await Claim(expert, scene);

        (again.StatusCode, again.Headers.Contains("Idempotent-Replayed")).Should().Be((HttpStatusCode.NoContent, true));
    }

    [Fact]
    public async Task Marking_is_for_the_campaigns_own_commission()
    {
        var (scene, foreign) = (await Scene.Make(service), await Scene.Make(service));
        var person = await scene.Person();
        var session = await scene.Scored(Answer.RightWithEssays, person: person);
        using var stranger = await scene.Staff(Role.Expert, campaign: foreign.Id);
        using var expert = await scene.Staff(Role.Expert);
        using var taker = await scene.Taker(person);
        using var portal = await scene.Portal();
        using var chair = await scene.Staff(Role.Chair);
        using var foreignChair = await scene.Staff(Role.Chair, campaign: foreign.Id);

        (await Claim(stranger, scene, 403)).Should().Be("not-your-commission");
        foreach (var client in new[] { taker, portal, service.Admin })
            (await Claim(client, scene, 403)).Should().Be("not-allowed");
        foreach (var client in new[] { taker, portal, expert })
        {
            (await client.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-allowed");
            (await client.GetAsync($"/api/v1/sessions/{session}/scores").ProblemCode(403)).Should().Be("not-allowed");
            (await client.GetAsync($"/api/v1/key-reviews?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-allowed");
        }
        (await foreignChair.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-your-campaign");
        (await foreignChair.GetAsync($"/api/v1/sessions/{session}/scores").ProblemCode(404)).Should().Be("session-not-found");
        (await chair.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json())["waiting"]!.GetValue<int>().Should().Be(3);
        (await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={Guid.NewGuid()}").ProblemCode(404))
            .Should()
            .Be("campaign-not-found");
    }

    [Fact]
    public async Task The_ledger_shows_every_round_and_which_one_decides()
    {
        var scene = await Scene.Make(service);
        var (choice, essay) = (scene.First(ItemType.SingleChoice), scene.First(ItemType.ExtendedResponse));
        var session = await scene.Scored(slot =>
            slot == choice ? Answer.Right(slot)
            : slot == essay ? new ExtendedResponse("Ответ")
            : null
        );
        using var expert = await scene.Staff(Role.Expert);

        var open = await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json();
        await Marks.Give(expert, scene, full: true);
        var done = await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json();

        open["complete"]!.GetValue<bool>().Should().BeFalse();
        open["slots"]![essay.Slot - 1]!["standing"]!.GetValue<string>().Should().Be("awaiting_experts");
        open["slots"]![choice.Slot - 1]!["standing"]!.GetValue<string>().Should().Be("decided_automatically");
        done["complete"]!.GetValue<bool>().Should().BeTrue();
        done["points"]!.GetValue<decimal>().Should().Be(5, "one for the choice, four for the essay");
        var rounds = done["slots"]![essay.Slot - 1]!["rounds"]!.AsArray();
        rounds
            .Select(round => (round!["kind"]!.GetValue<string>(), round["decides"]!.GetValue<bool>()))
            .Should()
            .Equal(("auto", false), ("expert", true));
        (await service.Admin.GetAsync($"/api/v1/sessions/{Guid.NewGuid()}/scores").ProblemCode(404)).Should().Be("session-not-found");
    }

    private static Task<HttpResponseMessage> Claim(HttpClient expert, Scene scene) =>
        expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id });

    private static Task<string> Claim(HttpClient client, Scene scene, int refused) => Claim(client, scene).ProblemCode(refused);

    private async Task<JsonArray> Profiles(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();
}
