using System.Text.Json.Nodes;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Reads score tables and expected values from Reference/ in the form that the item response tests use.
/// </summary>
internal static class ReferenceScores
{
    public static ScoreMatrix Read(string name, int skipColumns = 0) => new(ReferenceFiles.Scores(name, skipColumns).Scores);

    public static ScoreMatrix Sat12() => Read("sat12_scored");

    public static JsonNode Expected(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", $"{name}.json")))!["expected"]!;

    public static double[] Numbers(this JsonNode list, string name) =>
        [.. list.AsArray().Select(entry => entry![name]!.GetValue<double>())];

    public static double Number(this JsonNode node, string name) => node[name]!.GetValue<double>();

    public static void ShouldMatch(this IEnumerable<double> actual, IEnumerable<double> expected, double tolerance, string what = "")
    {
        var (left, right) = (actual.ToArray(), expected.ToArray());
        left.Should().HaveCount(right.Length, what);
        for (var at = 0; at < left.Length; at++)
            left[at].Should().BeApproximately(right[at], tolerance, $"{what} [{at}]");
    }
}
