using System.Collections.Concurrent;
using System.Numerics;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The likelihood of item scores given the raw scores, for persons whose missing answers are scattered rather than
/// designed, so that hardly anybody shares their set of presented items.
/// </summary>
/// <remarks>
/// <see cref="ConditionalLikelihood"/> computes all raw scores of a booklet together; here thousands of booklets need
/// one or two raw scores each. A symmetric function of a given order is a coefficient of the product Π_i (1 + Σ_k ε_ik
/// z^k). The discrete Fourier transform on a circle in the complex plane extracts it (Hong, Y. (2013), On computing the
/// distribution function for the Poisson binomial distribution, Computational Statistics and Data Analysis, 59, 41–51,
/// equation 8). The radius of the circle is e^θ at the ability θ whose expected raw score is the one needed, so the
/// coefficient is one of the largest and nothing cancels. Its first and second logarithmic derivatives are sums over
/// the same points.
/// </remarks>
internal sealed class ConditionalScatter
{
    private readonly (int[] Items, int Raw, double Persons)[] entries;
    private readonly int[] steps;
    private readonly int[] firsts;
    private readonly int size;
    private readonly ConcurrentDictionary<int, Circle> circles = new();

    /// <param name="entries">For each entry: places of the presented items, a raw score between the extremes, and the
    /// number of persons with that score.</param>
    /// <param name="steps">Number of steps of each item in use.</param>
    /// <param name="firsts">Place of the first parameter of each item in use.</param>
    public ConditionalScatter(IEnumerable<(int[] Items, int Raw, double Persons)> entries, int[] steps, int[] firsts) =>
        (this.entries, this.steps, this.firsts, size) = ([.. entries], steps, firsts, steps.Sum());

    /// <summary>Returns the sum of n log γ over the entries.</summary>
    public double LogNormalizer(double[] terms) => Accumulate(terms, null, null, exact: false);

    /// <summary>
    /// Adds the first and second derivatives of Σ n log γ with respect to η; returns the value of the sum.
    /// </summary>
    /// <param name="exact">False = the information is that of independent items minus the variance of the sum. This is
    /// accurate enough for the climb, at a fraction of the cost.</param>
    public double Accumulate(double[] terms, double[]? gradient, double[]? information, bool exact)
    {
        var parts = new Part?[8];
        MarginalLikelihood.InPieces(
            entries.Length,
            (piece, from, to) =>
            {
                var part = parts[piece] = new Part(
                    gradient is null ? [] : new double[size],
                    information is null ? [] : new double[size * size]
                );
                var work = new Work(steps.Max(), size, Circle.PointsFor(size));
                for (var at = from; at < to; at++)
                    part.Value += entries[at].Persons * One(entries[at], terms, work, part, exact);
            }
        );
        var value = 0d;
        foreach (var part in parts)
        {
            if (part is null)
                continue;
            value += part.Value;
            if (gradient is not null)
                SpanMath.AddScaled(gradient, 1, part.Gradient);
            if (information is null)
                continue;
            for (var row = 0; row < size; row++)
            for (var column = 0; column <= row; column++)
            {
                information[row * size + column] += part.Information[row * size + column];
                if (column < row)
                    information[column * size + row] += part.Information[row * size + column];
            }
        }
        return value;
    }

    /// <summary>The gradient and the lower triangle of the information that one thread adds up.</summary>
    private sealed class Part(double[] gradient, double[] information)
    {
        public double Value { get; set; }

        public double[] Gradient { get; } = gradient;

        public double[] Information { get; } = information;
    }

    /// <summary>Complex numbers at the points: first the real parts, then the imaginary parts.</summary>
    private readonly ref struct Halves(double[] numbers, int points)
    {
        private readonly Span<Vector<double>> vectors = ItemTables.Vectors(numbers);

        public int Length { get; } = points / Vector<double>.Count;

        public Vector<double> Real(int at) => vectors[at];

        public Vector<double> Imaginary(int at) => vectors[Length + at];

        public void Set(int at, Vector<double> real, Vector<double> imaginary) => (vectors[at], vectors[Length + at]) = (real, imaginary);
    }

