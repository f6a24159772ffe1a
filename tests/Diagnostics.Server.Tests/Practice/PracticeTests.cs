using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Practice;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Server.Tests.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Instruments;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;

namespace Diagnostics.Server.Tests.Practice;

public sealed class PracticeTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = "/api/v1";

    /// <summary>The printed case of the Instruction, with a skill that is not deficient beside it.</summary>
    private const string Case = """
        Проверяемое умение;Доля верных ответов, %;Россия, %;Регион, %;Муниципалитет, %
        формулировать основную мысль текста;48;62;58;53
        Находить в тексте сведения, заданные в явном виде;81,5;80;79;75
        """;

    private const string Reading = "mapCode=reading-literacy-5-9&mapVersion=1";

    private Database Database => service.Services.GetRequiredService<Database>();

    /// <summary>Инструкция по составлению ИОМ, метод конкретных ситуаций.</summary>
    [Fact]
    public async Task The_printed_case_is_worked_out_from_an_imported_table()
    {
        var (scene, person) = await Person();
        using var answer = await Enter(scene.Admin, person, Case);
        answer.Headers.ETag!.Tag.Should().Be("\"1\"");
        var address = answer.Headers.Location!.ToString();
        var result = await Task.FromResult(answer).Json(201);

        address.Should().Be($"{V1}/practice-results/{result.Id()}");
        (result["skills"]!.GetValue<int>(), result["deficient"]!.GetValue<int>()).Should().Be((2, 1));
        // (48 + 81.5) / 2
        result["meanShare"]!.GetValue<decimal>().Should().Be(64.75m);
        var competency = result["competencies"]!.AsArray().Single()!;
        competency["code"]!.GetValue<string>().Should().Be("methodical.planning");
        competency["block"]!.GetValue<string>().Should().Be("methodical");
        competency["deficits"]!.AsArray().Single()!.GetValue<string>().Should().Be("Формирование читательской грамотности");
        // The deficient skill has the weight 2 and the other 1: one of three points.
        competency["resultPercent"]!.GetValue<decimal>().Should().Be(33.33m);
        var skill = (await scene.Admin.GetAsync($"{V1}/practice-results/{result.Id()}/skills?deficient=true").Json()).Items().Single()!;
        skill["skill"]!.GetValue<string>().Should().Be("Формулировать основную мысль текста");
        skill["row"]!.GetValue<int>().Should().Be(2);
        skill["below"]!
            .AsArray()
            .Select(bound => bound!.GetValue<string>())
            .Should()
            .Equal("russia", "region", "municipality", "pass_mark");
        skill["shows"]![0]!["deficit"]!.GetValue<string>().Should().Be("Формирование читательской грамотности");
        var other = (await scene.Admin.GetAsync($"{V1}/practice-results/{result.Id()}/skills?deficient=false").Json()).Items().Single()!;
        (other["share"]!.GetValue<decimal>(), other["isDeficient"]!.GetValue<bool>()).Should().Be((81.5m, false));
    }

    [Fact]
    public async Task CSV_XLSX_and_JSON_with_the_same_rows_say_the_same()
    {
        var (scene, person) = await Person();
        using var workbook = new MemoryStream();
        workbook.SaveAs(
            new[]
            {
                Row("формулировать основную мысль текста", 48, 62, 58, 53),
                Row("Находить в тексте сведения, заданные в явном виде", 81.5, 80, 79, 75),
            }
        );
        var json = JsonContent.Create(
            new
            {
                rows = new object[]
                {
                    new
                    {
                        skill = "формулировать основную мысль текста",
                        share = 48,
                        russia = 62,
                        region = 58,
                        municipality = 53,
                    },
                    new
                    {
                        skill = "Находить в тексте сведения, заданные в явном виде",
                        share = 81.5,
                        russia = 80,
                        region = 79,
                        municipality = 75,
                    },
                },
            }
        );

        var results = new[]
        {
            await Enter(scene.Admin, person, Case).Json(201),
            await Enter(scene.Admin, person, File(workbook.ToArray(), TableUpload.Xlsx)).Json(201),
            await Enter(scene.Admin, person, json).Json(201),
        };

        results
            .Select(result => $"{result["deficient"]} {result["meanShare"]} {result["competencies"]!.ToJsonString()}")
            .Distinct()
            .Should()
            .ContainSingle();
        (await scene.Admin.GetAsync($"{V1}/people/{person}/practice-results?limit=2").Json()).Items().Should().HaveCount(2);

        static Dictionary<string, object> Row(string skill, double share, double russia, double region, double municipality) =>
            new()
            {
                ["Умение"] = skill,
                ["Доля верных ответов, %"] = share,
                ["Россия"] = russia,
                ["Регион"] = region,
                ["Муниципалитет"] = municipality,
            };
    }

    [Fact]
    public async Task A_bad_table_is_refused_by_row_and_column_and_nothing_of_it_is_kept()
    {
        var (scene, person) = await Person();
        var refused = await Enter(scene.Admin, person, $"{Case}\nВышивать крестиком;60;;;\nЧитать таблицы, графики и схемы;101;;;")
            .Json(422);

        refused["code"]!.GetValue<string>().Should().Be("results-invalid");
        refused["faultCount"]!.GetValue<int>().Should().Be(2);
        refused["faults"]!
            .AsArray()
            .Select(fault => (fault!["row"]!.GetValue<int>(), fault["column"]!.GetValue<string>()))
            .Should()
            .Equal((4, "A «Проверяемое умение»"), (5, "B «Доля верных ответов, %»"));
        var inJson = await Enter(scene.Admin, person, JsonContent.Create(new { rows = new[] { new { skill = "Вязать", share = 120 } } }))
            .Json(422);
        inJson["faults"]!
            .AsArray()
            .Select(fault => (fault!["row"]!.GetValue<int>(), fault["column"]!.GetValue<string>()))
            .Should()
            .Equal((1, "A «skill»"), (1, "B «share»"));
        (await Enter(scene.Admin, person, "ФИО ученика;Умение;Доля верных ответов\nИванов;Читать;50").ProblemCode(422))
            .Should()
            .Be("results-invalid", "pupils never appear as persons");
        (await Enter(scene.Admin, person, "").ProblemCode(422)).Should().Be("table-broken");
        (await Enter(scene.Admin, person, JsonContent.Create(new { rows = 1 })).ProblemCode(400)).Should().Be("malformed-json");
        (await scene.Admin.GetAsync($"{V1}/people/{person}/practice-results").Json()).Items().Should().BeEmpty();
    }

    [Fact]
    public async Task A_hundred_thousand_rows_are_taken_whole_and_one_more_is_refused()
    {
        const int Rows = 100_000;
        var (scene, person) = await Person();
        var map = new SkillMap(
            "huge",
            1,
            "Большая карта",
            new("teacher", 1),
            51,
            Enumerable
                .Range(1, Rows)
                .Select(number => new Skill($"Умение {number}", [], [new("Чтение", "methodical.planning", 1)]))
                .ToList()
        );
        await Database.Write(db =>
            InstrumentStore.Add(
                db,
                new(InstrumentKind.SkillMap, map.Code, 1, map.Title, map.Framework, CanonicalJson.Of(map)),
                service.Clock.GetCurrentInstant()
            )
        );
        var table = new StringBuilder("Умение;Доля верных ответов\n");
        for (var number = 1; number <= Rows; number++)
            table.Append(CultureInfo.InvariantCulture, $"Умение {number};{number % 100}\n");

        (await Enter(scene.Admin, person, $"{table}Ещё одно;1", "mapCode=huge&mapVersion=1").ProblemCode(413))
            .Should()
            .Be("table-too-large");
        var broken = table.ToString().Replace($"Умение {Rows};0", $"Умение {Rows};-1", StringComparison.Ordinal);
        (await Enter(scene.Admin, person, broken, "mapCode=huge&mapVersion=1").Json(422))["faults"]![0]!["row"]!
            .GetValue<int>()
            .Should()
            .Be(Rows + 1);
        (await scene.Admin.GetAsync($"{V1}/people/{person}/practice-results").Json()).Items().Should().BeEmpty();

        var result = await Enter(scene.Admin, person, table.ToString(), "mapCode=huge&mapVersion=1").Json(201);

        // Of every hundred shares 0 … 99, the 51 from 0 to 50 lie below the mark.
        (result["skills"]!.GetValue<int>(), result["deficient"]!.GetValue<int>())
            .Should()
            .Be((Rows, 51_000));
        (await scene.Admin.GetAsync($"{V1}/practice-results/{result.Id()}/skills?after={Rows - 1}").Json()).Items().Single()!["row"]!
            .GetValue<int>()
            .Should()
            .Be(Rows + 1);
    }

    [Fact]
    public async Task A_correction_is_a_further_version_and_a_withdrawal_the_last()
    {
        var (scene, person) = await Person();
        var id = (await Enter(scene.Admin, person, Case).Json(201)).Id();
        var corrected = Case.Replace(";48;", ";70;", StringComparison.Ordinal);

        (await Replace(id, corrected, null).ProblemCode(428)).Should().Be("precondition-required");
        (await Replace(id, corrected, "\"2\"").ProblemCode(412)).Should().Be("stale-revision");
        using var second = await Replace(id, corrected, "\"1\"");
        second.Headers.ETag!.Tag.Should().Be("\"2\"");
        (await Replace(id, Case, "\"1\"").ProblemCode(412)).Should().Be("stale-revision");
        (await scene.Admin.GetAsync($"{V1}/practice-results/{id}").Json())["deficient"]!.GetValue<int>().Should().Be(0);

        var withdrawal = $"{V1}/practice-results/{id}/withdrawal";
        (await scene.Admin.PostAsJsonAsync(withdrawal, new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        var key = Guid.NewGuid().ToString();
        var gone = await CampaignScene.PostOnce(scene.Admin, withdrawal, new { reason = "Таблица другого класса" }, key).Json();
        (await CampaignScene.PostOnce(scene.Admin, withdrawal, new { reason = "Таблица другого класса" }, key).Json())
            .ToJsonString()
            .Should()
            .Be(gone.ToJsonString());
        gone["withdrawn"]!["reason"]!.GetValue<string>().Should().Be("Таблица другого класса");
        (await scene.Admin.PostAsJsonAsync(withdrawal, new { reason = "Снова" }).ProblemCode(409)).Should().Be("practice-result-withdrawn");
        (await Replace(id, Case, "\"3\"").ProblemCode(409)).Should().Be("practice-result-withdrawn");
        (await scene.Admin.GetAsync($"{V1}/practice-results/{id}/skills").Json()).Items().Should().BeEmpty();
        (await scene.Admin.GetAsync($"{V1}/practice-results/{id}/versions").Json())
            .Items()
            .Select(version => (version!["version"]!.GetValue<int>(), version["deficient"]!.GetValue<int>(), version["withdrawn"] is null))
            .Should()
            .Equal((1, 1, true), (2, 0, true), (3, 0, false));

        Task<HttpResponseMessage> Replace(Guid result, string table, string? match)
        {
            var request = new HttpRequestMessage(
                HttpMethod.Put,
                $"{V1}/practice-results/{result}?mapVersion=1&title=ВПР&assessedOn=2026-05-20"
            )
            {
                Content = File(Encoding.UTF8.GetBytes(table), TableUpload.Csv),
            };
            if (match is not null)
                request.Headers.TryAddWithoutValidation("If-Match", match);
            return scene.Admin.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_table_sent_twice_with_one_key_is_entered_once()
    {
        var (scene, person) = await Person();
        var key = Guid.NewGuid().ToString();

        var ids = new[] { (await Once()).Id(), (await Once()).Id() };

        ids[0].Should().Be(ids[1]);
        (await scene.Admin.GetAsync($"{V1}/people/{person}/practice-results").Json()).Items().Should().ContainSingle();

        Task<JsonNode> Once()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Address(person, Reading))
            {
                Content = File(Encoding.UTF8.GetBytes(Case)),
            };
            request.Headers.Add("Idempotency-Key", key);
            return scene.Admin.SendAsync(request).Json(201);
        }
    }

    /// <summary>Положение о диагностике, п. 5.2.</summary>
    [Fact]
    public async Task A_head_is_assessed_by_the_founder_and_in_an_attestation()
    {
        const string School = "mapCode=school-indicators&mapVersion=1";
        const string Table = "Показатель;Значение;Регион\nДоля педагогов с первой и высшей категорией;40;55";
        var (scene, person) = await Person();

        var founder = await Enter(scene.Admin, person, Table, $"{School}&basis=founder&assessedBy=Управление образования").Json(201);
        var attestation = await Enter(
                scene.Admin,
                person,
                Table,
                $"{School}&basis=attestation&assessedBy=Аттестационная комиссия&outcome=does_not_conform"
            )
            .Json(201);

        founder["framework"]!["code"]!.GetValue<string>().Should().Be("manager");
        founder["competencies"]!.AsArray().Single()!["deficits"]!
            .AsArray()
            .Single()!
            .GetValue<string>()
            .Should()
            .Be("Профессиональное развитие педагогов");
        attestation["outcome"]!.GetValue<string>().Should().Be("does_not_conform");
        attestation["assessedBy"]!.GetValue<string>().Should().Be("Аттестационная комиссия");
        (await Enter(scene.Admin, person, Table, $"{School}&basis=founder").ProblemCode(422)).Should().Be("practice-assessor");
        (await Enter(scene.Admin, person, Table, $"{School}&assessedBy=Управление").ProblemCode(422)).Should().Be("practice-assessor");
        (await Enter(scene.Admin, person, Table, $"{School}&basis=attestation&assessedBy=Комиссия").ProblemCode(422))
            .Should()
            .Be("practice-outcome");
        (await Enter(scene.Admin, person, Table, $"{School}&outcome=maybe").ProblemCode(422)).Should().Be("practice-outcome");
        (await Enter(scene.Admin, person, Table, $"{School}&basis=rumour").ProblemCode(422)).Should().Be("practice-basis-unknown");
    }

    [Fact]
    public async Task Nothing_is_entered_without_consent_by_an_unknown_map_or_about_a_day_to_come()
    {
        var (scene, person) = await Person();
        var silent = await scene.Enrol();

        (await Enter(scene.Admin, silent, Case).ProblemCode(409)).Should().Be("participation-not-consented");
        (await Enter(scene.Admin, Guid.NewGuid(), Case).ProblemCode(404)).Should().Be("person-not-found");
        (await Enter(scene.Admin, person, Case, "mapCode=reading-literacy-5-9&mapVersion=9").ProblemCode(404))
            .Should()
            .Be("instrument-not-found");
        (await Enter(scene.Admin, person, Case, Reading, "2026-09-20").ProblemCode(422)).Should().Be("assessed-on-invalid");
        (await Enter(scene.Admin, person, Case, Reading, "вчера").ProblemCode(400)).Should().Be("malformed-request");
    }

    [Fact]
    public async Task The_person_sees_own_results_and_others_only_with_consent_and_the_audit_knows()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var (_, stranger) = await scene.Person();
        await scene.FileFor(person);
        var methodologist = (
            await scene.Staff(
                new
                {
                    role = "methodologist",
                    scope = "territory",
                    scopeId = "82-701",
                }
            )
        ).Client;
        var neighbour = (
            await scene.Staff(
                new
                {
                    role = "methodologist",
                    scope = "territory",
                    scopeId = "elsewhere",
                }
            )
        ).Client;
        var portal = await scene.Portal("82-701", "profiles.read");
        var id = (await Enter(methodologist, person, Case).Json(201)).Id();
        var (one, all) = ($"{V1}/practice-results/{id}", $"{V1}/people/{person}/practice-results");

        (await client.GetAsync(one).Json()).Id().Should().Be(id);
        (await client.GetAsync(all).Json()).Items().Should().ContainSingle();
        (await stranger.GetAsync(one).ProblemCode(404)).Should().Be("practice-result-not-found");
        (await stranger.GetAsync(all).ProblemCode(404)).Should().Be("person-not-found");
        (await neighbour.GetAsync($"{one}/skills").ProblemCode(404)).Should().Be("practice-result-not-found");
        (await Enter(neighbour, person, Case).ProblemCode(404)).Should().Be("person-not-found");
        (await Enter(client, person, Case).ProblemCode(403)).Should().Be("not-allowed");
        (await methodologist.GetAsync(one).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await portal.GetAsync(all).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        var consent = new
        {
            code = "profile-sharing",
            version = 1,
            accepted = true,
        };
        (await client.PostAsJsonAsync($"{V1}/people/{person}/consents/profile-sharing", consent)).EnsureSuccessStatusCode();
        await methodologist.GetAsync(one).Json();
        await portal.GetAsync(all).Json();

        (await Actions("practice.entered")).Should().Be(1);
        (await Actions("practice.viewed")).Should().Be(2, "one's own looks are nobody's business");

        Task<int> Actions(string action) =>
            Database.Read(async db => (await AuditStore.List(db, null, action, $"participant:{person:D}", 0, 100)).Count);
    }

    /// <summary>
    /// Twelve people with shares 42 … 90 and these results of the methodical block; the expected values are from the
    /// formulas of Fisher and of Bonett and Wright, computed outside of this product.
    /// </summary>
    [Fact]
    public async Task Shares_of_pupils_are_correlated_with_the_blocks_of_their_teachers()
    {
        decimal[] shares = [42, 48, 51, 55, 55, 60, 63, 64.5m, 70, 72, 81, 90];
        int[][] solved =
        [
            [10],
            [30],
            [20],
            [20, 30],
            [40],
            [10, 40],
            [30, 40],
            [20, 40],
            [10, 20, 30],
            [20, 30, 40],
            [10, 30, 40],
            [10, 20, 30, 40],
        ];
        MadeSlot[] slots =
        [
            .. new[] { 10, 20, 30, 40 }.Select(points => new MadeSlot("methodical", "methodical.planning.lesson", points)),
            new("subject", "subject.algebra.numbers", 5),
            new("psychological", "psychological.development.age", 5),
            new("communicative", "communicative.interaction.students", 5),
        ];
        var scene = await Scene.Make(service, formId: await MadeForm.Of(service, "practice", slots));
        var sessions = new List<Guid>();
        foreach (var points in solved)
            sessions.Add(
                await scene.Session(slot =>
                    slot.Item.Block == "methodical" && points.Contains((int)slot.Item.MaxPoints.ToDecimal()) ? Answer.Right(slot) : null
                )
            );
        await scene.Score();
        var address = $"{V1}/campaigns/{scene.Id}/practice-correlation?mapCode=reading-literacy-5-9";
        (await service.Admin.GetAsync(address).Json())["profiles"]!.GetValue<int>().Should().Be(0, "nothing is published yet");
        await service.Admin.PostAsync($"{V1}/campaigns/{scene.Id}/results/publication", null).Json();
        for (var number = 0; number < sessions.Count; number++)
        {
            if (number == 9)
            {
                var few = await service.Admin.GetAsync(address).Json();
                few["people"]!.GetValue<int>().Should().Be(9);
                few["blocks"]!.AsArray().Select(block => block!["reason"]!.GetValue<string>()).Distinct().Should().Equal("too_few_people");
            }
            var person = (await scene.Find(sessions[number]))!.ParticipantId;
            var share = shares[number].ToString(CultureInfo.InvariantCulture);
            await Enter(service.Admin, person, $"Умение;Доля верных\nФормулировать основную мысль текста;{share}").Json(201);
        }

        var found = await service.Admin.GetAsync(address).Json();

        (found["profiles"]!.GetValue<int>(), found["people"]!.GetValue<int>()).Should().Be((12, 12));
        var methodical = found["blocks"]!.AsArray().Single(block => block!["block"]!.GetValue<string>() == "methodical")!;
        Expect(methodical["pearson"]!, 0.9363417347289539, 0.7834307735653528, 0.9823564148160289);
        Expect(methodical["spearman"]!, 0.9578222173500777, 0.8109454631734105, 0.9911479718268659);
        found["blocks"]!
            .AsArray()
            .Where(block => block!["block"]!.GetValue<string>() != "methodical")
            .Select(block => block!["reason"]!.GetValue<string>())
            .Should()
            .Equal("no_variance", "no_variance", "no_variance");
        var bySkill = await service.Admin.GetAsync($"{address}&skill=Формулировать основную мысль текста").Json();
        bySkill["blocks"]!.ToJsonString().Should().Be(found["blocks"]!.ToJsonString());
        (await service.Admin.GetAsync($"{address}&skill=Читать таблицы, графики и схемы").Json())["people"]!.GetValue<int>().Should().Be(0);

        static void Expect(JsonNode estimate, double value, double lower, double upper)
        {
            estimate["value"]!.GetValue<double>().Should().BeApproximately(value, 1e-9);
            estimate["lower"]!.GetValue<double>().Should().BeApproximately(lower, 1e-9);
            estimate["upper"]!.GetValue<double>().Should().BeApproximately(upper, 1e-9);
        }
    }

    /// <summary>A person who has applied for a campaign, and so has consented to take part.</summary>
    private async Task<(CampaignScene Scene, Guid Person)> Person()
    {
        var scene = await CampaignScene.Published(service);
        var person = await scene.Enrol();
        await scene.FileFor(person);
        return (scene, person);
    }

    private static string Address(Guid person, string query, string assessedOn = "2026-05-20") =>
        $"{V1}/people/{person}/practice-results?title=ВПР, русский язык, 6 класс&assessedOn={assessedOn}&{query}";

    private static ByteArrayContent File(byte[] bytes, string type = TableUpload.Csv) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static Task<HttpResponseMessage> Enter(
        HttpClient caller,
        Guid person,
        string table,
        string query = Reading,
        string assessedOn = "2026-05-20"
    ) => caller.PostAsync(Address(person, query, assessedOn), File(Encoding.UTF8.GetBytes(table)));

    private static Task<HttpResponseMessage> Enter(HttpClient caller, Guid person, HttpContent table) =>
        caller.PostAsync(Address(person, Reading), table);
}
