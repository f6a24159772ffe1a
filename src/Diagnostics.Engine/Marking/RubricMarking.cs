using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <summary>Turns an expert's points per criterion into a score.</summary>
public static class RubricMarking
{
    /// <summary>The sum of the marks after the gate; refuses marks that the rubric does not allow.</summary>
    /// <exception cref="BrokenItemException">The item has no rubric.</exception>
    public static Result<Score> Score(Item item, IReadOnlyDictionary<string, Points> criteria)
    {
        if (item is not { Rubric: { } rubric, Rule: RubricRule })
            throw new BrokenItemException(item.Code, "у задания нет критериев");
        if (rubric.Check(criteria) is { } refusal)
            return refusal;
        var points = rubric.Effective(criteria).Values.Sum();
        return ItemBank.Scoring.Score.Of(points, item.MaxPoints, item.Rule.Name);
    }

    /// <summary>Checks a draft as <see cref="Rubric.Check"/> does, except that criteria may still be missing.</summary>
    public static Refusal? CheckDraft(Item item, IReadOnlyDictionary<string, Points> criteria)
    {
        if (item.Rubric is not { } rubric)
            throw new BrokenItemException(item.Code, "у задания нет критериев");
        var given = rubric.Criteria.ToDictionary(
            criterion => criterion.Code,
            criterion => criteria.GetValueOrDefault(criterion.Code, Points.Zero)
        );
        foreach (var (code, points) in criteria)
            given[code] = points;
        return rubric.Check(given);
    }
}
