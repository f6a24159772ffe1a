using System.Globalization;
using System.Text.Json;

namespace Diagnostics.Psychometrics.Tests;

/// <summary>
/// Reads reference data and values, from copies under Reference/ or from files beside the repository.
/// </summary>
public static class ReferenceFiles
{
    /// <summary>The "expected" part of a file of expected values.</summary>
    public static JsonElement Expected(string name) =>
        JsonDocument.Parse(File.ReadAllText(Copied($"{name}.json"))).RootElement.GetProperty("expected");

    /// <summary>
    /// Reads a table with its column names; a blank cell is −1. The first <paramref name="skipColumns"/> columns are
    /// skipped.
    /// </summary>
    public static (string[] Names, int[,] Scores) Scores(string name, int skipColumns = 0) => Table(Find(name), skipColumns);

    public static string[] Column(string name, int column) =>
        [.. File.ReadLines(Find(name)).Skip(1).Select(line => line.Split(',')[column].Trim('"'))];

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    public static double Number(this JsonElement element, string property) => element.GetProperty(property).GetDouble();

    private static (string[], int[,]) Table(string path, int skip)
    {
        var lines = File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => line.Split(',')).ToArray();
        var scores = new int[lines.Length - 1, lines[0].Length - skip];
        for (var row = 0; row < scores.GetLength(0); row++)
        for (var column = 0; column < scores.GetLength(1); column++)
            scores[row, column] = lines[row + 1][column + skip] is { Length: > 0 } cell and not "NA"
                ? int.Parse(cell, CultureInfo.InvariantCulture)
                : -1;
        return ([.. lines[0].Skip(skip).Select(cell => cell.Trim('"'))], scores);
    }

    private static string Find(string name) =>
        File.Exists(Copied($"{name}.csv")) ? Copied($"{name}.csv") : Path.Combine(SharedReference.Folder, "data", $"{name}.csv");

    private static string Copied(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", file);
}
