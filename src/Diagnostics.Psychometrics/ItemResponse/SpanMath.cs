using System.Numerics;
using System.Runtime.InteropServices;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The few vector operations that the hot loops use. Partial sums are added in a fixed order, so that the same machine
/// always gives the same results.
/// </summary>
internal static class SpanMath
{
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector<double>>(right[..left.Length]);
        var lanes = Vector<double>.Zero;
        for (var at = 0; at < a.Length; at++)
            lanes += a[at] * b[at];
        var sum = Vector.Sum(lanes);
        for (var at = a.Length * Vector<double>.Count; at < left.Length; at++)
            sum += left[at] * right[at];
        return sum;
    }

    /// <summary>target += factor · source.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector<double>>(source[..target.Length]);
        var scale = new Vector<double>(factor);
        for (var at = 0; at < to.Length; at++)
            to[at] += from[at] * scale;
        for (var at = to.Length * Vector<double>.Count; at < target.Length; at++)
            target[at] += factor * source[at];
    }

    /// <summary>target += left · right, element by element.</summary>
    public static void AddProducts(Span<double> target, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var a = MemoryMarshal.Cast<double, Vector<double>>(left[..target.Length]);
        var b = MemoryMarshal.Cast<double, Vector<double>>(right[..target.Length]);
        for (var at = 0; at < to.Length; at++)
            to[at] += a[at] * b[at];
        for (var at = to.Length * Vector<double>.Count; at < target.Length; at++)
            target[at] += left[at] * right[at];
    }

    public static void Scale(Span<double> target, double factor)
    {
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var scale = new Vector<double>(factor);
        for (var at = 0; at < to.Length; at++)
            to[at] *= scale;
        for (var at = to.Length * Vector<double>.Count; at < target.Length; at++)
            target[at] *= factor;
    }

    /// <summary>Replaces each number with exp(number − largest) and returns the sum of the results.</summary>
    public static double ExpSum(Span<double> numbers, double largest)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(numbers);
        var (shift, sums) = (new Vector<double>(largest), Vector<double>.Zero);
        for (var at = 0; at < vectors.Length; at++)
            sums += vectors[at] = Vector.Exp(vectors[at] - shift);
        var sum = Vector.Sum(sums);
        for (var at = vectors.Length * Vector<double>.Count; at < numbers.Length; at++)
            sum += numbers[at] = Math.Exp(numbers[at] - largest);
        return sum;
    }

    public static double Max(ReadOnlySpan<double> numbers)
    {
        var largest = double.NegativeInfinity;
        foreach (var number in numbers)
            largest = Math.Max(largest, number);
        return largest;
    }
}
