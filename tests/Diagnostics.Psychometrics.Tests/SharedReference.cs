using System.Globalization;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests;

/// <summary>
/// Marks a test that uses a reference file that may not be copied into the repository; without the file the test is
/// skipped with a message.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(string file)
    {
        if (!File.Exists(SharedReference.Path(file)))
            Skip = $"../shared/reference/psychometrics/data/{file} is not here.";
    }
}

/// <summary>
/// Reads reference data that may not be copied into the repository; the files are in the folder <c>shared</c> beside
/// the repository.
/// </summary>
public static class SharedReference
{
    public static string Folder => System.IO.Path.Combine(Repository.Root, "..", "shared", "reference", "psychometrics");

    public static string Path(string file) => System.IO.Path.Combine(Folder, "data", file);

    /// <summary>Reads the rows below the heading of a reference file, split at commas.</summary>
    public static string[][] Rows(string file) =>
        [.. File.ReadLines(Path(file)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
