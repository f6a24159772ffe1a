using Diagnostics.Psychometrics.Association;
using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.Differential;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Multidimensional;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Psychometrics.StandardSetting;
using Diagnostics.Psychometrics.Subscores;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.TestKit;
using Grid = Diagnostics.Psychometrics.Equating.AbilityGrid;

namespace Diagnostics.Psychometrics.Tests.Edges;

/// <summary>
/// Calls every public method of the library with awkward input: nobody, one person, no variance, perfect scales,
/// repeated items, holes, cuts at the ends, zero weights. The same seed gives the same call on every machine.
/// </summary>
public static class AwkwardCalls
{
    private static readonly double[] FourAbilities = [-40, -1, 0.3, 40];

    public static IReadOnlyList<(string Name, Func<Random, object?> Call)> All { get; } =
    [
        ("ItemAnalysis", random => ItemAnalysis.Of(Scores(random), missing: Missing(random))),
        ("Reliability", random => Reliability.Of(Scores(random), Missing(random))),
        (
            "Omega",
            random =>
                Omega.Of(
                    Scores(random, 60, 8),
                    random.Next(2) == 0 ? FactorMethod.MaximumLikelihood : FactorMethod.MinimumResiduals,
                    Missing(random)
                )
        ),
        (
            "Composite",
            random =>
                Scores(random) is var scores
                    ? Composite.Of(scores, [.. Enumerable.Range(0, scores.Items).Select(_ => random.Next(3))], Missing(random))
                    : null
        ),
        (
            "Composite.Weighted",
            random =>
                Composite.Weighted(
                    [Real(random), Real(random)],
                    [Math.Abs(Real(random)), 1],
                    [random.NextDouble(), 1 - random.Next(3)],
                    new[,]
                    {
                        { 1, 0.5 },
                        { 0.5, 1 },
                    }
                )
        ),
        (
            "CompoundMultinomial",
            random =>
                Scores(random) is var scores
                    ? ConditionalError.CompoundMultinomial(
                        scores,
                        [.. Enumerable.Range(0, scores.Items).Select(item => Math.Max(1, scores.Maximum(item)))],
                        Missing(random)
                    )
                    : null
        ),
        (
            "Keats",
            random =>
                ConditionalError.Keats(
                    random.Next(5),
                    4 + random.Next(3),
                    random.NextDouble(),
                    random.Next(2) == 0 ? 1 : random.NextDouble() - 0.5
                )
        ),
        ("Distractors", random => Distractors.Of(Choices(random), [0, 1, 2], [3, 3, 3])),
        ("LivingstonLewis", LivingstonLewisOf),
        (
            "Lee",
            random =>
                Curves(random, 6) is var curves
                    ? Lee.Classify(
                        [
                            .. FourAbilities.Select(ability =>
                                (IReadOnlyList<double[]>)[.. curves.Select(curve => curve.Probabilities(ability))]
                            ),
                        ],
                        [random.Next(2), 1, random.NextDouble(), 0],
                        [random.Next(9)]
                    )
                    : null
        ),
        ("Rudner", random => Rudner.Classify([Real(random), 0, 1], [random.NextDouble() + 1e-9, 1e-12, 1e9], [Real(random)])),
        (
            "LevelProbabilities",
            random => LevelProbabilities.Of(Real(random), Math.Exp(20 * random.Normal()), [-1, Math.Exp(random.Normal())])
        ),
        (
            "LevelProbabilities.FromScore",
            random =>
                LevelProbabilities.FromScore(
                    Real(random),
                    Real(random),
                    Math.Abs(Real(random)),
                    1 - random.NextDouble() * random.Next(3),
                    [0, 1]
                )
        ),
        ("ReliableChange", random => ReliableChange.JacobsonTruax(Real(random), Real(random), Math.Abs(Real(random)), random.NextDouble())),
        (
            "MantelHaenszel",
            random => Grouped(random, (scores, focal) => MantelHaenszel.Of(scores, focal, random.Next(2) == 0), dichotomous: true)
        ),
        ("MantelHaenszel.Purify", random => Grouped(random, (scores, focal) => MantelHaenszel.Purify(scores, focal), dichotomous: true)),
        ("LogisticDif", random => Grouped(random, (scores, focal) => LogisticDif.Of(scores, focal), dichotomous: true)),
        ("PolytomousMantel", random => Grouped(random, (scores, focal) => PolytomousMantel.Of(scores, focal))),
        (
            "PolytomousMantel.Generalised",
            random =>
                Whole(random, 12) is var scores
                    ? PolytomousMantel.Generalised(scores, Whole(random, scores.Length, 3), Whole(random, scores.Length, 4))
                    : null
        ),
        ("Equating", EquatingOf),
        ("Equipercentile.StandardErrors", random => Equipercentile.StandardErrors(Distribution(random), Distribution(random))),
        ("EquatingErrors.Linear", random => EquatingErrors.Linear(Distribution(random), Distribution(random))),
        ("LogLinear", random => LogLinear.Fit(Distribution(random), 1 + random.Next(8))),
        ("LogLinear.Choose", random => LogLinear.Choose(Distribution(random))),
        (
            "EquatingBootstrap",
            random => EquatingBootstrap.Run(new EquatingMethod.Equipercentile(), Distribution(random), Distribution(random), 7, 5)
        ),
        ("Parallelism", random => Comparability.Compare(Distribution(random, 8), Distribution(random, 8))),
        ("Comparability.Assignment", random => Comparability.Assignment(Table(random, 3, 4, 5))),
        (
            "IrtEquating",
            random =>
                (
                    IrtEquating.TrueScore(ItemCurves(random), ItemCurves(random)),
                    IrtEquating.ObservedScore(ItemCurves(random), ItemCurves(random), Grid.Normal())
                )
                    is var (one, other)
                    ? (object)new[] { one, other }
                    : null
        ),
        (
            "IrtLinking",
            random =>
                ItemCurves(random) is var curves && 0.5 + random.NextDouble() is var multiplier && Real(random) is var constant
                    ? new[]
                    {
                        IrtLinking.MeanMean(curves, Moved(curves, multiplier, constant)),
                        IrtLinking.MeanSigma(curves, Moved(curves, multiplier, constant)),
                        IrtLinking.StockingLord(curves, Moved(curves, multiplier, constant)),
                    }
                    : null
        ),
        ("IrtLinking.StandardErrors", LinkingErrorsOf),
        ("AnchorEquating", AnchorEquatingOf),
        (
            "AnchorEquating.Bootstrap",
            random => AnchorEquating.Bootstrap((AnchorMethod)random.Next(6), Anchored(random, 4, 2), Anchored(random, 5, 2), 7, 5)
        ),
        ("ConditionalMaximumLikelihood", random => ConditionalMaximumLikelihood.Fit(Scores(random))),
        ("AndersenTest", random => AndersenTest.ByRawScore(Scores(random, 60, 6))),
        ("MarginalMaximumLikelihood", random => MarginalMaximumLikelihood.Fit(Scores(random), new((MarginalModel)random.Next(4)))),
        (
            "MarginalMaximumLikelihood, no errors",
            random => MarginalMaximumLikelihood.Fit(Scores(random), new((MarginalModel)random.Next(4), StandardErrors: false))
        ),
        (
            "FixedItemCalibration",
            random => Beside(random, 99, 19, (scores, known, options) => FixedItemCalibration.Fit(scores, known, options))
        ),
        ("AnchorDrift", random => Beside(random, 99, 19, (scores, known, options) => AnchorDrift.Of(scores, known, options))),
        ("GradedResponse", GradedOf),
        ("LimitedInformation", LimitedInformationOf),
        ("AnswerCopying", AnswerCopyingOf),
        (
            "Abilities",
            random =>
                Curves(random, 5) is var curves
                    ? Abilities.Estimate(
                        Answers(random, curves),
                        curves,
                        (AbilityMethod)random.Next(4),
                        new(random.Normal(), random.Next(3))
                    )
                    : null
        ),
        ("ModelFit", ModelFitOf),
        (
            "ScoreChiSquares",
            random =>
                Curves(random, 5) is var curves ? ScoreChiSquares.Of(Answers(random, curves), curves, curve => curve.MaximumScore) : null
        ),
        ("SumScores", random => SumScores.Abilities(Curves(random, 1 + random.Next(6)), new(random.Normal(), random.Next(3)))),
        ("Information", random => Information.MarginalReliability(Curves(random, 4), new(0, random.Next(3)))),
        (
            "Kappa",
            random =>
                AgreementTable
                    .FromCounts(
                        Table(random, 1, 4, 6) is var table && table.GetLength(0) == table.GetLength(1) ? table : Table(random, 3, 3, 6)
                    )
                    .Kappa((KappaWeights)random.Next(3))
        ),
        ("FleissKappa", random => FleissKappa.Of(Fleiss(random))),
        ("IntraclassCorrelation", IccOf),
        (
            "KrippendorffAlpha",
            random =>
                Ratings(random) is var ratings
                    ? new[]
                    {
                        KrippendorffAlpha.Of(ratings, Metric.Nominal),
                        KrippendorffAlpha.Of(ratings, Metric.Ordinal),
                        KrippendorffAlpha.Of(ratings, Metric.Interval),
                        KrippendorffAlpha.Of(ratings, Metric.Ratio),
                    }
                    : null
        ),
        ("KrippendorffAlpha.Bootstrap", random => KrippendorffAlpha.Bootstrap(Ratings(random), (Metric)random.Next(3), 100, 3)),
        ("RaterSeverity", random => RaterSeverity.Summarise(Ratings(random))),
        ("ManyFacetRasch", random => ManyFacetRasch.Fit(Facets(random))),
        ("Correlation", random => Correlation.Spearman(Reals(random, 5), Reals(random, 5))),
        ("Angoff", random => Angoff.Of(Judgements(random, out var maxima), maxima)),
        (
            "IntrajudgeConsistency",
            random =>
                IntrajudgeConsistency.Of(
                    [random.NextDouble(), 2 * random.NextDouble(), random.Next(2)],
                    [
                        [Real(random)],
                        [Real(random), Real(random)],
                        [0],
                    ]
                )
        ),
        (
            "SubscoreAnalysis",
            random =>
                Scores(random) is var scores && Blocks(random, scores.Items) is var blocks
                    ? SubscoreAnalysis.Of(scores, blocks, missing: Missing(random), coefficient: (SubscoreReliability)random.Next(2))
                    : null
        ),
        (
            "MultidimensionalMaximumLikelihood",
            random =>
                Scores(random, 60, 8) is var scores
                    ? MultidimensionalMaximumLikelihood.Fit(
                        scores,
                        Blocks(random, scores.Items),
                        new((MarginalModel)(2 * random.Next(2)), Points: 3)
                    )
                    : null
        ),
        (
            "BlockAbilities",
            random =>
                Curves(random, 6) is var curves
                    ? BlockAbilities.Estimate(
                        Answers(random, curves),
                        curves,
                        [0, 0, 0, 1, 1, 1],
                        [0, 1],
                        new[,]
                        {
                            { 1, random.NextDouble() },
                            { 0.5, 1 + random.Next(3) },
                        }
                    )
                    : null
        ),
        ("Share", random => new Share(random.Next(3), 3).Interval()),
    ];

