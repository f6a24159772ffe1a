using Diagnostics.Psychometrics.Assembly;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.Assembly;

public sealed class AssemblySolutionTests
{
    private static double[][][] Random(Random random, int facets, int variants, int attributes) =>
        [
            .. Enumerable
                .Range(0, facets)
                .Select(_ =>
                    Enumerable
                        .Range(0, variants)
                        .Select(_ => Enumerable.Range(0, attributes).Select(_ => random.NextDouble()).ToArray())
                        .ToArray()
                ),
        ];

    /// <summary>Solves the problem as documented, by trying every form.</summary>
    private static double ByBruteForce(AssemblyProblem problem)
    {
        var best = double.PositiveInfinity;
        var orders = Orders(problem.Variants);
        Try(0, [], Enumerable.Repeat(0.0, problem.Variants * problem.Attributes).ToArray());
        return best;

        void Try(int slot, HashSet<int> used, double[] sums)
        {
            if (slot == problem.Slots.Count)
            {
                var worst = 0.0;
                for (var attribute = 0; attribute < problem.Attributes; attribute++)
                {
                    var column = Enumerable
                        .Range(0, problem.Variants)
                        .Select(variant => sums[variant * problem.Attributes + attribute])
                        .ToArray();
                    worst = Math.Max(worst, problem.Weights[attribute] * (column.Max() - column.Min()));
                    if (problem.Targets[attribute] is { } target)
                        worst = Math.Max(worst, problem.Weights[attribute] * column.Max(sum => Math.Abs(sum - target)));
                }
                best = Math.Min(best, worst);
                return;
            }
            foreach (var facet in problem.Slots[slot].Where(facet => !used.Contains(facet)))
            foreach (var order in orders)
            {
                var next = (double[])sums.Clone();
                for (var variant = 0; variant < problem.Variants; variant++)
                for (var attribute = 0; attribute < problem.Attributes; attribute++)
                    next[variant * problem.Attributes + attribute] += problem.Facets[facet][order[variant]][attribute];
                Try(slot + 1, [.. used, facet], next);
            }
        }

        static List<int[]> Orders(int size) =>
            size == 0
                ?
                [
                    [],
                ]
                :
                [
                    .. Orders(size - 1)
                        .SelectMany(order =>
                            Enumerable.Range(0, size).Select(place => order[..place].Append(size - 1).Concat(order[place..]).ToArray())
                        ),
                ];
    }

    private static void HoldTogether(AssemblySolution form, AssemblyProblem problem)
    {
        form.Slots.Select(slot => slot.Facet).Should().OnlyHaveUniqueItems();
        for (var slot = 0; slot < form.Slots.Count; slot++)
        {
            problem.Slots[slot].Should().Contain(form.Slots[slot].Facet);
            form.Slots[slot].Items.Order().Should().Equal(Enumerable.Range(0, problem.Variants));
        }
        for (var variant = 0; variant < problem.Variants; variant++)
        for (var attribute = 0; attribute < problem.Attributes; attribute++)
            form.Sums[variant, attribute]
                .Should()
                .BeApproximately(form.Slots.Sum(slot => problem.Facets[slot.Facet][slot.Items[variant]][attribute]), 1e-9);
        form.LowerBound.Should().BeLessThanOrEqualTo(form.Objective);
    }

    [Fact]
    public void Four_variants_dealt_from_three_facets_are_as_parallel_as_any_deal()
    {
        var random = new Random(1);
        for (var sample = 0; sample < 8; sample++)
        {
            var problem = AssemblyProblem.Deal(Random(random, 3, 4, 3), [1, 2, 0.5]);

            var form = AssemblySolution.Of(problem, seed: 3).Value;

            form.IsOptimal.Should().BeTrue();
            form.Objective.Should().BeApproximately(ByBruteForce(problem), 1e-9);
            HoldTogether(form, problem);
        }
    }

    [Fact]
    public void Three_variants_dealt_from_five_facets_are_as_parallel_as_any_deal()
    {
        var random = new Random(8);
        for (var sample = 0; sample < 4; sample++)
        {
            var problem = AssemblyProblem.Deal(Random(random, 5, 3, 2), [1, 1]);

            // The heuristic search starts only once, so that branch and bound can still find a better solution.
            var form = AssemblySolution.Of(problem, seed: 3, restarts: 1).Value;

            form.IsOptimal.Should().BeTrue();
            form.Objective.Should().BeApproximately(ByBruteForce(problem), 1e-9);
        }
    }

