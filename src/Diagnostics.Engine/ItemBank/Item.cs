using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>One of the four items of a facet. A stored item never changes; a change makes a new version.</summary>
/// <param name="Code">Unique in the bank, <c>&lt;facet&gt;-&lt;variant&gt;</c>.</param>
/// <param name="Variant">1–4.</param>
/// <param name="Stem">Markdown.</param>
/// <param name="Stimulus">The material that the task refers to; extended responses must have one (clause 3.7).</param>
/// <param name="Body">Type, choices, key.</param>
/// <param name="Solution">Why the key is right, for reviewers, experts and appeals; never shown to takers.</param>
/// <param name="Waivers">Lint rule → the author's reason for an exception.</param>
public sealed record Item(
    string Code,
    string Facet,
    int Variant,
    string Block,
    string Element,
    int Difficulty,
    Points MaxPoints,
    ScoringRule Rule,
    string Stem,
    Stimulus? Stimulus,
    ItemBody Body,
    string Solution,
    IReadOnlyDictionary<string, string> Waivers
)
{
    /// <summary>Legal acts behind the key; null when the key rests on no legal act.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ItemSource>? Sources { get; init; }

    // The faults are kept outside the record and keyed by reference, because computed values are not part of an item,
    // and a copy made by `with` is another item.
    private static readonly ConditionalWeakTable<Item, ItemFaults> Known = [];

    [JsonIgnore]
    public ItemType Type => Body.Type;

    /// <summary>The rubric by which experts mark the answers; null when the key scores the answers.</summary>
    [JsonIgnore]
    public Rubric? Rubric => Body.MarkedOn;

    /// <summary>Examples of answers for the experts.</summary>
    [JsonIgnore]
    public IReadOnlyList<Exemplar> Exemplars => Body.MarkedLike;

    /// <summary>
    /// Scores a response by the item's rule; null means no response. Pure: under the same version of the rule and equal
    /// key decisions, equal responses always get equal scores.
    /// </summary>
    /// <param name="response">In the author's ids (see <see cref="Presentation"/>).</param>
    /// <param name="decisions">Key-review decisions on short answers, and the rule that reads the answers.</param>
    /// <exception cref="BrokenItemException">The item cannot be scored: a broken key is an error, never a
    /// zero.</exception>
    public Score Score(Response? response, KeyDecisions decisions)
    {
        if (response is null or { IsBlank: true })
            return new(response is null ? Body.Unanswered : Outcome.Blank, Points.Zero, Rule.NameUnder(decisions.Rule));
        // Stored items have passed lint; the check remains because a key that matches nothing would silently give
        // everyone zero.
        if (KnownFaults.Broken is [var fault, ..])
            throw new BrokenItemException(Code, fault);
        return Body.Score(this, response, decisions);
    }

    /// <summary>The score of an answer that only stands on paper: it waits for experts.</summary>
    /// <exception cref="BrokenItemException">Experts do not mark this item.</exception>
    internal Score ScoreScanned() =>
        Rule is RubricRule
            ? new(Outcome.AwaitingMarking, Points.Zero, Rule.Name)
            : throw new BrokenItemException(Code, "скан ответа есть, а эксперты это задание не проверяют");

    /// <summary>
    /// Why this item cannot be scored, or how it gives points without knowledge, in the author's language; empty when
    /// there is no fault. An item that gives points without knowledge is still scored, because people may have sat it
    /// already.
    /// </summary>
    public IEnumerable<string> Faults() => KnownFaults.Broken.Concat(KnownFaults.Loopholes.Select(loophole => loophole.Message));

    /// <summary>The item's faults, which are computed only once because an item never changes.</summary>
    internal ItemFaults KnownFaults => Known.GetValue(this, static item => ItemFaults.Of(item));

    /// <summary>
    /// Null when the response has the form that the item's type requires and names only ids of the item; otherwise the
    /// refusal.
    /// </summary>
    public Refusal? Check(Response response) => response.IsBlank ? null : Body.Check(response);

    /// <summary>Returns a copy of the response with every id replaced.</summary>
    /// <param name="rename">Gets the name of the list and an id in that list; returns the new id.</param>
    public Response Rename(Response response, Func<string, string, string?> rename) => Body.Rename(response, rename);

    /// <summary>Returns the text of the entry with this id.</summary>
    /// <param name="list"><c>options</c>, <c>left</c>, <c>right</c> or <c>elements</c>.</param>
    public string TextOf(string list, string id) =>
        Body.Lists.First(known => known.Name == list).Entries.First(entry => entry.Id == id).Text;

    /// <summary>
    /// Makes a response for a simulated person of the demonstration. The response uses the author's ids and earns about
    /// <paramref name="score"/> of <paramref name="maximum"/> whole points.
    /// </summary>
    public Response Imitate(int score, int maximum, SeededRandom random) => Body.Imitate(score, maximum, random);
}

/// <param name="Code">Unique in the bank.</param>
/// <param name="Kind"><c>text</c>, <c>table</c>, <c>picture</c>, <c>graph</c> or <c>scheme</c> (clause 3.7).</param>
/// <param name="Body">Markdown.</param>
/// <param name="Svg">Drawing, as SVG text.</param>
/// <param name="Alt">The drawing in words, for people who cannot see it.</param>
public sealed record Stimulus(string Code, string Kind, string Title, string Body, string? Svg, string? Alt)
{
    public static readonly IReadOnlyList<string> Kinds = ["text", "table", "picture", "graph", "scheme"];
}

/// <summary>Faults of an item.</summary>
/// <param name="Broken">Why the item cannot be scored.</param>
/// <param name="Loopholes">How the item gives points without knowledge; found only for items that can be
/// scored.</param>
internal sealed record ItemFaults(IReadOnlyList<string> Broken, IReadOnlyList<Loophole> Loopholes)
{
    internal static ItemFaults Of(Item item)
    {
        IReadOnlyList<string> broken =
            item.MaxPoints <= Points.Zero
                ? ["Задание ничего не стоит: баллов должно быть больше нуля."]
                : [.. item.Body.FaultsOfLists(), .. item.Body.Faults(item.Rule, item.MaxPoints)];
        return new(broken, broken.Count > 0 ? [] : [.. item.Body.Loopholes(item.Rule, item.MaxPoints)]);
    }
}

/// <summary>A way to earn points without knowledge.</summary>
/// <param name="Field">The field of the item's file in which to close the loophole.</param>
internal sealed record Loophole(string Message, string Advice, string Field);

/// <summary>Thrown when scoring meets an item whose key, rule and body do not fit together.</summary>
public sealed class BrokenItemException(string item, string reason, Exception? cause = null) : Exception($"Item {item}: {reason}", cause);

/// <summary>
/// Authorised decisions on short answers that match nothing in the key. Each decision concerns one item and one group
/// of answers that the reading rule treats as equal.
/// </summary>
public sealed class KeyDecisions(AnswerRule rule, IReadOnlyDictionary<(string Item, string Normalised), bool> accepted)
{
    /// <summary>An empty set of decisions, under the first reading rule.</summary>
    public static readonly KeyDecisions None = NoneUnder(AnswerRule.Ru1);

    public static KeyDecisions NoneUnder(AnswerRule rule) => new(rule, new Dictionary<(string, string), bool>());

    /// <summary>The rule that reads short answers.</summary>
    public AnswerRule Rule => rule;

    /// <summary>True = accepted, false = rejected, null = not decided.</summary>
    public bool? On(string item, string normalised) => accepted.TryGetValue((item, normalised), out var yes) ? yes : null;
}
