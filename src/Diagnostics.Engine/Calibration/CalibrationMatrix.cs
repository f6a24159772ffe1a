using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;

namespace Diagnostics.Engine.Calibration;

/// <summary>A scored session as recorded in the ledger.</summary>
/// <param name="Answers">Slot → the last saved answer; null when it was cleared or left blank.</param>
/// <param name="Policy">Policy of the session's campaign; it decides which round counts.</param>
public sealed record LedgerOfSession(
    Guid SessionId,
    Guid ParticipantId,
    int Variant,
    string Site,
    string? Territory,
    string? Organisation,
    IReadOnlyList<MarkingRound> Rounds,
    IReadOnlyDictionary<int, Response?> Answers,
    MarkingPolicy Policy
);

/// <summary>
/// Turns sessions, one by one, into the matrix of a calibration: effective scores as whole points, with one row for
/// each person, in which items of other variants count as not presented. Sessions come oldest first, so that each
/// person's first session is used.
/// </summary>
public sealed class CalibrationMatrix
{
    private readonly Guid formId;
    private readonly IReadOnlyList<CalibrationItem> items;
    private readonly Dictionary<int, CalibrationItem[]> variants;
    private readonly LevelScale scale;
    private readonly List<CalibrationPerson> persons = [];
    private readonly HashSet<Guid> seen = [];
    private readonly (List<int> Answers, List<int> Experts, List<double> Points) marks = ([], [], []);
    private readonly Dictionary<Guid, int> experts = [];
    private int answersMarked,
        open,
        repeated,
        rounded;

    private CalibrationMatrix(Guid formId, IReadOnlyList<CalibrationItem> items, LevelScale scale)
    {
        (this.formId, this.items, this.scale) = (formId, items, scale);
        variants = items.GroupBy(item => item.Variant).ToDictionary(variant => variant.Key, variant => variant.ToArray());
    }

    /// <param name="form">The items of the form, each with its variant, slot and version.</param>
    /// <returns>Refused when an item is worth a fraction of a point, because a model needs scores that are
    /// categories.</returns>
    public static Result<CalibrationMatrix> For(
        Guid formId,
        IEnumerable<(int Variant, int Slot, Item Item, int Version)> form,
        LevelScale scale
    )
    {
        var placed = form.OrderBy(place => place.Variant).ThenBy(place => place.Slot).ToList();
        if (placed.FirstOrDefault(place => place.Item.MaxPoints.Thousandths % 1000 != 0) is { Item: { } broken })
            return Refusal.Conflict(
                Codes.Of(CalibrationFailure.PointsNotWhole),
                $"Задание {broken.Code} стоит {broken.MaxPoints} балла: калибровка возможна только при целых баллах."
            );
        return new CalibrationMatrix(
            formId,
            placed.Select(place => Of(place.Variant, place.Slot, place.Item, place.Version)).ToList(),
            scale
        );
    }

    /// <summary>Rounds to whole points, half up.</summary>
    public static int WholePoints(Points points) => (int)((points.Thousandths + 500) / 1000);

    public void Add(LedgerOfSession session)
    {
        var slots = variants[session.Variant];
        var bySlot = session.Rounds.ToLookup(round => round.Slot);
        var deciding = Array.ConvertAll(slots, slot => Ledger.Deciding(bySlot[slot.Slot], session.Policy));
        if (deciding.Contains(null))
        {
            open++;
            return;
        }
        if (!seen.Add(session.ParticipantId))
        {
            repeated++;
            return;
        }
        rounded += deciding.Count(round => round!.Points.Thousandths % 1000 != 0);
        var answers = Array.ConvertAll(slots, slot => session.Answers.GetValueOrDefault(slot.Slot));
        persons.Add(
            new(
                session.SessionId,
                session.Variant,
                Array.ConvertAll(deciding, round => WholePoints(round!.Points)),
                Array.ConvertAll(answers, answer => answer is { IsBlank: false }),
                slots.Zip(answers, Choice).ToArray(),
                session.Territory,
                session.Organisation,
                session.Site
            )
        );
        foreach (var slot in slots)
            AddMarks(bySlot[slot.Slot].ToList());
    }

    public CalibrationInputs Inputs() =>
        new(
            formId,
            items,
            persons.OrderBy(person => person.SessionId).ToList(),
            scale,
            new(open, repeated, rounded),
            new(marks.Answers, marks.Experts, marks.Points)
        );

    private static CalibrationItem Of(int variant, int slot, Item item, int version)
    {
        var (options, keys) = item.Body.Choices;
        return new(
            Variant: variant,
            Slot: slot,
            Code: item.Code,
            Version: version,
            Block: item.Block,
            Element: item.Element,
            Type: item.Type,
            Difficulty: item.Difficulty,
            Maximum: WholePoints(item.MaxPoints),
            Options: options.Select(option => option.Id).ToList(),
            Keys: Enumerable.Range(0, options.Count).Where(at => keys.Contains(options[at].Id)).ToList()
        );
    }

    private static int Choice(CalibrationItem item, Response? answer)
    {
        int Place(string? id)
        {
            for (var at = 0; at < item.Options.Count; at++)
                if (item.Options[at] == id)
                    return at;
            return -1;
        }
        if (answer is null or { IsBlank: true } or { Chosen.Count: 0 })
            return -1;
        return item.Type.ChoosesOne()
            ? Place(answer.Chosen[0])
            : answer.Chosen.Select(Place).Where(at => at >= 0).Aggregate(0, (bits, at) => bits | (1 << at));
    }

    // Takes the independent marks of the current answer. The marks of a single expert say nothing about agreement; they
    // only show how much was marked.
    private void AddMarks(List<MarkingRound> rounds)
    {
        if (rounds.FindLast(round => round.Kind is RoundKind.Auto) is not { } scored)
            return;
        var given = rounds
            .Where(round => round is { Kind: RoundKind.Expert, MarkedBy: not null } && round.ResponseRevision == scored.ResponseRevision)
            .DistinctBy(round => round.MarkedBy)
            .ToList();
        if (given.Count == 0)
            return;
        foreach (var round in given)
        {
            if (!experts.TryGetValue(round.MarkedBy!.Value, out var expert))
                experts[round.MarkedBy.Value] = expert = experts.Count;
            marks.Answers.Add(answersMarked);
            marks.Experts.Add(expert);
            marks.Points.Add((double)round.Points.ToDecimal());
        }
        answersMarked++;
    }
}
