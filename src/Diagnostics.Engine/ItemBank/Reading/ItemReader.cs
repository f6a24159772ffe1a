using System.Text.RegularExpressions;
using NodaTime.Text;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Reads one item of a facet: first the fields of all types, then the body of its type.</summary>
internal static partial class ItemReader
{
    internal static Item Read(Fields fields, Facet facet, Func<Fields, ItemBody> readBody, IReadOnlyDictionary<string, Stimulus> stimuli)
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
            Code: code,
            Facet: facet.Code,
            Variant: variant,
            Block: facet.Block,
            Element: facet.Element,
            Difficulty: facet.Difficulty,
            MaxPoints: facet.Points,
            Rule: facet.Rule,
            Stem: fields.Markdown("stem"),
            Stimulus: ReadStimulus(fields, stimuli),
            Body: readBody(fields),
            Solution: fields.Text("solution"),
            Waivers: fields.Has("waive") ? fields.TextMap("waive") : new Dictionary<string, string>()
        )
        {
            Sources = ReadSources(fields),
        };
        fields.Done();
        // Findings about a half-read body would only repeat the errors found so far.
        if (file.Errors > before)
            return item;
        foreach (var fault in item.KnownFaults.Broken)
            file.Report(
                ReadingRules.KeyBroken,
                fields.At("key"),
                fault,
                "Исправьте ключ, варианты ответа или scoring так, чтобы они подходили друг другу."
            );
        foreach (var loophole in item.KnownFaults.Loopholes)
            file.Report(ReadingRules.KeyPays, fields.At(loophole.Field), loophole.Message, loophole.Advice);
        return item;
    }

    private static IReadOnlyList<ItemSource>? ReadSources(Fields fields) =>
        fields.OptionalList("source") is { Count: > 0 } rows ? rows.Select(ReadSource).ToList() : null;

    private static ItemSource ReadSource(Fields fields)
    {
        var source = new ItemSource(fields.Text("act"), fields.Text("edition"), fields.Text("checkBy"), fields.OptionalText("article"));
        if (source.CheckBy.Length > 0 && !LocalDatePattern.Iso.Parse(source.CheckBy).Success)
            fields.Invalid(fields.At("checkBy"), $"«{source.CheckBy}» — не дата вида 2027-09-01.");
        // «ст. 30» names no act by itself, and nobody could look it up.
        if (PlaceInAnAct().IsMatch(source.Act))
            fields.Invalid(fields.At("act"), $"«{source.Act}» — место в акте, а не акт: впишите его в article того же источника.");
        fields.Done();
        return source;
    }

    [GeneratedRegex(@"^(ст|ч|п|пп|гл)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PlaceInAnAct();

    private static Stimulus? ReadStimulus(Fields fields, IReadOnlyDictionary<string, Stimulus> stimuli)
    {
        if (fields.OptionalText("stimulus") is not { } code)
            return null;
        if (stimuli.TryGetValue(code, out var stimulus))
            return stimulus;
        fields.File.Report(
            ReadingRules.StimulusMissing,
            fields.At("stimulus"),
            $"Стимула «{code}» нет в папке stimuli, или его файл не прочитан.",
            "Добавьте файл стимула или исправьте код."
        );
        return null;
    }
}
