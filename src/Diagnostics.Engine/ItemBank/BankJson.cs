using System.Text.Json;
using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// Canonical JSON and fingerprints of frameworks and facets, as <see cref="ItemJson"/> makes them for items: equal
/// content always gives an equal fingerprint.
/// </summary>
public static class BankJson
{
    public static string Write(Framework framework) => JsonSerializer.Serialize(framework, ItemJson.Options);

    /// <exception cref="JsonException">The text is not a framework.</exception>
    public static Framework ReadFramework(string json) => Read<Framework>(json);

    public static string Fingerprint(Framework framework) => Digest.Of(Write(framework));

    /// <summary>
    /// Fingerprint of a facet's content. Its status and reviewer are not content: they may change within a version.
    /// </summary>
    public static string Fingerprint(Facet facet, string diagnostic) =>
        Digest.Of(
            JsonSerializer.Serialize(
                new FacetContent(
                    Diagnostic: diagnostic,
                    Code: facet.Code,
                    Title: facet.Title,
                    Block: facet.Block,
                    Element: facet.Element,
                    Type: facet.Type,
                    Difficulty: facet.Difficulty,
                    Points: facet.Points,
                    Author: facet.Author,
                    Items: facet.Items.Select(ItemJson.Fingerprint).ToList()
                ),
                ItemJson.Options
            )
        );

    internal static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, ItemJson.Options) ?? throw new JsonException("The text holds nothing.");

    private sealed record FacetContent(
        string Diagnostic,
        string Code,
        string Title,
        string Block,
        string Element,
        ItemType Type,
        int Difficulty,
        Points Points,
        string Author,
        IReadOnlyList<string> Items
    );
}
