using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Forms.Reading;

/// <summary>A bank with the blueprints that its facets fill: the whole content of a bank's files.</summary>
public sealed record WholeBank(
    IReadOnlyList<Framework> Frameworks,
    IReadOnlyList<Blueprint> Blueprints,
    IReadOnlyList<Facet> Facets,
    IReadOnlyList<Stimulus> Stimuli,
    IReadOnlyDictionary<string, string> Policies,
    BankPlaces Places
) : Bank(Frameworks, Facets, Stimuli, Policies, Places);

/// <summary>A bank, and all findings in its files.</summary>
public sealed record BankReading(WholeBank Bank, IReadOnlyList<Finding> Findings);

/// <summary>The places of blueprints and their slots in the files, for findings.</summary>
public static class BlueprintPlaces
{
    public static Place OfBlueprint(this BankPlaces places, string code) => places.Of(Key(code));

    public static Place OfSlot(this BankPlaces places, string blueprint, int number) => places.Of(Key(blueprint, number));

    internal static void Blueprint(this BankPlaces places, string code, Place place) => places.Set(Key(code), place);

    internal static void Slot(this BankPlaces places, string blueprint, int number, Place place) =>
        places.Set(Key(blueprint, number), place);

    private static string Key(string code) => $"blueprint {code}";

    private static string Key(string blueprint, int number) => $"slot {blueprint} {number}";
}
