using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>Random correct facets and responses for property tests.</summary>
internal static class GeneratedItems
{
    // Texts that authors write, and texts that a YAML or JSON parser could misread.
    private static readonly string[] Words =
    [
        "сумма",
        "Ёж",
        "число",
        "x²",
        "√5",
        "−3",
        "12 500",
        "0,25",
        "да",
        "no",
        "null",
        "~",
        "true",
        "1e3",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        ": ",
        " #",
        "#",
        "'",
        "\"",
        "\\",
        "&a",
        "*a",
        "!",
        "|",
        ">",
        "%",
        "@",
        "`",
        "- ",
        "? ",
        "«слово»",
        "—",
        "____",
        "<b>",
        "\t",
        "\n",
        "\n\n",
        "\n  ",
        "😀",
        "\u00A0",
        "\u2028",
        "\u0085",
        "\uFEFF",
        "a:b",
        "\r",
        "0x1F",
        "2024-01-01",
    ];

    internal static Gen<string> Text { get; } =
        from words in Gen.Elements(Words).ArrayOf()
        from glue in Gen.Elements(" ", "")
        let text = string.Join(glue, words).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim()
        select VisibleText.ShowsNothing(text) ? "текст" : text;

    /// <summary>Texts with markup that the reader accepts.</summary>
    private static Gen<string> Markup { get; } = Text.Where(text => !MarkdownSafety.Faults(text).Any());

    internal static Gen<Item> Item(ItemType type) =>
        from body in Body(type)
        from stem in Markup
        from solution in Text
        from stimulus in Stimulus().OrNull()
        from waiver in Text
        from waived in Gen.Elements(true, false)
        from sources in Sources.OrNull()
        select new Item(
            "demo-1",
            "demo",
            1,
            "subject",
            "subject.numbers.sums",
            2,
            body.Points,
            body.Rule,
            stem,
            stimulus,
            body.Body,
            solution,
            waived ? new Dictionary<string, string> { ["quality-word"] = waiver } : new Dictionary<string, string>()
        )
        {
            Sources = sources,
        };

    private static Gen<IReadOnlyList<ItemSource>> Sources { get; } =
        from act in Text
        from article in Text.OrNull()
        from edition in Text
        from count in Gen.Choose(1, 2)
        select (IReadOnlyList<ItemSource>)Enumerable.Repeat(new ItemSource(act, edition, "2027-09-01", article), count).ToList();

    internal static Gen<Item> AnyItem { get; } = Gen.Elements(Enum.GetValues<ItemType>()).SelectMany(Item);

    /// <summary>A facet with a single item. The format allows it: only lint requires parallel items.</summary>
    internal static Gen<Facet> Facet { get; } =
        from item in AnyItem
        from title in Text
        from status in Gen.Elements(Enum.GetValues<ItemStatus>())
        from reviewer in Text.OrNull()
        select new Facet(
            "demo",
            title,
            item.Block,
            item.Element,
            item.Type,
            item.Difficulty,
            item.MaxPoints,
            item.Rule,
            status,
            "ivanova",
            reviewer,
            [item]
        );

    /// <summary>A response that fits the item but is rarely right.</summary>
    internal static Gen<Response> ResponseTo(Item item) =>
        item.Body switch
        {
            SingleChoice single => Gen.Elements(single.Options.ToArray()).Select(Response (option) => new SingleChoiceResponse(option.Id)),
            MultipleChoice multiple => Gen.SubListOf(multiple.Options.ToArray())
                .Where(chosen => chosen.Count > 0)
                .Select(Response (chosen) => new MultipleChoiceResponse(chosen.Select(option => option.Id).ToList())),
            Matching matching => Gen.Shuffle(matching.Right.ToArray())
                .SelectMany(right =>
                    Gen.Choose(1, matching.Left.Count)
                        .Select(
                            Response (made) =>
                                new MatchingResponse(
                                    matching.Left.Take(made).Zip(right).ToDictionary(pair => pair.First.Id, pair => pair.Second.Id)
                                )
                        )
                ),
            Ordering ordering => Gen.Shuffle(ordering.Elements.ToArray())
                .Select(Response (order) => new OrderingResponse(order.Select(element => element.Id).ToList())),
            ShortAnswer answer => Text.Where(text => text.Length <= answer.MaxAnswerLength)
                .Select(Response (text) => new ShortAnswerResponse(text)),
            ExtendedTask => Text.Select(Response (text) => new ExtendedResponse(text)),
            _ => throw new ArgumentOutOfRangeException(nameof(item)),
        };

