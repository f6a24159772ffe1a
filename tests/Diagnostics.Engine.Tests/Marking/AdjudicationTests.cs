using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;
using Diagnostics.Engine.Tests.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>
/// Two criteria, К1 and К2, worth 2 points each. As is the practice in the ГИА, marks two points apart call for a third
/// expert; otherwise the score is their mean, rounded up.
/// </summary>
public sealed class AdjudicationTests
{
    private static readonly DiscrepancyRule[] Gia =
    [
        new PointsApart(MarkUnit.Criterion, Points.From(2)),
        new PointsApart(MarkUnit.Item, Points.From(2)),
        new BlankAgainstScored(),
        new Straddle(),
    ];

    private static readonly Dictionary<string, Points> Maxima = new() { ["K1"] = Points.From(2), ["K2"] = Points.From(2) };

    [Theory]
    [InlineData(2, 1, 2, 1, 3.0)]
    [InlineData(2, 1, 2, 0, 3.0)] // 3 and 2: 2.5 → 3
    [InlineData(0, 0, 1, 0, 1.0)] // 0 and 1: 0.5 → 1
    [InlineData(1, 1, 2, 0, 2.0)] // equal points from different criteria
    public void Marks_that_agree_give_their_mean_rounded_up(int k1, int k2, int otherK1, int otherK2, decimal points) =>
        Decide(Policy(Resolution.MeanInFavour, Gia[..3]), Answer(1, Mark(k1, k2), Mark(otherK1, otherK2)))
            .Should()
            .Equal(new Verdict.Settled(1, Points.From(points), "mean_in_favour/2"));

