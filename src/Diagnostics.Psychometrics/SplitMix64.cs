namespace Diagnostics.Psychometrics;

/// <summary>
/// SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. It gives the same
/// numbers on every machine and runtime, which System.Random does not promise.
/// </summary>
public static class SplitMix64
{
    /// <param name="state">The seed for the first number; every call advances it.</param>
    /// <returns>64 random bits.</returns>
    public static ulong Next(ref ulong state)
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