    [Fact]
    public void Facets_chosen_from_a_pool_with_targets_are_the_best_choice()
    {
        var random = new Random(2);
        for (var sample = 0; sample < 8; sample++)
        {
            var problem = new AssemblyProblem(
                Random(random, 5, 3, 2),
                [
                    [0, 1, 2],
                    [1, 2, 3, 4],
                    [0, 3, 4],
                ],
                [1, 1],
                sample % 2 == 0 ? [null, 1.9] : null
            );

            var form = AssemblySolution.Of(problem, seed: 3).Value;

            form.IsOptimal.Should().BeTrue();
            form.Objective.Should().BeApproximately(ByBruteForce(problem), 1e-9);
            HoldTogether(form, problem);
        }
    }

    // With two variants and items (x, 0) this is the number partitioning problem. The numbers 4…8 split into 15 and 15,
    // whereas largest-first gives 17 and 13; 3, 1, 1 leave a difference of 1; the ten numbers sum to 5,280 and split
    // evenly (Hayes 2002, American Scientist 90, 113).
    [Theory]
    [InlineData(new double[] { 8, 7, 6, 5, 4 }, 0)]
    [InlineData(new double[] { 3, 1, 1 }, 1)]
    [InlineData(new double[] { 771, 121, 281, 854, 885, 734, 486, 1003, 83, 62 }, 0)]
    public void Two_variants_of_one_attribute_are_number_partitioning(double[] numbers, double best)
    {
        var form = AssemblySolution
            .Of(AssemblyProblem.Deal([.. numbers.Select(number => new double[][] { [number], [0] })], [1]), seed: 1)
            .Value;

        form.Objective.Should().Be(best);
        form.IsOptimal.Should().BeTrue();
    }

