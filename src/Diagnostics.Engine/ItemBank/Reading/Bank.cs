using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// All content of a bank that could be read, except for the files of later stages. Anything with a structural error is
/// left out, and a finding gives the reason.
/// </summary>
/// <param name="Policies">Path → text, unread: each stage reads its own.</param>
public record Bank(
    IReadOnlyList<Framework> Frameworks,
    IReadOnlyList<Facet> Facets,
    IReadOnlyList<Stimulus> Stimuli,
    IReadOnlyDictionary<string, string> Policies,
    BankPlaces Places
)
{
    public Facet? FindFacet(string code) => Facets.FirstOrDefault(facet => facet.Code == code);
}

/// <param name="File">Path inside the bank; empty when the thing did not come from a file.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
public readonly record struct Place(string File, int Line)
{
    public static readonly Place Unknown = new("", 0);
}

/// <summary>Where each thing in the bank stands in the bank's files; findings cite these places.</summary>
public sealed class BankPlaces
{
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    public Place OfFacet(string code) => Of($"facet {code}");

    public Place OfItem(string code) => Of($"item {code}");

    public Place OfStimulus(string code) => Of($"stimulus {code}");

    public Place OfFramework(string code, int version) => Of($"framework {code} {version}");

    internal void Facet(string code, Place place) => Set($"facet {code}", place);

    internal void Item(string code, Place place) => Set($"item {code}", place);

    internal void Stimulus(string code, Place place) => Set($"stimulus {code}", place);

    internal void Framework(string code, int version, Place place) => Set($"framework {code} {version}", place);

    /// <summary>The place of a thing, by its key; each kind of thing has keys of its own form.</summary>
    internal Place Of(string key) => places.GetValueOrDefault(key, Place.Unknown);

    internal void Set(string key, Place place) => places[key] = place;
}
