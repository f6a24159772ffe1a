using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Sessions;

/// <summary>
/// Names a sheet of a paper package, e.g. <c>K7RM-24Q3-X</c>: the package, the number of the sheet and a check
/// character, so that a sheet with a mistyped code or of another person's package is noticed. It is no secret.
/// </summary>
/// <param name="Package"><see cref="PackageLength"/> characters of <see cref="Alphabet"/>.</param>
/// <param name="Number">Number of the sheet in the package, from 1 to <see cref="MostSheets"/>.</param>
public sealed record SheetCode(string Package, int Number)
{
    public const string Alphabet = CheckedSigns.Alphabet;

    public const int PackageLength = 7;

    /// <summary>One character tells the number of the sheet.</summary>
    public const int MostSheets = 31;

    /// <returns>Null when a character is wrong, missing or in the wrong place.</returns>
    public static SheetCode? Read(string? typed) =>
        CheckedSigns.Read(typed, PackageLength + 1) is { } signs
            ? new(signs[..PackageLength], Alphabet.IndexOf(signs[PackageLength], StringComparison.Ordinal) + 1)
            : null;

    /// <summary>The code as it is printed.</summary>
    public override string ToString() => CheckedSigns.Print(Package + Alphabet[Number - 1]);
}
