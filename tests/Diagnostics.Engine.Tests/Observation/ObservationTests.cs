using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Observation;
using Diagnostics.Engine.Tests.ItemBank;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Observation;

public sealed class ObservationTests
{
    private static readonly Instant Lesson = Instant.FromUtc(2026, 10, 7, 6, 0);
    private static readonly (IReadOnlyList<ObservationSheet> Sheets, IReadOnlyList<Finding> Findings) Shipped = ObservationSheetFiles.Read(
        ShippedBank.Files,
        ShippedBank.Reading.Bank.Frameworks
    );

    [Fact]
    public void The_shipped_sheets_are_read_without_findings()
    {
        Shipped.Findings.Should().BeEmpty();
        Shipped
            .Sheets.Select(sheet => (sheet.Code, sheet.Occasion))
            .Should()
            .Equal(("head-meeting", ObservedOccasion.Meeting), ("open-lesson-mathematics", ObservedOccasion.OpenLesson));
        foreach (var sheet in Shipped.Sheets)
        {
            // Every competency of the framework is seen by enough criteria for a level.
            var seen = sheet
                .Criteria.GroupBy(criterion => criterion.Competency)
                .ToDictionary(group => group.Key, group => group.Sum(one => one.Weight));
            Framework(sheet)
                .Blocks.SelectMany(block => block.Competencies)
                .Should()
                .OnlyContain(one => seen.GetValueOrDefault(one.Code) >= 2);
        }
    }

    /// <summary>A rating's distance from the lowest one, out of the distance between the ends of the scale.</summary>
    [Theory]
    [InlineData(SheetScale.YesNo, 0, "нет", 0, 1)]
    [InlineData(SheetScale.YesNo, 1, "да", 1, 1)]
    [InlineData(SheetScale.ZeroToTwo, 1, "1", 1, 2)]
    [InlineData(SheetScale.OneToFive, 1, "1", 0, 4)]
    [InlineData(SheetScale.OneToFive, 4, "4", 3, 4)]
    [InlineData(SheetScale.LowMediumHigh, 1, "низкий", 0, 2)]
    [InlineData(SheetScale.LowMediumHigh, 2, "средний", 1, 2)]
    [InlineData(SheetScale.LowMediumHigh, 3, "высокий", 2, 2)]
    public void A_sheet_on_every_scale_gives_evidence(SheetScale scale, int rating, string label, int earned, int maximum)
    {
        var sheet = Sheet(scale);
        var filled = Filled(rating);

        scale.Label(rating).Should().Be(label);
        filled.Check(sheet, []).Should().BeNull();
        var evidence = Result(sheet, filled).Evidence(sheet, Teacher, Lesson);
        evidence.Should().HaveCount(3);
        evidence[0]
            .Should()
            .Be(
                new Engine.Profiles.Evidence(
                    "observation",
                    Lesson,
                    "methodical",
                    "methodical.planning",
                    Points.From(earned),
                    Points.From(maximum),
                    "methodical.planning.goals",
                    Weight: 3
                )
            );
    }

    [Theory]
    // One expert: the rating itself.
    [InlineData(ReconcileRule.Agreed, new[] { 4 }, null, 4.0)]
    // One step apart: the mean, whatever the rule.
    [InlineData(ReconcileRule.Agreed, new[] { 4, 5 }, null, 4.5)]
    [InlineData(ReconcileRule.Lowest, new[] { 4, 5 }, null, 4.5)]
    // Three steps apart: the rule.
    [InlineData(ReconcileRule.Mean, new[] { 2, 5 }, null, 3.5)]
    [InlineData(ReconcileRule.Lowest, new[] { 2, 5 }, null, 2.0)]
    [InlineData(ReconcileRule.Agreed, new[] { 2, 5 }, null, null)]
    [InlineData(ReconcileRule.Agreed, new[] { 2, 5 }, 4, 4.0)]
    // Three experts: 13 / 3 = 4.333…
    [InlineData(ReconcileRule.Mean, new[] { 4, 4, 5 }, null, 4.333)]
    [InlineData(ReconcileRule.Lowest, new[] { 1, 4, 5 }, null, 1.0)]
    public void Ratings_that_are_far_apart_are_reconciled_by_the_policy(ReconcileRule rule, int[] ratings, int? agreed, double? joint)
    {
        var sheet = Sheet(SheetScale.OneToFive) with { Reconciliation = new(rule, 2, SelfAlone: false) };
        var result = ObservationResult.Of(
            sheet,
            [.. ratings.Select(rating => Filled(rating, others: 3))],
            agreed is null ? new Dictionary<string, int>() : new Dictionary<string, int> { ["a"] = agreed.Value }
        );

        result.Criteria[0].Rating?.ToDecimal().Should().Be((decimal?)joint);
        result.Open.Should().Equal(joint is null ? ["a"] : []);
        result.Evidence(sheet, Teacher, Lesson).Should().HaveCount(joint is null ? 2 : 3);
    }

