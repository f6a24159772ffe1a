using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Observation;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Server.Tests.Profiles;
using Diagnostics.Storage.Instruments;
using Diagnostics.Storage.People;

namespace Diagnostics.Server.Tests.ComplexProfiles;

/// <summary>
/// People about whom every form of diagnostics can find any multiple of ten percent in one competency: a test of 40, 30, 20
/// and 10 points, a sheet of ten criteria, a table of ten skills and a question with a scale from 0 to 10.
/// </summary>
internal sealed class ComplexScene
{
    internal const string V1 = "/api/v1";
    internal const string Block = "methodical";
    internal const string Competency = "methodical.planning";

    private static readonly FrameworkReference Framework = new("teacher", 1);

    private readonly TestService service;
    private readonly string instrument = CampaignScene.Unique("complex");

    private ComplexScene(TestService service, Scene campaign) => (this.service, Campaign) = (service, campaign);

    internal Scene Campaign { get; }

    internal HttpClient Admin => service.Admin;

    internal static async Task<ComplexScene> Of(TestService service)
    {
        MadeSlot[] slots = [.. new[] { 40, 30, 20, 10 }.Select(points => new MadeSlot(Block, $"{Competency}.lesson", points))];
        var scene = new ComplexScene(
            service,
            await Scene.Make(service, formId: await MadeForm.Of(service, CampaignScene.Unique("complex"), slots))
        );
        await scene.AddInstruments();
        return scene;
    }

    /// <summary>A person who takes part, and the result of the test, which is not published yet.</summary>
    internal async Task<Guid> Person(int? test)
    {
        var person = await Campaign.Person();
        if (test is { } percent)
        {
            var left = percent;
            var solved = new[] { 40, 30, 20, 10 }.Where(points => Takes(ref left, points)).ToList();
            await Campaign.Session(
                slot => solved.Contains((int)slot.Item.MaxPoints.ToDecimal()) ? Answer.Right(slot) : null,
                person: person
            );
        }
        else
        {
            await Campaign.Database.Write(async db =>
            {
                await ConsentStore.Add(
                    db,
                    new ConsentRow
                    {
                        Id = Guid.CreateVersion7(),
                        ParticipantId = person,
                        Kind = ConsentStore.Participation,
                        TextCode = "participation",
                        TextVersion = 1,
                        GivenAt = service.Clock.GetCurrentInstant(),
                    }
                );
                return 0;
            });
        }
        return person;
    }

    internal async Task Publish()
    {
        await Campaign.Score();
        await Admin.PostAsync($"{V1}/campaigns/{Campaign.Id}/results/publication", null).Json();
    }

    /// <summary>The id of the observation.</summary>
    internal async Task<Guid> Observe(Guid person, int percent)
    {
        var observation = (
            await Admin
                .PostAsJsonAsync(
                    $"{V1}/people/{person}/observations",
                    new
                    {
                        sheet = new { code = instrument, version = 1 },
                        title = "Урок",
                        heldOn = "2026-09-10",
                        experts = Array.Empty<Guid>(),
                    }
                )
                .Json(201)
        ).Id();
        await Admin
            .PostAsJsonAsync(
                $"{V1}/observations/{observation}/sheets",
                new
                {
                    header = new { },
                    ratings = Enumerable.Range(0, 10).ToDictionary(number => $"k{number}", number => number < percent / 10 ? 1 : 0),
                    conclusions = "Цель названа.",
                    recommendations = "Продолжать.",
                    self = true,
                }
            )
            .Json(201);
        return observation;
    }

    internal Task WithdrawObservation(Guid observation) =>
        Admin.PostAsJsonAsync($"{V1}/observations/{observation}/withdrawal", new { reason = "Внесено по ошибке" }).Json();

    /// <summary>The id of the table.</summary>
    internal async Task<Guid> Practise(Guid person, int percent) =>
        (
            await Admin
                .PostAsJsonAsync(
                    $"{V1}/people/{person}/practice-results?mapCode={instrument}&mapVersion=1&title=ВПР&assessedOn=2026-05-20",
                    Table(percent)
                )
                .Json(201)
        ).Id();

    internal Task<JsonNode> Correct(Guid table, int revision, int percent) =>
        CampaignScene
            .PutAt(Admin, $"{V1}/practice-results/{table}?mapVersion=1&title=ВПР&assessedOn=2026-05-20", Table(percent), revision)
            .Json();

    internal Task WithdrawTable(Guid table) =>
        Admin.PostAsJsonAsync($"{V1}/practice-results/{table}/withdrawal", new { reason = "Внесено по ошибке" }).Json();

