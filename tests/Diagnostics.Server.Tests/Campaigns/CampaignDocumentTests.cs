using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// The order, the protocol and the instructions of a campaign. Versions are only ever added, and each valid version is
/// shown to the people whom it concerns.
/// </summary>
public sealed class CampaignDocumentTests(TestService service) : IClassFixture<TestService>
{
    private const string Participants = "participant_instruction";

    [Fact]
    public async Task A_version_holds_from_its_date_and_the_one_before_until_then()
    {
        var scene = await Published(service);
        var (_, person) = await Applied(scene);
        await Add(scene, Participants, "Первая").Json(201);
        var from = service.Clock.GetCurrentInstant() + Duration.FromMinutes(2);
        var second = await Add(scene, Participants, "Вторая", inForceAt: from.ToString()).Json(201);

        var early = await Read(person, scene, Participants);
        (await person.GetAsync(Path(scene, $"/{Participants}?version=2")).ProblemCode(404))
            .Should()
            .Be("document-not-found", "it does not hold yet");
        (await Summaries(person, scene)).Should().Equal("participant_instruction 1 True");
        (await Summaries(scene.Admin, scene)).Should().Equal("participant_instruction 1 True", "participant_instruction 2 False");
        service.Clock.Advance(Duration.FromMinutes(2));
        var late = await Read(person, scene, Participants);

        second["version"]!.GetValue<int>().Should().Be(2);
        (early["title"]!.GetValue<string>(), late["title"]!.GetValue<string>()).Should().Be(("Первая", "Вторая"));
        (await person.GetAsync(Path(scene, $"/{Participants}?version=1")).Json())["title"]!
            .GetValue<string>()
            .Should()
            .Be("Первая", "what held is still there");
        (await Summaries(person, scene)).Should().Equal("participant_instruction 2 True");
    }

