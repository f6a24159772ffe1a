using System.Text;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Profiles;
using Diagnostics.Engine.Tables;
using Diagnostics.Engine.Tests.ItemBank;
using Diagnostics.Engine.Tests.Profiles;
using NodaTime;

namespace Diagnostics.Engine.Tests.Practice;

public sealed class PracticeResultsTests
{
    private const string Headings = "Умение;Доля верных ответов, %;Россия, %;Регион, %;Муниципалитет, %;Граница";

    private static readonly Instant Assessed = Instant.FromUtc(2026, 5, 20, 9, 0);
    private static readonly (IReadOnlyList<SkillMap> Maps, IReadOnlyList<Finding> Findings) Shipped = SkillMapFiles.Read(
        ShippedBank.Files,
        ShippedBank.Reading.Bank.Frameworks
    );

    [Fact]
    public void The_shipped_maps_are_read_without_findings()
    {
        Shipped.Findings.Should().BeEmpty();
        Shipped.Maps.Select(map => map.Code).Should().Equal("mathematics-5-9", "reading-literacy-5-9", "school-indicators");
        ShippedBank.Reading.Findings.Should().NotContain(finding => finding.File.StartsWith("instruments/", StringComparison.Ordinal));
    }

    /// <summary>Инструкция по составлению ИОМ, метод конкретных ситуаций, its printed example.</summary>
    [Fact]
    public void The_printed_case_of_the_main_idea_of_a_text()
    {
        var results = Read(
            $"""
            {Headings}
            формулировать основную мысль текста;48;62;58;53;
            Находить в тексте сведения, заданные в явном виде;81,5;80;79;75;
            """
        );

        var mainIdea = results.Skills[0];
        mainIdea.Result.Should().Be(new SkillResult(2, "Формулировать основную мысль текста", 48, 62, 58, 53, null));
        mainIdea.IsDeficient.Should().BeTrue();
        mainIdea.Below.Should().Equal(SkillBound.Russia, SkillBound.Region, SkillBound.Municipality, SkillBound.PassMark);
        mainIdea.Shows.Select(shown => shown.Deficit).Should().Equal("Формирование читательской грамотности");
        results.Skills[1].IsDeficient.Should().BeFalse();
        results.Skills[1].Result.Share.Should().Be(81.5m);
        // The first skill has the weight 2 and is deficient, the second 1 and is not: 1 of 3 points.
        var evidence = results.Evidence(Framework("teacher"), Assessed);
        evidence
            .Select(one => (one.Source, one.At, one.Block, one.Competency, one.Element, one.Earned, one.Maximum, one.Weight))
            .Should()
            .Equal(
                ("practice", Assessed, "methodical", "methodical.planning", "methodical.planning.lesson", Points.Zero, Points.From(1), 2),
                ("practice", Assessed, "methodical", "methodical.planning", "methodical.planning.lesson", Points.From(1), Points.From(1), 1)
            );
        ComplexProfile
            .Of(
                Framework("teacher"),
                Scales.Default,
                new(JoinRule.Worst, [new("practice", "Практика", 100, new(1, Points.From(1)), 0)], 2, new("default", 1)),
                evidence
            )
            .Blocks[1]
            .Whole.Sources.Single()
            .ResultPercent.Should()
            .Be(33.33m);
    }

    [Theory]
    // Equal to every reference and to the mark: not below any of them.
    [InlineData("51;51;51;51;", new SkillBound[] { })]
    [InlineData("50,9;;;;", new[] { SkillBound.PassMark })]
    [InlineData("60;60,1;;;", new[] { SkillBound.Russia })]
    [InlineData("60;59;61;;", new[] { SkillBound.Region })]
    [InlineData("60;;;60.5;", new[] { SkillBound.Municipality })]
    // The table's own mark replaces 51.
    [InlineData("45;;;;40", new SkillBound[] { })]
    [InlineData("60 %;;;;61%", new[] { SkillBound.PassMark })]
    [InlineData("0;0;0;0;0", new SkillBound[] { })]
    [InlineData("100;100;100;100;100", new SkillBound[] { })]
    public void A_skill_is_deficient_below_any_bound(string cells, SkillBound[] below) =>
        Read($"{Headings}\nЧитать таблицы, графики и схемы;{cells}").Skills.Single().Below.Should().Equal(below);

