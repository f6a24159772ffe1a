using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Pages;

namespace Diagnostics.Server.Tests.People;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>What people learn about what is stored about them.</summary>
public sealed class PersonDataTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task People_take_everything_that_is_stored_about_them_and_nobody_else_does()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var (other, stranger) = await scene.Person();
        var application = (await scene.Apply(client, scene.ApplicationBody(sharing: true)).Json(201)).Id();
        var path = $"{V1}/people/{person}/data";

        var data = await client.GetAsync(path).Json();

        data["participantId"]!.GetValue<Guid>().Should().Be(person);
        Rows("people").Single()!["surname"]!.GetValue<string>().Should().Be("Магомедова");
        Rows("people").Single()!["organisation"]!.GetValue<string>().Should().Be("МБОУ СОШ № 5");
        Rows("applications").Single()!["id"]!.GetValue<Guid>().Should().Be(application);
        Rows("consents")
            .Select(row => row!["kind"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("participation", "data_processing", "profile_sharing");
        Rows("access_sign_ins").Should().NotBeEmpty();
        Rows("events").Should().NotBeEmpty();
        data.ToJsonString().Should().NotContain($"{other}").And.NotContain("passwordHash").And.NotContain("securityStamp");
        foreach (var curious in new[] { stranger, service.Admin })
            (await curious.GetAsync(path).ProblemCode(curious == stranger ? 404 : 403))
                .Should()
                .Be(curious == stranger ? "person-not-found" : "not-allowed");

        JsonArray Rows(string table) =>
            data["parts"]!.AsArray().Single(part => part!["table"]!.GetValue<string>() == table)!["rows"]!.AsArray();
    }

    [Fact]
    public async Task The_page_of_the_account_gives_them_as_a_file()
    {
        var scene = new CampaignScene(service);
        var person = await scene.Enrol();
        var made = await scene.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);
        await scene.SignIn(made);
        var chosen = TestService.Chosen(made["password"]!.GetValue<string>());
        using var browser = await Browser.Of(service, made["userName"]!.GetValue<string>(), chosen);

        var link = (await browser.Open("/account")).Find("#own-data").GetAttribute("href")!;
        var file = await browser.Open(link);

        file.Status.Should().Be(200);
        file.Answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        JsonNode.Parse(file.Html)!["participantId"]!.GetValue<Guid>().Should().Be(person);
    }

    [Fact]
    public async Task A_correction_is_asked_for_by_the_person_and_made_or_refused_by_the_operator_of_the_territory()
    {
        var scene = new CampaignScene(service);
        var territory = Unique("t");
        var (person, client) = await scene.Person(territory);
        var (_, stranger) = await scene.Person(territory);
        var (_, operators) = await scene.Staff(Operator(territory));
        var (_, elsewhere) = await scene.Staff(Operator(Unique("t")));
        var path = $"{V1}/people/{person}/corrections";

        (await stranger.PostAsJsonAsync(path, Ask("surname", "Юсупова")).ProblemCode(404)).Should().Be("person-not-found");
        (await client.PostAsJsonAsync(path, Ask("surname", "Алиeва")).ProblemCode(422)).Should().Be("mixed-scripts");
        (await client.PostAsJsonAsync(path, Ask("surname", "Юсупова")).Json(201))["number"]!.GetValue<int>().Should().Be(1);
        (await client.PostAsJsonAsync(path, Ask("surname", "Юсупова-Ли")).ProblemCode(409)).Should().Be("correction-waits");
        await client.PostAsJsonAsync(path, Ask("organisation", "Лицей № 8")).Json(201);
        (await Numbers(operators)).Should().Equal(1, 2);
        (await Numbers(elsewhere)).Should().BeEmpty();

        (await elsewhere.PostAsJsonAsync($"{path}/1/decision", Decide("accepted")).ProblemCode(404)).Should().Be("person-not-found");
        (await operators.PostAsJsonAsync($"{path}/2/decision", Decide("refused")).ProblemCode(422)).Should().Be("text-missing");
        await operators.PostAsJsonAsync($"{path}/2/decision", Decide("refused", "Приказа о переводе нет.")).Json(204);
        await operators.PostAsJsonAsync($"{path}/1/decision", Decide("accepted")).Json(204);
        (await operators.PostAsJsonAsync($"{path}/1/decision", Decide("refused", "Поздно")).ProblemCode(409))
            .Should()
            .Be("correction-decided");
        (await operators.PostAsJsonAsync($"{path}/3/decision", Decide("accepted")).ProblemCode(404)).Should().Be("correction-not-found");

        var data = await client.GetAsync($"{V1}/people/{person}").Json();
        (data["surname"]!.GetValue<string>(), data["organisation"]!.GetValue<string>()).Should().Be(("Юсупова", "МБОУ СОШ № 5"));
        (await client.GetAsync(path).Json())["items"]!
            .AsArray()
            .Select(asked => $"{asked!["field"]} {asked["decision"]} {asked["reason"]}".TrimEnd())
            .Should()
            .Equal("surname accepted", "organisation refused Приказа о переводе нет.");
        (await Numbers(operators)).Should().BeEmpty();

        static object Operator(string of) =>
            new
            {
                role = "operator",
                scope = "territory",
                scopeId = of,
            };
        static object Ask(string field, string value) => new { field, value };
        static object Decide(string decision, string? reason = null) => new { decision, reason };
        static async Task<IEnumerable<int>> Numbers(HttpClient by) =>
            (await by.GetAsync($"{V1}/people/corrections").Json())["items"]!.AsArray().Select(asked => asked!["number"]!.GetValue<int>());
    }
}
