using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The taker chooses all right options out of 4–7 (clause 3.6.3).</summary>
/// <param name="Map">Values per option for the rule <c>mapped</c>.</param>
public sealed record MultipleChoice(
    IReadOnlyList<Entry> Options,
    IReadOnlyList<string> Key,
    IReadOnlyDictionary<string, Points> Map,
    bool FixedOrder = false
) : ItemBody, IItemType
{
    [JsonIgnore]
    public override ItemType Type => ItemType.MultipleChoice;

    internal override IReadOnlyList<EntryList> Lists => [new("options", Options, FixedOrder)];

    internal override (IReadOnlyList<Entry> Options, IReadOnlyCollection<string> Key) Choices => (Options, Key);

    internal override IReadOnlyDictionary<string, Points> Values => Map;

    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule) =>
        item => new MultipleChoice(item.Entries("options"), item.Texts("key"), item.Values(rule), item.Flag("fixed_order"));

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var ticked = ((MultipleChoiceResponse)response).Options;
        var errors = Missing(ticked, Key) + Missing(Key, ticked);
        var points = item.Rule switch
        {
            // Ticking every option must never earn points, whatever the table or the map says (docs/promises.md,
            // items).
            _ when ticked.Count == Options.Count => Points.Zero,
            ExactRule => errors == 0 ? item.MaxPoints : Points.Zero,
            PerErrorRule rule => rule.For(errors),
            MappedRule rule => Sum(rule, ticked),
            _ => throw Unfit(item),
        };
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    // For a handful of ids, searching a list is quicker than building sets.
    private static int Missing(IReadOnlyList<string> ids, IReadOnlyList<string> among)
    {
        var missing = 0;
        for (var at = 0; at < ids.Count; at++)
            if (!Contains(among, among.Count, ids[at]))
                missing++;
        return missing;
    }

    private static bool Contains(IReadOnlyList<string> ids, int first, string id)
    {
        for (var at = 0; at < first; at++)
            if (ids[at] == id)
                return true;
        return false;
    }

    private Points Sum(MappedRule rule, IReadOnlyList<string> ticked)
    {
        var sum = Points.Zero;
        for (var at = 0; at < ticked.Count; at++)
            // An option ticked twice counts once.
            if (!Contains(ticked, at, ticked[at]))
                sum += rule.ValueOf(ticked[at], Map);
        return rule.Bounded(sum);
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not MultipleChoiceResponse choice)
            return WrongType(Type);
        if (choice.Options.Distinct().Count() != choice.Options.Count)
            return Refusal.Invalid("repeated-option", "Один и тот же вариант отмечен дважды.");
        // An id may be null here, because JSON from outside does not keep to the declared types.
        return choice.Options.All(id => Options.Any(option => option.Id == id))
            ? null
            : UnknownId(choice.Options.First(id => Options.All(option => option.Id != id)));
    }

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new MultipleChoiceResponse(((MultipleChoiceResponse)response).Options.Select(id => rename("options", id)!).ToList());

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        foreach (var unknown in Key.Where(id => Options.All(option => option.Id != id)))
            yield return $"Ключ «{unknown}» не называет ни одного варианта.";
        if (Key.Distinct().Count() != Key.Count)
            yield return "В ключе повторён вариант.";
        if (Key.Count < 2)
            yield return "Верных вариантов меньше двух.";
        if (Key.Count >= Options.Count)
            yield return "Нет ни одного неверного варианта.";
        var faults = rule switch
        {
            ExactRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            MappedRule mapped => MappedFaults(mapped, Map, Options.Select(option => option.Id), Key, maximum),
            _ => [$"Правило {rule.Name} не подходит множественному выбору."],
        };
        foreach (var fault in faults)
            yield return fault;
    }

    internal override IEnumerable<Loophole> Loopholes(ScoringRule rule, Points maximum) =>
        base.Loopholes(rule, maximum)
            .Concat(
                rule switch
                {
                    PerErrorRule table => PerErrorLoopholes(table, maximum, Enumerable.Range(1, Options.Count).ToList()),
                    MappedRule mapped => MappedLoopholes(mapped),
                    _ => [],
                }
            );

    private IEnumerable<Loophole> MappedLoopholes(MappedRule rule)
    {
        if (rule.Default > Points.Zero)
            yield return new(
                $"Вариант, которого нет в map, приносит {rule.Default} б.: отметить его можно и не зная.",
                "Поставьте в scoring default: 0 или меньше и впишите в map цену каждого верного варианта.",
                "map"
            );
        else if (Another(rule) is { } other)
            yield return new(
                $"Полный балл даёт и ответ {string.Join(", ", other)}, а верный — {string.Join(", ", Key)}.",
                "Дайте верным вариантам в map больше нуля, а неверным — меньше нуля, чтобы максимума достигал один ключ.",
                "map"
            );
    }

    /// <summary>A set other than the key that reaches the maximum; null when there is none.</summary>
    /// <remarks>
    /// The best set contains every option with a positive value. If that set is the key, the best of the other sets
    /// differs from it in one option, because a set that differs in two options loses at least as much as the better of
    /// the two sets in between.
    /// </remarks>
    private IReadOnlyList<string>? Another(MappedRule rule)
    {
        var ids = Options.Select(option => option.Id).ToList();
        var best = ids.Where(id => Map.GetValueOrDefault(id, rule.Default) > Points.Zero).ToHashSet(StringComparer.Ordinal);
        var near = ids.Select(id => ids.Where(other => best.Contains(other) != (other == id)).ToList())
            .Prepend(ids.Where(best.Contains).ToList());
        return near.FirstOrDefault(set =>
            set.Count > 0 && set.Count < ids.Count && !set.ToHashSet().SetEquals(Key) && rule.For(set, Map) >= rule.Max
        );
    }

    internal override IEnumerable<Flaw> Flaws(Item item) =>
        SharedRules.Count(Options.Count, 4, 7, "вариантов ответа").Concat(TickingAll(item.Rule));

    // Ticking all options scores 0 whatever the table says, so a table that promises more is misleading.
    private IEnumerable<Flaw> TickingAll(ScoringRule rule)
    {
        var pays = rule switch
        {
            PerErrorRule table => table.For(Options.Count - Key.Count),
            MappedRule mapped => mapped.For(Options.Select(option => option.Id), Map),
            _ => Points.Zero,
        };
        if (pays > Points.Zero)
            yield return new(
                SharedRules.TickAllPays,
                $"Отметивший все варианты подряд получил бы по таблице {pays} б.; система поставит 0.",
                "Добавьте неверные варианты или уменьшите баллы в таблице, чтобы таблица не обещала лишнего."
            );
    }

    internal override void Write(YamlLines lines)
    {
        lines.Entries("options", Options);
        lines.Flag("fixed_order", FixedOrder);
        lines.Raw(4, $"key: {YamlLines.Flow(Key)}");
        lines.Values(Map);
    }

    internal override Response Imitate(int score, int maximum, SeededRandom random)
    {
        if (score == maximum)
            return new MultipleChoiceResponse(Key);
        var errors = score > 0 ? 1 : 2;
        var wrong = Options.Select(option => option.Id).Except(Key).ToList();
        var ticked = Key.Skip(errors - 1).ToList();
        ticked[^1] = wrong[random.Next(wrong.Count)];
        return new MultipleChoiceResponse(ticked.Distinct().ToList());
    }

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(3, ItemType.MultipleChoice, "Какие утверждения верны для любого ромба?", 2) with
            {
                Options = ItemTypeExample.Entries(
                    "Все стороны равны.",
                    "Диагонали равны.",
                    "Диагонали перпендикулярны.",
                    "Все углы прямые.",
                    "Противоположные углы равны."
                ),
            },
            "Несколько вариантов",
            new MultipleChoiceResponse(["1", "3", "5"])
        );
}

/// <param name="Options">Ids of the ticked options, in any order.</param>
public sealed record MultipleChoiceResponse(IReadOnlyList<string> Options) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Options is null or { Count: 0 };

    internal override IReadOnlyList<string> Chosen => Options;
}
