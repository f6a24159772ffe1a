using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <summary>Marks that an item's rubric allows, together with their score: neither exists without the other.</summary>
public sealed record RubricMarks
{
    private static readonly Refusal WithPoints = Refusal.Invalid(
        "no-answer-with-points",
        "Если к заданию не приступали, по каждому критерию 0 баллов."
    );

    private RubricMarks(string itemCode, IReadOnlyDictionary<string, Points> criteria, Score score) =>
        (ItemCode, Criteria, Score) = (itemCode, criteria, score);

    public string ItemCode { get; }

    /// <summary>
    /// Points of every criterion as the expert gave them, before the gate; 0 where the gate is 0 and the expert gave none.
    /// </summary>
    public IReadOnlyDictionary<string, Points> Criteria { get; }

    public Score Score { get; }

    /// <param name="noAnswer">Whether the expert states that the item was not attempted. The outcome is then a blank,
    /// which another expert's marks may contradict.</param>
    /// <exception cref="BrokenItemException">The item has no rubric.</exception>
    public static Result<RubricMarks> Of(Item item, IReadOnlyDictionary<string, Points> criteria, bool noAnswer = false)
    {
        criteria = item.Rubric?.Completed(criteria) ?? criteria;
        if (RubricMarking.Score(item, criteria).Refused(out var odd, out var score))
            return odd;
        if (!noAnswer)
            return new RubricMarks(item.Code, criteria, score);
        return criteria.Values.Any(points => points != Points.Zero)
            ? WithPoints.With("field", "noAnswer")
            : new RubricMarks(item.Code, criteria, score with { Outcome = Outcome.Blank });
    }
}
