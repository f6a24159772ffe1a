using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Profiles;
using Diagnostics.TestKit;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>The profile per competency, as clauses 3.4–3.4.2 define it.</summary>
public sealed class CompetencyTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 9, 0);

    private static readonly IReadOnlyList<Framework> Frameworks = BankReader.Read(BankFiles.Load(Repository.Bank)).Bank.Frameworks;

    [Fact]
    public void A_competency_tells_how_much_is_known_of_it()
    {
        var profile = Build([
            // Two items worth 3 points together are enough evidence.
            Of("subject", 1, 1, "a"),
            Of("subject", 1, 2, "b"),
            // A single item gives only a signal, however many points it is worth.
            Of("methodical", 0, 4),
            // Two items worth 2 points together give only a signal.
            Of("psychological", 1, 1),
            Of("psychological", 1, 1),
        ]);

        profile
            .Competencies!.Select(each => (each.Code, each.Items, each.Evidence, each.Level, each.Signal))
            .Should()
            .Equal(
                ("subject.c", 2, CompetencyEvidence.Enough, DeficitLevel.Medium, null),
                ("methodical.c", 1, CompetencyEvidence.Signal, null, ElementSignal.PossibleDeficit),
                ("psychological.c", 2, CompetencyEvidence.Signal, null, ElementSignal.NoSign),
                ("communicative.c", 0, CompetencyEvidence.None, null, null)
            );
        var subject = profile.Competencies![0];
        (subject.Earned, subject.Maximum, subject.ResultPercent, subject.DeficitPercent)
            .Should()
            .Be((Points.From(2), Points.From(3), 66.66m, 33.34m));
        profile.Competencies[3].ResultPercent.Should().BeNull("nothing was asked");
    }

    [Theory]
    [InlineData("59.999", DeficitLevel.High, false)]
    [InlineData("60", DeficitLevel.Medium, true)]
    [InlineData("60.999", DeficitLevel.Medium, true)]
    [InlineData("61", DeficitLevel.Medium, false)]
    [InlineData("80", DeficitLevel.Medium, false)]
    [InlineData("80.001", DeficitLevel.Medium, true)]
    [InlineData("80.999", DeficitLevel.Medium, true)]
    [InlineData("81", DeficitLevel.Minimal, false)]
    public void A_competencys_level_is_decided_on_the_exact_fraction(string earned, DeficitLevel level, bool boundaryCase)
    {
        var points = decimal.Parse(earned, System.Globalization.CultureInfo.InvariantCulture);
        var competency = Build([Of("subject", Math.Min(points, 50), 50), Of("subject", Math.Max(points - 50, 0), 50)]).Competencies![0];

        (competency.Level, competency.BoundaryCase).Should().Be((level, boundaryCase));
    }

    /// <summary>Clauses 3.4.1 and 3.4.2 word for word, except for the opening words of each sentence.</summary>
    [Theory]
    [InlineData(
        "subject",
        DeficitLevel.High,
        "Слабая предметная подготовка, которая позволяет выполнять задания преимущественно базового уровня сложности."
    )]
    [InlineData(
        "subject",
        DeficitLevel.Medium,
        "Недостаточная предметная подготовка, которая позволяет выполнять задания базового и частично продвинутого уровня сложности."
    )]
    [InlineData(
        "subject",
        DeficitLevel.Low,
        "Достаточная предметная подготовка, которая обеспечивает выполнение заданий всех уровней сложности."
    )]
    [InlineData("subject", DeficitLevel.Minimal, "Умение решать профессиональные задачи в нестандартных ситуациях.")]
    [InlineData("methodical", DeficitLevel.High, "Неумение решать стандартные профессиональные задачи.")]
    [InlineData("psychological", DeficitLevel.Medium, "Неумение решать профессиональные задачи в новых условиях.")]
    [InlineData("communicative", DeficitLevel.Minimal, "Умение решать профессиональные задачи в нестандартных ситуациях.")]
    [InlineData("processes", DeficitLevel.High, "Неумение решать стандартные управленческие задачи.")]
    [InlineData("personnel", DeficitLevel.Medium, "Неумение решать управленческие задачи в новых условиях.")]
    [InlineData("information", DeficitLevel.Minimal, "Неумение решать управленческие задачи в нестандартных ситуациях.")]
    public void A_level_means_what_the_regulation_says(string block, DeficitLevel level, string meaning) =>
        Scales.Shipped.WordsOf(block)!.Of(level).Meaning.Should().Be(meaning);

    /// <summary>The table of clause 3.4 for subject deficits.</summary>
    [Theory]
    [InlineData(59, "Профессиональное развитие по технологии индивидуального плана")]
    [InlineData(61, "Профессиональное развитие по технологии индивидуального плана или повышение квалификации по предметным программам")]
    [InlineData(81, "Профессиональное развитие в области предметных компетенций на основе неформального и информального образования")]
    public void Subject_deficits_are_made_good_as_the_table_says(int percent, string recommendation) =>
        Build([Of("subject", percent, 100)], Scales.Shipped).Blocks[0].Result.Recommendation.Should().Be(recommendation);

    [Fact]
    public void Whoever_has_earned_every_point_is_not_told_of_a_deficit()
    {
        var block = Build(
            [Of("processes", 5, 5, framework: Manager), Of("resources", 49, 50, framework: Manager)],
            Scales.Shipped,
            Manager
        ).Blocks;

        block[0].Meaning!.Meaning.Should().Be("Дефицит не выявлен, выполнены все задания.");
        block[1].Meaning!.Meaning.Should().Be("Неумение решать управленческие задачи в нестандартных ситуациях.");
    }

    /// <summary>Items count as solved from 60 % and as partly solved from 30 %, as in the shipped policy.</summary>
    [Theory]
    [InlineData(59, 100, 100, "Задания базового уровня сложности выполняются не полностью.")]
    [InlineData(60, 29, 100, "Выполняются задания преимущественно базового уровня сложности.")]
    [InlineData(100, 30, 0, "Выполняются задания базового и частично продвинутого уровня сложности.")]
    [InlineData(60, 60, 59, "Выполняются задания базового и продвинутого уровня сложности.")]
    [InlineData(60, 60, 60, "Выполняются задания всех уровней сложности.")]
    public void Subject_competencies_are_told_by_difficulty_too(int basic, int typical, int unusual, string words)
    {
        var profile = Build(
            [
                Of("subject", basic, 100, difficulty: 1),
                Of("subject", typical, 100, difficulty: 2),
                Of("subject", unusual, 100, difficulty: 3),
                Of("methodical", basic, 100, difficulty: 1),
                Of("methodical", typical, 100, difficulty: 2),
            ],
            Scales.Shipped
        );

        profile.Blocks[0].Meaning!.DifficultyReached.Should().Be(words);
        profile.Competencies![0].Meaning!.DifficultyReached.Should().Be(words);
        profile.Blocks[1].Meaning!.DifficultyReached.Should().BeNull("the regulation speaks of difficulty only there");
    }

    /// <summary>
    /// The lowest difficulty has one item worth one point, as in the shipped form, so failing that item says little.
    /// </summary>
    [Theory]
    [InlineData(16, 17, "Выполняются задания всех уровней сложности.")]
    [InlineData(8, 17, "Выполняются задания базового и частично продвинутого уровня сложности.")]
    [InlineData(4, 17, null)]
    public void A_single_easy_item_that_was_missed_contradicts_no_harder_ones_that_were_done(int typical, int maximum, string? words)
    {
        var profile = Build(
            [
                Of("subject", 0, 1, difficulty: 1),
                Of("subject", typical, maximum, difficulty: 2),
                Of("subject", typical, maximum, difficulty: 3),
            ],
            Scales.Shipped
        );

        profile.Blocks[0].Meaning!.DifficultyReached.Should().Be(words);
    }

    [Theory]
    [InlineData("level-scale.yaml", "80.99", DeficitLevel.Medium)]
    [InlineData("level-scale.yaml", "81", DeficitLevel.Minimal)]
    [InlineData("level-scale-four.yaml", "59.99", DeficitLevel.High)]
    [InlineData("level-scale-four.yaml", "80.99", DeficitLevel.Medium)]
    [InlineData("level-scale-four.yaml", "81", DeficitLevel.Low)]
    [InlineData("level-scale-four.yaml", "90.999", DeficitLevel.Low)]
    [InlineData("level-scale-four.yaml", "91", DeficitLevel.Minimal)]
    public void A_scale_of_three_levels_and_one_of_four_are_shipped(string file, string percent, DeficitLevel level) =>
        Scales
            .ShippedScale(file)
            .LevelOf(new(Points.From(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture)), Points.From(100)))
            .Code.Should()
            .Be(level);

    [Fact]
    public void Every_competency_and_element_that_ships_has_its_own_name()
    {
        var codes = Frameworks
            .SelectMany(framework => framework.Blocks)
            .SelectMany(block => block.Competencies)
            .SelectMany(competency => competency.Elements.Select(element => element.Code).Prepend(competency.Code));

        Scales.Shipped.Sentences.Names.Keys.Should().BeEquivalentTo(codes);
        Scales.Shipped.Faults().Should().BeEmpty();
    }

    /// <summary>Макет ИОМ, блок 5: «Низкий уровень сформированности …», «Средний уровень сформированности …».</summary>
    [Fact]
    public void Deficits_are_named_for_the_route_competency_first()
    {
        var framework = Frameworks.Single(each => each.Code == "teacher");
        Evidence Result(string element, decimal earned, decimal maximum) =>
            new(
                "test",
                Now,
                framework.BlockOf(element)!.Code,
                framework.CompetencyOf(element)!.Code,
                Points.From(earned),
                Points.From(maximum),
                element
            );

        var profile = Build(
            [
                Result("subject.algebra.equations", 0, 2),
                Result("subject.algebra.equations", 1, 2),
                Result("subject.geometry.figures", 2, 2),
                Result("subject.geometry.figures", 2, 2),
                Result("methodical.assessment.errors", 2, 3),
                Result("methodical.assessment.errors", 2, 3),
                Result("communicative.interaction.parents", 0, 3),
            ],
            Scales.Shipped,
            framework
        );

        profile
            .RouteForm!.Deficits.Select(deficit => deficit.Sentence)
            .Should()
            .Equal(
                "Низкий уровень сформированности предметных компетенций в области чисел, алгебры и функций",
                "Низкий уровень сформированности умения решать уравнения, неравенства и их системы",
                "Средний уровень сформированности методических компетенций в оценивании учебных достижений",
                "Средний уровень сформированности умения анализировать ошибки обучающихся и давать обратную связь",
                "Возможен недостаточный уровень сформированности коммуникативных компетенций в педагогическом общении (сведений для вывода мало)",
                "Возможен недостаточный уровень сформированности умения взаимодействовать с родителями (законными "
                    + "представителями) обучающихся (сведений для вывода мало)"
            );
        profile.RouteForm.Deficits.Should().OnlyContain(deficit => deficit.Recommendations.Count == 0, "a catalogue fills them");
    }

    [Fact]
    public void What_a_region_adds_is_named_by_its_title()
    {
        var sentences = Scales.Shipped.Sentences;

        sentences
            .OfLevel(DeficitLevel.High, sentences.NameOf(new Competency("regional.ict", "ИКТ-компетентность", "—", [])))
            .Should()
            .Be("Низкий уровень сформированности компетенции «ИКТ-компетентность»");
        sentences
            .OfSignal(sentences.NameOf(new Element("regional.ict.safety", "Безопасность в сети")))
            .Should()
            .Be("Возможен недостаточный уровень сформированности умений по теме «Безопасность в сети» (сведений для вывода мало)");
    }

    [Fact]
    public void Rows_of_block_4_stand_as_the_form_has_them() =>
        Build([Of("subject", 44, 100), Of("methodical", 52, 100), Of("psychological", 68, 100), Of("communicative", 83, 100)])
            .RouteForm!.Results.Select(row => (row.Adjective, row.Text))
            .Should()
            .Equal(
                ("коммуникативные", "17% (результат выполнения теста входной диагностики - 83%)"),
                ("методические", "48% (результат выполнения теста входной диагностики - 52%)"),
                ("предметные", "56% (результат выполнения теста входной диагностики - 44%)"),
                ("психолого-педагогические", "32% (результат выполнения теста входной диагностики - 68%)")
            );

    /// <summary>
    /// One competency has three sources: a test with 3 of 5 points, an observation rated 4 on a scale of 1…5 (which is
    /// 3 of 4 points, counted twice), and pupils' results with 6 of 10 points.
    /// </summary>
    [Fact]
    public void Evidence_of_any_source_is_summed_by_its_weight()
    {
        var profile = Build([
            new("test", Now, "subject", "subject.c", Points.From(3), Points.From(5), "subject.a", 1),
            Evidence.Rated("observation", Now, "subject", "subject.c", Points.From(4), (Points.From(1), Points.From(5)), weight: 2),
            new("pupils", Now, "subject", "subject.c", Points.From(6), Points.From(10)),
        ]);

        var competency = profile.Competencies![0];
        (competency.Items, competency.Earned, competency.Maximum).Should().Be((3, Points.From(15), Points.From(23)));
        profile
            .Sources!.Select(source => (source.Source, source.Items, source.Maximum))
            .Should()
            .Equal(("observation", 1, Points.From(8)), ("pupils", 1, Points.From(10)), ("test", 1, Points.From(5)));
        profile.Elements.Should().ContainSingle("the other two know only the competency").Which.Maximum.Should().Be(Points.From(5));
        FluentActions
            .Invoking(() => Evidence.Rated("observation", Now, "subject", "subject.c", Points.From(6), (Points.From(1), Points.From(5))))
            .Should()
            .Throw<ArgumentOutOfRangeException>();
        FluentActions
            .Invoking(() => Build([new("test", Now, "subject", "methodical.c", Points.Zero, Points.From(1))]))
            .Should()
            .Throw<ArgumentException>();
        FluentActions.Invoking(() => Build([Of("subject", 1, 1) with { Weight = 0 }])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_block_is_the_sum_of_its_competencies() =>
        Prop.ForAll(
                Anything(),
                evidence =>
                {
                    var profile = Build(evidence, framework: Manager);
                    return profile.Blocks.All(block =>
                            profile.Competencies!.Where(each => each.Block == block.Code).Select(each => each.Earned).Sum()
                                == block.Result.Earned
                            && profile.Competencies!.Where(each => each.Block == block.Code).Select(each => each.Maximum).Sum()
                                == block.Result.Maximum
                        )
                        && profile.Sources!.Sum(source => source.Items) == evidence.Length;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_evidence_changes_nothing() =>
        Prop.ForAll(
                Anything(),
                evidence =>
                {
                    var (one, other) = (Build(evidence, framework: Manager), Build([.. evidence.Reverse()], framework: Manager));
                    return one.Total == other.Total
                        && one.Competencies!.Select(each => each with { Difficulties = [] })
                            .SequenceEqual(other.Competencies!.Select(each => each with { Difficulties = [] }))
                        && one.RouteForm!.Deficits.Select(each => each.Sentence)
                            .SequenceEqual(other.RouteForm!.Deficits.Select(each => each.Sentence))
                        && one.Sources!.SequenceEqual(other.Sources!);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void More_points_never_make_a_competencys_deficit_greater() =>
        Prop.ForAll(
                Anything(),
                Gen.Choose(0, 100_000).ToArbitrary(),
                (evidence, at) =>
                {
                    var place = at % evidence.Length;
                    var better = evidence.ToArray();
                    better[place] = better[place] with { Earned = better[place].Maximum };
                    var (one, other) = (Build(evidence, framework: Manager), Build(better, framework: Manager));
                    return one.Competencies!.Zip(other.Competencies!)
                            .All(pair => pair.First.Level is not { } level || pair.Second.Level >= level)
                        && one.Blocks.Zip(other.Blocks).All(pair => pair.Second.Result.Level >= pair.First.Result.Level)
                        && other.Total.Level >= one.Total.Level;
                }
            )
            .QuickCheckThrowOnFailure();

    private static Framework Manager => Frameworks.Single(framework => framework.Code == "manager");

    /// <summary>
    /// Points are in thousandths, so that results of 60 and 80 % are reached exactly and just missed.
    /// </summary>
    private static Arbitrary<Evidence[]> Anything()
    {
        var elements = Manager.Elements.Select(element => element.Code).ToArray();
        var one =
            from element in Gen.Elements(elements)
            from maximum in Gen.Elements(1, 3, 5, 100, 1000, 4000)
            from earned in Gen.Choose(0, maximum)
            from difficulty in Gen.Choose(1, 3)
            from weight in Gen.Choose(1, 3)
            select new Evidence(
                $"source-{weight}",
                Now,
                Manager.BlockOf(element)!.Code,
                Manager.CompetencyOf(element)!.Code,
                Points.FromThousandths(earned),
                Points.FromThousandths(maximum),
                element,
                difficulty,
                weight
            );
        return one.NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
    }

    private static Evidence Of(
        string block,
        decimal earned,
        decimal maximum,
        string element = "a",
        int difficulty = 1,
        Framework? framework = null
    ) =>
        framework is null
            ? new("test", Now, block, $"{block}.c", Points.From(earned), Points.From(maximum), $"{block}.{element}", difficulty)
            : new(
                "test",
                Now,
                block,
                framework.FindBlock(block)!.Competencies[0].Code,
                Points.From(earned),
                Points.From(maximum),
                null,
                difficulty
            );

    private static DeficitProfile Build(IReadOnlyList<Evidence> evidence, ProfilePolicy? policy = null, Framework? framework = null) =>
        ProfileBuilder.Build(
            new(Guid.Empty, 1, ProfileStatus.Provisional, "scored", Now),
            new ProfileSubject(Guid.Empty, Guid.Empty, Guid.Empty, CampaignStage.Entry, 1, "teacher", 1, "default", 1, Now),
            new(framework ?? Scales.Teacher, Scales.Default, policy ?? Scales.Policy),
            evidence
        );
}
