using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The taker pairs each element of the left list with one of the right list, which may be longer.</summary>
/// <param name="Key">Left id → right id, for every left element.</param>
/// <param name="Map">Values per pair, <c>left:right</c>, for the rule <c>mapped</c>.</param>
/// <param name="Reuse">Whether one element of the right list may be paired with several of the left list.</param>
public sealed record Matching(
    IReadOnlyList<Entry> Left,
    IReadOnlyList<Entry> Right,
    IReadOnlyDictionary<string, string> Key,
    IReadOnlyDictionary<string, Points> Map,
    bool Reuse = false,
    bool FixedOrder = false
) : ItemBody, IItemType
{
    private static readonly BankRule PairClue = new("pair-clue", Severity.Warning, "п. 3.6.1", "Пару не выдаёт общее слово");

    [JsonIgnore]
    public override ItemType Type => ItemType.Matching;

    static IReadOnlyList<BankRule> IItemType.OwnRules => [PairClue];

    internal override IReadOnlyList<EntryList> Lists => [new("left", Left, FixedOrder), new("right", Right, FixedOrder)];

    internal override bool Reusable => Reuse;

    internal override IReadOnlyDictionary<string, Points> Values => Map;

    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule) =>
        item => new Matching(
            item.Entries("left"),
            item.Entries("right"),
            item.TextMap("key"),
            item.Values(rule),
            item.Flag("reuse"),
            item.Flag("fixed_order")
        );

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var pairs = ((MatchingResponse)response).Pairs;
        var errors = 0;
        for (var at = 0; at < Left.Count; at++)
            if (pairs.GetValueOrDefault(Left[at].Id) != Key[Left[at].Id])
                errors++;
        var points = item.Rule switch
        {
            ExactRule => errors == 0 ? item.MaxPoints : Points.Zero,
            PerErrorRule rule => rule.For(errors),
            MappedRule rule => Sum(rule, pairs),
            _ => throw Unfit(item),
        };
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    private Points Sum(MappedRule rule, IReadOnlyDictionary<string, string> pairs)
    {
        var sum = Points.Zero;
        foreach (var (left, right) in pairs)
            sum += ValueOf(rule, left, right);
        return rule.Bounded(sum);
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not MatchingResponse matching)
            return WrongType(Type);
        foreach (var (left, right) in matching.Pairs)
        {
            if (Left.All(entry => entry.Id != left))
                return UnknownId(left);
            if (Right.All(entry => entry.Id != right))
                return UnknownId(right);
        }
        return !Reuse && matching.Pairs.Values.Distinct().Count() != matching.Pairs.Count
            ? Refusal.Invalid(
                "right-element-reused",
                "Один элемент правого списка выбран дважды, а в этом задании он используется один раз."
            )
            : null;
    }

    internal override Response Rename(Response response, Func<string, string, string?> rename)
    {
        // An unknown id keeps its name, which may equal the new name of another id, so a left id may occur twice. Such
        // a response is refused later and must not throw here.
        var renamed = new Dictionary<string, string>();
        foreach (var (left, right) in ((MatchingResponse)response).Pairs)
            renamed[rename("left", left)!] = rename("right", right)!;
        return new MatchingResponse(renamed);
    }

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        foreach (var left in Left.Where(left => !Key.ContainsKey(left.Id)))
            yield return $"В ключе нет пары для «{left.Id}».";
        foreach (var (left, right) in Key)
        {
            if (Left.All(entry => entry.Id != left))
                yield return $"Ключ называет левый элемент «{left}», которого нет.";
            if (Right.All(entry => entry.Id != right))
                yield return $"Ключ называет правый элемент «{right}», которого нет.";
        }
        if (!Reuse && Key.Values.Distinct().Count() != Key.Count)
            yield return "Ключ дважды берёт один правый элемент, а reuse не сказано.";
        var faults = rule switch
        {
            ExactRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            MappedRule mapped => MappedFaults(mapped, Map, EveryPair, Key.Select(pair => Pair(pair.Key, pair.Value)), maximum),
            _ => [$"Правило {rule.Name} не подходит заданию на соответствие."],
        };
        foreach (var fault in faults)
            yield return fault;
    }

    internal override IEnumerable<Loophole> Loopholes(ScoringRule rule, Points maximum) =>
        base.Loopholes(rule, maximum)
            .Concat(
                rule switch
                {
                    PerErrorRule table => PerErrorLoopholes(table, maximum, Enumerable.Range(1, Left.Count).ToList()),
                    MappedRule mapped => MappedLoopholes(mapped),
                    _ => [],
                }
            );

    private IEnumerable<Loophole> MappedLoopholes(MappedRule rule)
    {
        if (rule.Default > Points.Zero)
        {
            yield return new(
                $"Пара, которой нет в map, приносит {rule.Default} б.: составить её можно и не зная.",
                "Поставьте в scoring default: 0 или меньше и впишите в map цену каждой верной пары.",
                "map"
            );
            yield break;
        }
        // The values of the right answer may add up to more than the maximum; a person who loses only that surplus
        // still gets the full score.
        var spare = Key.Select(pair => ValueOf(rule, pair.Key, pair.Value)).Sum() - rule.Max;
        foreach (var left in Left)
        {
            var wrong = Right.Where(right => right.Id != Key[left.Id]).MaxBy(right => ValueOf(rule, left.Id, right.Id));
            var best = wrong is null || ValueOf(rule, left.Id, wrong.Id) < Points.Zero ? Points.Zero : ValueOf(rule, left.Id, wrong.Id);
            if (ValueOf(rule, left.Id, Key[left.Id]) - best > spare)
                continue;
            yield return new(
                $"Полный балл даёт и ответ, в котором «{left.Id}» {(wrong is null || best <= Points.Zero ? "без верной пары" : $"в паре с «{wrong.Id}»")}.",
                "Дайте верной паре в map больше, чем любой другой с тем же левым элементом, и ровно столько, чтобы максимум давали все верные пары вместе.",
                "map"
            );
        }
    }

    private Points ValueOf(MappedRule rule, string left, string right) => rule.ValueOf(Pair(left, right), Map);

    private IEnumerable<string> EveryPair => from left in Left from right in Right select Pair(left.Id, right.Id);

    private static string Pair(string left, string right) => $"{left}:{right}";

    internal override IEnumerable<Flaw> Flaws(Item item)
    {
        var pays =
            Reuse && item.Rule is PerErrorRule rule
                ? rule.For(Left.Count - Key.Values.GroupBy(id => id).Max(same => same.Count()))
                : Points.Zero;
        if (pays > Points.Zero)
            yield return new(
                SharedRules.TickAllPays,
                $"Один и тот же элемент, выбранный для всех, принёс бы {pays} б.",
                "Уменьшите таблицу per_error или число повторов одного элемента в ключе."
            );
        foreach (var left in Left.Where(left => Key.ContainsKey(left.Id)))
        {
            var right = Right.First(entry => entry.Id == Key[left.Id]);
            var otherLeft = Left.Where(entry => entry != left).SelectMany(entry => Words.Content(entry.Text)).ToList();
            var otherRight = Right.Where(entry => entry != right).SelectMany(entry => Words.Content(entry.Text)).ToList();
            var here = Words.Content(left.Text).Where(word => !otherLeft.Any(word.IsLike)).ToList();
            var clue = Words.Content(right.Text).FirstOrDefault(word => here.Any(word.IsLike) && !otherRight.Any(word.IsLike));
            if (clue.Word is not null)
                yield return new(
                    PairClue,
                    $"Слово «{clue.Word}» стоит только в «{left.Id}» и в его паре «{right.Id}»: пара видна без знаний.",
                    "Перефразируйте один из двух элементов или повторите слово в других."
                );
        }
    }

    internal override void Write(YamlLines lines)
    {
        lines.Entries("left", Left);
        lines.Entries("right", Right);
        lines.Flag("reuse", Reuse);
        lines.Flag("fixed_order", FixedOrder);
        lines.Raw(4, $"key: {YamlLines.Flow(Key, YamlLines.Quote)}");
        lines.Values(Map);
    }

    internal override Response Imitate(int score, int maximum, SeededRandom random) =>
        new MatchingResponse(
            score == maximum
                ? Key
                : Key.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Skip(score > 0 ? 1 : 3)
                    .ToDictionary(pair => pair.Key, pair => pair.Value)
        );

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(
                5,
                ItemType.Matching,
                "Установите соответствие между уравнением и числом его действительных корней.",
                2
            ) with
            {
                Left = ItemTypeExample.Entries("x² = 7", "x² = 0", "x² = −7"),
                Right = ItemTypeExample.Entries("нет корней", "один корень", "бесконечно много корней", "два корня"),
            },
            "Соответствие: левый элемент → правый",
            new MatchingResponse(
                new Dictionary<string, string>
                {
                    ["1"] = "4",
                    ["2"] = "2",
                    ["3"] = "1",
                }
            )
        );
}

/// <param name="Pairs">Left id → right id; a missing left id means that the person made no pair.</param>
public sealed record MatchingResponse(IReadOnlyDictionary<string, string> Pairs) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Pairs is null or { Count: 0 };
}
