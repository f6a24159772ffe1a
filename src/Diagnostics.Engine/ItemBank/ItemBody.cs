using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>An option to choose, an element of the left or the right list, or an element to be ordered.</summary>
/// <param name="Id">The author's id; a taker sees a different one (see <see cref="Presentation"/>).</param>
/// <param name="Mistake">The typical mistake that leads to this distractor.</param>
public sealed record Entry(string Id, string Text, string? Mistake = null);

/// <summary>
/// The parts that depend on the item type, such as choices, key and scoring. A new type is a new subclass; the compiler
/// demands every abstract member.
/// </summary>
public abstract record ItemBody
{
    private protected ItemBody() { }

    // JsonIgnore is not inherited: each override repeats it.
    [JsonIgnore]
    public abstract ItemType Type { get; }

    /// <summary>The lists that a taker sees; each is shuffled independently of the others.</summary>
    internal abstract IReadOnlyList<EntryList> Lists { get; }

    /// <summary>Longest text of an answer, in characters; 0 for closed types.</summary>
    [JsonIgnore]
    public virtual int MaxAnswerLength => 0;

    /// <summary>Whether an element of the right list may be chosen more than once.</summary>
    internal virtual bool Reusable => false;

    /// <summary>The options and the ids of the right ones; both empty for types without choices.</summary>
    internal virtual (IReadOnlyList<Entry> Options, IReadOnlyCollection<string> Key) Choices => ([], []);

    /// <summary>Values of options or pairs for the rule <c>mapped</c>; empty under any other rule.</summary>
    internal virtual IReadOnlyDictionary<string, Points> Values => new Dictionary<string, Points>();

    /// <summary>
    /// Short texts, each a right answer or a part of one. If two items share such a text, one of them gives the other
    /// away.
    /// </summary>
    internal virtual IEnumerable<string> RightTexts =>
        Choices.Options.Where(option => Choices.Key.Contains(option.Id)).Select(option => option.Text);

    /// <summary>Texts that are right word for word, for open items with a key.</summary>
    internal virtual IReadOnlyList<string> KeyTexts => [];

    /// <summary>The rubric for experts; null when the key scores the answers.</summary>
    internal virtual Rubric? MarkedOn => null;

    /// <summary>Examples of answers for the experts.</summary>
    internal virtual IReadOnlyList<Exemplar> MarkedLike => [];

    /// <summary>The outcome of scoring when no answer was ever saved.</summary>
    internal virtual Outcome Unanswered => Outcome.Blank;

    /// <summary>
    /// The response for an answer that was saved and then cleared; null where clearing equals giving no answer.
    /// </summary>
    internal virtual Response? Cleared => null;

    /// <summary>Whether this order of the item's only list is already the right answer.</summary>
    internal virtual bool IsSolvedBy(int[] order) => false;

    internal abstract Score Score(Item item, Response response, KeyDecisions decisions);

    internal abstract Refusal? Check(Response response);

    /// <summary>
    /// Returns a copy of the response with every id replaced; <paramref name="rename"/> gets the name of the list and
    /// the id.
    /// </summary>
    internal abstract Response Rename(Response response, Func<string, string, string?> rename);

    /// <summary>Why the key and the rule do not fit the body, in the author's language; empty when they do.</summary>
    internal abstract IEnumerable<string> Faults(ScoringRule rule, Points maximum);

    /// <summary>
    /// Ways in which the key or the scale gives points without knowledge; called only for items that can be scored.
    /// </summary>
    internal virtual IEnumerable<Loophole> Loopholes(ScoringRule rule, Points maximum) =>
        from list in Lists
        from same in list.Entries.GroupBy(entry => Reading.ReadText.Of(entry.Text), StringComparer.Ordinal)
        where same.Count() > 1
        select new Loophole(
            $"Элементы {string.Join(" и ", same.Select(entry => $"«{entry.Id}»"))} списка {list.Name} читаются одинаково: «{same.First().Text}».",
            "Замените один из них: человек не отличит их, а ключ отличает.",
            list.Name
        );

    /// <summary>Faults that lint finds by the rules of this type.</summary>
    internal virtual IEnumerable<Flaw> Flaws(Item item) => [];

    /// <summary>Writes the parts that all four items of the facet share.</summary>
    internal virtual void WriteFacet(YamlLines lines) { }

    /// <summary>Writes the choices and the key, which follow the stem.</summary>
    internal abstract void Write(YamlLines lines);

