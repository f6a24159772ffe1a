using Diagnostics.Psychometrics.ItemResponse;
using MathNet.Numerics.LinearAlgebra;

namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// The marginal likelihood of the many-facet model, with its score and its information. The full parameters are the
/// item difficulties, the severities of all raters, inner categories c_x = Σ_{k≤x} τ_k, and ln σ. The last severity is
/// minus the sum of the others; <see cref="Free"/> eliminates it.
/// </summary>
internal sealed class FacetLikelihood
{
    private readonly FacetDesign design;
    private readonly AbilityGrid grid;
    private readonly int points;
    private readonly double[] parameters;
    private readonly double[] nodes,
        squaredNodes,
        logWeights;

    // For each cell and every quadrature point: the probability of each category, the expected score, and the variance
    // of the score.
    private readonly double[][][] probabilities;
    private readonly double[][] logProbabilities,
        expected,
        variances,
        masses;
    private double largestStep;
    private int iterations;

    public FacetLikelihood(FacetDesign design, AbilityGrid grid)
    {
        (this.design, this.grid, points) = (design, grid, grid.Points);
        parameters = new double[design.Spread + 1];
        (nodes, squaredNodes, logWeights) = (new double[points], new double[points], new double[points]);
        probabilities = [.. design.Cells.Select(cell => design.Scores[cell.Item].Select(_ => new double[points]).ToArray())];
        logProbabilities = [.. design.Cells.Select(cell => new double[design.Scores[cell.Item].Length * points])];
        (expected, variances, masses) = (Rows(), Rows(), Rows());

        double[][] Rows() => [.. design.Cells.Select(_ => new double[points])];
    }

    private double Deviation => Math.Exp(parameters[design.Spread]);

    /// <returns>Null when converged.</returns>
    public Undefined? Maximise(int maxIterations)
    {
        for (iterations = 1; iterations <= maxIterations; iterations++)
        {
            // EM is safe far from the solution; Newton's method is fast near it.
            var newton = iterations > 10 && largestStep < 0.2;
            var pass = Pass(newton, null);
            var change = newton ? Solve(pass.Complete - pass.Missing!, pass.Score) : null;
            change ??= Solve(pass.Complete, pass.Score);
            if (change is null)
                return Undefined.Singular;
            largestStep = change.Max(Math.Abs);
            if (!double.IsFinite(largestStep))
                return Undefined.NotConverged;
            var shrink = Math.Min(1, 1 / largestStep);
            for (var place = 0; place < parameters.Length; place++)
                parameters[place] += shrink * change[place];
            if (newton && largestStep < 1e-9)
                return null;
        }
        return Undefined.NotConverged;
    }

    private sealed record Sums(double LogLikelihood, double[] Score, Matrix<double> Complete, Matrix<double>? Missing);

    /// <summary>The map from all raters to all but the last, whose severity is minus the sum of the others.</summary>
    private Matrix<double> Free()
    {
        var last = design.Items + design.Raters - 1;
        var free = Matrix<double>.Build.Dense(parameters.Length, parameters.Length - 1);
        for (var place = 0; place < parameters.Length; place++)
            if (place != last)
                free[place, place < last ? place : place - 1] = 1;
        for (var rater = design.Items; rater < last; rater++)
            free[last, rater] = -1;
        return free;
    }

