using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>A choice, a left or right element, or an element to be ordered.</summary>
/// <param name="Id">The author's id; a taker sees another (see <see cref="Presentation"/>).</param>
/// <param name="Mistake">The typical mistake that leads to this distractor.</param>
public sealed record Entry(string Id, string Text, string? Mistake = null);

/// <summary>What differs by item type: choices, key, scoring. A new type is a new subclass; the compiler asks it for every answer.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SingleChoice), "single_choice")]
[JsonDerivedType(typeof(MultipleChoice), "multiple_choice")]
[JsonDerivedType(typeof(Matching), "matching")]
[JsonDerivedType(typeof(Ordering), "ordering")]
[JsonDerivedType(typeof(ShortAnswer), "short_answer")]
[JsonDerivedType(typeof(ExtendedTask), "extended_response")]
public abstract record ItemBody
{
    private protected ItemBody() { }

    // JsonIgnore is not inherited: each override repeats it.
    [JsonIgnore]
    public abstract ItemType Type { get; }

    /// <summary>The lists a taker sees, each shuffled on its own.</summary>
    [JsonIgnore]
    internal abstract IReadOnlyList<EntryList> Lists { get; }

    /// <summary>Longest text of an answer, characters; 0 for closed types.</summary>
    [JsonIgnore]
    public virtual int MaxAnswerLength => 0;

    internal abstract Score Score(Item item, Response response, KeyDecisions decisions);

    internal abstract Refusal? Check(Response response);

    /// <summary>The same response with ids exchanged, list by list.</summary>
    internal abstract Response Rename(Response response, Func<string, string, string?> rename);

    /// <summary>Why the key and the rule do not fit the body, in the author's language; empty when they do.</summary>
    internal abstract IEnumerable<string> Faults(ScoringRule rule, Points maximum);

    /// <summary>Ids that stand twice in one list, which no key could tell apart.</summary>
    internal IEnumerable<string> FaultsOfLists() =>
        Lists.SelectMany(list => list.Entries.GroupBy(entry => entry.Id).Where(same => same.Count() > 1).Select(same => $"В списке {list.Name} два элемента «{same.Key}»."));

    protected static Refusal WrongType(ItemType expected) => Refusal.Invalid("response-type-mismatch",
        $"Ответ не того вида: задание ждёт {Codes.Of(expected)}.");

    protected static Refusal UnknownId(string id) => Refusal.Invalid("unknown-option", $"В задании нет варианта «{id}».");

    protected static BrokenItemException Unfit(Item item) => new(item.Code, $"rule {item.Rule.Name} does not fit type {item.Type}");

    protected static IEnumerable<string> PerErrorFaults(PerErrorRule rule, Points maximum)
    {
        if (rule.For(0) != maximum) yield return $"Таблица per_error даёт за ответ без ошибок {rule.For(0)}, а задание стоит {maximum}.";
        if (rule.Table.Any(row => row.Key < 0 || row.Value < Points.Zero)) yield return "В таблице per_error есть отрицательное число ошибок или баллов.";
        var inOrder = rule.Table.OrderBy(row => row.Key).Select(row => row.Value).ToList();
        if (inOrder.Zip(inOrder.Skip(1)).Any(pair => pair.Second > pair.First)) yield return "В таблице per_error за большее число ошибок дано больше баллов.";
    }

    protected static IEnumerable<string> MappedFaults(MappedRule rule, IReadOnlyDictionary<string, Points> map, IEnumerable<string> known, IEnumerable<string> key, Points maximum)
    {
        foreach (var unknown in map.Keys.Except(known)) yield return $"В map назван вариант «{unknown}», которого нет.";
        if (rule.Min < Points.Zero) yield return "Нижняя граница mapped меньше нуля.";
        if (rule.Min > Points.Zero) yield return "Нижняя граница mapped больше нуля: баллы получил бы любой ответ.";
        if (rule.Max > maximum) yield return $"Верхняя граница mapped {rule.Max}, а задание стоит {maximum}.";
        if (rule.Min > rule.Max)
        {
            yield return "Нижняя граница mapped больше верхней.";
            yield break;
        }
        if (rule.For(key, map) != maximum) yield return $"Верный ответ по map даёт {rule.For(key, map)}, а задание стоит {maximum}.";
    }
}

/// <param name="Name"><c>options</c>, <c>left</c>, <c>right</c> or <c>elements</c>.</param>
/// <param name="Fixed">The author fixed the order.</param>
internal sealed record EntryList(string Name, IReadOnlyList<Entry> Entries, bool Fixed);

