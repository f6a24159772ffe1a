using System.Globalization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Reads <c>&lt;diagnostic&gt;/facets/*.yaml</c>.</summary>
internal static class FacetReader
{
    private static readonly Dictionary<string, Func<Fields, ScoringRule>> Rules = new()
    {
        ["exact"] = _ => new ExactRule(),
        ["per_error"] = fields => new PerErrorRule(ReadTable(fields)),
        ["mapped"] = fields => new MappedRule(fields.Points("min"), fields.Points("max"), fields.Points("default")),
        ["adjacent"] = _ => new AdjacentRule(),
        ["short_answer"] = _ => new ShortAnswerRule(),
        ["rubric"] = _ => new RubricRule(),
    };

    internal static Facet Read(Fields fields, FrameworkIndex frameworks, IReadOnlyDictionary<string, Stimulus> stimuli, BankPlaces places)
    {
        var code = ReadCode(fields, "facet");
        var facet = new Facet(
            Code: code,
            Title: fields.Text("title"),
            Block: fields.Text("block"),
            Element: fields.Text("element"),
            Type: ReadType(fields),
            Difficulty: fields.Number("difficulty", 1, 3),
            Points: fields.Points("points"),
            Rule: ReadRule(fields),
            Status: fields.Choice("status", Codes.Find<ItemStatus>, Enum.GetValues<ItemStatus>().Select(Codes.Of), ItemStatus.Draft),
            Author: fields.Text("author"),
            Reviewer: fields.OptionalText("reviewer"),
            Items: []
        );
        if (fields.Has("points") && facet.Points <= Points.Zero)
            fields.Invalid(fields.At("points"), "«points» больше нуля.");
        frameworks.Report(fields, facet.Block, facet.Element);
        var readBody = ItemTypes.Reader(facet.Type, fields, facet.Rule);
        var items = new List<Item>();
        foreach (var entry in fields.List("items"))
        {
            var item = ItemReader.Read(entry, facet, readBody, stimuli);
            if (items.Any(other => other.Variant == item.Variant))
                fields.File.Report(
                    ReadingRules.CodeDuplicate,
                    entry.At("variant"),
                    $"Два задания варианта {item.Variant} в одном фасете.",
                    "Дайте каждому заданию свой вариант: 1, 2, 3, 4."
                );
            places.Item(item.Code, fields.File.PlaceOf(entry.Node));
            items.Add(item);
        }
        fields.File.Item = null;
        fields.Done();
        places.Facet(code, fields.File.PlaceOf(fields.At("facet")));
        return facet with { Items = items.OrderBy(item => item.Variant).ToList() };
    }

    internal static ItemType ReadType(Fields fields) =>
        fields.Choice("type", Codes.Find<ItemType>, Enum.GetValues<ItemType>().Select(Codes.Of), default);

    /// <summary>Reads a code that can be a file name and a part of an address.</summary>
    internal static string ReadPlainCode(Fields fields, string name)
    {
        var code = fields.Text(name);
        if (code.Length > Codes.MaxLength)
            fields.Invalid(fields.At(name), $"Код «{code[..Codes.MaxLength]}…» длиннее {Codes.MaxLength} знаков: {code.Length}.");
        else if (code.Length > 0 && !Codes.IsCode(code))
            fields.Invalid(fields.At(name), $"Код «{code}»: допустимы строчные латинские буквы, цифры и дефис между ними.");
        return code;
    }

    internal static string ReadCode(Fields fields, string name)
    {
        var code = ReadPlainCode(fields, name);
        var expected = Path.GetFileNameWithoutExtension(fields.File.Path);
        if (code.Length > 0 && code != expected)
            fields.File.Report(
                ReadingRules.FileName,
                fields.At(name),
                $"Код «{code}», а файл называется «{expected}».",
                "Назовите файл по коду: по нему и ищут."
            );
        return code;
    }

    private static ScoringRule ReadRule(Fields fields)
    {
        if (fields.Mapping("scoring") is not { } scoring)
            return new ExactRule();
        var name = scoring.Text("rule");
        if (!Rules.TryGetValue(name, out var read))
        {
            if (name.Length > 0)
                scoring.Invalid(scoring.At("rule"), $"Правило «{name}» неизвестно; бывают {string.Join(", ", Rules.Keys)}.");
            return new ExactRule();
        }
        var rule = read(scoring);
        scoring.Done();
        return rule;
    }

    private static Dictionary<int, Points> ReadTable(Fields scoring)
    {
        var table = new Dictionary<int, Points>();
        foreach (var (errors, points) in scoring.PointsMap("table"))
        {
            if (int.TryParse(errors, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                table[count] = points;
            else
                scoring.Invalid(scoring.At("table"), $"В таблице per_error «{errors}» — не число ошибок.");
        }
        return table;
    }
}
