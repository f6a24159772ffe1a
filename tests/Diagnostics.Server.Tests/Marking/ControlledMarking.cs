using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// A campaign whose experts may have to qualify and may get control scripts, and the steps of its marking, over HTTP.
/// </summary>
public abstract class ControlledMarking(TestService service)
{
    private protected const string BenchmarkText = "Эталонный ответ №";

    private protected TestService Service => service;

    private protected static MarkingPolicy Controlled(int every = 2, int experts = 1) =>
        new(experts, LeaseMinutes: 30) { Control = new(every, Points.From(1)) };

    /// <summary>A campaign with the given number of answers to one open item.</summary>
    private protected async Task<(Scene Scene, string Item)> Scripts(MarkingPolicy policy, int people)
    {
        var scene = await Scene.Make(Service, policy);
        var item = OpenItems(scene)[0];
        for (var person = 0; person < people; person++)
        {
            var number = person;
            await scene.Session(slot => slot.Item.Code == item ? new ExtendedResponse($"Ответ {number}") : null);
        }
        await scene.Score();
        return (scene, item);
    }

    private protected static List<string> OpenItems(Scene scene) =>
        scene
            .Slots()
            .Where(slot => slot.Item.Type is ItemType.ExtendedResponse)
            .Select(slot => slot.Item.Code)
            .Order(StringComparer.Ordinal)
            .ToList();

    private protected static Dictionary<string, decimal> Full(Scene scene, string item) =>
        ((ExtendedTask)scene.Form.OfItem(item)!.Item.Body).Rubric.Criteria.ToDictionary(
            criterion => criterion.Code,
            criterion => criterion.Maximum.ToDecimal()
        );

    private protected async Task<List<JsonNode>> Benchmark(
        Scene scene,
        string item,
        string purpose,
        int count = 1,
        HttpClient? client = null
    )
    {
        var made = new List<JsonNode>();
        for (var number = 1; number <= count; number++)
            made.Add(await Post(client ?? Service.Admin, scene, item, null, purpose, $"{BenchmarkText}{number} ({purpose})").Json(201));
        return made;
    }

    private protected static Task<HttpResponseMessage> Post(
        HttpClient client,
        Scene scene,
        string item,
        Dictionary<string, decimal>? criteria = null,
        string purpose = "control",
        string answer = "Эталон",
        string comment = "Согласовано: всё верно."
    ) =>
        client.PostAsJsonAsync(
            "/api/v1/marking/benchmarks",
            new
            {
                campaignId = scene.Id,
                itemCode = item,
                purpose,
                answer,
                criteria = criteria ?? Full(scene, item),
                comment,
            }
        );

    private protected async Task Retire(Scene scene, string item)
    {
        foreach (
            var benchmark in (await Service.Admin.GetAsync($"/api/v1/marking/benchmarks?campaignId={scene.Id}").Json())["items"]!
                .AsArray()
                .Where(each => each!["itemCode"]!.GetValue<string>() == item)
        )
            await Service
                .Admin.PostAsJsonAsync(
                    $"/api/v1/marking/benchmarks/{benchmark!["id"]!.GetValue<Guid>()}/retirement",
                    new { reason = "Спорный ответ." }
                )
                .Json();
    }

    private protected static Task<HttpResponseMessage> Claim(HttpClient expert, Scene scene, string? itemCode = null) =>
        expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id, itemCode });

    /// <summary>Claims the next script and marks it a minute later.</summary>
    private protected async Task<JsonNode> Give(HttpClient expert, Scene scene, string item, bool full)
    {
        var script = await Marks.Claim(expert, scene, item);
        Service.Clock.Advance(Duration.FromMinutes(1));
        await Marks.Award(expert, script, full).Json();
        return script;
    }

    /// <summary>Claims scripts and returns them, until the script with the given answer comes.</summary>
    private protected static async Task<JsonNode> ClaimUntil(HttpClient expert, Scene scene, string item, string text)
    {
        while (true)
            if (await Marks.Claim(expert, scene, item) is var script && Text(script) == text)
                return script;
    }

    private protected static Task<HttpResponseMessage> Decide(
        HttpClient client,
        Scene scene,
        Guid expert,
        string item,
        string act,
        string reason = "Разобрано с экспертом."
    ) => client.PostAsJsonAsync($"/api/v1/marking/admissions/{expert}/{item}/{act}", new { campaignId = scene.Id, reason });

    /// <summary>The chair of a commission, who may give the deciding reading.</summary>
    private protected async Task<HttpClient> Chair(Scene scene)
    {
        var (client, account) = await scene.Newcomer("Институт развития образования");
        var commission = await Service
            .Admin.PostAsJsonAsync(
                "/api/v1/commissions",
                new
                {
                    campaignId = scene.Id,
                    kind = "marking",
                    title = "РК",
                }
            )
            .Json(201);
        await Service
            .Admin.PostAsJsonAsync(
                $"/api/v1/commissions/{commission["id"]!.GetValue<Guid>()}/members",
                new
                {
                    accountId = account,
                    role = "chair",
                    standing = "lead",
                }
            )
            .Json(201);
        return client;
    }

    private protected static async Task<string> Standing(HttpClient expert, Scene scene, string item) =>
        (await expert.GetAsync($"/api/v1/marking/admissions/mine?campaignId={scene.Id}").Json())
            .Items()
            .Single(each => each!["itemCode"]!.GetValue<string>() == item)!["state"]!.GetValue<string>();

    private protected async Task<string> Progress(Scene scene) =>
        (await Service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json()).ToJsonString();

    private protected static Task<IReadOnlyList<MarkingRound>> Rounds(Scene scene) =>
        scene.Database.Read<IReadOnlyList<MarkingRound>>(async db =>
        {
            var rounds = new List<MarkingRound>();
            foreach (var session in await db.Query<Guid>("SELECT id FROM sessions WHERE campaign_id = @Id", new { scene.Id }))
                rounds.AddRange(await RoundStore.OfSession(db, session));
            return rounds;
        });

    private protected static async Task<IReadOnlyList<MarkingRound>> RoundsOf(Scene scene, Guid session, int slot) =>
        (await scene.Database.Read(db => RoundStore.OfSession(db, session))).Where(round => round.Slot == slot).ToList();

    /// <summary>Answers for which a second look has called for another reading that has not yet been given.</summary>
    private protected static async Task<IReadOnlyList<string>> Called(Scene scene, string item) => (
            await scene.Database.Read(db =>
                db.Query<string>(
                    """
                    SELECT r.content
                    FROM marking_tasks AS t JOIN session_responses AS r ON r.session_id = t.session_id AND r.slot = t.slot
                    WHERE t.campaign_id = @Id AND t.item_code = @item AND t.thirds = 1 AND t.state = 'waiting' AND t.third_reason LIKE 'Второй взгляд%'
                    """,
                    new { scene.Id, item }
                )
            )
        ).Select(answer => JsonNode.Parse(answer)!["text"]!.GetValue<string>()).ToList();

    private protected static string Text(JsonNode script) => script["answer"]!.GetValue<string>();

    /// <summary>Names and kinds of all fields, in order.</summary>
    private protected static string Shape(JsonNode node) =>
        node switch
        {
            JsonObject fields =>
                $"{{{string.Join(',', fields.Select(field => $"{field.Key}:{(field.Value is null ? "null" : Shape(field.Value))}"))}}}",
            JsonArray elements => $"[{string.Join(',', elements.Select(element => element is null ? "null" : Shape(element)))}]",
            _ => node.GetValueKind().ToString(),
        };
}
