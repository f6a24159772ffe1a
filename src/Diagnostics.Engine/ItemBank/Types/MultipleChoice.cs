using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Choose all that are right of 4–7 (clause 3.6.3).</summary>
/// <param name="Map">Values per option for the rule <c>mapped</c>.</param>
public sealed record MultipleChoice(IReadOnlyList<Entry> Options, IReadOnlyList<string> Key, IReadOnlyDictionary<string, Points> Map, bool FixedOrder = false) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.MultipleChoice;

    internal override IReadOnlyList<EntryList> Lists => [new("options", Options, FixedOrder)];

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var ticked = ((MultipleChoiceResponse)response).Options.ToHashSet(StringComparer.Ordinal);
        var errors = ticked.Except(Key).Count() + Key.Except(ticked).Count();
        var points = item.Rule switch
        {
            // Ticking every option must never pay, whatever the table or the map says (design §4).
            _ when ticked.Count == Options.Count => Points.Zero,
            ExactRule => errors == 0 ? item.MaxPoints : Points.Zero,
            PerErrorRule rule => rule.For(errors),
            MappedRule rule => rule.For(ticked, Map),
            _ => throw Unfit(item),
        };
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not MultipleChoiceResponse choice) return WrongType(Type);
        if (choice.Options.Distinct().Count() != choice.Options.Count) return Refusal.Invalid("repeated-option", "Один и тот же вариант отмечен дважды.");
        // An id may be null: JSON from outside has no types.
        return choice.Options.All(id => Options.Any(option => option.Id == id)) ? null : UnknownId(choice.Options.First(id => Options.All(option => option.Id != id)));
    }

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new MultipleChoiceResponse(((MultipleChoiceResponse)response).Options.Select(id => rename("options", id)!).ToList());

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        foreach (var unknown in Key.Where(id => Options.All(option => option.Id != id))) yield return $"Ключ «{unknown}» не называет ни одного варианта.";
        if (Key.Distinct().Count() != Key.Count) yield return "В ключе повторён вариант.";
        if (Key.Count < 2) yield return "Верных вариантов меньше двух.";
        if (Key.Count >= Options.Count) yield return "Нет ни одного неверного варианта.";
        var faults = rule switch
        {
            ExactRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            MappedRule mapped => MappedFaults(mapped, Map, Options.Select(option => option.Id), Key, maximum),
            _ => [$"Правило {rule.Name} не подходит множественному выбору."],
        };
        foreach (var fault in faults) yield return fault;
    }
}

/// <param name="Options">Ids of the ticked options, in any order.</param>
public sealed record MultipleChoiceResponse(IReadOnlyList<string> Options) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Options is null or { Count: 0 };
}