    internal async Task<Guid> Ask(Guid person, int percent) =>
        (
            await Admin
                .PostAsJsonAsync(
                    $"{V1}/people/{person}/questionnaire-sessions",
                    new
                    {
                        questionnaire = new { code = instrument, version = 1 },
                        answeredOn = "2026-09-12",
                        answers = new { s = new { chosen = Array.Empty<string>(), rating = percent / 10 } },
                    }
                )
                .Json(201)
        ).Id();

    /// <param name="weights">Weight of each source: test, observation, practice, self-diagnosis; 0 leaves it out.</param>
    internal async Task<string> AddPolicy(string rule, params int[] weights)
    {
        var code = CampaignScene.Unique("policy");
        await Admin.PostAsJsonAsync($"{V1}/policies", Policy(code, rule, weights)).Json(201);
        return code;
    }

    internal static object Policy(string code, string rule, params int[] weights) =>
        new
        {
            kind = "complex_profile",
            code,
            content = Content(rule, weights),
        };

    internal static JsonObject Content(string rule, params int[] weights) =>
        new()
        {
            ["rule"] = rule,
            ["sources"] = new JsonArray([
                .. new[] { "test", "observation", "practice", "self_diagnosis" }
                    .Zip(weights)
                    .Where(source => source.Second > 0)
                    .Select(source => new JsonObject
                    {
                        ["source"] = source.First,
                        ["title"] = source.First,
                        ["weight"] = source.Second,
                        ["enough"] = new JsonObject { ["minItems"] = 1, ["minPoints"] = 1 },
                        ["poolDays"] = 0,
                    }),
            ]),
            ["contradictionFrom"] = 2,
            ["levelScale"] = new JsonObject { ["code"] = "default", ["version"] = 1 },
        };

    internal Task<HttpResponseMessage> Ask(Guid person, string policy, HttpClient? by = null) =>
        (by ?? Admin).PostAsJsonAsync($"{V1}/people/{person}/complex-profiles", new { policy = new { code = policy, version = 1 } });

    /// <summary>Makes the complex profile and reads its document.</summary>
    internal async Task<JsonNode> Make(Guid person, string policy) => await Document((await Ask(person, policy).Json()).Id());

    internal Task<JsonNode> Document(Guid id) => Admin.GetAsync($"{V1}/complex-profiles/{id}").Json();

    internal async Task<IReadOnlyList<JsonNode>> Versions(Guid person) =>
        [.. (await Admin.GetAsync($"{V1}/people/{person}/complex-profiles").Json()).Items().Select(one => one!)];

    /// <summary>The document of the last version.</summary>
    internal async Task<JsonNode> Latest(Guid person) => await Document((await Versions(person))[^1].Id());

    internal static JsonNode Methodical(JsonNode document) =>
        document["blocks"]!.AsArray().Select(block => block!["whole"]!).Single(block => block["code"]!.GetValue<string>() == Block);

    private static bool Takes(ref int left, int points)
    {
        if (points > left)
            return false;
        left -= points;
        return true;
    }

    private static object Table(int percent) =>
        new
        {
            rows = Enumerable.Range(0, 10).Select(number => new { skill = $"Умение {number}", share = number < percent / 10 ? 100 : 0 }),
        };

    private async Task AddInstruments()
    {
        var none = new Dictionary<string, string>();
        await Add(
            InstrumentKind.ObservationSheet,
            new ObservationSheet(
                instrument,
                1,
                "Лист",
                ObservedOccasion.OpenLesson,
                Framework,
                SheetScale.YesNo,
                new(ReconcileRule.Mean, 1, SelfAlone: true),
                [],
                [.. Enumerable.Range(0, 10).Select(number => new SheetCriterion($"k{number}", $"Критерий {number}", Competency, 1, none))]
            )
        );
        await Add(
            InstrumentKind.SkillMap,
            new SkillMap(
                instrument,
                1,
                "Карта",
                Framework,
                51,
                [.. Enumerable.Range(0, 10).Select(number => new Skill($"Умение {number}", [], [new("Затруднение", Competency, 1)]))]
            )
        );
        await Add(
            InstrumentKind.Questionnaire,
            new Questionnaire(
                instrument,
                1,
                "Анкета",
                Framework,
                "Вступление",
                [new("a", "Раздел", [new("s", "Вопрос?", QuestionKind.Scale, [], false, Competency, null, new(0, "нет", 10, "да"))])]
            )
        );
    }

    private Task<bool> Add(InstrumentKind kind, object document) =>
        Campaign.Database.Write(db =>
            InstrumentStore.Add(
                db,
                new(kind, instrument, 1, "Инструмент", Framework, CanonicalJson.Of(document)),
                service.Clock.GetCurrentInstant()
            )
        );
}