    /// <summary>Writes the parts that follow the solution.</summary>
    internal virtual void WriteLast(YamlLines lines) { }

    /// <summary>Makes a response for a simulated person of the demonstration.</summary>
    /// <param name="score">The approximate points that the response should earn.</param>
    internal abstract Response Imitate(int score, int maximum, SeededRandom random);

    /// <summary>Ids that occur twice in the same list; no key could distinguish them.</summary>
    internal IEnumerable<string> FaultsOfLists() =>
        Lists.SelectMany(list =>
            list.Entries.GroupBy(entry => entry.Id)
                .Where(same => same.Count() > 1)
                .Select(same => $"В списке {list.Name} два элемента «{same.Key}».")
        );

    protected static Refusal WrongType(ItemType expected) =>
        Refusal.Invalid("response-type-mismatch", $"Ответ не того вида: задание ждёт {Codes.Of(expected)}.");

    protected static Refusal UnknownId(string id) => Refusal.Invalid("unknown-option", $"В задании нет варианта «{id}».");

    protected static BrokenItemException Unfit(Item item) => new(item.Code, $"rule {item.Rule.Name} does not fit type {item.Type}");

    protected static IEnumerable<string> PerErrorFaults(PerErrorRule rule, Points maximum)
    {
        if (rule.For(0) != maximum)
            yield return $"Таблица per_error даёт за ответ без ошибок {rule.For(0)}, а задание стоит {maximum}.";
        if (rule.Table.Any(row => row.Key < 0 || row.Value < Points.Zero))
            yield return "В таблице per_error есть отрицательное число ошибок или баллов.";
        var inOrder = rule.Table.OrderBy(row => row.Key).Select(row => row.Value).ToList();
        if (inOrder.Zip(inOrder.Skip(1)).Any(pair => pair.Second > pair.First))
            yield return "В таблице per_error за большее число ошибок дано больше баллов.";
    }

    /// <param name="possible">The numbers of errors that an answer can have, in order; the last number belongs to an
    /// answer with nothing right.</param>
    private protected static IEnumerable<Loophole> PerErrorLoopholes(PerErrorRule rule, Points maximum, IReadOnlyList<int> possible)
    {
        foreach (var (fewer, more) in possible.Zip(possible.Skip(1)).Where(pair => rule.For(pair.Second) > rule.For(pair.First)))
            yield return new(
                $"Таблица per_error платит за {more} ошибки больше, чем за {fewer}.",
                $"Впишите в table и {fewer}: чего в таблице нет, то 0 баллов.",
                "key"
            );
        if (possible.FirstOrDefault(errors => rule.For(errors) >= maximum) is > 0 and var free)
            yield return new(
                $"Таблица per_error даёт полный балл и за ошибки: {free}.",
                "Полный балл — только за ответ без ошибок.",
                "key"
            );
        else if (rule.For(possible[^1]) > Points.Zero)
            yield return new(
                $"Таблица per_error платит за ответ, в котором неверно всё ({possible[^1]} ошибок).",
                "Уберите из table такое число ошибок.",
                "key"
            );
    }

    protected static IEnumerable<string> MappedFaults(
        MappedRule rule,
        IReadOnlyDictionary<string, Points> map,
        IEnumerable<string> known,
        IEnumerable<string> key,
        Points maximum
    )
    {
        foreach (var unknown in map.Keys.Except(known))
            yield return $"В map назван вариант «{unknown}», которого нет.";
        if (rule.Min < Points.Zero)
            yield return "Нижняя граница mapped меньше нуля.";
        if (rule.Min > Points.Zero)
            yield return "Нижняя граница mapped больше нуля: баллы получил бы любой ответ.";
        if (rule.Max > maximum)
            yield return $"Верхняя граница mapped {rule.Max}, а задание стоит {maximum}.";
        if (rule.Min > rule.Max)
        {
            yield return "Нижняя граница mapped больше верхней.";
            yield break;
        }
        if (rule.For(key, map) != maximum)
            yield return $"Верный ответ по map даёт {rule.For(key, map)}, а задание стоит {maximum}.";
    }
}

/// <param name="Name"><c>options</c>, <c>left</c>, <c>right</c> or <c>elements</c>.</param>
/// <param name="Fixed">Whether the author fixed the order.</param>
internal sealed record EntryList(string Name, IReadOnlyList<Entry> Entries, bool Fixed);