/// <summary>Choose one of at least four (clause 3.6.3).</summary>
public sealed record SingleChoice(IReadOnlyList<Entry> Options, string Key, bool FixedOrder = false) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.SingleChoice;

    internal override IReadOnlyList<EntryList> Lists => [new("options", Options, FixedOrder)];

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ExactRule || Options.All(option => option.Id != Key)) throw Unfit(item);
        var right = ((SingleChoiceResponse)response).Option == Key;
        return ItemBank.Scoring.Score.Of(right ? item.MaxPoints : Points.Zero, item.MaxPoints, item.Rule.Name);
    }

    internal override Refusal? Check(Response response) => response is not SingleChoiceResponse choice
        ? WrongType(Type)
        : Options.Any(option => option.Id == choice.Option) ? null : UnknownId(choice.Option!);

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new SingleChoiceResponse(rename("options", ((SingleChoiceResponse)response).Option!));

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ExactRule) yield return "Заданию с выбором одного ответа подходит только правило exact.";
        if (Options.All(option => option.Id != Key)) yield return $"Ключ «{Key}» не называет ни одного варианта.";
    }
}

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

/// <summary>Put 4–7 elements in order (clause 3.6.3).</summary>
/// <param name="Key">Element ids in the right order.</param>
public sealed record Ordering(IReadOnlyList<Entry> Elements, IReadOnlyList<string> Key) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.Ordering;

    internal override IReadOnlyList<EntryList> Lists => [new("elements", Elements, Fixed: false)];

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        var order = ((OrderingResponse)response).Order;
        if (order.Count != Key.Count) throw Unfit(item);
        var errors = order.Zip(Key).Count(place => place.First != place.Second);
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
        var next = Key.Zip(Key.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        return order.Zip(order.Skip(1)).Count(pair => next.GetValueOrDefault(pair.First) == pair.Second);
    }

    internal override Refusal? Check(Response response)
    {
        if (response is not OrderingResponse ordering) return WrongType(Type);
        if (ordering.Order.Any(id => Elements.All(element => element.Id != id))) return UnknownId(ordering.Order.First(id => Elements.All(element => element.Id != id)));
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
        if (Elements.Count < 2) yield return "Упорядочивать нечего: элементов меньше двух.";
        var faults = rule switch
        {
            ExactRule or AdjacentRule => [],
            PerErrorRule table => PerErrorFaults(table, maximum),
            _ => [$"Правило {rule.Name} не подходит заданию на последовательность."],
        };
        foreach (var fault in faults) yield return fault;
    }
}

/// <summary>Fill the marked gap with at most three words (clause 3.7).</summary>
public sealed record ShortAnswer(ShortAnswerKey Key) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.ShortAnswer;

    internal override IReadOnlyList<EntryList> Lists => [];

    [JsonIgnore]
    public override int MaxAnswerLength => 200;

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ShortAnswerRule) throw Unfit(item);
        var normalised = AnswerText.Normalise(((ShortAnswerResponse)response).Text!);
        // Only invisible characters: nothing that a person could have meant as an answer.
        if (normalised.Length == 0) return new(Outcome.Blank, Points.Zero, item.Rule.Name);
        var decision = Key.Matches(normalised) ? true : decisions.On(item.Code, normalised);
        var outcome = decision switch { true => Outcome.Right, false => Outcome.Wrong, null => Outcome.Unmatched };
        return new(outcome, decision is true ? item.MaxPoints : Points.Zero, item.Rule.Name) { Normalised = normalised };
    }

    internal override Refusal? Check(Response response) =>
        response is ShortAnswerResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ShortAnswerRule) yield return "Краткому ответу подходит только правило short_answer.";
        if (Key.Fault() is { } fault) yield return fault;
    }
}

/// <summary>A free response to a stimulus, marked by experts on a rubric (clause 3.7).</summary>
public sealed record ExtendedTask(Rubric Rubric, IReadOnlyList<Exemplar> Exemplars) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.ExtendedResponse;

    internal override IReadOnlyList<EntryList> Lists => [];

    [JsonIgnore]
    public override int MaxAnswerLength => 20_000;

    internal override Score Score(Item item, Response response, KeyDecisions decisions) =>
        item.Rule is RubricRule ? new(Outcome.AwaitingMarking, Points.Zero, item.Rule.Name) : throw Unfit(item);

    internal override Refusal? Check(Response response) =>
        response is ExtendedResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not RubricRule) yield return "Развёрнутому ответу подходит только правило rubric.";
        foreach (var fault in Rubric.Faults(maximum)) yield return fault;
        foreach (var exemplar in Exemplars)
            if (Rubric.Check(exemplar.Points) is { } refusal) yield return $"Образец ответа: {refusal.Detail}";
    }
}

internal static class TextLimits
{
    internal static Refusal? Check(string text, int maximum)
    {
        if (text.Length > maximum)
            return new Refusal("answer-too-long", RefusalKind.TooLarge, $"Ответ длиннее {maximum} знаков: {text.Length}.").With("maxLength", maximum);
        return text.Contains('\0') ? Refusal.Invalid("forbidden-character", "В ответе есть недопустимый знак U+0000.") : null;
    }
}
