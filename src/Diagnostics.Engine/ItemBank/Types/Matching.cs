using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Give each left element its right one; the right list may be longer.</summary>
/// <param name="Key">Left id → right id, for every left element.</param>
/// <param name="Map">Values per pair, <c>left:right</c>, for the rule <c>mapped</c>.</param>
/// <param name="Reuse">A right element may serve several left ones.</param>
public sealed record Matching(IReadOnlyList<Entry> Left, IReadOnlyList<Entry> Right, IReadOnlyDictionary<string, string> Key, IReadOnlyDictionary<string, Points> Map, bool Reuse = false, bool FixedOrder = false) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.Matching;

    internal override IReadOnlyList<EntryList> Lists => [new("left", Left, FixedOrder), new("right", Right, FixedOrder)];

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var pairs = ((MatchingResponse)response).Pairs;
        var errors = Left.Count(left => pairs.GetValueOrDefault(left.Id) != Key[left.Id]);
        var points = item.Rule switch
        {
            ExactRule => errors == 0 ? item.MaxPoints : Points.Zero,
            PerErrorRule rule => rule.For(errors),
            MappedRule rule => rule.For(pairs.Select(Pair), Map),
            _ => throw Unfit(item),
        };
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not MatchingResponse matching) return WrongType(Type);
        foreach (var (left, right) in matching.Pairs)
        {
            if (Left.All(entry => entry.Id != left)) return UnknownId(left);
            if (Right.All(entry => entry.Id != right)) return UnknownId(right);
        }
        return !Reuse && matching.Pairs.Values.Distinct().Count() != matching.Pairs.Count
            ? Refusal.Invalid("right-element-reused", "Один элемент правого списка выбран дважды, а в этом задании он используется один раз.")
            : null;
    }

    internal override Response Rename(Response response, Func<string, string, string?> rename)
    {
        // Unknown ids keep their names and may so meet a known one; the refusal that follows must not become an exception.
        var renamed = new Dictionary<string, string>();
        foreach (var (left, right) in ((MatchingResponse)response).Pairs) renamed[rename("left", left)!] = rename("right", right)!;
        return new MatchingResponse(renamed);
    }

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        foreach (var left in Left.Where(left => !Key.ContainsKey(left.Id))) yield return $"В ключе нет пары для «{left.Id}».";
        foreach (var (left, right) in Key)
        {
            if (Left.All(entry => entry.Id != left)) yield return $"Ключ называет левый элемент «{left}», которого нет.";
            if (Right.All(entry => entry.Id != right)) yield return $"Ключ называет правый элемент «{right}», которого нет.";
        }
        if (!Reuse && Key.Values.Distinct().Count() != Key.Count) yield return "Ключ дважды берёт один правый элемент, а reuse не сказано.";
        var faults = rule switch
        {
            ExactRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            MappedRule mapped => MappedFaults(mapped, Map, Left.SelectMany(left => Right.Select(right => $"{left.Id}:{right.Id}")), Key.Select(Pair), maximum),
            _ => [$"Правило {rule.Name} не подходит заданию на соответствие."],
        };
        foreach (var fault in faults) yield return fault;
    }

    private static string Pair(KeyValuePair<string, string> pair) => $"{pair.Key}:{pair.Value}";
}

/// <param name="Pairs">Left id → right id; a missing left id is a pair not made.</param>
public sealed record MatchingResponse(IReadOnlyDictionary<string, string> Pairs) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Pairs is null or { Count: 0 };
}
