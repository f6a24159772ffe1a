using Diagnostics.Server.Commands;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Instruments;

public sealed class InstrumentsTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = "/api/v1";

    private static readonly Instant Now = Instant.FromUtc(2026, 11, 30, 6, 0);

    [Fact]
    public async Task The_shipped_instruments_are_listed_by_kind()
    {
        (await service.Admin.GetAsync($"{V1}/instruments").Json()).Items().Should().HaveCount(8);
        (await service.Admin.GetAsync($"{V1}/instruments?kind=questionnaire").Json())
            .Items()
            .Select(one => $"{one!["code"]}/{one["version"]} {one["framework"]!["code"]}/{one["framework"]!["version"]} {one["title"]}")
            .Should()
            .Equal(
                "school-head/1 manager/1 Самодиагностика руководителя образовательной организации",
                "teacher-mathematics-5-9/1 teacher/1 Самодиагностика учителя математики, 5–9 классы",
                "young-teacher/2 teacher/1 Затруднения молодого учителя математики"
            );
        (await service.Admin.GetAsync($"{V1}/instruments?kind=survey").ProblemCode(422)).Should().Be("instrument-kind-unknown");
    }

    /// <summary>Инструкция по составлению ИОМ: the printed example of a skill and of the deficit that it shows.</summary>
    [Fact]
    public async Task A_map_of_skills_tells_the_printed_example()
    {
        var map = await service.Admin.GetAsync($"{V1}/instruments/skill_map/reading-literacy-5-9/1").Json();

        var skill = map["content"]!["skills"]![0]!;
        skill["name"]!.GetValue<string>().Should().Be("Формулировать основную мысль текста");
        skill["shows"]![0]!["deficit"]!.GetValue<string>().Should().Be("Формирование читательской грамотности");
        map["content"]!["passMark"]!.GetValue<decimal>().Should().Be(51);
    }

    [Theory]
    [InlineData("skill_map/reading-literacy-5-9/2")]
    [InlineData("skill_map/unknown/1")]
    [InlineData("questionnaire/reading-literacy-5-9/1")]
    [InlineData("survey/reading-literacy-5-9/1")]
    public async Task What_does_not_exist_is_not_found(string path) =>
        (await service.Admin.GetAsync($"{V1}/instruments/{path}").ProblemCode(404)).Should().Be("instrument-not-found");

    [Fact]
    public async Task Whoever_has_not_signed_in_reads_no_instrument()
    {
        using var stranger = service.Anonymous();

        (await stranger.GetAsync($"{V1}/instruments")).StatusCode.Should().Be(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_changed_version_is_left_out_and_reported_and_the_next_one_is_added()
    {
        using var folder = new TemporaryFolder();
        using var bank = new TemporaryFolder();
        await using var database = new Database(folder.File("diagnostics.db"));
        await Migrator.Migrate(database, Now);
        await BankFolder.Import(database, new NodeClock(TimeProvider.System), Repository.Bank, "test", TextWriter.Null);
        const string Map = """
            skillMap: own
            version: 1
            title: Своя карта
            framework: {code: teacher, version: 1}
            passMark: 51
            skills:
              - skill: Читать
                shows: [{deficit: Чтение, competency: methodical.planning}]
            """;

        (await Import(Map)).Should().Be((0, ""));
        (await Import(Map)).Should().Be((0, ""), "the version is known");
        (await Import(Map.Replace("51", "60", StringComparison.Ordinal)))
            .Should()
            .Be(
                (
                    1,
                    "Версия 1 инструмента «Своя карта» уже есть с другим содержанием, а версии не меняются. "
                        + "Верните прежний текст или поставьте следующий номер версии."
                )
            );
        (
            await Import(
                Map.Replace("51", "60", StringComparison.Ordinal)
                    .Replace("version: 1\ntitle", "version: 2\ntitle", StringComparison.Ordinal)
            )
        )
            .Should()
            .Be((0, ""));
        var (errors, told) = await Import(Map.Replace("methodical.planning", "methodical.singing", StringComparison.Ordinal));
        errors.Should().Be(1);
        told.Should().StartWith("instruments/skill-maps/own.yaml:8: error element-unknown");

        async Task<(int Errors, string Told)> Import(string text)
        {
            Directory.CreateDirectory(bank.File("instruments/skill-maps"));
            await File.WriteAllTextAsync(bank.File("instruments/skill-maps/own.yaml"), text);
            var output = new StringWriter();
            var errors = await InstrumentFolder.Import(database, Now, bank.Path, "test", output);
            return (errors, output.ToString().Trim());
        }
    }

    [Fact]
    public async Task The_command_lint_checks_instruments_too()
    {
        using var bank = new TemporaryFolder();
        Directory.CreateDirectory(bank.File("frameworks"));
        File.Copy(Path.Combine(Repository.Bank, "frameworks", "teacher.yaml"), bank.File("frameworks/teacher.yaml"));
        Directory.CreateDirectory(bank.File("instruments/observation"));
        await File.WriteAllTextAsync(
            bank.File("instruments/observation/lesson.yaml"),
            """
            sheet: lesson
            version: 1
            title: Лист
            occasion: open_lesson
            framework: {code: teacher, version: 1}
            scale: yes_no
            reconciliation: {rule: mean, differenceFrom: 1}
            criteria:
              - {code: a, text: Учитель называет цель и объясняет план урока, competency: methodical.planning}
              - {code: a, text: Урок начат вовремя, competency: methodical.planning}
            """
        );
        var output = new StringWriter();

        (await BankVerbs.Lint(bank.Path, output)).Should().Be(1);

        output
            .ToString()
            .Should()
            .Contain("instruments/observation/lesson.yaml:9: warning question-double")
            .And.Contain("error code-duplicate");
    }
}
