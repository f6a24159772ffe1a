using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>
/// Plays the other forms of diagnostics for people of a campaign: tables of their pupils' results, self-diagnosis, and a
/// lesson that two experts observe, and the complex profile that joins them. All numbers follow from the person's place in the list.
/// </summary>
internal sealed class DemoOtherForms(Impersonation acting, ApiClient admin, IClock clock, Action<DemoProgress> report)
{
    private const string Part = "Другие формы диагностики";
    private const string Map = "mathematics-5-9";
    private const string Questionnaire = "teacher-mathematics-5-9";
    private const string Sheet = "open-lesson-mathematics";
    private const int WithSelfDiagnosis = 6;
    private const int Observed = 2;

    /// <param name="people">The people with their own sign-ins.</param>
    internal async Task Play(IReadOnlyList<(Guid Person, ApiClient Api)> people)
    {
        var skills = (await Content("skill_map", Map))["skills"]!.AsArray().Select(skill => skill!["name"]!.GetValue<string>()).ToList();
        var questions = (await Content("questionnaire", Questionnaire))["sections"]!
            .AsArray()
            .SelectMany(section => section!["questions"]!.AsArray())
            .Select(question => question!)
            .ToList();
        for (var number = 0; number < people.Count; number++)
        {
            report(new(Part, number, people.Count));
            await EnterPractice(people[number].Person, skills, number);
            if (number < WithSelfDiagnosis)
                await Answer(people[number].Api, questions, number);
        }
        // Those who are observed get a second version of it, because the observation is a further source.
        foreach (var (person, api) in people)
            await api.Post($"people/{person}/complex-profiles", new { });
        await Observe(people.Take(Observed).Select(one => one.Person).ToList());
        report(new(Part, people.Count, people.Count));
    }

    private async Task<JsonNode> Content(string kind, string code) => (await admin.Get($"instruments/{kind}/{code}/1"))!["content"]!;

    private DateOnly Today => clock.GetCurrentInstant().InUtc().Date.ToDateOnly();

    private Task EnterPractice(Guid person, List<string> skills, int number) =>
        admin.Post(
            $"people/{person}/practice-results?mapCode={Map}&mapVersion=1&title=ВПР, математика&assessedOn={Today.AddMonths(-4):O}",
            new
            {
                rows = skills.Select(
                    (skill, place) =>
                        new
                        {
                            skill,
                            share = 38 + (number * 7 + place * 11) % 55,
                            russia = 62,
                            region = 58,
                            municipality = 55,
                        }
                ),
            }
        );

    private static async Task Answer(ApiClient person, List<JsonNode> questions, int number)
    {
        var session = (await person.Post("questionnaire-sessions", new { questionnaire = new { code = Questionnaire, version = 1 } }))![
            "id"
        ]!;
        var manifest = new JsonObject();
        foreach (var (place, question) in questions.Index())
        {
            var code = question["code"]!.GetValue<string>();
            var saved = await person.Put(
                $"questionnaire-sessions/{session}/answers/{code}",
                new { baseRevision = 0, answer = AnswerTo(question, number + place) }
            );
            manifest[code] = saved!["revision"]!.GetValue<int>();
        }
        await person.Post($"questionnaire-sessions/{session}/finish", new JsonObject { ["manifest"] = manifest });
    }

    private static JsonObject AnswerTo(JsonNode question, int number)
    {
        var answer = new JsonObject { ["chosen"] = new JsonArray() };
        if (question["scale"] is { } scale)
        {
            var (lowest, highest) = (scale["lowest"]!.GetValue<int>(), scale["highest"]!.GetValue<int>());
            answer["rating"] = lowest + number % (highest - lowest + 1);
        }
        else if (question["options"]!.AsArray() is { Count: > 0 } options)
            answer["chosen"] = new JsonArray(options[number % options.Count]!["id"]!.GetValue<string>());
        else
            answer["text"] = "Труднее всего даются уроки, на которых часть класса решает быстро, а остальные только начинают.";
        return answer;
    }

    private async Task Observe(List<Guid> people)
    {
        var experts = new List<(Guid Account, ApiClient Api)>();
        foreach (var name in (string[])["observer-one", "observer-two"])
        {
            var made = (await admin.Post("accounts", new { userName = name, grants = new[] { new { role = "expert", scope = "all" } } }))!;
            var account = made["accountId"]!.GetValue<Guid>();
            experts.Add((account, acting.As(account)));
        }
        var criteria = (await Content("observation_sheet", Sheet))["criteria"]!
            .AsArray()
            .Select(criterion => criterion!["code"]!.GetValue<string>())
            .ToList();
        foreach (var person in people)
        {
            var observation = (
                await admin.Post(
                    $"people/{person}/observations",
                    new
                    {
                        sheet = new { code = Sheet, version = 1 },
                        title = "Урок геометрии, 8 «Б»",
                        heldOn = Today,
                        experts = experts.Select(expert => expert.Account),
                    }
                )
            )!["id"]!;
            foreach (var (place, expert) in experts.Index())
                await expert.Api.Post(
                    $"observations/{observation}/sheets",
                    new
                    {
                        header = new Dictionary<string, string> { ["class"] = "8 «Б»", ["topic"] = "Признаки равенства треугольников" },
                        // On the first criterion the experts are two points apart.
                        ratings = criteria.Index().ToDictionary(one => one.Item, one => one.Index == 0 ? 2 * place : 1 + one.Index % 2),
                        conclusions = "Урок построен по плану, цель названа.",
                        recommendations = "Завершать урок заданием на проверку.",
                    }
                );
            await experts[0]
                .Api.Post($"observations/{observation}/agreement", new { ratings = new Dictionary<string, int> { [criteria[0]] = 1 } });
        }
        foreach (var (_, api) in experts)
            api.Dispose();
    }
}