    [Fact]
    public async Task Each_document_is_shown_to_whom_it_concerns_and_to_nobody_else()
    {
        var scene = await Published(service);
        var elsewhere = await scene.AddDraft(scene.Site);
        var (_, applied) = await Applied(scene);
        var (_, stranger) = await scene.Person();
        var (_, invigilator) = await scene.Staff(
            new
            {
                role = "invigilator",
                scope = "site",
                scopeId = scene.Site,
            }
        );
        var (_, neighbour) = await scene.Staff(
            new
            {
                role = "invigilator",
                scope = "site",
                scopeId = await scene.AddSite(),
            }
        );
        var (_, expert) = await scene.Staff(
            new
            {
                role = "expert",
                scope = "campaign",
                scopeId = scene.Campaign,
            }
        );
        var (_, expertElsewhere) = await scene.Staff(
            new
            {
                role = "expert",
                scope = "campaign",
                scopeId = elsewhere,
            }
        );
        var (_, chair) = await scene.Staff(
            new
            {
                role = "chair",
                scope = "campaign",
                scopeId = scene.Campaign,
            }
        );
        var (_, author) = await scene.Staff(new { role = "author", scope = "all" });
        var (_, operatorElsewhere) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = elsewhere,
            }
        );
        string[] all = ["order", "items_protocol", Participants, "organiser_instruction", "expert_instruction"];
        foreach (var kind in all)
            await Add(scene, kind, kind).Json(201);

        await Sees(applied, "order", Participants);
        await Sees(stranger);
        await Sees(invigilator, "order", Participants, "organiser_instruction");
        await Sees(neighbour);
        await Sees(expert, "order", "expert_instruction");
        await Sees(expertElsewhere);
        await Sees(chair, "order", "expert_instruction", "items_protocol");
        await Sees(author, "items_protocol");
        await Sees(operatorElsewhere);
        await Sees(scene.Admin, all);
        using var portal = await scene.Portal(null, "people.enrol");
        ((int)(await portal.GetAsync(Path(scene, ""))).StatusCode).Should().Be(403);
        using var anonymous = service.Anonymous();
        ((int)(await anonymous.GetAsync(Path(scene, ""))).StatusCode).Should().Be(401);

        async Task Sees(HttpClient client, params string[] kinds)
        {
            foreach (var kind in all)
                ((int)(await client.GetAsync(Path(scene, $"/{kind}"))).StatusCode).Should().Be(kinds.Contains(kind) ? 200 : 404, kind);
            if (kinds.Length == 0)
                (await client.GetAsync(Path(scene, "")).ProblemCode(404)).Should().Be("campaign-not-found");
            else
                (await client.GetAsync(Path(scene, "")).Json())["items"]!
                    .AsArray()
                    .Select(each => each!["kind"]!.GetValue<string>())
                    .Should()
                    .BeEquivalentTo(kinds);
        }
    }

    [Fact]
    public async Task Only_the_campaigns_operator_adds_documents_and_every_one_is_in_the_audit()
    {
        var scene = await Published(service);
        var elsewhere = await scene.AddDraft(scene.Site);
        var (_, own) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = scene.Campaign,
            }
        );
        var (_, other) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = elsewhere,
            }
        );
        var (_, head) = await scene.Staff(
            new
            {
                role = "site_head",
                scope = "site",
                scopeId = scene.Site,
            }
        );

        await Add(scene, "order", "Приказ", by: own).Json(201);
        (await Add(scene, "order", "Приказ", by: other).ProblemCode(404)).Should().Be("campaign-not-found");
        ((int)(await Add(scene, "order", "Приказ", by: head)).StatusCode).Should().Be(403);

        var (_, auditor) = await scene.Staff(new { role = "auditor", scope = "all" });
        (await auditor.GetAsync($"{V1}/audit?action=document.added&subject=campaign:{scene.Campaign:D}").Json())["items"]!
            .AsArray()
            .Should()
            .ContainSingle();
    }

    [Fact]
    public async Task The_protocol_names_who_sat_and_nothing_else_does()
    {
        var scene = await Published(service);
        object[] members = [new { name = "Алиев Саид", post = "председатель" }, new { name = "Гаджиева Патимат", post = "эксперт" }];

        (await Add(scene, "items_protocol", "Протокол", members: []).ProblemCode(422)).Should().Be("members-invalid");
        (await Add(scene, "order", "Приказ", members: members).ProblemCode(422)).Should().Be("members-invalid");
        await Add(scene, "items_protocol", "Протокол", members: members).Json(201);

        (await Read(scene.Admin, scene, "items_protocol"))["members"]!
            .AsArray()
            .Select(member => member!["name"]!.GetValue<string>())
            .Should()
            .Equal("Алиев Саид", "Гаджиева Патимат");
    }

    [Fact]
    public async Task What_makes_no_document_is_refused_by_name()
    {
        var scene = await Published(service);
        var draft = await scene.AddDraft(scene.Site);
        var past = (service.Clock.GetCurrentInstant() - Duration.FromSeconds(1)).ToString();

        (await Add(scene, "order", "Приказ", content: "<script>alert(1)</script>").ProblemCode(422)).Should().Be("markup-unsafe");
        (await Add(scene, "order", "Приказ", content: "![](https://example.org/x.png)").ProblemCode(422)).Should().Be("markup-unsafe");
        (await Add(scene, "order", " ").ProblemCode(422)).Should().Be("text-missing");
        (await Add(scene, "order", "Приказ", inForceAt: past).ProblemCode(422)).Should().Be("in-force-past");
        (
            await scene
                .Admin.PostAsJsonAsync(
                    $"{V1}/campaigns/{draft}/documents",
                    new
                    {
                        kind = "order",
                        title = "П",
                        content = "п",
                    }
                )
                .ProblemCode(409)
        ).Should().Be("campaign-draft");
        (await scene.Admin.GetAsync(Path(scene, "/order")).ProblemCode(404)).Should().Be("document-not-found");
        (await scene.Admin.GetAsync(Path(scene, "/letter")).ProblemCode(404)).Should().Be("document-not-found");
    }

    [Fact]
    public async Task Versions_added_at_once_follow_one_another_without_a_gap()
    {
        var scene = await Published(service);
        var (_, another) = await scene.Staff(new { role = "operator", scope = "all" });

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(each => Add(scene, "order", $"Приказ {each}", by: another)));

        var versions = new List<int>();
        foreach (var answer in added)
        {
            if ((int)answer.StatusCode == 201)
                versions.Add((await Task.FromResult(answer).Json(201))["version"]!.GetValue<int>());
            else
                ((int)answer.StatusCode).Should().Be(409);
        }
        versions.Order().Should().Equal(Enumerable.Range(1, versions.Count)).And.NotBeEmpty();
    }

    private static string Path(CampaignScene scene, string rest) => $"{V1}/campaigns/{scene.Campaign}/documents{rest}";

    private static async Task<(Guid Id, HttpClient Client)> Applied(CampaignScene scene)
    {
        var (id, client) = await scene.Person();
        await scene.Apply(client).Json(201);
        return (id, client);
    }

    private static Task<HttpResponseMessage> Add(
        CampaignScene scene,
        string kind,
        string title,
        string content = "Текст",
        string? inForceAt = null,
        object[]? members = null,
        HttpClient? by = null
    ) =>
        (by ?? scene.Admin).PostAsJsonAsync(
            Path(scene, ""),
            new
            {
                kind,
                title,
                content,
                inForceAt,
                members = members ?? (kind == "items_protocol" ? [new { name = "Алиев Саид", post = "председатель" }] : null),
            }
        );

    private static Task<JsonNode> Read(HttpClient client, CampaignScene scene, string kind) =>
        client.GetAsync(Path(scene, $"/{kind}")).Json();

    private static async Task<IReadOnlyList<string>> Summaries(HttpClient client, CampaignScene scene) =>
        (await client.GetAsync(Path(scene, "")).Json())["items"]!
            .AsArray()
            .Select(each => $"{each!["kind"]!.GetValue<string>()} {each["version"]} {each["holds"]!.GetValue<bool>()}")
            .ToList();
}