    /// <summary>Scratch memory of one thread.</summary>
    private sealed class Work(int mostSteps, int size, int points)
    {
        public double[] Powers { get; } = new double[mostSteps + 1];

        /// <summary>
        /// For each parameter, its item's term divided by the item's whole factor on the circle: first real parts, then
        /// imaginary parts.
        /// </summary>
        public double[][] Shares { get; } = [.. Enumerable.Range(0, size).Select(_ => new double[2 * points])];

        /// <summary>
        /// The shares times the product of all items and the weight of the point, with the imaginary parts negated.
        /// </summary>
        public double[][] Weighted { get; } = [.. Enumerable.Range(0, size).Select(_ => new double[2 * points])];

        public double[] Probabilities { get; } = new double[size];

        public double[] Expected { get; } = new double[size];
    }

    /// <summary>Computes log γ of one entry.</summary>
    private double One((int[] Items, int Raw, double Persons) entry, double[] terms, Work work, Part part, bool exact)
    {
        var circle = circles.GetOrAdd(entry.Items.Sum(item => steps[item]), highest => new Circle(highest, steps.Max()));
        var (radius, variance) = Tilt(entry.Items, entry.Raw, circle.Highest, terms);
        var product = new double[2 * circle.Points];
        double logScale;
        // An item may vanish at a point of the circle; on a slightly wider circle it does not.
        for (
            var attempt = 0;
            !TryMultiply(entry.Items, radius, circle, terms, work, product, part.Gradient.Length > 0, out logScale) && attempt < 8;
            attempt++
        )
            radius *= 1.1;
        circle.Need(entry.Raw);
        var coefficient = Rotate(circle, entry.Raw, product);
        var value = Math.Log(coefficient) + logScale - entry.Raw * Math.Log(radius);
        if (part.Gradient.Length == 0)
            return value;
        Differentiate(entry, circle, product, coefficient, work, part);
        if (part.Information.Length > 0 && !exact)
            AddApproximate(entry, radius, variance, terms, work, part.Information);
        if (part.Information.Length > 0 && exact)
            AddExact(entry, coefficient, work, part.Information);
        return value;
    }

    /// <summary>
    /// Returns e^θ for an ability θ with approximately the needed expected raw score, and the variance of the raw score
    /// at that ability.
    /// </summary>
    private (double Radius, double Variance) Tilt(int[] items, int raw, int highest, double[] terms)
    {
        var (ability, spread) = (Math.Log((double)raw / (highest - raw)), 1d);
        for (var iteration = 0; iteration < 4; iteration++)
        {
            var radius = Math.Exp(ability);
            var (expected, variance) = (0d, 0d);
            foreach (var item in items)
            {
                var (sum, first, second, power) = (1d, 0d, 0d, 1d);
                for (var step = 1; step <= steps[item]; step++)
                {
                    power *= radius;
                    var term = terms[firsts[item] + step - 1] * power;
                    sum += term;
                    first += step * term;
                    second += (double)step * step * term;
                }
                expected += first / sum;
                variance += second / sum - first / sum * (first / sum);
            }
            spread = variance;
            if (Math.Abs(raw - expected) < 1e-3 * variance)
                break;
            ability += Math.Clamp((raw - expected) / variance, -2, 2);
        }
        return (Math.Exp(ability), spread);
    }