    [Fact]
    public void Every_fault_of_a_table_is_named_by_row_and_column()
    {
        var refusal = Refused(
            $"""
            {Headings}
            Вышивать крестиком;60;;;;
            ;60;;;;
            Объяснять значение слова по тексту;;;;;
            Читать таблицы, графики и схемы;101;;;;
            Проверять достоверность сведений;60;-1;много;;
            Оценивать достоверность информации;60;;;;
            """
        );

        refusal.Code.Should().Be("results-invalid");
        ((IReadOnlyList<TableFault>)refusal.Facts["faults"]!)
            .Select(fault => (fault.Row, fault.Column, fault.Message))
            .Should()
            .Equal(
                (2, "A «Умение»", "Умения «Вышивать крестиком» нет в карте «Читательская грамотность, 5–9 классы»."),
                (3, "A «Умение»", "Умение не названо."),
                (4, "B «Доля верных ответов, %»", "Доля не указана."),
                (5, "B «Доля верных ответов, %»", "101 — не от 0 до 100 процентов."),
                (6, "C «Россия, %»", "-1 — не от 0 до 100 процентов."),
                (6, "D «Регион, %»", "«много» — не число процентов."),
                (7, "A «Умение»", "Умение «Оценивать достоверность информации» уже есть в строке 6.")
            );
        refusal.Facts["faultCount"].Should().Be(7);
    }

    [Theory]
    [InlineData("Доля верных;Россия\n60;50", "Нет столбца «Умение».")]
    [InlineData("Умение;Россия\nЧитать таблицы, графики и схемы;50", "Нет столбца «Доля верных ответов, %».")]
    [InlineData("Умение;Выполнение;Выполнение, %\nа;1;2", "Такой столбец уже есть левее.")]
    [InlineData("Умение;Выполнение", "Под заголовками нет ни одной строки.")]
    [InlineData("Умение;ФИО обучающегося;Выполнение\nа;б;1", "Сведения об отдельных обучающихся не принимаются: удалите этот столбец.")]
    public void Wrong_headings_are_refused(string text, string message) =>
        ((IReadOnlyList<TableFault>)Refused(text).Facts["faults"]!).Select(fault => fault.Message).Should().Contain(message);

    [Fact]
    public void Columns_that_nobody_needs_are_left_out() =>
        Read("№;Класс;Проверяемое умение;Доля учеников;Выполнение\n1;7;Читать таблицы, графики и схемы;10;70")
            .Skills.Single()
            .Result.Share.Should()
            .Be(70);

    [Fact]
    public void A_map_with_errors_is_left_out_and_every_error_is_named()
    {
        const string Map = """
            skillMap: spoilt
            version: 1
            title: Карта
            framework: {code: teacher, version: 1}
            passMark: 0
            skills:
              - skill: Читать
                shows:
                  - {deficit: Чтение, competency: resources.finance}
              - skill: Писать
                also: [читать]
                shows:
                  - {deficit: Письмо, competency: methodical.planning, element: methodical.digital.tools, weight: 11}
            """;

        var (maps, findings) = SkillMapFiles.Read(
            new(new Dictionary<string, string> { ["instruments/skill-maps/spoilt.yaml"] = Map }),
            ShippedBank.Reading.Bank.Frameworks
        );

        maps.Should().BeEmpty();
        findings
            .Select(finding => (finding.Line, finding.Code))
            .Should()
            .BeEquivalentTo([
                (5, "field-invalid"),
                (9, "element-unknown"),
                (10, "code-duplicate"),
                (13, "field-invalid"),
                (13, "element-unknown"),
            ]);
    }

    private static PracticeResults Read(string csv) =>
        PracticeResults.Of(Map, SkillTable.Read(TableFile.Read(Encoding.UTF8.GetBytes(csv)).Value, Map).Value);

    private static Refusal Refused(string csv) =>
        SkillTable.Read(TableFile.Read(Encoding.UTF8.GetBytes(csv)).Value, Map).Refusal
        ?? throw new InvalidOperationException("The table was taken.");

    private static SkillMap Map => Shipped.Maps.Single(map => map.Code == "reading-literacy-5-9");

    private static Framework Framework(string code) => ShippedBank.Reading.Bank.Frameworks.Single(framework => framework.Code == code);
}
