using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Forms.Reading;

/// <summary>
/// Reads a bank from its files (format: <c>item-bank/README.md</c>). Whatever the files contain, the result is a bank
/// and a list of findings with file, line and item. A facet with a structural error is not returned.
/// </summary>
public static class BankReader
{
    public static BankReading Read(BankFiles files)
    {
        var reader = new BankFileReader(files);
        var bank = reader.ReadItems();
        var index = new FrameworkIndex(bank.Frameworks);
        var blueprints = reader.ReadAll(
            IsBlueprint,
            fields => ReadBlueprint(fields, index, bank.Places),
            blueprint => blueprint.Code,
            "Спецификация",
            "blueprint"
        );
        reader.ReportUnread();
        return new(new WholeBank(bank.Frameworks, blueprints, bank.Facets, bank.Stimuli, bank.Policies, bank.Places), reader.Findings);
    }

    private static Blueprint ReadBlueprint(Fields fields, FrameworkIndex index, BankPlaces places)
    {
        var blueprint = BlueprintReader.Read(fields, index, places);
        places.Blueprint(blueprint.Code, fields.File.PlaceOf(fields.At("blueprint")));
        return blueprint;
    }

    private static bool IsBlueprint(string path) => path.Split('/') is [_, "blueprint.yaml"];
}