    /// <summary>
    /// Multiplies the items over the circle, each divided by its value at ω = 0; false when an item nearly vanishes.
    /// </summary>
    private bool TryMultiply(
        int[] items,
        double radius,
        Circle circle,
        double[] terms,
        Work work,
        double[] product,
        bool withShares,
        out double logScale
    )
    {
        var points = circle.Points;
        product.AsSpan(0, points).Fill(1);
        product.AsSpan(points).Clear();
        logScale = 0;
        var smallest = new Vector<double>(double.PositiveInfinity);
        var productReal = ItemTables.Vectors(product)[..(points / Vector<double>.Count)];
        var productImaginary = ItemTables.Vectors(product)[(points / Vector<double>.Count)..];
        foreach (var item in items)
        {
            var (whole, power, count) = (1d, 1d, steps[item]);
            for (var step = 1; step <= count; step++)
                whole += work.Powers[step] = terms[firsts[item] + step - 1] * (power *= radius);
            for (var step = 1; step <= count; step++)
                work.Powers[step] /= whole;
            logScale += Math.Log(whole);
            for (var at = 0; at < productReal.Length; at++)
            {
                var (real, imaginary) = (new Vector<double>(1 / whole), Vector<double>.Zero);
                for (var step = 1; step <= count; step++)
                {
                    real += new Vector<double>(work.Powers[step]) * ItemTables.Vectors(circle.Cosines[step])[at];
                    imaginary += new Vector<double>(work.Powers[step]) * ItemTables.Vectors(circle.Sines[step])[at];
                }
                var square = real * real + imaginary * imaginary;
                smallest = Vector.Min(smallest, square);
                var (inverseReal, inverseImaginary) = (real / square, -imaginary / square);
                for (var step = 1; withShares && step <= count; step++)
                {
                    var shares = ItemTables.Vectors(work.Shares[firsts[item] + step - 1]);
                    var own = new Vector<double>(work.Powers[step]);
                    var (cosine, sine) = (
                        own * ItemTables.Vectors(circle.Cosines[step])[at],
                        own * ItemTables.Vectors(circle.Sines[step])[at]
                    );
                    shares[at] = cosine * inverseReal - sine * inverseImaginary;
                    shares[productReal.Length + at] = cosine * inverseImaginary + sine * inverseReal;
                }
                (productReal[at], productImaginary[at]) = (
                    productReal[at] * real - productImaginary[at] * imaginary,
                    productReal[at] * imaginary + productImaginary[at] * real
                );
            }
        }
        return Vector.GreaterThanAll(smallest, new Vector<double>(1e-8));
    }

    /// <summary>
    /// Rotates the product by −raw·ω and weights the points; the real parts then sum to the coefficient.
    /// </summary>
    private static double Rotate(Circle circle, int raw, double[] product)
    {
        var real = product.AsSpan(0, circle.Points);
        var imaginary = product.AsSpan(circle.Points);
        var sum = 0d;
        for (var at = 0; at < real.Length; at++)
        {
            var (cosine, sine, weight) = (circle.Cosines[raw][at], circle.Sines[raw][at], circle.Weights[at]);
            (real[at], imaginary[at]) = (
                weight * (real[at] * cosine + imaginary[at] * sine),
                weight * (imaginary[at] * cosine - real[at] * sine)
            );
            sum += real[at];
        }
        return sum;
    }

    private void Differentiate(
        (int[] Items, int Raw, double Persons) entry,
        Circle circle,
        double[] product,
        double coefficient,
        Work work,
        Part part
    )
    {
        var points = circle.Points;
        foreach (var item in entry.Items)
        {
            for (var parameter = firsts[item]; parameter < firsts[item] + steps[item]; parameter++)
            {
                var (share, weighted) = (work.Shares[parameter], work.Weighted[parameter]);
                var sums = Vector<double>.Zero;
                var products = new Halves(product, points);
                var shares = new Halves(share, points);
                var targets = new Halves(weighted, points);
                for (var at = 0; at < products.Length; at++)
                {
                    var real = products.Real(at) * shares.Real(at) - products.Imaginary(at) * shares.Imaginary(at);
                    targets.Set(at, real, -(products.Real(at) * shares.Imaginary(at) + products.Imaginary(at) * shares.Real(at)));
                    sums += real;
                }
                var sum = Vector.Sum(sums);
                work.Probabilities[parameter] = sum / coefficient;
                part.Gradient[parameter] += entry.Persons * sum / coefficient;
            }
        }
    }

    /// <summary>
    /// Adds the covariances of item scores given the raw score: joint probabilities minus the products of the single
    /// probabilities.
    /// </summary>
    private void AddExact((int[] Items, int Raw, double Persons) entry, double coefficient, Work work, double[] information)
    {
        var points = 2 * circles[entry.Items.Sum(item => steps[item])].Points;
        for (var left = 0; left < entry.Items.Length; left++)
        {
            var item = entry.Items[left];
            for (var row = firsts[item]; row < firsts[item] + steps[item]; row++)
            {
                var probability = work.Probabilities[row];
                var weighted = work.Weighted[row].AsSpan(0, points);
                for (var right = 0; right < left; right++)
                {
                    var other = entry.Items[right];
                    for (var column = firsts[other]; column < firsts[other] + steps[other]; column++)
                    {
                        var joint = SpanMath.Dot(weighted, work.Shares[column].AsSpan(0, points)) / coefficient;
                        information[row * size + column] += entry.Persons * (joint - probability * work.Probabilities[column]);
                    }
                }
                for (var column = firsts[item]; column <= row; column++)
                    information[row * size + column] +=
                        entry.Persons * ((row == column ? probability : 0) - probability * work.Probabilities[column]);
            }
        }
    }

