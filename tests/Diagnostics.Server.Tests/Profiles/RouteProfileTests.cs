using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Api;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Profiles;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>The basis of a route: the profile per competency, from real sessions.</summary>
public sealed class RouteProfileTests(TestService service) : IClassFixture<TestService>
{
    private static readonly Func<FormSlot, Engine.ItemBank.Response?> FirstOfEach = slot => slot.Slot % 2 == 1 ? Answer.Right(slot) : null;

    [Fact]
    public async Task Block_4_of_the_route_form_is_filled_as_printed()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "file-3", MadeForm.AsPrinted));

        var profile = await Profile(await scene.Scored(FirstOfEach));

        profile["routeForm"]!["results"]!
            .AsArray()
            .Select(row => (Text(row!["adjective"]), Text(row["text"])))
            .Should()
            .Equal(
                ("коммуникативные", "17% (результат выполнения теста входной диагностики - 83%)"),
                ("методические", "48% (результат выполнения теста входной диагностики - 52%)"),
                ("предметные", "56% (результат выполнения теста входной диагностики - 44%)"),
                ("психолого-педагогические", "32% (результат выполнения теста входной диагностики - 68%)")
            );
        profile["blocks"]!
            .AsArray()
            .Select(block => (Text(block!["code"]), Text(block["result"]!["level"])))
            .Should()
            .BeEquivalentTo([("communicative", "minimal"), ("methodical", "high"), ("subject", "high"), ("psychological", "medium")]);
        profile["competencies"]!
            .AsArray()
            .Where(each => Text(each!["evidence"]) == "enough")
            .Select(each => (Text(each!["code"]), Text(each["level"])))
            .Should()
            .Equal(
                ("subject.algebra", "high"),
                ("methodical.planning", "high"),
                ("psychological.development", "medium"),
                ("communicative.interaction", "minimal")
            );
        profile["routeForm"]!["deficits"]!
            .AsArray()
            .Select(deficit => Text(deficit!["sentence"]))
            .Should()
            .Contain([
                "Низкий уровень сформированности методических компетенций в проектировании учебного процесса",
                "Средний уровень сформированности психолого-педагогических компетенций в вопросах возрастного развития и мотивации",
            ]);
        profile["blocks"]![0]!["meaning"]!["difficultyReached"]!
            .GetValue<string>()
            .Should()
            .Be("Выполняются задания преимущественно базового уровня сложности.");
    }

    [Fact]
    public async Task Lists_tell_competencies_too()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "lists", MadeForm.AsPrinted));
        var session = await scene.Scored(FirstOfEach);

        var listed = (await service.Admin.GetAsync($"/api/v1/campaigns/{scene.Id}/profiles").Json())["items"]!.AsArray().Single()!;

        listed["sessionId"]!.GetValue<Guid>().Should().Be(session);
        listed["competencies"]!.AsArray().Should().HaveCount(9, "the shipped framework has nine, asked or not");
        var planning = listed["competencies"]!.AsArray().Single(each => Text(each!["code"]) == "methodical.planning")!;
        (Text(planning["level"]), planning["deficitPercent"]!.GetValue<decimal>()).Should().Be(("high", 48m));
    }

    [Fact]
    public async Task Statistics_count_people_by_competency_and_level()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "statistics", MadeForm.AsPrinted));
        await scene.Session(FirstOfEach);
        await scene.Session(Answer.Right);
        var annulled = await scene.Session(Answer.Nothing);
        await scene.Score();
        await scene.Database.Write(db => db.Execute("UPDATE sessions SET state = 'annulled' WHERE id = @annulled", new { annulled }));

        var deficits = await service.Admin.GetAsync($"/api/v1/campaigns/{scene.Id}/deficits").Json();

        deficits["profiles"]!.GetValue<int>().Should().Be(2, "the third does not stand");
        var planning = deficits["competencies"]!.AsArray().Single(unit => Text(unit!["code"]) == "methodical.planning")!;
        planning["levels"]!
            .AsArray()
            .Select(level => (Text(level!["level"]), level["count"]!.GetValue<int>()))
            .Should()
            .Equal(("high", 1), ("minimal", 1));
        // An element tested by a single item gets no level; it gets only a hint, and only when the item is not solved.
        var lesson = deficits["elements"]!.AsArray().Single(unit => Text(unit!["code"]) == "methodical.planning.lesson")!;
        (lesson["assessed"]!.GetValue<int>(), lesson["signals"]!.GetValue<int>()).Should().Be((0, 1));
        using var foreign = await scene.Staff(Engine.Access.Role.Operator, campaign: Guid.NewGuid());
        (await foreign.GetAsync($"/api/v1/campaigns/{scene.Id}/deficits").ProblemCode(403)).Should().Be("not-your-campaign");
    }

    /// <summary>
    /// The site is in Kamchatka, where it is Monday, 14 September 2026; ten working days later is Monday, 28 September.
    /// </summary>
    [Fact]
    public async Task Dates_follow_the_calendar_from_the_publication_on_and_stay()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "dates", MadeForm.AsPrinted));
        var session = await scene.Scored(FirstOfEach);
        Dates(await Profile(session))
            .Should()
            .Be(("2026-09-14", "2027-03-14", "intermediate", null), "nothing is due before the results are published");

        await Publish(scene);

        Dates(await Profile(session)).Should().Be(("2026-09-14", "2027-03-14", "intermediate", "2026-09-28"));

        static (string?, string?, string?, string?) Dates(JsonNode profile) =>
            profile["routeForm"]!["dates"]!.AsObject() is var dates
                ? (Text(dates["diagnosedOn"]), Text(dates["nextDiagnosticOn"]), Text(dates["nextStage"]), Text(dates["draftRouteDue"]))
                : default;
    }

    /// <summary>
    /// Twelve teachers without a calibration. Each row has a teacher's points out of a hundred for each block, before
    /// and after, and the conclusions.
    /// </summary>
    [Fact]
    public async Task A_district_of_twelve_teachers_learns_what_has_changed()
    {
        var form = await MadeForm.Of(service, "district", District);
        var (entry, final) = (await Scene.Make(service, formId: form), await Scene.Make(service, formId: form));
        await final.Database.Write(db => db.Execute("UPDATE campaigns SET stage = 'final' WHERE id = @Id", new { final.Id }));
        // Each row has the points of the subject and the methodical block in the first result, the same in the second,
        // the verdict on each block, and the outcome.
        (int, int, int, int, string, string, string)[] teachers =
        [
            (40, 40, 90, 90, "removed", "removed", "successful"),
            (70, 40, 90, 90, "removed", "removed", "successful"),
            (90, 90, 90, 90, "no_deficit", "no_deficit", "successful"),
            (90, 40, 90, 90, "no_deficit", "removed", "successful"),
            (40, 40, 70, 90, "partly_removed", "removed", "not_quite_successful"),
            (40, 40, 50, 40, "partly_removed", "not_removed", "not_quite_successful"),
            (40, 40, 90, 40, "removed", "not_removed", "not_quite_successful"),
            (90, 40, 70, 90, "new", "removed", "not_quite_successful"),
            (90, 90, 40, 90, "new", "no_deficit", "not_quite_successful"),
            (40, 40, 40, 40, "not_removed", "not_removed", "unsuccessful"),
            (70, 40, 70, 40, "not_removed", "not_removed", "unsuccessful"),
            (70, 90, 40, 90, "not_removed", "no_deficit", "unsuccessful"),
        ];
        var people = new List<Guid>();
        foreach (var (subject, methodical, _, _, _, _, _) in teachers)
        {
            people.Add(await entry.Person());
            await entry.Session(Points(subject, methodical), person: people[^1]);
        }
        await entry.Score();
        await Publish(entry);
        service.Clock.Advance(Duration.FromMinutes(1));

        var sessions = new List<Guid>();
        foreach (var (teacher, at) in teachers.Select((teacher, at) => (teacher, at)))
            sessions.Add(await final.Session(Points(teacher.Item3, teacher.Item4), variant: 2, person: people[at]));
        await final.Score();

        foreach (var (teacher, session) in teachers.Zip(sessions))
        {
            var profile = await Profile(session);
            var progress = profile["progress"]!;
            Text(progress["comparability"]).Should().Be("comparable");
            progress["competencies"]!
                .AsArray()
                .Where(unit => unit!["results"]![0]!["level"] is not null)
                .Select(unit => (Text(unit!["code"]), Text(unit["verdict"])))
                .Should()
                .Equal(("subject.algebra", teacher.Item5), ("methodical.planning", teacher.Item6));
            Text(progress["conclusion"]!["outcome"]).Should().Be(teacher.Item7);
            Text(progress["conclusion"]!["route"]).Should().Be(teacher.Item7 == "successful" ? "finished" : "next_stage");
            profile["change"].Should().BeNull("no calibration says anything beside it");
            Check(ProfileSchema.Latest).Faults(profile).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task What_was_published_of_the_change_follows_the_diagnostic_that_it_rests_on()
    {
        var form = await MadeForm.Of(service, "follows", District);
        var (entry, final) = (await Scene.Make(service, formId: form), await Scene.Make(service, formId: form));
        await final.Database.Write(db => db.Execute("UPDATE campaigns SET stage = 'final' WHERE id = @Id", new { final.Id }));
        var person = await entry.Person();
        var before = await entry.Scored(Points(40, 40), person: person);
        service.Clock.Advance(Duration.FromMinutes(1));
        var after = await final.Scored(Points(90, 90), variant: 2, person: person);
        await Publish(final);
        (await Profile(after))["progress"].Should().BeNull("nothing was published before it");

        await Publish(entry);
        var followed = await Profile(after);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{before}/annulment", new { reason = "Нарушен порядок" }).Json();
        var last = await Profile(after);

        (Text(followed["progress"]!["conclusion"]!["outcome"]), Text(followed["cause"])).Should().Be(("successful", "rescored"));
        last["progress"].Should().BeNull("what it was compared with does not stand");
        (last["version"]!.GetValue<int>() - followed["version"]!.GetValue<int>(), Text(last["status"])).Should().Be((1, "final"));
        Check(ProfileSchema.Latest).Faults(last).Should().BeEmpty();
    }

    [Fact]
    public async Task A_diagnostic_of_another_specification_is_not_compared_and_says_why()
    {
        var entry = await Scene.Make(service, formId: await MadeForm.Of(service, "one-kind", District));
        var final = await Scene.Make(service, formId: await MadeForm.Of(service, "another-kind", District));
        await final.Database.Write(db => db.Execute("UPDATE campaigns SET stage = 'final' WHERE id = @Id", new { final.Id }));
        var person = await entry.Person();
        await entry.Scored(Points(40, 40), person: person);
        await Publish(entry);
        service.Clock.Advance(Duration.FromMinutes(1));

        var progress = (await Profile(await final.Scored(Points(90, 90), person: person)))["progress"]!;

        Text(progress["comparability"]).Should().Be("refused");
        Text(progress["reasons"]![0]!["code"]).Should().Be("blueprint_differs");
        progress["blocks"]!.AsArray().Should().BeEmpty();
    }

    /// <summary>
    /// A person has two entry diagnostics: the comparison uses the one that the campaign names, and otherwise the last
    /// one.
    /// </summary>
    [Fact]
    public async Task A_final_diagnostic_is_compared_with_the_entry_one_that_it_names()
    {
        var form = await MadeForm.Of(service, "named", District);
        var (first, second, final) = (
            await Scene.Make(service, formId: form),
            await Scene.Make(service, formId: form),
            await Scene.Make(service, formId: form)
        );
        await final.Database.Write(db =>
            db.Execute(
                "UPDATE campaigns SET stage = 'final', entry_campaign_id = @entry WHERE id = @Id",
                new { final.Id, entry = first.Id }
            )
        );
        var person = await first.Person();
        var named = await first.Scored(Points(40, 40), person: person);
        await Publish(first);
        service.Clock.Advance(Duration.FromMinutes(1));
        await second.Scored(Points(90, 40), variant: 2, person: person);
        await Publish(second);
        service.Clock.Advance(Duration.FromMinutes(1));

        var progress = (await Profile(await final.Scored(Points(90, 90), variant: 3, person: person)))["progress"]!;

        progress["steps"]![0]!["sessionId"]!.GetValue<Guid>().Should().Be(named);
        progress["competencies"]!
            .AsArray()
            .Where(unit => unit!["results"]![0]!["level"] is not null)
            .Select(unit => (Text(unit!["code"]), Text(unit["verdict"])))
            .Should()
            .Equal(("subject.algebra", "removed"), ("methodical.planning", "removed"));
    }

    [Fact]
    public async Task Whoever_reads_schema_1_0_gets_what_it_knows_and_nothing_more()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "schema", MadeForm.AsPrinted));
        var profile = await Profile(await scene.Scored(FirstOfEach));
        var address = $"/api/v1/profiles/{Text(profile["id"])}";

        using var first = await Ask(address, $"{ProfileSchema.MediaType}; version=1.0");
        using var latest = await Ask(address, $"{ProfileSchema.MediaType}; version=2.0, application/json; q=0.5");

        first.Content.Headers.ContentType!.ToString().Should().Be($"{ProfileSchema.MediaType}; version=1.0; charset=utf-8");
        latest.Content.Headers.ContentType!.ToString().Should().Be($"{ProfileSchema.MediaType}; version=2.0; charset=utf-8");
        first.Headers.Vary.Should().Contain("Accept");
        first.Headers.ETag.Should().NotBe(latest.Headers.ETag, "they are two texts");
        var old = JsonNode.Parse(await first.Content.ReadAsStringAsync())!;
        Check(ProfileSchema.First).Faults(old).Should().BeEmpty();
        old.AsObject().Select(member => member.Key).Should().NotContain(["schema", "competencies", "routeForm"]);
        // The parts that the two schemas have in common are equal.
        Text(old["blocks"]![0]!["routeFormText"]).Should().Be(Text(profile["blocks"]![0]!["routeFormText"]));
        JsonNode.DeepEquals(old["elements"], profile["elements"]).Should().BeTrue();
        Check(ProfileSchema.Latest).Faults(profile).Should().BeEmpty();
        Check(ProfileSchema.First).Faults(profile).Should().NotBeEmpty("strict readers of 1.0 ask for it");
    }

    /// <summary>
    /// Version 2.0 has every member of 1.0 in the same place and with the same type, and required members stay
    /// required.
    /// </summary>
    [Fact]
    public async Task Later_schemas_only_add()
    {
        using var anyone = service.Anonymous();
        var (first, latest) = (
            await anyone.GetAsync("/api/v1/profiles/schema?version=1.0").Json(),
            await anyone.GetAsync("/api/v1/profiles/schema?version=2.0").Json()
        );

        Missing(first.AsObject(), latest.AsObject(), "$").Should().BeEmpty();
        JsonNode.DeepEquals(latest, await anyone.GetAsync("/api/v1/profiles/schema").Json()).Should().BeTrue();
        (await anyone.GetAsync("/api/v1/profiles/schema?version=3.0").ProblemCode(404)).Should().Be("schema-not-found");

        static IEnumerable<string> Missing(JsonObject old, JsonObject now, string place)
        {
            foreach (var (name, value) in old)
            {
                if (name is "$id" or "title" or "description" || (name == "type" && JsonNode.DeepEquals(value, now[name])))
                    continue;
                if (now[name] is not { } other)
                    yield return $"{place}.{name}";
                else if (name == "required")
                {
                    foreach (var required in value!.AsArray())
                        if (other.AsArray().All(each => !JsonNode.DeepEquals(each, required)))
                            yield return $"{place}.required {required}";
                }
                else if (value is JsonObject members && other is JsonObject others)
                {
                    foreach (var missing in Missing(members, others, $"{place}.{name}"))
                        yield return missing;
                }
                else if (!JsonNode.DeepEquals(value, other))
                    yield return $"{place}.{name} differs";
            }
        }
    }

    [Fact]
    public async Task What_was_issued_by_schema_1_0_stays_as_it_was()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "old-one", MadeForm.AsPrinted));
        var session = await scene.Scored(FirstOfEach);
        var issued = (await scene.Database.Read(db => ProfileStore.Latest(db, session)))!;
        var old = issued with
        {
            Id = Guid.NewGuid(),
            Version = 2,
            Content = ProfileSchema.First.Of(issued.Content),
            Fingerprint = "of-1-0",
        };
        await scene.Database.Write(async db =>
        {
            await ProfileStore.Add(db, old);
            return 0;
        });

        using var answer = await Ask($"/api/v1/profiles/{old.Id}", $"{ProfileSchema.MediaType}; version=2.0");
        using var sheet = await Ask($"/api/v1/profiles/{old.Id}/sheet", "text/html");

        answer.Content.Headers.ContentType!.Parameters.Should().Contain(new NameValueHeaderValue("version", "1.0"));
        (await answer.Content.ReadAsStringAsync()).Should().Be(old.Content);
        (await new HtmlParser().ParseDocumentAsync(await sheet.Content.ReadAsStringAsync()))
            .Body!.TextContent.Should()
            .Contain("48% (результат выполнения теста входной диагностики - 52%)");
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items()[1]!["competencies"]!
            .AsArray()
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task The_sheet_is_one_page_of_words_without_script_or_style_in_it()
    {
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "sheet", MadeForm.AsPrinted));
        await scene.Database.Write(async db =>
        {
            // A policy that a careless author has filled with markup.
            var shipped = PolicyJson.Read<ProfilePolicy>((await PolicyStore.Find(db, PolicyKind.Profile, "default", 1))!.Content);
            var words = shipped.Words[0];
            var levels = words.Levels.Select(level => level with { Meaning = "<script>alert(1)</script> & «слабая»" }).ToList();
            var marked = shipped with { Words = [words with { Levels = levels }, .. shipped.Words.Skip(1)] };
            await PolicyStore.Add(
                db,
                new Policy(PolicyKind.Profile, "marked", 1, CanonicalJson.Of(marked)),
                service.Clock.GetCurrentInstant(),
                null
            );
            return await db.Execute(
                "UPDATE campaign_policies SET code = 'marked', version = 1 WHERE campaign_id = @Id AND kind = 'profile'",
                new { scene.Id }
            );
        });
        var session = await scene.Scored(FirstOfEach);
        await Publish(scene);
        var id = Text((await Profile(session))["id"]);

        using var answer = await Ask($"/api/v1/profiles/{id}/sheet", "text/html");
        var html = await answer.Content.ReadAsStringAsync();
        var page = await new HtmlParser().ParseDocumentAsync(html);

        answer.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'; style-src 'self'");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        page.QuerySelectorAll("script, style, iframe, [style], [onclick], [onload]").Should().BeEmpty();
        html.Should().Contain("&lt;script&gt;");
        page.DocumentElement.GetAttribute("lang").Should().Be("ru");
        page.QuerySelectorAll("table").Should().OnlyContain(table => table.QuerySelectorAll("thead th[scope=col]").Any());
        page.Body!.TextContent.Should()
            .ContainAll(
                "17% (результат выполнения теста входной диагностики - 83%)",
                "Неумение решать стандартные профессиональные задачи.",
                "Низкий уровень сформированности методических компетенций в проектировании учебного процесса.",
                "составляется до 28\u00A0сентября 2026\u00A0г. включительно",
                "не может быть основанием для взысканий"
            );
        var style = page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        using var css = await service
            .Anonymous()
            .GetAsync(new Uri(new Uri($"{service.Url}/api/v1/profiles/{id}/sheet"), style).AbsolutePath);
        css.Content.Headers.ContentType!.MediaType.Should().Be("text/css");
        (await css.Content.ReadAsStringAsync()).Should().Contain("size: A4");
        using var stranger = await scene.Taker(await scene.Person());
        (await stranger.GetAsync($"/api/v1/profiles/{id}/sheet").ProblemCode(404)).Should().Be("profile-not-found");
    }

    private static readonly MadeSlot[] District =
    [
        .. new[] { 40, 10, 20, 20, 10 }.Select(
            (points, at) => new MadeSlot("subject", at % 2 == 0 ? "subject.algebra.numbers" : "subject.algebra.equations", points)
        ),
        .. new[] { 40, 10, 20, 20, 10 }.Select(
            (points, at) => new MadeSlot("methodical", at % 2 == 0 ? "methodical.planning.goals" : "methodical.planning.lesson", points)
        ),
    ];

    /// <summary>
    /// Solves the first items of each block, until their points add up to the given sum: 40, 50, 70, 90 or 100.
    /// </summary>
    private static Func<FormSlot, Engine.ItemBank.Response?> Points(int subject, int methodical)
    {
        int[] sums = [40, 50, 70, 90, 100];
        return slot => sums[(slot.Slot - 1) % 5] <= (slot.Slot <= 5 ? subject : methodical) ? Answer.Right(slot) : null;
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static SchemaCheck Check(ProfileSchema schema) => new(JsonNode.Parse(schema.Text)!.AsObject());

    private async Task<HttpResponseMessage> Ask(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await service.Admin.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue();
        return answer;
    }

    private async Task<JsonNode> Profile(Guid session)
    {
        var latest = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Last()!;
        return await service.Admin.GetAsync($"/api/v1/profiles/{latest["id"]}").Json();
    }

    private Task Publish(Scene scene) => service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
}

