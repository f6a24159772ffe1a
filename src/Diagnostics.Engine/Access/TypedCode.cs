namespace Diagnostics.Engine.Access;

/// <summary>
/// A secret that a person types from paper: eleven random characters from an alphabet of 31 (54 bits) and a check
/// character (<see cref="CheckedSigns"/>).
/// </summary>
public static class TypedCode
{
    /// <inheritdoc cref="CheckedSigns.Alphabet"/>
    public const string Alphabet = CheckedSigns.Alphabet;

    public const int RandomLength = 11;

    /// <summary>
    /// Returns the code made of the random characters and their check character, in its printed form.
    /// </summary>
    /// <param name="random"><see cref="RandomLength"/> characters of <see cref="Alphabet"/>.</param>
    public static string Of(string random) =>
        random.Length == RandomLength
            ? CheckedSigns.Print(random)
            : throw new ArgumentException($"{RandomLength} signs are needed.", nameof(random));

    /// <inheritdoc cref="CheckedSigns.Read"/>
    public static string? Read(string? typed) => CheckedSigns.Read(typed, RandomLength);
}
