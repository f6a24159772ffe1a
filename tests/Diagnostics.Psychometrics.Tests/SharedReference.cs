using System.Globalization;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests;

/// <summary>Reference data that may not be copied into the repository: they lie in ../shared beside it.</summary>
public static class SharedReference
{
    public static string Folder => Path.Combine(Repository.Root, "..", "shared", "reference", "psychometrics");

    /// <summary>Rows below the heading, split at commas.</summary>
    public static string[][] Rows(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, "data", file)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A test on a file of ../shared/reference/psychometrics/data; without the file it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(string file)
    {
        if (!File.Exists(Path.Combine(SharedReference.Folder, "data", file))) Skip = $"../shared/reference/psychometrics/data/{file} is not here.";
    }
}