    private static Gen<(ItemBody Body, ScoringRule Rule, Points Points)> Body(ItemType type) =>
        type switch
        {
            ItemType.SingleChoice => from options in Entries(4, 6)
            from key in Gen.Elements(options)
            from fixedOrder in Gen.Elements(true, false)
            select ((ItemBody)new SingleChoice(options, key.Id, fixedOrder), (ScoringRule)new ExactRule(), Points.From(1)),
            ItemType.MultipleChoice => from options in Entries(4, 7)
            from right in Gen.Choose(2, options.Length - 1)
            from shuffled in Gen.Shuffle(options)
            let key = shuffled.Take(right).Select(option => option.Id).ToList()
            from rule in Gen.Elements<ScoringRule>(new ExactRule(), PerError(), new MappedRule(Points.Zero, Points.From(2), Points.Zero))
            let map = rule is MappedRule
                ? options.ToDictionary(
                    option => option.Id,
                    option =>
                        Points.From(
                            key.Contains(option.Id)
                                ? key[0] == option.Id
                                    ? 2 - 0.125m * (key.Count - 1)
                                    : 0.125m
                                : -0.5m
                        )
                )
                : []
            select ((ItemBody)new MultipleChoice(options, key, map), rule, Points.From(2)),
            ItemType.Matching => from left in Entries(3, 4)
            from right in Entries(4, 6)
            from order in Gen.Shuffle(right)
            from rule in Gen.Elements<ScoringRule>(
                new ExactRule(),
                PerError(),
                new MappedRule(Points.Zero, Points.From(2), Points.From(-0.25m))
            )
            let key = left.Zip(order).ToDictionary(pair => pair.First.Id, pair => pair.Second.Id)
            let map = rule is MappedRule
                ? key.ToDictionary(
                    pair => $"{pair.Key}:{pair.Value}",
                    pair => Points.From(pair.Key == left[0].Id ? 2 - 0.5m * (left.Length - 1) : 0.5m)
                )
                : []
            select ((ItemBody)new Matching(left, right, key, map), rule, Points.From(2)),
            ItemType.Ordering => from elements in Entries(4, 7)
            from order in Gen.Shuffle(elements)
            from rule in Gen.Elements<ScoringRule>(new ExactRule(), PerError(), new AdjacentRule())
            select ((ItemBody)new Ordering(elements, order.Select(element => element.Id).ToList()), rule, Points.From(2)),
            ItemType.ShortAnswer => from text in Text.Where(text => AnswerText.Normalise(text).Length > 0)
            from unit in Text.OrNull()
            from pattern in Gen.Elements("^инклюзивн\\w* (образование|обучение)$", "[а-я]+ция", "a{2}")
            select (
                (ItemBody)new ShortAnswer(new([text], [new("0.25", "1/4", unit is null ? [] : [unit])], [pattern])),
                (ScoringRule)new ShortAnswerRule(),
                Points.From(1)
            ),
            ItemType.ExtendedResponse => from title in Text
            from description in Text
            from example in Text
            let levels = new List<CriterionLevel>
            {
                new(Points.Zero, description),
                new(Points.From(0.5m), title),
                new(Points.From(1), description),
                new(Points.From(2), title),
            }
            let rubric = new Rubric([new("K1", title, levels), new("K2", description, levels)], "K1")
            let exemplar = new Exemplar(
                example,
                new Dictionary<string, Points> { ["K2"] = Points.From(0.5m), ["K1"] = Points.From(2) },
                title
            )
            select ((ItemBody)new ExtendedTask(rubric, [exemplar, exemplar]), (ScoringRule)new RubricRule(), Points.From(4)),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    private static PerErrorRule PerError() =>
        new(
            new Dictionary<int, Points>
            {
                [0] = Points.From(2),
                [1] = Points.From(1),
                [2] = Points.From(0.5m),
            }
        );

    /// <summary>Entries with texts that a person can tell apart.</summary>
    private static Gen<Entry[]> Entries(int least, int most) =>
        AnyEntries(least, most).Where(entries => !Items.Of(new SingleChoice(entries, "a"), new ExactRule(), 1).Faults().Any());

    private static Gen<Entry[]> AnyEntries(int least, int most) =>
        from count in Gen.Choose(least, most)
        from texts in Text.ArrayOf(count)
        from mistakes in Text.OrNull().ArrayOf(count)
        select texts.Select((text, place) => new Entry(((char)('a' + place)).ToString(), text, mistakes[place])).ToArray();

    private static Gen<Stimulus> Stimulus() =>
        from title in Text
        from body in Markup
        from alt in Text.OrNull()
        from kind in Gen.Elements(Engine.ItemBank.Stimulus.Kinds.ToArray())
        from svg in Gen.Elements(null, "<svg><text>a &amp; b</text></svg>")
        select new Stimulus("demo-case", kind, title, body, svg, alt);
}
