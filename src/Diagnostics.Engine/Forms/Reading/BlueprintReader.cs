using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Forms.Reading;

/// <summary>Reads <c>&lt;diagnostic&gt;/blueprint.yaml</c>.</summary>
internal static class BlueprintReader
{
    internal static Blueprint Read(Fields fields, FrameworkIndex frameworks, BankPlaces places)
    {
        var file = fields.File;
        var code = FacetReader.ReadPlainCode(fields, "blueprint");
        var title = fields.Text("title");
        var framework = fields.Text("framework");
        var version = fields.Number("frameworkVersion", 1, int.MaxValue);
        var minutes = fields.Number("timeLimitMinutes", 1, 24 * 60);
        if (framework.Length > 0 && !frameworks.Has(framework, version))
            file.Report(
                ReadingRules.FrameworkUnknown,
                fields.At("framework"),
                $"Рамки «{framework}» версии {version} нет в папке frameworks.",
                "Исправьте код или версию рамки или добавьте её файл."
            );
        var slots = new List<Slot>();
        foreach (var row in fields.List("slots"))
        {
            var slot = ReadSlot(row);
            if (slot.Number != slots.Count + 1)
                file.Report(
                    ReadingRules.FieldInvalid,
                    row.At("number"),
                    $"Номер позиции {slot.Number}, а по порядку должен быть {slots.Count + 1}.",
                    "Нумеруйте позиции подряд с единицы."
                );
            frameworks.Report(row, slot.Block, slot.Element, framework, version);
            places.Slot(code, slot.Number, file.PlaceOf(row.Node));
            slots.Add(slot);
        }
        fields.Done();
        return new(code, title, framework, version, minutes, slots);
    }

    private static Slot ReadSlot(Fields fields)
    {
        var slot = new Slot(
            fields.Number("number", 1, 1000),
            fields.Text("block"),
            fields.Text("element"),
            FacetReader.ReadType(fields),
            fields.Number("difficulty", 1, 3),
            fields.Points("points"),
            fields.OptionalText("facet")
        );
        fields.Done();
        return slot;
    }
}
