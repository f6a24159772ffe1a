using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>One item: immutable once stored, a change is a new version. One of the four of its facet.</summary>
/// <param name="Code">Unique in the bank, <c>&lt;facet&gt;-&lt;variant&gt;</c>.</param>
/// <param name="Variant">1–4.</param>
/// <param name="Stem">Markdown.</param>
/// <param name="Stimulus">What the task refers to; extended responses must have one (clause 3.7).</param>
/// <param name="Body">Type, choices, key.</param>
/// <param name="Solution">Why the key is right, for reviewers, experts and appeals; never for the taker.</param>
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
    IReadOnlyDictionary<string, string> Waivers)
{
    /// <summary>Acts that the key rests on; null when it rests on none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ItemSource>? Sources { get; init; }

    // By reference and beside the record: a copy made by `with` is another item, and what is computed is no part of any.
    private static readonly ConditionalWeakTable<Item, ItemFaults> Known = [];

    [JsonIgnore]
    public ItemType Type => Body.Type;

    /// <summary>What experts mark the answers on; null when the key scores them.</summary>
    [JsonIgnore]
    public Rubric? Rubric => Body.MarkedOn;

    /// <summary>Examples of answers for the experts.</summary>
    [JsonIgnore]
    public IReadOnlyList<Exemplar> Exemplars => Body.MarkedLike;

    /// <summary>
    /// Scores a response by the item's rule. Null is no response. Pure: the same response always scores the same
    /// under the same rule version and key decisions.
    /// </summary>
    /// <param name="response">In the author's ids (see <see cref="Presentation"/>).</param>
    /// <param name="decisions">Key-review decisions on short answers, and the rule by which these are read.</param>
    /// <exception cref="BrokenItemException">The item cannot be scored: a broken key is an error, never a zero.</exception>
    public Score Score(Response? response, KeyDecisions decisions)
    {
        if (response is null or { IsBlank: true })
            return new(response is null ? Body.Unanswered : Outcome.Blank, Points.Zero, Rule.NameUnder(decisions.Rule));
        // Stored items were linted, but a key that fits nothing would score everyone zero without a word.
        if (KnownFaults.Broken is [var fault, ..]) throw new BrokenItemException(Code, fault);
        return Body.Score(this, response, decisions);
    }

    /// <summary>
    /// Why this item cannot be scored, or would pay for not knowing, in the author's language; empty when nothing is wrong.
    /// An item that pays is still scored: people may have sat it already.
    /// </summary>
    public IEnumerable<string> Faults() => KnownFaults.Broken.Concat(KnownFaults.Loopholes.Select(loophole => loophole.Message));

    /// <summary>Computed once: an item never changes.</summary>
    internal ItemFaults KnownFaults => Known.GetValue(this, static item => ItemFaults.Of(item));

    /// <summary>Null when the response is of this item's shape and names only what the item has; else the refusal.</summary>
    public Refusal? Check(Response response) => response.IsBlank ? null : Body.Check(response);

    /// <summary>The same response with ids exchanged.</summary>
    /// <param name="rename">Name of the list and the id in it → the new id.</param>
    public Response Rename(Response response, Func<string, string, string?> rename) => Body.Rename(response, rename);

    /// <summary>The text that an id stands for.</summary>
    /// <param name="list"><c>options</c>, <c>left</c>, <c>right</c> or <c>elements</c>.</param>
    public string TextOf(string list, string id) => Body.Lists.First(known => known.Name == list).Entries.First(entry => entry.Id == id).Text;

    /// <summary>A response, in the author's ids, that earns about so many whole points: what a person of the demonstration answers.</summary>
    public Response Imitate(int score, int maximum, SeededRandom random) => Body.Imitate(score, maximum, random);
}

/// <param name="Code">Unique in the bank.</param>
/// <param name="Kind"><c>text</c>, <c>table</c>, <c>picture</c>, <c>graph</c> or <c>scheme</c> (clause 3.7).</param>
/// <param name="Body">Markdown.</param>
/// <param name="Svg">Drawing, as SVG text.</param>
/// <param name="Alt">The drawing in words, for those who cannot see it.</param>
public sealed record Stimulus(string Code, string Kind, string Title, string Body, string? Svg, string? Alt)
{
    public static readonly IReadOnlyList<string> Kinds = ["text", "table", "picture", "graph", "scheme"];
}

/// <summary>What is wrong with an item.</summary>
/// <param name="Broken">Why it cannot be scored.</param>
/// <param name="Loopholes">How it pays for not knowing; looked for only where it can be scored.</param>
internal sealed record ItemFaults(IReadOnlyList<string> Broken, IReadOnlyList<Loophole> Loopholes)
{
    internal static ItemFaults Of(Item item)
    {
        IReadOnlyList<string> broken = item.MaxPoints <= Points.Zero
            ? ["Задание ничего не стоит: баллов должно быть больше нуля."]
            : [.. item.Body.FaultsOfLists(), .. item.Body.Faults(item.Rule, item.MaxPoints)];
        return new(broken, broken.Count > 0 ? [] : [.. item.Body.Loopholes(item.Rule, item.MaxPoints)]);
    }
}

/// <summary>A way to points past knowing.</summary>
/// <param name="Field">Of the item in its file, where it is mended.</param>
internal sealed record Loophole(string Message, string Advice, string Field);

/// <summary>An item whose key, rule and body do not fit together reached scoring.</summary>
public sealed class BrokenItemException(string item, string reason, Exception? cause = null)
    : Exception($"Item {item}: {reason}", cause);

/// <summary>Authorised decisions on short answers that match nothing in the key, by item and group of the rule that reads them.</summary>
public sealed class KeyDecisions(AnswerRule rule, IReadOnlyDictionary<(string Item, string Normalised), bool> accepted)
{
    /// <summary>None under the first rule.</summary>
    public static readonly KeyDecisions None = NoneUnder(AnswerRule.Ru1);

    public static KeyDecisions NoneUnder(AnswerRule rule) => new(rule, new Dictionary<(string, string), bool>());

    /// <summary>How short answers are read.</summary>
    public AnswerRule Rule => rule;

    /// <summary>True accepted, false rejected, null not decided.</summary>
    public bool? On(string item, string normalised) => accepted.TryGetValue((item, normalised), out var yes) ? yes : null;
}