    private static MissingScores Missing(Random random) => (MissingScores)random.Next(2);

    private static int[] Blocks(Random random, int items) =>
        [.. Enumerable.Range(0, items).Select(item => random.Next(4) == 0 ? random.Next(3) : item % 2)];

    /// <summary>A number, usually near 0 and sometimes far from it.</summary>
    private static double[] Reals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Real(random))];

    private static double Real(Random random) =>
        random.Next(6) switch
        {
            0 => 0,
            1 => 1e6 * random.Normal(),
            2 => 1e-9 * random.Normal(),
            _ => random.Normal(),
        };

    public static ScoreMatrix Scores(Random random, int mostPersons = 99, int mostItems = 19, bool dichotomous = false)
    {
        var (persons, items) = (
            random.Next(8) == 0 ? random.Next(3) : random.Next(mostPersons + 1),
            random.Next(8) == 0 ? random.Next(3) : random.Next(mostItems + 1)
        );
        var categories = dichotomous ? 2 : 2 + random.Next(3);
        var (kind, holes) = (random.Next(7), random.Next(3) == 0 ? random.NextDouble() : 0);
        var scores = new int[persons, items];
        var easy = Enumerable.Range(0, items).Select(_ => 2 * random.Normal()).ToArray();
        for (var person = 0; person < persons; person++)
        {
            var ability = 1.5 * random.Normal();
            for (var item = 0; item < items; item++)
            {
                var score = kind switch
                {
                    0 => person % (items + 1) > item ? 1 : 0,
                    1 => random.Next(categories),
                    2 => item == 0 ? random.Next(categories) : scores[person, 0],
                    3 => 1,
                    _ => Enumerable.Range(1, categories - 1).Count(_ => random.NextDouble() < 1 / (1 + Math.Exp(easy[item] - ability))),
                };
                scores[person, item] = random.NextDouble() < holes ? -1 : score;
            }
        }
        if (items > 0 && random.Next(4) == 0)
        {
            var (column, value) = (random.Next(items), random.Next(-1, 2));
            for (var person = 0; person < persons; person++)
                scores[person, column] = value;
        }
        if (persons > 0 && random.Next(4) == 0)
        {
            var row = random.Next(persons);
            for (var item = 0; item < items; item++)
                scores[row, item] = -1;
        }
        return new(scores);
    }

    private static object? Grouped(Random random, Func<ScoreMatrix, bool[], object?> call, bool dichotomous = false)
    {
        var scores = Scores(random, 60, 8, dichotomous);
        var share = random.Next(4) == 0 ? random.Next(2) : random.NextDouble();
        return call(scores, [.. Enumerable.Range(0, scores.Persons).Select(_ => random.NextDouble() < share)]);
    }

    private static object? Beside(
        Random random,
        int mostPersons,
        int mostItems,
        Func<ScoreMatrix, ItemParameters?[], FixedItemOptions, object?> call
    )
    {
        var scores = Scores(random, mostPersons, mostItems);
        var model = random.Next(2) == 0 ? MarginalModel.PartialCredit : MarginalModel.GeneralizedPartialCredit;
        var known = new ItemParameters?[scores.Items];
        for (var item = 0; item < known.Length; item++)
            if (random.Next(2) == 0)
                known[item] = new(
                    model == MarginalModel.PartialCredit ? 1 : Curves(random, 1)[0].Slope,
                    [.. Enumerable.Range(0, Math.Max(1, scores.Maximum(item)) + random.Next(2)).Select(_ => random.Normal())]
                );
        return call(scores, known, new(model));
    }

    private static object? GradedOf(Random random)
    {
        var scores = Scores(random);
        var fit = GradedResponse.Fit(scores);
        return fit.IsDefined ? new object[] { fit, GradedResponse.Abilities(scores, fit.Value.Items) } : fit;
    }

    private static object? LimitedInformationOf(Random random)
    {
        var (scores, model) = (Scores(random), (MarginalModel)random.Next(4));
        var fit = MarginalMaximumLikelihood.Fit(scores, new(model, StandardErrors: false));
        return fit.IsDefined ? LimitedInformation.Of(scores, fit.Value, model, random.Next(2) == 0 ? null : [0, 1, 2]) : fit.Reason;
    }

    private static object? AnswerCopyingOf(Random random)
    {
        var curves = Curves(random, 5);
        var scores = Answers(random, curves);
        var method = random.Next(2) == 0 ? AbilityMethod.WeightedLikelihood : AbilityMethod.MaximumAPosteriori;
        return AnswerCopying.Of(
            scores,
            curves,
            method,
            Abilities.Estimate(scores, curves, method),
            [.. Enumerable.Range(0, Math.Max(0, scores.Persons - 1)).Select(person => (person, person + 1))]
        );
    }

    private static AnchoredScores Anchored(Random random, int maximum, int anchorMaximum)
    {
        var (count, kind) = (1 + random.Next(30), random.Next(4));
        var anchors = Whole(random, count, kind == 0 ? 1 : anchorMaximum + 1);
        int[] totals =
        [
            .. anchors.Select(anchor =>
                kind switch
                {
                    1 => maximum - anchor,
                    2 => anchor,
                    _ => random.Next(maximum + 1),
                }
            ),
        ];
        return AnchoredScores.Of(totals, anchors, maximum, anchorMaximum);
    }

    private static object? AnchorEquatingOf(Random random)
    {
        var (x, y, method) = (Anchored(random, 4, 2), Anchored(random, 5, 2), (AnchorMethod)random.Next(6));
        var options = new AnchorOptions(random.Next(3) / 2d, random.Next(2) == 0);
        var equated = AnchorEquating.Equate(method, x, y, options);
        return method < AnchorMethod.ChainedEquipercentile
            ? new object[] { equated, AnchorEquating.StandardErrors(method, x, y, options) }
            : equated;
    }

    private static object? LinkingErrorsOf(Random random)
    {
        var curves = ItemCurves(random);
        var other = random.Next(2) == 0 ? Moved(curves, 0.5 + random.NextDouble(), Real(random)) : ItemCurves(random);
        CalibratedCurves Sure(ItemCurve[] items)
        {
            var size = items.Sum(item => item.Maximum + 1);
            var covariance = new double[size, size];
            for (var at = 0; at < size; at++)
                covariance[at, at] = random.Next(3) * random.NextDouble();
            return new(items, covariance);
        }
        var grid = Grid.Uniform(count: 21);
        return IrtLinking.StandardErrors((LinkingMethod)random.Next(4), Sure(curves), Sure(other), grid, grid);
    }

    private static int[,] Choices(Random random)
    {
        var choices = new int[random.Next(12), 3];
        for (var person = 0; person < choices.GetLength(0); person++)
        for (var item = 0; item < 3; item++)
            choices[person, item] = random.Next(-1, 3);
        return choices;
    }

    private static int[] Whole(Random random, int most) => Whole(random, random.Next(most + 1), 3);

    private static int[] Whole(Random random, int length, int categories) =>
        [.. Enumerable.Range(0, length).Select(_ => random.Next(categories))];

    private static object? LivingstonLewisOf(Random random)
    {
        var most = 1 + random.Next(30);
        var same = random.Next(3) == 0 ? random.Next(most + 1) : -1;
        var scores = Enumerable.Range(0, random.Next(40)).Select(_ => same >= 0 ? (double)same : random.Next(most + 1)).ToArray();
        var reliability = random.Next(5) switch
        {
            0 => 1,
            1 => 1 - 1e-12,
            2 => 1e-9,
            _ => random.NextDouble(),
        };
        var fit = LivingstonLewis.Of(scores, 0, most, reliability, [most * Math.Max(0.01, random.NextDouble())], random.Next(2) == 0);
        return fit.IsDefined
            ? new object[] { fit, fit.Value.LevelsGiven(0), fit.Value.LevelsGiven(most), fit.Value.LevelsGiven(most / 2d) }
            : fit;
    }

    private static ScoreDistribution Distribution(Random random, int? maximum = null)
    {
        var counts = new double[(maximum ?? 1 + random.Next(12)) + 1];
        var holes = random.NextDouble();
        for (var score = 0; score < counts.Length; score++)
            counts[score] = random.NextDouble() < holes ? 0 : random.Next(30);
        counts[random.Next(counts.Length)]++;
        return ScoreDistribution.Of(counts);
    }

    private static object? EquatingOf(Random random)
    {
        EquatingMethod[] methods =
        [
            new EquatingMethod.Mean(),
            new EquatingMethod.Linear(),
            new EquatingMethod.CircleArc(),
            new EquatingMethod.Equipercentile(),
            new EquatingMethod.Smoothed(2, 3),
        ];
        return methods[random.Next(methods.Length)].Equate(Distribution(random), Distribution(random));
    }

    private static ItemCurve[] ItemCurves(Random random) =>
        [
            .. Enumerable
                .Range(0, 1 + random.Next(5))
                .Select(_ =>
                    random.Next(3) == 0
                        ? new ItemCurve(0.2 + random.NextDouble(), [random.Normal(), random.Normal()])
                        : new ItemCurve(Math.Exp(random.Normal()), [3 * random.Normal()], random.Next(2) * 0.3)
                ),
        ];

    private static ItemCurve[] Moved(ItemCurve[] curves, double multiplier, double constant) =>
        Array.ConvertAll(curves, curve => curve.Transform(multiplier, constant));

    private static ItemParameters[] Curves(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new ItemParameters(
                    random.Next(8) switch
                    {
                        0 => 0,
                        1 => -random.NextDouble(),
                        2 => 20,
                        _ => Math.Exp(random.Normal()),
                    },
                    [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.Next(8) == 0 ? 40 * random.Normal() : random.Normal())]
                )),
        ];

    private static ScoreMatrix Answers(Random random, ItemParameters[] curves)
    {
        var scores = new int[random.Next(40), curves.Length];
        for (var person = 0; person < scores.GetLength(0); person++)
        for (var item = 0; item < curves.Length; item++)
            scores[person, item] = random.Next(-1, curves[item].MaximumScore + 1);
        return new(scores);
    }

    private static object? ModelFitOf(Random random)
    {
        var curves = Curves(random, 5);
        var scores = Answers(random, curves);
        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.WeightedLikelihood);
        return new object[]
        {
            ModelFit.OfItems(scores, curves, abilities),
            ModelFit.OfPersons(scores, curves, abilities),
            ModelFit.StandardizedLikelihoods(scores, curves, abilities),
            PersonFit.Of(scores, curves, AbilityMethod.WeightedLikelihood, abilities),
            LocalDependence.Of(scores, curves, abilities),
        };
    }

    private static int[,] Table(Random random, int leastRows, int mostRows, int most)
    {
        var size = Math.Max(2, random.Next(leastRows, mostRows + 1));
        var table = new int[size, size];
        var holes = random.NextDouble();
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
            table[row, column] = random.NextDouble() < holes ? 0 : random.Next(most);
        return table;
    }

    private static int[,] Fleiss(Random random)
    {
        var counts = new int[random.Next(10), 3];
        var raters = random.Next(5);
        for (var unit = 0; unit < counts.GetLength(0); unit++)
        for (var rater = 0; rater < raters; rater++)
            counts[unit, random.Next(4) == 0 ? random.Next(3) : 0]++;
        return counts;
    }

    private static object? IccOf(Random random)
    {
        var ratings = new double[random.Next(7), random.Next(5)];
        var whole = random.Next(3) > 0;
        for (var unit = 0; unit < ratings.GetLength(0); unit++)
        for (var rater = 0; rater < ratings.GetLength(1); rater++)
            ratings[unit, rater] = whole ? random.Next(3) : Real(random);
        var table = IntraclassCorrelation.Of(ratings);
        return table.IsDefined ? new object[] { table, Enum.GetValues<IccForm>().Select(form => table.Value[form]).ToArray() } : table;
    }

    private static RatingSet Ratings(Random random)
    {
        var ratings = new double?[random.Next(8), random.Next(4)];
        for (var unit = 0; unit < ratings.GetLength(0); unit++)
        for (var rater = 0; rater < ratings.GetLength(1); rater++)
            if (random.Next(3) > 0)
                ratings[unit, rater] = random.Next(3);
        return RatingSet.FromMatrix(ratings);
    }

    private static List<FacetRating> Facets(Random random)
    {
        var ratings = new List<FacetRating>();
        var (items, raters, most) = (1 + random.Next(3), 1 + random.Next(4), 1 + random.Next(3));
        for (var person = random.Next(25); person > 0; person--)
        for (var item = 0; item < items; item++)
        for (var rater = 0; rater < raters; rater++)
            if (random.Next(2) == 0)
                ratings.Add(new(person, item, rater, random.Next(3) == 0 ? most : random.Next(most + 1)));
        return ratings;
    }

    private static double[,] Judgements(Random random, out double[] maxima)
    {
        var ratings = new double[random.Next(5), random.Next(5)];
        maxima = [.. Enumerable.Range(0, ratings.GetLength(1)).Select(_ => 1d + random.Next(3))];
        for (var judge = 0; judge < ratings.GetLength(0); judge++)
        for (var item = 0; item < ratings.GetLength(1); item++)
            ratings[judge, item] = maxima[item] * (random.Next(2) == 0 ? 0.5 : random.NextDouble());
        return ratings;
    }
}