    /// <summary>
    /// A rubric with one criterion, which gives 0, 0.5, 1 or 2 points. An earlier version of the rule gave 1 when the
    /// experts agreed on 0.5.
    /// </summary>
    [Theory]
    [InlineData(0.5, 0.5, 0.5)]
    [InlineData(1, 2, 2)]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(0, 1, 1)]
    [InlineData(0.5, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(2, 2, 2)]
    public void A_mean_in_favour_is_a_sum_of_the_rubric_and_never_above_the_higher_mark(decimal one, decimal other, decimal points)
    {
        var rubric = new Rubric(
            [new("K1", "Верно", new[] { 0, 0.5m, 1, 2 }.Select(level => new CriterionLevel(Points.From(level), "…")).ToList())],
            null
        );

        Adjudication.Resolve([Of(one), Of(other)], rubric.Totals, Resolution.MeanInFavour).Should().Be(Points.From(points));
        Adjudication.Resolve([Of(other), Of(one)], rubric.Totals, Resolution.MeanInFavour).Should().Be(Points.From(points));

        IndependentMark Of(decimal mark) =>
            IndependentMark.Of(rubric, new Dictionary<string, Points> { ["K1"] = Points.From(mark) }, noAnswer: false);
    }

    [Fact]
    public void A_whole_point_that_the_gate_forbids_is_not_given()
    {
        // K1 (0 or 0.5 points) is the gate of K2 (0 or 1 point), so the sums are 0, 0.5 and 1.5, never 1.
        var rubric = new Rubric([Items.Criterion("K1", 0, 0.5m), Items.Criterion("K2", 0, 1)], "K1");
        var (low, high) = (Of(0.5m, 0), Of(0.5m, 1));

        rubric.Totals.Should().BeEquivalentTo([Points.Zero, Points.From(0.5m), Points.From(1.5m)]);
        Adjudication.Resolve([low, high], rubric.Totals, Resolution.MeanInFavour).Should().Be(Points.From(1.5m));

        IndependentMark Of(decimal k1, decimal k2) =>
            IndependentMark.Of(
                rubric,
                new Dictionary<string, Points> { ["K1"] = Points.From(k1), ["K2"] = Points.From(k2) },
                noAnswer: false
            );
    }

    [Theory]
    [InlineData(Resolution.Mean, 2.5, "mean/1")]
    [InlineData(Resolution.Maximum, 3, "maximum/1")]
    public void The_policy_selects_what_the_marks_give(Resolution resolution, decimal points, string rule) =>
        Decide(Policy(resolution), Answer(1, Mark(2, 1), Mark(1, 1))).Should().Equal(new Verdict.Settled(1, Points.From(points), rule));

    [Fact]
    public void Three_experts_give_the_mean_of_three() =>
        Decide(Policy(Resolution.Mean) with { Experts = 3 }, Answer(1, Mark(2, 2), Mark(1, 2), Mark(1, 1)))
            .Should()
            .Equal(new Verdict.Settled(1, Points.From(3), "mean/1"));

    [Theory]
    [InlineData(2, 0, 0, 2, "points_apart")] // two points apart in each criterion, but not in sum
    [InlineData(2, 1, 1, 0, "points_apart")] // one point apart in each criterion, two in sum
    public void Two_points_apart_call_a_third(int k1, int k2, int otherK1, int otherK2, string reason) =>
        Decide(Policy(Resolution.MeanInFavour, Gia[..3]), Answer(1, Mark(k1, k2), Mark(otherK1, otherK2)))
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<Verdict.ThirdNeeded>()
            .Which.Reason.Should()
            .Be(reason);

    [Theory]
    [InlineData(25, true)]
    [InlineData(25.1, false)]
    public void A_share_of_the_maximum_calls_a_third_from_exactly_that_share_on(decimal percent, bool third) =>
        (
            Decide(Policy(Resolution.Mean, new PercentApart(MarkUnit.Item, percent)), Answer(1, Mark(2, 1), Mark(1, 1)))[0]
            is Verdict.ThirdNeeded
        )
            .Should()
            .Be(third);

    [Fact]
    public void Not_attempted_against_a_mark_calls_a_third_even_when_the_mark_is_zero() =>
        Decide(Policy(Resolution.MeanInFavour, Gia), Answer(1, Mark(0, 0, noAnswer: true), Mark(0, 0)))
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<Verdict.ThirdNeeded>()
            .Which.Reason.Should()
            .Be("blank_against_scored");

    [Fact]
    public void Where_the_policy_averages_nothing_any_difference_calls_a_third()
    {
        Decide(Policy(Resolution.ThirdDecides), Answer(1, Mark(2, 1), Mark(1, 2))).Should().AllBeOfType<Verdict.ThirdNeeded>();
        Decide(Policy(Resolution.ThirdDecides), Answer(1, Mark(2, 1), Mark(2, 1)))
            .Should()
            .Equal(new Verdict.Settled(1, Points.From(3), "third_decides/1"));
    }

    /// <summary>
    /// The closed answer has 3 of 6 points. With 3 of the 4 points of the open answer the block has 6/10 = 60 %, which
    /// is a medium deficit; with 2 of the 4 points it has 50 %, which is a high deficit (clause 3.4).
    /// </summary>
    [Fact]
    public void Marks_on_both_sides_of_a_level_boundary_call_a_third()
    {
        var closed = new MarkedAnswer(
            2,
            "subject",
            Points.From(6),
            new Dictionary<string, Points>(),
            [],
            Points.From(3),
            new HashSet<Points>()
        );

        Decide(Policy(Resolution.MeanInFavour, new Straddle()), Answer(1, Mark(2, 1), Mark(1, 1)), closed)
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<Verdict.ThirdNeeded>()
            .Which.Reason.Should()
            .Be("straddle");
        Decide(Policy(Resolution.MeanInFavour, new Straddle()), Answer(1, Mark(2, 1), Mark(1, 1)), closed with { Decided = Points.From(1) })
            .Should()
            .Equal(new Verdict.Settled(1, Points.From(3), "mean_in_favour/2"));
        Decide(Policy(Resolution.MeanInFavour, new Straddle()), Answer(1, Mark(2, 1), Mark(1, 1)), closed with { Block = "methods" })
            .Should()
            .ContainSingle("75 % and 50 % of the block alone are apart as well")
            .Which.Should()
            .BeOfType<Verdict.ThirdNeeded>();
    }

    [Fact]
    public void A_level_is_compared_only_when_the_whole_block_is_marked()
    {
        var policy = Policy(Resolution.MeanInFavour, new Straddle());

        Decide(policy, Answer(1, Mark(2, 1), Mark(1, 1)), Answer(2, Mark(1, 1))).Should().BeEmpty();
        Decide(policy, Answer(1, Mark(2, 1), Mark(2, 1)), Answer(2, Mark(1, 1)))
            .Should()
            .Equal(new Verdict.Settled(1, Points.From(3), "mean_in_favour/2"));
    }

    [Fact]
    public void Differences_of_a_script_are_added_up_over_its_answers()
    {
        var policy = Policy(Resolution.MeanInFavour, new PointsApart(MarkUnit.Script, Points.From(2)));

        // The first expert gives one point more than the second for the first answer and one less for the second. The
        // disagreement is two points, although the sums are equal.
        Decide(policy, Answer(1, Mark(2, 1), Mark(1, 1)), Answer(2, Mark(1, 0), Mark(1, 1)))
            .Should()
            .HaveCount(2)
            .And.AllBeOfType<Verdict.ThirdNeeded>();
        Decide(policy, Answer(1, Mark(2, 1), Mark(1, 1)), Answer(2, Mark(1, 1), Mark(1, 1)))
            .Should()
            .HaveCount(2)
            .And.AllBeOfType<Verdict.Settled>();
        Decide(policy, Answer(1, Mark(2, 1), Mark(1, 1)), Answer(2, Mark(1, 1))).Should().BeEmpty();
    }

    [Fact]
    public void The_gate_is_closed_before_marks_are_compared()
    {
        var rubric = new Rubric([new("K1", "Ошибка", Levels(0, 1, 2)), new("K2", "Задание", Levels(0, 1, 2))], Gate: "K1");

        var closed = IndependentMark.Of(rubric, new Dictionary<string, Points> { ["K1"] = Points.Zero, ["K2"] = Points.From(2) }, false);
        Decide(Policy(Resolution.MeanInFavour, Gia[..3]), Answer(1, closed, Mark(0, 0)))
            .Should()
            .Equal(new Verdict.Settled(1, Points.Zero, "mean_in_favour/2"));
    }

    [Fact]
    public void A_single_expert_is_joined_with_nobody() => Decide(new MarkingPolicy(1, 30), Answer(1, Mark(2, 1))).Should().BeEmpty();

    [Fact]
    public void Which_expert_came_first_changes_nothing() =>
        Prop.ForAll(
                Arb.From(Cases),
                script =>
                {
                    var swapped = script.Answers.Select(answer => answer with { Marks = answer.Marks.Reverse().ToList() }).ToArray();
                    return Decide(script.Policy, script.Answers).SequenceEqual(Decide(script.Policy, swapped));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_complete_answer_gets_at_most_one_verdict_between_the_lowest_and_the_highest_mark() =>
        Prop.ForAll(
                Arb.From(Cases),
                script =>
                {
                    var verdicts = Decide(script.Policy, script.Answers);
                    return verdicts.Select(verdict => verdict.Slot).Distinct().Count() == verdicts.Count
                        && verdicts
                            .OfType<Verdict.Settled>()
                            .All(settled =>
                                script.Answers[settled.Slot - 1].Marks is var marks
                                && settled.Points >= marks.Min(mark => mark.Points)
                                && settled.Points <= marks.Max(mark => mark.Points)
                            );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Rounding_in_favour_never_lowers() =>
        Prop.ForAll(
                Arb.From(Cases),
                script =>
                    script.Answers.All(answer =>
                        Adjudication.Resolve(answer.Marks, answer.Totals, Resolution.MeanInFavour)
                        >= Adjudication.Resolve(answer.Marks, answer.Totals, Resolution.Mean)
                    )
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_third_decision_on_one_answer_never_unsettles_a_settled_one() =>
        Prop.ForAll(
                Arb.From(Cases),
                script =>
                {
                    var settled = Decide(script.Policy, script.Answers).OfType<Verdict.Settled>().ToDictionary(verdict => verdict.Slot);
                    var later = script
                        .Answers.Select(answer =>
                            settled.TryGetValue(answer.Slot, out var verdict) ? answer with { Decided = verdict.Points } : answer
                        )
                        .ToArray();
                    return Decide(script.Policy, later).All(verdict => !settled.ContainsKey(verdict.Slot));
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>
    /// Plays the whole marking of a script: two experts mark blind in some order; then either their marks are combined
    /// or a third expert marks. No mark is ever taken back.
    /// </summary>
    [Fact]
    public void However_marking_goes_the_ledger_only_grows_and_exactly_one_round_decides_whoever_came_first() =>
        Prop.ForAll(
                Arb.From(Cases),
                Arb.From(Marks),
                (script, third) =>
                {
                    var (straight, swapped) = (
                        Play(script, third),
                        Play(
                            script with
                            {
                                Answers = script
                                    .Answers.Select(answer => answer with { Marks = answer.Marks.Reverse().ToList() })
                                    .ToArray(),
                            },
                            third
                        )
                    );
                    return straight.SequenceEqual(swapped);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <returns>The effective score of every answer.</returns>
    private static List<Points> Play(Script script, IndependentMark third)
    {
        var ledgers = script.Answers.ToDictionary(answer => answer.Slot, _ => new List<MarkingRound> { Rounds.Waiting(1) });
        foreach (var answer in script.Answers)
        foreach (var mark in answer.Marks)
            Append(ledgers[answer.Slot], RoundKind.Expert, mark.Points, Guid.NewGuid());
        for (var turn = 0; turn < 2 * script.Answers.Length; turn++)
        {
            var state = script
                .Answers.Select(answer => answer with { Decided = Ledger.Deciding(ledgers[answer.Slot], script.Policy)?.Points })
                .ToArray();
            foreach (var verdict in Decide(script.Policy, state))
            {
                if (verdict is Verdict.Settled settled)
                    Append(ledgers[verdict.Slot], RoundKind.Adjudication, settled.Points, null);
                else
                    Append(ledgers[verdict.Slot], RoundKind.Adjudication, third.Points, Guid.NewGuid());
            }
        }
        return script
            .Answers.Select(answer =>
            {
                var decision = Ledger.Decide(ledgers[answer.Slot], script.Policy);
                decision.Standing.Should().Be(Standing.DecidedByAdjudication);
                ledgers[answer.Slot].Count(round => round == decision.Round).Should().Be(1);
                ledgers[answer.Slot]
                    .Select(round => round.Number)
                    .Should()
                    .Equal(Enumerable.Range(1, script.Policy.Experts + 2), "one round for each expert, one automatic, one that decides");
                ledgers[answer.Slot].Select(round => round.MarkedBy).OfType<Guid>().Should().OnlyHaveUniqueItems();
                return decision.Round!.Points;
            })
            .ToList();
    }

    private static void Append(List<MarkingRound> ledger, RoundKind kind, Points points, Guid? by) =>
        ledger.Add(Rounds.Round(ledger.Count + 1, kind) with { Points = points, MarkedBy = by });

    private sealed record Script(MarkingPolicy Policy, MarkedAnswer[] Answers);

    private static Gen<Script> Cases =>
        from experts in Gen.Choose(2, 3)
        from resolution in Gen.Elements(Enum.GetValues<Resolution>())
        from rules in Gen.SubListOf<DiscrepancyRule>(
            new PointsApart(MarkUnit.Criterion, Points.From(1)),
            new PointsApart(MarkUnit.Item, Points.From(2)),
            new PointsApart(MarkUnit.Script, Points.From(3)),
            new PercentApart(MarkUnit.Item, 50m),
            new BlankAgainstScored(),
            new Straddle()
        )
        from answers in Gen.ListOf(Gen.ListOf(Marks, experts), 3)
        select new Script(
            new MarkingPolicy(experts, 30, resolution, rules.ToList()),
            answers
                .Select((marks, index) => Answer(index + 1, marks.ToArray()) with { Block = index == 2 ? "methods" : "subject" })
                .ToArray()
        );

    private static Gen<IndependentMark> Marks =>
        from k1 in Gen.Choose(0, 2)
        from k2 in Gen.Choose(0, 2)
        from noAnswer in Gen.Elements(true, false, false)
        select noAnswer ? Mark(0, 0, noAnswer: true) : Mark(k1, k2);

    private static IReadOnlyList<Verdict> Decide(MarkingPolicy policy, params MarkedAnswer[] answers) =>
        Adjudication.Decide(answers, policy, Scales.Default);

    private static MarkingPolicy Policy(Resolution resolution, params DiscrepancyRule[] rules) => new(2, 30, resolution, rules);

    private static MarkedAnswer Answer(int slot, params IndependentMark[] marks) =>
        new(slot, "subject", Points.From(4), Maxima, marks, null, Items.TwoCriteria.Totals);

    private static IndependentMark Mark(int k1, int k2, bool noAnswer = false) =>
        new(new Dictionary<string, Points> { ["K1"] = Points.From(k1), ["K2"] = Points.From(k2) }, noAnswer);

    private static List<CriterionLevel> Levels(params int[] points) =>
        points.Select(each => new CriterionLevel(Points.From(each), $"{each}")).ToList();
}