    /// <summary>
    /// Adds k/(k − 1) · (Σ_i cov_i − hh′/v): k independent items at the ability of the raw score, minus the part that
    /// fixing the sum removes. This is exact for equal items.
    /// </summary>
    private void AddApproximate(
        (int[] Items, int Raw, double Persons) entry,
        double radius,
        double variance,
        double[] terms,
        Work work,
        double[] information
    )
    {
        var (probabilities, withSum) = (work.Powers, work.Expected);
        Array.Clear(withSum);
        var persons = entry.Persons * entry.Items.Length / (entry.Items.Length - 1);
        foreach (var item in entry.Items)
        {
            var (whole, power, mean, count) = (1d, 1d, 0d, steps[item]);
            for (var step = 1; step <= count; step++)
                whole += probabilities[step] = terms[firsts[item] + step - 1] * (power *= radius);
            for (var step = 1; step <= count; step++)
                mean += step * (probabilities[step] /= whole);
            for (var step = 1; step <= count; step++)
            {
                var row = firsts[item] + step - 1;
                withSum[row] = probabilities[step] * (step - mean);
                for (var other = 1; other <= step; other++)
                    information[row * size + firsts[item] + other - 1] +=
                        persons * ((other == step ? probabilities[step] : 0) - probabilities[step] * probabilities[other]);
            }
        }
        foreach (var item in entry.Items)
            for (var row = firsts[item]; row < firsts[item] + steps[item]; row++)
                SpanMath.AddScaled(information.AsSpan(row * size, row + 1), -persons * withSum[row] / variance, withSum.AsSpan(0, row + 1));
    }

    /// <summary>
    /// Half of the points of the transform, which needs highest + 1 of them; the other half are conjugates of these.
    /// When that number is even, the points lie between the usual ones, so that none is at π, where an item of
    /// probability one half vanishes.
    /// </summary>
    private sealed class Circle
    {
        private readonly double shift;

        public Circle(int highest, int mostSteps)
        {
            Highest = highest;
            var all = highest + 1;
            shift = all % 2 == 0 ? 0.5 : 0;
            Points = PointsFor(highest);
            (Cosines, Sines, Weights) = (new double[all][], new double[all][], new double[Points]);
            for (var point = 0; point < Half; point++)
                Weights[point] = (shift == 0 && point == 0 ? 1d : 2d) / all;
            for (var order = 0; order <= Math.Min(mostSteps, highest); order++)
                Need(order);
        }

        private int Half => (Highest + 2) / 2;

        /// <summary>Returns a number of points that fills whole vectors of any width up to 8 numbers.</summary>
        public static int PointsFor(int highest) => ((highest + 2) / 2 + 7) / 8 * 8;

        /// <summary>Fills the row of an order on first use; if two threads fill it, both write equal numbers.</summary>
        public void Need(int order)
        {
            if (Volatile.Read(ref Cosines[order]) is not null)
                return;
            var (cosines, sines) = (new double[Points], new double[Points]);
            for (var point = 0; point < Points; point++)
            {
                // Padding points have weight 0 and stand at angle 0, where no item vanishes.
                var angle = point < Half ? 2 * Math.PI * (point + shift) * order / (Highest + 1) : 0;
                (sines[point], cosines[point]) = Math.SinCos(angle);
            }
            Sines[order] = sines;
            Volatile.Write(ref Cosines[order], cosines);
        }

        public int Highest { get; }

        public int Points { get; }

        public double[] Weights { get; }

        /// <summary>cos kω, by k and point; null for rows that no one has needed yet.</summary>
        public double[][] Cosines { get; }

        public double[][] Sines { get; }
    }
}