/// <summary>
/// A later stage of the procedure can add its own evidence, although the code of profiles knows nothing about that
/// stage.
/// </summary>
public sealed class FurtherEvidenceTests : IAsyncLifetime
{
    private readonly TestService service = new()
    {
        Replace = services =>
            services.AddSingleton<FurtherEvidence>(
                (_, subject) =>
                    Task.FromResult<IReadOnlyList<Evidence>>([
                        Evidence.Rated(
                            "observation",
                            subject.TakenAt,
                            "communicative",
                            "communicative.interaction",
                            Engine.Points.From(4),
                            (Engine.Points.From(1), Engine.Points.From(5))
                        ),
                    ])
            ),
    };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task It_is_summed_and_stays_visible()
    {
        var scene = await Scene.Make(
            service,
            formId: await MadeForm.Of(service, "observed", [new("communicative", "communicative.interaction.students", 6)])
        );
        var session = await scene.Scored(Answer.Nothing);
        var latest = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Last()!;

        var profile = await service.Admin.GetAsync($"/api/v1/profiles/{latest["id"]}").Json();

        profile["sources"]!.AsArray().Select(source => source!["source"]!.GetValue<string>()).Should().Equal("observation", "test");
        // 0 of 6 points in the test and 3 of 4 in the observation make 3 of 10.
        profile["blocks"]![0]!["result"]!["resultPercent"]!.GetValue<decimal>().Should().Be(30m);
        profile["competencies"]!.AsArray().Single(each => each!["code"]!.GetValue<string>() == "communicative.interaction")!["items"]!
            .GetValue<int>()
            .Should()
            .Be(2);
        new SchemaCheck(JsonNode.Parse(ProfileSchema.Latest.Text)!.AsObject()).Faults(profile).Should().BeEmpty();
    }
}
