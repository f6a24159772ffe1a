using System.Globalization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// An item as one taker sees it: the session's recorded seed shuffles the lists, and they are renumbered, so that
/// neither order nor id reveals the key (docs/promises.md, takers). The seed reproduces this presentation at any time.
/// </summary>
public sealed class Presentation
{
    private readonly Item item;
    private readonly int[] order;

    public Presentation(Item item, long seed)
        : this(item, Shuffle(item, seed)) { }

    /// <param name="order">The order that <see cref="Shuffle(Item, long)"/> gave for this item.</param>
    public Presentation(Item item, int[] order) => (this.item, this.order) = (item, order);

    /// <summary>
    /// The order of an item's lists under a seed, one list after another: for each position shown, the position of its
    /// entry in the author's list, from 0. A node needs to remember nothing else about an item of an open session.
    /// </summary>
    public static int[] Shuffle(Item item, long seed) => [.. item.Body.Lists.SelectMany(list => Shuffle(item, list, seed))];

    /// <summary>
    /// The item for the taker, without key, rubric, solution, difficulty or author's ids, and with non-breaking spaces
    /// where its texts need them.
    /// </summary>
    public PresentedItem Show(int slot) =>
        new(
            Slot: slot,
            Type: item.Type,
            Stem: Typography.Bind(item.Stem),
            Stimulus: item.Stimulus is { } stimulus ? Typography.Bind(stimulus) : null,
            MaxPoints: item.MaxPoints,
            Options: List("options"),
            Left: List("left"),
            Right: List("right"),
            Elements: List("elements"),
            Reuse: item.Body.Reusable,
            MaxLength: item.Body.MaxAnswerLength == 0 ? null : item.Body.MaxAnswerLength
        );

    /// <summary>
    /// Converts a response from the ids that the taker saw to the author's ids; refuses a response that does not fit
    /// the item.
    /// </summary>
    public Result<Response> ToAuthorIds(Response response)
    {
        if (response.IsBlank)
            return response;
        Refusal? unknown = null;
        Response renamed;
        try
        {
            renamed = item.Body.Rename(
                response,
                (list, id) =>
                {
                    // «01» is not another name for «1»: only the ids shown are valid.
                    var (entries, order) = Find(list);
                    var found =
                        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                        && place >= 1
                        && place <= order.Count
                        && IdOf(place - 1) == id;
                    if (!found)
                        unknown ??= Refusal.Invalid("unknown-option", $"В задании нет варианта «{id}».");
                    return found ? entries[order[place - 1]].Id : id;
                }
            );
        }
        catch (InvalidCastException)
        {
            return Refusal.Invalid("response-type-mismatch", $"Ответ не того вида: задание ждёт {Codes.Of(item.Type)}.");
        }
        if (unknown is not null)
            return unknown;
        return item.Check(renamed) is { } refusal ? refusal : renamed;
    }

    /// <summary>Converts a stored response from the author's ids to the ids that the taker saw.</summary>
    public Response ToShownIds(Response response) =>
        response.IsBlank
            ? response
            : item.Body.Rename(
                response,
                (name, id) =>
                {
                    var (entries, order) = Find(name);
                    for (var shown = 0; shown < order.Count; shown++)
                        if (entries[order[shown]].Id == id)
                            return IdOf(shown);
                    throw new BrokenItemException(item.Code, $"a stored response names «{id}», which list {name} does not hold");
                }
            );

    private List<PresentedEntry>? List(string name)
    {
        if (item.Body.Lists.All(list => list.Name != name))
            return null;
        var (entries, order) = Find(name);
        return order.Select((place, shown) => new PresentedEntry(IdOf(shown), Typography.Bind(entries[place].Text))).ToList();
    }

    /// <summary>A list's entries in the author's order, and, for each position shown, the index of its entry.</summary>
    private (IReadOnlyList<Entry> Entries, ArraySegment<int> Order) Find(string name)
    {
        var from = 0;
        var lists = item.Body.Lists;
        // This loop goes by index, because it runs for every id of every save, and an enumerator would allocate an
        // object each time.
        for (var at = 0; at < lists.Count; at++)
        {
            var list = lists[at];
            if (list.Name == name)
                return (list.Entries, new(order, from, list.Entries.Count));
            from += list.Entries.Count;
        }
        throw new BrokenItemException(item.Code, $"it has no list {name}");
    }

    private static string IdOf(int place) => (place + 1).ToString(CultureInfo.InvariantCulture);

    private static int[] Shuffle(Item item, EntryList list, long seed)
    {
        if (list.Fixed)
            return [.. Enumerable.Range(0, list.Entries.Count)];
        var order = SeededRandom.For(seed, $"{item.Code}:{list.Name}").Permutation(list.Entries.Count);
        // The shown order must not be the right one, or the item would come already solved.
        if (item.Body.IsSolvedBy(order))
            order = [.. order.Skip(1), order[0]];
        return order;
    }
}

/// <summary>An item as the taker sees it.</summary>
/// <param name="Slot">Place in the variant, from 1.</param>
/// <param name="MaxPoints">Points that the item is worth.</param>
/// <param name="Options">Options of choice items.</param>
/// <param name="Left">Left list of matching items.</param>
/// <param name="Right">Right list of matching items; may be longer than the left one.</param>
/// <param name="Elements">Elements of ordering items, in the order first shown.</param>
/// <param name="Reuse">Whether a right element may be chosen more than once.</param>
/// <param name="MaxLength">Longest answer in characters, for open items.</param>
public sealed record PresentedItem(
    int Slot,
    ItemType Type,
    string Stem,
    Stimulus? Stimulus,
    Points MaxPoints,
    IReadOnlyList<PresentedEntry>? Options,
    IReadOnlyList<PresentedEntry>? Left,
    IReadOnlyList<PresentedEntry>? Right,
    IReadOnlyList<PresentedEntry>? Elements,
    bool Reuse,
    int? MaxLength
);

/// <param name="Id">Number of the entry in the order shown.</param>
public sealed record PresentedEntry(string Id, string Text);