    private static AssemblyProblem Calibrated(int slots, int choices, double[] cuts, double?[]? targets = null)
    {
        var random = new Random(9);
        var facets = new List<double[][]>();
        for (var facet = 0; facet < slots * choices; facet++)
        {
            var difficulty = 3 * random.NextDouble() - 1.5;
            var points = 1 + facet % slots % 3;
            facets.Add([
                .. Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        AssemblyProblem.AttributesOf(
                            new CalibratedItem(
                                0.8 + 0.6 * random.NextDouble(),
                                [.. Enumerable.Range(0, points).Select(step => difficulty + 0.7 * (random.NextDouble() - 0.5) + step)]
                            ),
                            cuts
                        )
                    ),
            ]);
        }
        return new AssemblyProblem(
            facets,
            [
                .. Enumerable
                    .Range(0, slots)
                    .Select(slot => (IReadOnlyList<int>)[.. Enumerable.Range(0, choices).Select(choice => slot + choice * slots)]),
            ],
            [.. cuts.Select(_ => 1.0), .. cuts.Select(_ => 1.0)],
            targets
        );
    }

    [Fact]
    public void A_full_form_of_24_facets_is_parallel_to_a_twentieth_of_a_point_and_says_its_gap()
    {
        var problem = Calibrated(24, 1, [0.4, 1.4]);
        var asWritten = new double[4, 4];
        for (var variant = 0; variant < 4; variant++)
        for (var attribute = 0; attribute < 4; attribute++)
            asWritten[variant, attribute] = problem.Facets.Sum(facet => facet[variant][attribute]);
        var unsorted = Enumerable
            .Range(0, 4)
            .Max(attribute =>
                Enumerable.Range(0, 4).Max(variant => asWritten[variant, attribute])
                - Enumerable.Range(0, 4).Min(variant => asWritten[variant, attribute])
            );

        var form = AssemblySolution.Of(problem, seed: 5, restarts: 5, steps: 2_000).Value;

        unsorted.Should().BeGreaterThan(0.3);
        form.Objective.Should().BeLessThan(0.05);
        form.Gap.Should().Be(form.Objective - form.LowerBound);
        form.Spans.Max().Should().BeApproximately(form.Objective, 1e-12);
        HoldTogether(form, problem);
        AssemblySolution.Of(problem, seed: 5, restarts: 5, steps: 2_000).Value.Should().BeEquivalentTo(form, "the seed decides");
    }

    [Fact]
    public void Facets_chosen_for_a_target_information_reach_it()
    {
        // The target is a tenth above the average of a pool with three facets for each slot.
        var aim = 1.1 * Calibrated(8, 3, [0.4, 1.4]).Facets.Sum(facet => facet.Average(item => item[2])) / 3;
        var problem = Calibrated(8, 3, [0.4, 1.4], [null, null, aim, null]);

        var form = AssemblySolution.Of(problem, seed: 5, restarts: 8, steps: 2_000).Value;

        for (var variant = 0; variant < 4; variant++)
            form.Sums[variant, 2].Should().BeApproximately(aim, 0.1);
        form.Objective.Should().BeLessThan(0.1);
        HoldTogether(form, problem);
    }

    // By hand: each slot contributes a mean of at most 2, so two slots stay 6 below a target of 10.
    [Fact]
    public void A_target_out_of_reach_gives_a_bound_that_proves_it()
    {
        double[][] low =

            [
                [1],
                [1],
            ],
            high =

            [
                [2],
                [2],
            ];
        var form = AssemblySolution
            .Of(
                new AssemblyProblem(
                    [low, high, low, high],
                    [
                        [0, 1],
                        [2, 3],
                    ],
                    [1],
                    [10]
                ),
                seed: 1,
                steps: 0
            )
            .Value;

        form.Objective.Should().Be(6);
        form.LowerBound.Should().BeApproximately(6, 1e-6);
        form.Slots.Select(slot => slot.Facet).Should().Equal(1, 3);
    }

    [Fact]
    public void A_bound_that_was_cut_short_is_still_a_bound()
    {
        var problem = AssemblyProblem.Deal(Random(new Random(4), 4, 4, 4), [1, 1, 1, 1]);
        var proved = AssemblySolution.Of(problem, seed: 1).Value;
        proved.IsOptimal.Should().BeTrue();
        foreach (var steps in new[] { 0, 1, 10, 100, 1000 })
            AssemblySolution.Of(problem, seed: 1, steps: steps).Value.LowerBound.Should().BeLessThanOrEqualTo(proved.Objective + 1e-12);
    }

    [Fact]
    public void Too_few_facets_and_bad_ones_are_named()
    {
        double[][] facet =
        [
            [1],
            [2],
        ];
        AssemblySolution
            .Of(
                new AssemblyProblem(
                    [facet, facet],
                    [
                        [0],
                        [0],
                    ],
                    [1]
                ),
                1
            )
            .Reason.Should()
            .Be(Undefined.TooFewItems);
        var refusal = FluentActions
            .Invoking(() =>
                new AssemblyProblem(
                    [
                        facet,
                        [
                            [1],
                            [double.NaN],
                        ],
                    ],
                    [
                        [0],
                    ],
                    [1]
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which;
        (refusal.Row, refusal.Column).Should().Be((1, 1));
        FluentActions
            .Invoking(() =>
                new AssemblyProblem(
                    [
                        facet,
                        [
                            [1],
                        ],
                    ],
                    [
                        [0],
                    ],
                    [1]
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
        FluentActions
            .Invoking(() =>
                new AssemblyProblem(
                    [facet],
                    [
                        [0, 2],
                    ],
                    [1]
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which.Column.Should()
            .Be(1);
        FluentActions
            .Invoking(() =>
                new AssemblyProblem(
                    [facet],
                    [
                        [0],
                    ],
                    [-1]
                )
            )
            .Should()
            .Throw<BadDataException>();
    }

    // At its difficulty a Rasch item gives half a point and information ¼. In general information is a · dT/dθ (Muraki
    // 1993).
    [Fact]
    public void Information_is_that_of_the_model()
    {
        new CalibratedItem(1, [0.3]).At(0.3).Should().Be((0.5, 0.25));
        new CalibratedItem(2, [0.3]).At(0.3).Information.Should().BeApproximately(1, 1e-12);
        var item = new CalibratedItem(1.3, [-0.5, 0.4, 1.1]);
        var slope = (item.At(0.7 + 1e-5).Score - item.At(0.7 - 1e-5).Score) / 2e-5;
        item.At(0.7).Information.Should().BeApproximately(1.3 * slope, 1e-8);
        item.At(0.7).Score.Should().BeApproximately(PartialCredit.ExpectedScore(1.3 * 0.7, [-0.65, 0.52, 1.43]), 1e-12);
    }
}