    private double[]? Solve(Matrix<double> information, double[] score)
    {
        var free = Free();
        try
        {
            var right = free.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(score));
            return (free * free.TransposeThisAndMultiply(information * free).Cholesky().Solve(right)).ToArray();
        }
        catch (ArgumentException)
        {
            // MathNet throws when a matrix is not positive definite.
            return null;
        }
    }

    private void Tabulate()
    {
        var deviation = Deviation;
        var sum = 0.0;
        for (var q = 0; q < points; q++)
        {
            nodes[q] = grid.Bound * (2.0 * q / (points - 1) - 1) * (grid.InDeviations ? deviation : 1);
            logWeights[q] = -nodes[q] * nodes[q] / (2 * deviation * deviation);
            squaredNodes[q] = nodes[q] * nodes[q];
            sum += Math.Exp(logWeights[q]);
        }
        for (var q = 0; q < points; q++)
            logWeights[q] -= Math.Log(sum);
        for (var cell = 0; cell < design.Cells.Length; cell++)
        {
            var (item, rater) = design.Cells[cell];
            var scores = design.Scores[item];
            var exponents = new double[scores.Length];
            for (var q = 0; q < points; q++)
            {
                var location = nodes[q] - parameters[item] - parameters[design.Items + rater];
                for (var k = 0; k < scores.Length; k++)
                    exponents[k] =
                        scores[k] * location - (k > 0 && k < scores.Length - 1 ? parameters[design.FirstInner[item] + k - 1] : 0);
                var largest = exponents.Max();
                var total = 0.0;
                foreach (var exponent in exponents)
                    total += Math.Exp(exponent - largest);
                var (mean, square) = (0.0, 0.0);
                for (var k = 0; k < scores.Length; k++)
                {
                    var log = exponents[k] - largest - Math.Log(total);
                    logProbabilities[cell][k * points + q] = log;
                    var probability = Math.Exp(log);
                    probabilities[cell][k][q] = probability;
                    mean += scores[k] * probability;
                    square += (double)scores[k] * scores[k] * probability;
                }
                (expected[cell][q], variances[cell][q]) = (mean, Math.Max(0, square - mean * mean));
            }
        }
    }

    /// <summary>
    /// Visits every person and adds up the log-likelihood, the score, the complete-data information, and the part of
    /// this information that is lost because ability is not observed (Louis 1982).
    /// </summary>
    /// <param name="each">When given, it is called with each person, the mean square of the person's ability, and the
    /// posterior; persons are then visited one at a time.</param>
    private Sums Pass(bool withMissing, Action<int, double, double[]>? each)
    {
        Tabulate();
        var pieces = new FacetPiece?[8];
        void Run(int piece, int from, int to)
        {
            var part = pieces[piece] = new FacetPiece(parameters.Length, design.Cells.Length, points, withMissing);
            for (var person = from; person < to; person++)
                Add(part, person, each);
        }
        if (each is null)
            MarginalLikelihood.InPieces(design.Persons.Length, Run);
        else
            Run(0, 0, design.Persons.Length);

        var (logLikelihood, squares, score) = (0.0, 0.0, new double[parameters.Length]);
        var missing = withMissing ? new double[parameters.Length * parameters.Length] : null;
        foreach (var cell in masses)
            Array.Clear(cell);
        foreach (var part in pieces)
        {
            if (part is null)
                continue;
            logLikelihood += part.LogLikelihood;
            squares += part.Squares;
            SpanMath.AddScaled(score, 1, part.Score);
            for (var cell = 0; cell < masses.Length; cell++)
                SpanMath.AddScaled(masses[cell], 1, part.Masses[cell]);
            if (missing is not null)
                SpanMath.AddScaled(missing, 1, part.Missing);
        }
        return new Sums(logLikelihood, score, Complete(squares / (Deviation * Deviation)), missing is null ? null : Symmetric(missing));
    }

    /// <summary>Builds the symmetric matrix from its lower triangle, which is stored row by row.</summary>
    private Matrix<double> Symmetric(double[] lower) =>
        Matrix<double>.Build.Dense(
            parameters.Length,
            parameters.Length,
            (row, column) => lower[Math.Max(row, column) * parameters.Length + Math.Min(row, column)]
        );

    private void Add(FacetPiece part, int person, Action<int, double, double[]>? each)
    {
        var (observed, posterior, variance) = (design.Persons[person], part.Posterior, Deviation * Deviation);
        part.LogLikelihood += Posterior(observed, posterior);
        var own = SpanMath.Dot(posterior, squaredNodes);
        part.Squares += own;
        part.Score[design.Spread] += own / variance - 1;
        foreach (var (cell, category) in observed)
        {
            var (item, rater) = design.Cells[cell];
            SpanMath.AddScaled(part.Masses[cell], 1, posterior);
            var residual = design.Scores[item][category] - SpanMath.Dot(posterior, expected[cell]);
            part.Score[item] -= residual;
            part.Score[design.Items + rater] -= residual;
            for (var k = 1; k < design.Scores[item].Length - 1; k++)
                part.Score[design.FirstInner[item] + k - 1] += SpanMath.Dot(posterior, probabilities[cell][k]) - (k == category ? 1 : 0);
        }
        if (part.Missing.Length > 0)
            AddSpreadOfScores(part, observed, variance);
        each?.Invoke(person, own, posterior);
    }

    /// <summary>Fills in the posterior at the quadrature points; returns the person's log-likelihood.</summary>
    private double Posterior((int Cell, int Category)[] observed, double[] posterior)
    {
        logWeights.CopyTo(posterior, 0);
        foreach (var (cell, category) in observed)
            SpanMath.AddScaled(posterior, 1, logProbabilities[cell].AsSpan(category * points, points));
        var largest = SpanMath.Max(posterior);
        var sum = SpanMath.ExpSum(posterior, largest);
        SpanMath.Scale(posterior, 1 / sum);
        return largest + Math.Log(sum);
    }

    /// <summary>
    /// Adds the posterior covariance of a person's complete-data score, over the parameters that concern this person.
    /// </summary>
    private void AddSpreadOfScores(FacetPiece part, (int Cell, int Category)[] observed, double variance)
    {
        part.Forget();
        // Constants drop out of a covariance, so a rating adds only the expected score and the probability of each
        // category.
        SpanMath.AddScaled(part.Of(design.Spread), 1 / variance, squaredNodes);
        foreach (var (cell, _) in observed)
        {
            var (item, rater) = design.Cells[cell];
            SpanMath.AddScaled(part.Of(item), 1, expected[cell]);
            SpanMath.AddScaled(part.Of(design.Items + rater), 1, expected[cell]);
            for (var k = 1; k < design.Scores[item].Length - 1; k++)
                SpanMath.AddScaled(part.Of(design.FirstInner[item] + k - 1), 1, probabilities[cell][k]);
        }
        part.AddCovariances();
    }

    private Matrix<double> Complete(double spread)
    {
        var information = Matrix<double>.Build.Dense(parameters.Length, parameters.Length);
        information[design.Spread, design.Spread] = 2 * spread;
        for (var cell = 0; cell < design.Cells.Length; cell++)
        {
            var (item, rater) = design.Cells[cell];
            var severity = design.Items + rater;
            var scores = design.Scores[item];
            var variance = 0.0;
            for (var q = 0; q < points; q++)
                variance += masses[cell][q] * variances[cell][q];
            information[item, item] += variance;
            information[severity, severity] += variance;
            Both(item, severity, variance);
            for (var k = 1; k < scores.Length - 1; k++)
            {
                var place = design.FirstInner[item] + k - 1;
                var withScore = 0.0;
                for (var q = 0; q < points; q++)
                    withScore += masses[cell][q] * probabilities[cell][k][q] * (scores[k] - expected[cell][q]);
                Both(item, place, withScore);
                Both(severity, place, withScore);
                for (var l = 1; l <= k; l++)
                {
                    var sum = 0.0;
                    for (var q = 0; q < points; q++)
                        sum += masses[cell][q] * probabilities[cell][k][q] * ((k == l ? 1 : 0) - probabilities[cell][l][q]);
                    if (k == l)
                        information[place, place] += sum;
                    else
                        Both(place, design.FirstInner[item] + l - 1, sum);
                }
            }
        }
        return information;

        void Both(int one, int other, double value)
        {
            information[one, other] += value;
            information[other, one] += value;
        }
    }

    public ManyFacetRasch Report(IReadOnlyList<FacetRating> ratings)
    {
        var persons = new FacetPersonMeasure[design.Persons.Length];
        var (byItem, byRater) = (new double[design.Items, 4], new double[design.Raters, 4]);
        var pass = Pass(
            true,
            (person, square, posterior) =>
            {
                var mean = SpanMath.Dot(posterior, nodes);
                persons[person] = new FacetPersonMeasure(
                    design.PersonNumbers[person],
                    design.Persons[person].Length,
                    mean,
                    Math.Sqrt(Math.Max(0, square - mean * mean))
                );
                foreach (var (cell, category) in design.Persons[person])
                    AddFit(posterior, cell, category, byItem, byRater);
            }
        );
        var free = Free();
        var covariance = free * free.TransposeThisAndMultiply((pass.Complete - pass.Missing!) * free).Inverse() * free.Transpose();
        var groups = FacetDesign.Groups(ratings);
        var (perRater, perItem) = (
            ratings.CountBy(rating => rating.Rater).ToDictionary(),
            ratings.CountBy(rating => rating.Item).ToDictionary()
        );
        return new ManyFacetRasch(
            pass.LogLikelihood,
            Deviation * Deviation,
            [
                .. perRater
                    .Keys.Order()
                    .Select(rater =>
                    {
                        var own = Array.BinarySearch(design.RaterNumbers, rater);
                        if (own < 0)
                            return new RaterMeasure(
                                rater,
                                perRater[rater],
                                None<double>(),
                                None<double>(),
                                None<RatingFit>(),
                                groups[rater]
                            );
                        var place = design.Items + own;
                        return new RaterMeasure(
                            rater,
                            perRater[rater],
                            Estimate<double>.Of(parameters[place]),
                            Error(place),
                            Fit(byRater, own),
                            groups[rater]
                        );
                    }),
            ],
            [
                .. perItem
                    .Keys.Order()
                    .Select(item =>
                    {
                        var own = Array.BinarySearch(design.ItemNumbers, item);
                        return own < 0
                            ? new FacetItemMeasure(
                                item,
                                perItem[item],
                                Flat<double>(),
                                Flat<double>(),
                                Flat<IReadOnlyList<double>>(),
                                Flat<RatingFit>()
                            )
                            : new FacetItemMeasure(
                                item,
                                perItem[item],
                                Estimate<double>.Of(parameters[own]),
                                Error(own),
                                Steps(own),
                                Fit(byItem, own)
                            );
                    }),
            ],
            persons,
            parameters.Length - 1,
            iterations,
            largestStep
        );

        Estimate<double> Error(int place) =>
            covariance[place, place] > 0
                ? Estimate<double>.Of(Math.Sqrt(covariance[place, place]))
                : Estimate<double>.None(Undefined.Singular);
        static Estimate<T> None<T>() => Estimate<T>.None(Undefined.PerfectScore);
        static Estimate<T> Flat<T>() => Estimate<T>.None(Undefined.NoVariance);
        static Estimate<RatingFit> Fit(double[,] sums, int row) =>
            Estimate<RatingFit>.Of(new RatingFit(sums[row, 0] / sums[row, 1], sums[row, 2] / sums[row, 3]));
    }

    private void AddFit(double[] posterior, int cell, int category, double[,] byItem, double[,] byRater)
    {
        var (item, rater) = design.Cells[cell];
        var (squared, information, standardised) = (0.0, 0.0, 0.0);
        for (var q = 0; q < points; q++)
        {
            var residual = design.Scores[item][category] - expected[cell][q];
            squared += posterior[q] * residual * residual;
            information += posterior[q] * variances[cell][q];
            // Points where the variance vanishes are left out, because the posterior vanishes there too.
            if (variances[cell][q] > 1e-12)
                standardised += posterior[q] * residual * residual / variances[cell][q];
        }
        foreach (var (sums, row) in new[] { (byItem, item), (byRater, rater) })
        {
            sums[row, 0] += squared;
            sums[row, 1] += information;
            sums[row, 2] += standardised;
            sums[row, 3]++;
        }
    }

    private Estimate<IReadOnlyList<double>> Steps(int item)
    {
        var scores = design.Scores[item];
        if (scores[0] != 0 || scores[^1] != scores.Length - 1)
            return Estimate<IReadOnlyList<double>>.None(Undefined.EmptyCategory);
        var steps = new double[scores.Length - 1];
        var previous = 0.0;
        for (var k = 1; k < scores.Length; k++)
        {
            var cumulated = k < scores.Length - 1 ? parameters[design.FirstInner[item] + k - 1] : 0;
            steps[k - 1] = cumulated - previous;
            previous = cumulated;
        }
        return Estimate<IReadOnlyList<double>>.Of(steps);
    }
}
