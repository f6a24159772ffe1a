using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Reads one item of a facet: what all types share, then its body by type.</summary>
internal static class ItemReader
{
    internal static Item Read(Fields fields, Facet facet, Rubric? rubric, IReadOnlyDictionary<string, Stimulus> stimuli)
    {
        var file = fields.File;
        var before = file.Errors;
        file.Item = null;
        var code = fields.Text("item");
        file.Item = code.Length == 0 ? null : code;
        var variant = fields.Number("variant", 1, Facet.Variants);
        var expected = $"{facet.Code}-{variant}";
        if (code.Length > 0 && facet.Code.Length > 0 && code != expected)
            fields.Invalid(fields.At("item"), $"Код задания «{code}», а должен быть «{expected}»: код фасета и номер варианта.");
        var item = new Item(
            code,
            facet.Code,
            variant,
            facet.Block,
            facet.Element,
            facet.Difficulty,
            facet.Points,
            facet.Rule,
            fields.Text("stem"),
            ReadStimulus(fields, stimuli),
            ReadBody(fields, facet, rubric),
            fields.Text("solution"),
            fields.Has("waive") ? fields.TextMap("waive") : new Dictionary<string, string>());
        fields.Done();
        // A half-read body would only repeat, in other words, what the findings above have said.
        if (file.Errors == before)
            foreach (var fault in item.Faults())
                file.Report(ReadingRules.KeyBroken, fields.At("key"), fault, "Исправьте ключ, варианты ответа или scoring так, чтобы они подходили друг другу.");
        return item;
    }

    private static Stimulus? ReadStimulus(Fields fields, IReadOnlyDictionary<string, Stimulus> stimuli)
    {
        if (fields.OptionalText("stimulus") is not { } code) return null;
        if (stimuli.TryGetValue(code, out var stimulus)) return stimulus;
        fields.File.Report(ReadingRules.StimulusMissing, fields.At("stimulus"), $"Стимула «{code}» нет в папке stimuli, или его файл не прочитан.", "Добавьте файл стимула или исправьте код.");
        return null;
    }

    private static ItemBody ReadBody(Fields fields, Facet facet, Rubric? rubric) => facet.Type switch
    {
        ItemType.SingleChoice => new SingleChoice(Entries(fields, "options"), fields.Text("key"), fields.Flag("fixed_order")),
        ItemType.MultipleChoice => new MultipleChoice(Entries(fields, "options"), fields.Texts("key"), Map(fields, facet.Rule), fields.Flag("fixed_order")),
        ItemType.Matching => new Matching(
            Entries(fields, "left"), Entries(fields, "right"), fields.TextMap("key"), Map(fields, facet.Rule), fields.Flag("reuse"), fields.Flag("fixed_order")),
        ItemType.Ordering => new Ordering(Entries(fields, "elements"), fields.Texts("key")),
        ItemType.ShortAnswer => new ShortAnswer(ReadKey(fields)),
        ItemType.ExtendedResponse => new ExtendedTask(rubric!, fields.OptionalList("exemplars").Select(ReadExemplar).ToList()),
        _ => throw new ArgumentOutOfRangeException(nameof(facet), facet.Type, "No such item type."),
    };

    // Values of choices belong to the rule `mapped` alone; under another rule the field is unknown.
    private static IReadOnlyDictionary<string, Points> Map(Fields fields, ScoringRule rule) =>
        rule is MappedRule ? fields.PointsMap("map") : new Dictionary<string, Points>();

    private static List<Entry> Entries(Fields fields, string name) => fields.List(name).Select(row =>
    {
        var entry = new Entry(row.Text("id"), row.Text("text"), row.OptionalText("mistake"));
        row.Done();
        return entry;
    }).ToList();

    private static ShortAnswerKey ReadKey(Fields fields)
    {
        if (fields.Mapping("key") is not { } key) return new([], [], []);
        var read = new ShortAnswerKey(key.OptionalTexts("texts"), key.OptionalList("numbers").Select(ReadNumber).ToList(), key.OptionalTexts("patterns"));
        key.Done();
        return read;
    }

    private static NumberKey ReadNumber(Fields fields)
    {
        var number = new NumberKey(fields.Text("value"), fields.OptionalText("tolerance") ?? "0", fields.OptionalTexts("units"));
        fields.Done();
        return number;
    }

    private static Exemplar ReadExemplar(Fields fields)
    {
        var exemplar = new Exemplar(fields.Text("text"), fields.PointsMap("points"), fields.Text("comment"));
        fields.Done();
        return exemplar;
    }
}
