using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The taker puts 4–7 elements in order (clause 3.6.3).</summary>
/// <param name="Key">Element ids in the right order.</param>
public sealed partial record Ordering(IReadOnlyList<Entry> Elements, IReadOnlyList<string> Key) : ItemBody, IItemType
{
    private static readonly BankRule OrderGrammar = new("order-grammar", Severity.Warning, "п. 3.6.1", "Порядок не выдаёт грамматика");

    /// <summary>Number of first letters that a participle shares with its verb.</summary>
    private const int Root = 5;

    [JsonIgnore]
    public override ItemType Type => ItemType.Ordering;

    static IReadOnlyList<BankRule> IItemType.OwnRules => [OrderGrammar];

    internal override IReadOnlyList<EntryList> Lists => [new("elements", Elements, Fixed: false)];

    internal override Outcome Unanswered => Outcome.Untouched;

    // An order that was changed and then cleared is blank, not untouched: these are different facts (docs/promises.md,
    // items).
    internal override Response Cleared => new OrderingResponse([]);

    internal override bool IsSolvedBy(int[] order) => order.Select(place => Elements[place].Id).SequenceEqual(Key);

    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule) =>
        item => new Ordering(item.Entries("elements"), item.Texts("key"));

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var order = ((OrderingResponse)response).Order;
        if (order.Count != Key.Count)
            throw Unfit(item);
        var errors = 0;
        for (var place = 0; place < order.Count; place++)
            if (order[place] != Key[place])
                errors++;
        var points = item.Rule switch
        {
            ExactRule => errors == 0 ? item.MaxPoints : Points.Zero,
            PerErrorRule rule => rule.For(errors),
            AdjacentRule => item.MaxPoints.Share(RightNeighbours(order), Key.Count - 1),
            _ => throw Unfit(item),
        };
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    private int RightNeighbours(IReadOnlyList<string> order)
    {
        var right = 0;
        // For a handful of ids, searching the key is quicker than building a dictionary.
        for (var place = 1; place < order.Count; place++)
        for (var key = 1; key < Key.Count; key++)
            if (Key[key - 1] == order[place - 1] && Key[key] == order[place])
                right++;
        return right;
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not OrderingResponse ordering)
            return WrongType(Type);
        if (ordering.Order.Any(id => Elements.All(element => element.Id != id)))
            return UnknownId(ordering.Order.First(id => Elements.All(element => element.Id != id)));
        return ordering.Order.Count == Elements.Count && ordering.Order.Distinct().Count() == Elements.Count
            ? null
            : Refusal.Invalid("incomplete-order", "В последовательности должен быть каждый элемент ровно один раз.");
    }

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new OrderingResponse(((OrderingResponse)response).Order.Select(id => rename("elements", id)!).ToList());

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (Key.Count != Elements.Count || Key.Except(Elements.Select(element => element.Id)).Any() || Key.Distinct().Count() != Key.Count)
            yield return "Ключ должен назвать каждый элемент ровно один раз.";
        if (Elements.Count < 2)
            yield return "Упорядочивать нечего: элементов меньше двух.";
        var faults = rule switch
        {
            ExactRule or AdjacentRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            _ => [$"Правило {rule.Name} не подходит заданию на последовательность."],
        };
        foreach (var fault in faults)
            yield return fault;
    }

    // A single element is never out of place, so the number of errors is 0 or at least 2.
    internal override IEnumerable<Loophole> Loopholes(ScoringRule rule, Points maximum) =>
        base.Loopholes(rule, maximum)
            .Concat(rule is PerErrorRule table ? PerErrorLoopholes(table, maximum, Enumerable.Range(2, Elements.Count - 1).ToList()) : []);

    internal override IEnumerable<Flaw> Flaws(Item item) =>
        SharedRules.Count(Elements.Count, 4, 7, "элементов последовательности").Concat(Grammar());

    /// <summary>
    /// Finds an element that refers to the result of another element («отобрать работы», then «показать отобранные»):
    /// the wording gives their order away.
    /// </summary>
    private IEnumerable<Flaw> Grammar()
    {
        var words = Elements.ToDictionary(element => element.Id, element => Words.Of(element.Text));
        for (var place = 1; place < Key.Count; place++)
        {
            var earlier = Key.Take(place).SelectMany(id => words.GetValueOrDefault(id, [])).Where(word => word.Length > Root).ToList();
            var betrayed = words
                .GetValueOrDefault(Key[place], [])
                .FirstOrDefault(word =>
                    Participle().IsMatch(word)
                    && earlier.Any(other =>
                        other != word && !Participle().IsMatch(other) && other.AsSpan().CommonPrefixLength(word) >= Root
                    )
                );
            if (betrayed is not null)
                yield return new(
                    OrderGrammar,
                    $"Слово «{betrayed}» в элементе «{Key[place]}» говорит, что названное в другом элементе уже сделано.",
                    "Назовите предмет существительным без причастия, чтобы порядок следовал из сути дела."
                );
        }
    }

    [GeneratedRegex("(нн|т|вш)(ый|ая|ое|ые|ого|ому|ым|ых|ой|ую|ом|ыми)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Participle();

    internal override void Write(YamlLines lines)
    {
        lines.Entries("elements", Elements);
        lines.Raw(4, $"key: {YamlLines.Flow(Key)}");
    }

    internal override Response Imitate(int score, int maximum, SeededRandom random)
    {
        var order = Key.ToList();
        if (score == maximum)
            return new OrderingResponse(order);
        if (score > 0)
            (order[0], order[1]) = (order[1], order[0]);
        else
            order.Reverse();
        return new OrderingResponse(order);
    }

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(4, ItemType.Ordering, "Расположите этапы работы над текстовой задачей в порядке их выполнения.", 2) with
            {
                Elements = ItemTypeExample.Entries(
                    "Осуществить план решения",
                    "Понять условие",
                    "Проверить ответ по условию",
                    "Составить план решения"
                ),
            },
            "Порядок: все элементы, сверху вниз",
            new OrderingResponse(["2", "4", "1", "3"])
        );
}

/// <param name="Order">All element ids in the person's order. An order that was never touched is no response at
/// all.</param>
public sealed record OrderingResponse(IReadOnlyList<string> Order) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Order is null or { Count: 0 };
}
