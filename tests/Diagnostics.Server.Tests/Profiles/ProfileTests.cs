using System.Net;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Profiles;

public sealed class ProfileTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_published_schema_is_the_committed_one_and_open_to_all()
    {
        using var anyone = service.Anonymous();
        using var answer = await anyone.GetAsync("/api/v1/profiles/schema");

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/schema+json");
        (await answer.Content.ReadAsStringAsync())
            .Should()
            .Be(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "deficit-profile.schema.json")));
    }

    [Fact]
    public async Task Real_profiles_fit_the_schema_and_damaged_ones_do_not()
    {
        var scene = await Scene.Make(service);
        var check = new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject());
        var sessions = new[]
        {
            await scene.Session(Answer.Right),
            await scene.Session(Answer.Nothing, variant: 2),
            await scene.Session(slot => slot.Slot % 2 == 0 ? Answer.Right(slot) : null, variant: 3),
        };
        await scene.Score();
        await Close(scene);

        foreach (var session in sessions)
        foreach (var listed in (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items())
        {
            var profile = (await service.Admin.GetAsync($"/api/v1/profiles/{listed!["id"]}").Json()).AsObject();
            check.Faults(profile).Should().BeEmpty();
            foreach (var broken in Damaged(profile))
                check.Faults(broken).Should().NotBeEmpty(broken.ToJsonString());
        }

        static IEnumerable<JsonObject> Damaged(JsonObject profile)
        {
            yield return With(profile, copy => copy.Remove("notice"));
            yield return With(profile, copy => copy["extra"] = 1);
            yield return With(profile, copy => copy["status"] = "draft");
            yield return With(profile, copy => copy["total"]!["resultPercent"] = 100.001m);
            yield return With(profile, copy => copy["total"]!["level"] = "highest");
            yield return With(profile, copy => copy["blocks"]![0]!["result"]!["earned"] = -1);
            yield return With(profile, copy => copy["subject"]!["sessionId"] = "1");
            yield return With(profile, copy => (copy["elements"]![0]!["level"], copy["elements"]![0]!["signal"]) = ("high", "no_sign"));
        }

        static JsonObject With(JsonObject profile, Action<JsonObject> damage)
        {
            var copy = profile.DeepClone().AsObject();
            damage(copy);
            return copy;
        }
    }

    [Fact]
    public async Task A_profile_tells_the_route_forms_numbers_of_this_session()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(slot =>
            slot.Item.Block == "communicative" && slot.Item.Type is not ItemType.ExtendedResponse || slot.Item.Block == "psychological"
                ? Answer.Right(slot)
                : null
        );

        var profile = await Profile(session);

        profile["subject"]!["sessionId"]!.GetValue<Guid>().Should().Be(session);
        profile["subject"]!["frameworkCode"]!.GetValue<string>().Should().Be("teacher");
        profile["subject"]!["stage"]!.GetValue<string>().Should().Be("entry");
        profile["notice"]!.GetValue<string>().Should().Contain("не может быть основанием для взысканий");
        // With the blueprint's blocks, the communicative block has 3 + 3 of 9 points, the psychological block 7 of 7,
        // and the other two blocks 0 of 17 and 0 of 12.
        profile["blocks"]!
            .AsArray()
            .Select(block =>
                (
                    block!["code"]!.GetValue<string>(),
                    block["routeFormText"]!.GetValue<string>(),
                    block["result"]!["level"]!.GetValue<string>()
                )
            )
            .Should()
            .Equal(
                ("subject", "100% (результат выполнения теста входной диагностики - 0%)", "high"),
                ("methodical", "100% (результат выполнения теста входной диагностики - 0%)", "high"),
                ("psychological", "0% (результат выполнения теста входной диагностики - 100%)", "minimal"),
                ("communicative", "34% (результат выполнения теста входной диагностики - 66%)", "medium")
            );
        profile["total"]!["earned"]!.GetValue<decimal>().Should().Be(13);
        profile["total"]!["maximum"]!.GetValue<decimal>().Should().Be(45);
    }

    [Fact]
    public async Task A_profile_that_has_not_changed_need_not_be_sent_again()
    {
        var scene = await Scene.Make(service);
        var id = (await Profile(await scene.Scored(Answer.Right)))["id"]!.GetValue<Guid>();
        using var first = await service.Admin.GetAsync($"/api/v1/profiles/{id}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/profiles/{id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var other = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/profiles/{id}");
        other.Headers.TryAddWithoutValidation("If-None-Match", "\"something-else\"");

        (await service.Admin.SendAsync(again)).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await service.Admin.SendAsync(other)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_person_sees_own_profiles_once_they_are_published_and_nobody_elses()
    {
        var scene = await Scene.Make(service);
        var (person, stranger) = (await scene.Person(), await scene.Person());
        var session = await scene.Scored(Answer.Right, person: person);
        using var taker = await scene.Taker(person);
        using var other = await scene.Taker(stranger);
        var provisional = (await Profile(session))["id"]!.GetValue<Guid>();

        (await taker.GetAsync($"/api/v1/profiles/{provisional}").ProblemCode(404)).Should().Be("profile-not-found");
        (await taker.GetAsync($"/api/v1/people/{person}/profiles").Json())["items"]!.AsArray().Should().BeEmpty();
        (await taker.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Should().BeEmpty();
        await Close(scene);

        var mine = (await taker.GetAsync($"/api/v1/people/{person}/profiles").Json())["items"]!.AsArray().Single()!;
        (mine["status"]!.GetValue<string>(), mine["isLatest"]!.GetValue<bool>()).Should().Be(("final", true));
        await taker.GetAsync($"/api/v1/profiles/{mine["id"]}").Json();
        (await taker.GetAsync($"/api/v1/profiles/{provisional}").ProblemCode(404)).Should().Be("profile-not-found");
        (await other.GetAsync($"/api/v1/profiles/{mine["id"]}").ProblemCode(404)).Should().Be("profile-not-found");
        (await other.GetAsync($"/api/v1/people/{person}/profiles").Json())["items"]!.AsArray().Should().BeEmpty();
        (await other.GetAsync($"/api/v1/sessions/{session}/profiles").ProblemCode(404)).Should().Be("session-not-found");
        (await taker.GetAsync($"/api/v1/campaigns/{scene.Id}/profiles").ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task A_portal_sees_final_profiles_of_its_territory_with_the_persons_consent_and_the_audit_knows()
    {
        var scene = await Scene.Make(service);
        var (person, silent) = (await scene.Person(territory: "82"), await scene.Person(territory: "82"));
        var (session, silentSession) = (
            await scene.Session(Answer.Right, person: person),
            await scene.Session(Answer.Right, person: silent)
        );
        await scene.Score();
        await scene.Consent(person);
        var provisional = (await Profile(session))["id"]!.GetValue<Guid>();
        using var portal = await scene.Portal("82");
        using var national = await scene.Portal();
        using var neighbour = await scene.Portal("41");
        using var enroller = await scene.Portal("82", Diagnostics.UseCases.Access.Clients.EnrolPeople);
        (await portal.GetAsync($"/api/v1/profiles/{provisional}").ProblemCode(404)).Should().Be("profile-not-found");
        (await portal.GetAsync($"/api/v1/people/{person}/profiles").Json())["items"]!.AsArray().Should().BeEmpty();
        await Close(scene);
        var (final, silentFinal) = (
            (await Profile(session))["id"]!.GetValue<Guid>(),
            (await Profile(silentSession))["id"]!.GetValue<Guid>()
        );
        var before = await Looks(person);

        await portal.GetAsync($"/api/v1/profiles/{final}").Json();
        await national.GetAsync($"/api/v1/profiles/{final}").Json();
        (await portal.GetAsync($"/api/v1/people/{person}/profiles").Json())["items"]!.AsArray().Should().ContainSingle();
        (await portal.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Should().ContainSingle();
        (await Looks(person) - before).Should().Be(4, "every look is in the audit");

        (await neighbour.GetAsync($"/api/v1/profiles/{final}").ProblemCode(404)).Should().Be("profile-not-found");
        (await neighbour.GetAsync($"/api/v1/people/{person}/profiles").ProblemCode(404)).Should().Be("person-not-found");
        (await neighbour.GetAsync($"/api/v1/sessions/{session}/profiles").ProblemCode(404)).Should().Be("session-not-found");
        (await enroller.GetAsync($"/api/v1/profiles/{final}").ProblemCode(403)).Should().Be("not-allowed");
        (await portal.GetAsync($"/api/v1/profiles/{silentFinal}").ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await portal.GetAsync($"/api/v1/people/{silent}/profiles").ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await portal.GetAsync($"/api/v1/people/{Guid.NewGuid()}/profiles").ProblemCode(404)).Should().Be("person-not-found");
        (await portal.GetAsync($"/api/v1/campaigns/{scene.Id}/profiles").ProblemCode(403)).Should().Be("not-allowed");

        await scene.Database.Write(db => ConsentStore.Withdraw(db, person, ConsentStore.ProfileSharing, service.Clock.GetCurrentInstant()));
        (await portal.GetAsync($"/api/v1/profiles/{final}").ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await Looks(person) - before).Should().Be(4);

        Task<int> Looks(Guid of) =>
            scene.Database.Read(async db => (await AuditStore.List(db, null, "profile.viewed", $"participant:{of:D}", 0, 100)).Count);
    }

    [Fact]
    public async Task A_campaigns_profiles_come_page_by_page_for_those_who_lead_it()
    {
        var scene = await Scene.Make(service);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scene.Session(Answer.Right)));
        await scene.Score();
        using var foreign = await scene.Staff(Role.Operator, campaign: Guid.NewGuid());
        using var chair = await scene.Staff(Role.Chair);

        var seen = new List<Guid>();
        for (string? after = null; ; )
        {
            var page = await chair
                .GetAsync($"/api/v1/campaigns/{scene.Id}/profiles?limit=2{(after is null ? "" : $"&after={after}")}")
                .Json();
            seen.AddRange(page["items"]!.AsArray().Select(profile => profile!["sessionId"]!.GetValue<Guid>()));
            if (page["next"] is null)
                break;
            after = page["next"]!.GetValue<string>();
        }

        seen.Should().BeEquivalentTo(sessions);
        (await foreign.GetAsync($"/api/v1/campaigns/{scene.Id}/profiles").ProblemCode(403)).Should().Be("not-your-campaign");
        (await service.Admin.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/profiles").ProblemCode(404)).Should().Be("campaign-not-found");
        (await service.Admin.GetAsync($"/api/v1/profiles/{Guid.NewGuid()}").ProblemCode(404)).Should().Be("profile-not-found");
        (await service.Admin.GetAsync("/api/v1/profiles/not-an-id").ProblemCode(404)).Should().Be("not-found");
    }

    private async Task<JsonNode> Profile(Guid session)
    {
        var latest = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Last()!;
        return await service.Admin.GetAsync($"/api/v1/profiles/{latest["id"]}").Json();
    }

    private Task Close(Scene scene) => service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
}
