using System.Globalization;
using System.Text.Json;

namespace Diagnostics.TestKit;

/// <summary>
/// The reference data and values of <c>tests/Diagnostics.Psychometrics.Tests/Reference</c>, for tests of code that uses
/// the library.
/// </summary>
public static class ReferenceData
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "Diagnostics.Psychometrics.Tests", "Reference");

    /// <summary>Persons × items of a table without gaps.</summary>
    public static int[][] Scores(string name, int skipColumns = 0) =>
        File.ReadLines(Path.Combine(Folder, $"{name}.csv"))
            .Skip(1)
            .Select(line => line.Split(',').Skip(skipColumns).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray())
            .ToArray();

    /// <summary>The "expected" part of a file of expected values.</summary>
    public static JsonElement Expected(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json"))).RootElement.GetProperty("expected");
}
