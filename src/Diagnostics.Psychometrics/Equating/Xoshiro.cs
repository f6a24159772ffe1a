namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// The generator xoshiro256++ of Blackman &amp; Vigna (2021, ACM TOMS 47, 36), seeded by <see cref="SplitMix64"/>.
/// </summary>
internal sealed class Xoshiro
{
    private ulong s0,
        s1,
        s2,
        s3;

    public Xoshiro(ulong seed)
    {
        s0 = SplitMix64.Next(ref seed);
        s1 = SplitMix64.Next(ref seed);
        s2 = SplitMix64.Next(ref seed);
        s3 = SplitMix64.Next(ref seed);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal ulong Next()
    {
        unchecked
        {
            var result = ulong.RotateLeft(s0 + s3, 23) + s0;
            var shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = ulong.RotateLeft(s3, 45);
            return result;
        }
    }
}