    [Fact]
    public void An_agreed_rating_that_nobody_asked_for_is_an_error()
    {
        var sheet = Sheet(SheetScale.OneToFive) with { Reconciliation = new(ReconcileRule.Agreed, 2, SelfAlone: false) };
        var unasked = () => ObservationResult.Of(sheet, [Filled(4), Filled(5)], new Dictionary<string, int> { ["a"] = 4 });
        var offScale = () => ObservationResult.Of(sheet, [Filled(1), Filled(5)], new Dictionary<string, int> { ["a"] = 6 });

        unasked.Should().Throw<ArgumentException>();
        offScale.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_self_observation_stands_beside_the_experts_and_is_never_averaged_with_them()
    {
        var sheet = Sheet(SheetScale.OneToFive);
        var both = Result(sheet, Filled(2), Filled(5, role: ObserverRole.Self)).Criteria[0];
        var alone = Result(sheet, Filled(5, role: ObserverRole.Self)).Criteria[0];
        var counted = Result(
            sheet with
            {
                Reconciliation = sheet.Reconciliation with { SelfAlone = true },
            },
            Filled(5, role: ObserverRole.Self)
        ).Criteria[0];

        (both.Self, both.Rating).Should().Be((5, Points.From(2)));
        (alone.Self, alone.Rating).Should().Be((5, null));
        counted.Rating.Should().Be(Points.From(5));
    }

    /// <summary>
    /// The expected alpha is an exact fraction, from the coincidence matrix of Krippendorff (2019), chapter 12, and its
    /// ordinal metric.
    /// </summary>
    [Fact]
    public void Agreement_counts_equal_ratings_and_neighbours_and_gives_alpha()
    {
        var sheet = Sheet(SheetScale.OneToFive, criteria: 6);
        // Units: (1,1) (2,3) (3,3) (4,2) (5,5) (4,–).
        int?[] first = [1, 2, 3, 4, 5, 4],
            second = [1, 3, 3, 2, 5, null];
        var agreement = Result(sheet, Filled(sheet, first), Filled(sheet, second)).Agreement!;

        (agreement.Criteria, agreement.Same, agreement.OneStep).Should().Be((5, 3, 1));
        agreement.Alpha.Should().BeApproximately(1103.0 / 1580, 1e-9);
    }

    [Fact]
    public void Where_agreement_has_no_coefficient_the_reason_is_named()
    {
        var sheet = Sheet(SheetScale.YesNo);

        Result(sheet, Filled(1)).Agreement.Should().BeNull();
        Result(sheet, Filled(1, others: 1), Filled(1, others: 1)).Agreement!.Reason.Should().Be(NoAgreement.NoVariance);
        Result(sheet, Filled(sheet, [1, null, null]), Filled(sheet, [null, 1, 0]))
            .Agreement!.Reason.Should()
            .Be(NoAgreement.NothingInCommon);
    }

    [Fact]
    public void Swapping_the_experts_changes_nothing() =>
        Prop.ForAll(
                Gen.Choose(0, 2).ListOf(6).Two().ToArbitrary(),
                pair =>
                {
                    var sheet = Sheet(SheetScale.ZeroToTwo, criteria: 6);
                    FilledSheet[] filled =
                    [
                        Filled(sheet, [.. pair.Item1.Select(rating => (int?)rating)]),
                        Filled(sheet, [.. pair.Item2.Select(rating => (int?)rating)]),
                    ];
                    return CanonicalJson.Of(Result(sheet, filled)) == CanonicalJson.Of(Result(sheet, [filled[1], filled[0]]));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_sheet_with_faults_is_refused_with_each_of_them()
    {
        var sheet = Sheet(SheetScale.ZeroToTwo);
        var filled = new FilledSheet(
            Guid.NewGuid(),
            ObserverRole.Expert,
            new Dictionary<string, string> { ["room"] = "12" },
            new Dictionary<string, int?>
            {
                ["a"] = 3,
                ["b"] = null,
                ["z"] = 1,
            },
            " ",
            ""
        );

        ((IReadOnlyList<string>)filled.Check(sheet, [])!.Facts["faults"]!)
            .Should()
            .Equal(
                "В заголовке листа нет поля «room».",
                "Поле «Тема» пусто.",
                "В листе нет критерия «z».",
                "Критерий «a»: оценка 3 не из шкалы 0–2.",
                "Критерий «c» не оценён и не отмечен как не наблюдавшийся.",
                "Поле «Заключение» пусто.",
                "Поле «Рекомендации» пусто."
            );
        Filled(sheet, [null, null, null]).Check(sheet, [])!.Detail.Should().Be("Не оценён ни один критерий.");
    }

    [Fact]
    public void Two_sheets_of_one_person_for_one_lesson_are_refused()
    {
        var sheet = Sheet(SheetScale.YesNo);
        var (first, self) = (Filled(1), Filled(1, role: ObserverRole.Self));

        (first with { Conclusions = "Другое" }).Check(sheet, [first])!.Code.Should().Be("sheet-filled-already");
        Filled(1, role: ObserverRole.Self).Check(sheet, [self])!.Code.Should().Be("sheet-filled-already");
        Filled(0).Check(sheet, [first, self]).Should().BeNull("double observation is by two people");
    }

    [Theory]
    [InlineData("Знаете ли вы приёмы чтения и применяете ли их?", true)]
    [InlineData("Вы знаете приёмы чтения и применяете их на уроке?", true)]
    [InlineData("Что вам трудно? Почему?", true)]
    [InlineData("Учитель называет цель и объясняет план урока", true)]
    [InlineData("Учитель называет цель и план урока", false)]
    [InlineData("Как часто вы ведёте учёт и расчёт расходов?", false)]
    [InlineData("Есть ли у вас кабинет и интернет?", false)]
    [InlineData("Руководитель называет, кто вправе принять решение по вопросу", false)]
    public void A_double_criterion_is_found(string text, bool isDouble) => Findings(text).Contains("question-double").Should().Be(isDouble);

    [Theory]
    [InlineData("Согласны ли вы, что урок был удачным?", true)]
    [InlineData("Разве можно учить без наглядности?", true)]
    [InlineData("Как вы выбираете наглядность?", false)]
    [InlineData("Ведёте ли вы дневник?", false)]
    public void A_leading_criterion_is_found(string text, bool isLeading) =>
        Findings(text).Contains("question-leading").Should().Be(isLeading);

    [Fact]
    public void A_sheet_with_errors_is_left_out_and_every_error_is_named()
    {
        var (sheets, findings) = ObservationSheetFiles.Read(
            new(
                new Dictionary<string, string>
                {
                    ["instruments/observation/spoilt.yaml"] = """
                    sheet: spoilt
                    version: 1
                    title: Лист
                    occasion: picnic
                    framework: {code: teacher, version: 9}
                    scale: zero_to_two
                    reconciliation: {rule: agreed, differenceFrom: 3}
                    criteria:
                      - code: a
                        text: Урок эффективен
                        competency: methodical.planning
                        ratings: {0: Нет., 1: Да.}
                      - {code: a, text: Урок начат вовремя, competency: methodical.planning}
                    """,
                }
            ),
            ShippedBank.Reading.Bank.Frameworks
        );

        sheets.Should().BeEmpty();
        findings
            .Select(finding => (finding.Line, finding.Code))
            .Should()
            .BeEquivalentTo([
                (4, "field-invalid"),
                (5, "framework-unknown"),
                (7, "field-invalid"),
                (9, "code-duplicate"),
                (10, "question-vague"),
                (12, "field-invalid"),
            ]);
    }

    private static IEnumerable<string> Findings(string text) =>
        ObservationSheetFiles
            .Read(
                new(
                    new Dictionary<string, string>
                    {
                        ["instruments/observation/one.yaml"] = $"""
                        sheet: one
                        version: 1
                        title: Лист
                        occasion: talk
                        framework: {"{code: teacher, version: 1}"}
                        scale: yes_no
                        reconciliation: {"{rule: mean, differenceFrom: 1}"}
                        criteria:
                          - code: a
                            text: '{text}'
                            competency: methodical.planning
                        """,
                    }
                ),
                ShippedBank.Reading.Bank.Frameworks
            )
            .Findings.Select(finding => finding.Code);

    private static ObservationSheet Sheet(SheetScale scale, int criteria = 3) =>
        new(
            "sheet",
            1,
            "Лист",
            ObservedOccasion.OpenLesson,
            new("teacher", 1),
            scale,
            new(ReconcileRule.Mean, 1, SelfAlone: false),
            [new("topic", "Тема")],
            [
                .. Enumerable
                    .Range(0, criteria)
                    .Select(place => new SheetCriterion(
                        ((char)('a' + place)).ToString(),
                        "Критерий",
                        "methodical.planning",
                        3,
                        new Dictionary<string, string>(),
                        "methodical.planning.goals"
                    )),
            ]
        );

    /// <param name="others">Rating of the second and third criterion; the same as the first when null.</param>
    private static FilledSheet Filled(int rating, int? others = null, ObserverRole role = ObserverRole.Expert) =>
        new(
            Guid.NewGuid(),
            role,
            new Dictionary<string, string> { ["topic"] = "Дроби" },
            new Dictionary<string, int?>
            {
                ["a"] = rating,
                ["b"] = others ?? rating,
                ["c"] = others ?? rating,
            },
            "Заключение",
            "Рекомендация"
        );

    private static FilledSheet Filled(ObservationSheet sheet, int?[] ratings) =>
        Filled(0) with
        {
            Ratings = sheet.Criteria.Zip(ratings).ToDictionary(pair => pair.First.Code, pair => pair.Second),
        };

    private static ObservationResult Result(ObservationSheet sheet, params FilledSheet[] filled) =>
        ObservationResult.Of(sheet, filled, new Dictionary<string, int>());

    private static Framework Teacher => ShippedBank.Reading.Bank.Frameworks.Single(framework => framework.Code == "teacher");

    private static Framework Framework(ObservationSheet sheet) =>
        ShippedBank.Reading.Bank.Frameworks.Single(framework => framework.Code == sheet.Framework.Code);
}
