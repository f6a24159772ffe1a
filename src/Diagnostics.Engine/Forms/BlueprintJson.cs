using System.Text.Json;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>
/// Canonical JSON and fingerprints of blueprints, as <see cref="BankJson"/> makes them for frameworks and facets.
/// </summary>
public static class BlueprintJson
{
    public static string Write(Blueprint blueprint) => JsonSerializer.Serialize(blueprint, ItemJson.Options);

    /// <exception cref="JsonException">The text is not a blueprint.</exception>
    public static Blueprint Read(string json) => BankJson.Read<Blueprint>(json);

    public static string Fingerprint(Blueprint blueprint) => Digest.Of(Write(blueprint));
}
