using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Marking;

/// <summary>One independent expert's marks for one answer.</summary>
/// <param name="Criteria">Points after the gate.</param>
/// <param name="NoAnswer">Whether the expert states that the item was not attempted.</param>
public sealed record IndependentMark(IReadOnlyDictionary<string, Points> Criteria, bool NoAnswer)
{
    public Points Points => Criteria.Values.Sum();

    /// <param name="criteria">Points as the expert gave them, before the gate.</param>
    public static IndependentMark Of(Rubric rubric, IReadOnlyDictionary<string, Points> criteria, bool noAnswer) =>
        new(rubric.Effective(criteria), noAnswer);
}

/// <summary>An answer of a session.</summary>
/// <param name="Criteria">Maximum of each criterion; empty for closed items.</param>
/// <param name="Marks">Independent marks so far; their order does not matter.</param>
/// <param name="Decided">The effective score; null while it is open or while a key review may still change it.</param>
/// <param name="Totals">Every sum that the rubric can give; empty for closed items.</param>
public sealed record MarkedAnswer(
    int Slot,
    string Block,
    Points Maximum,
    IReadOnlyDictionary<string, Points> Criteria,
    IReadOnlyList<IndependentMark> Marks,
    Points? Decided,
    IReadOnlySet<Points> Totals
);

/// <summary>The outcome of an answer's independent marks.</summary>
public abstract record Verdict(int Slot)
{
    /// <summary>The policy's rule gives the score; no third expert is needed.</summary>
    /// <param name="Rule">Name and version of the rule, for the ledger.</param>
    public sealed record Settled(int Slot, Points Points, string Rule) : Verdict(Slot);

    /// <param name="Reason">Code of the rule that calls a third expert, e.g. <c>points_apart</c>.</param>
    /// <param name="Detail">The reason in words.</param>
    public sealed record ThirdNeeded(int Slot, string Reason, string Detail) : Verdict(Slot);
}

/// <summary>
/// Joins independent marks (docs/promises.md, marking). The outcome does not depend on the order of the experts: it
/// uses only the lowest, the highest and the mean mark, and the largest possible points.
/// </summary>
public static class Adjudication
{
    /// <summary>
    /// Returns verdicts on the open answers that have all their independent marks. An answer whose rule also looks at
    /// other answers (<see cref="MarkUnit.Script"/>, <see cref="Straddle"/>) waits until those answers are marked,
    /// unless some rule already calls a third expert. So the verdict does not depend on whether the marks or the review
    /// of a short answer came first.
    /// </summary>
    /// <param name="answers">Every answer of the session.</param>
    /// <param name="scale">Levels that <see cref="Straddle"/> compares.</param>
    public static IReadOnlyList<Verdict> Decide(IReadOnlyList<MarkedAnswer> answers, MarkingPolicy policy, LevelScale scale)
    {
        if (policy.Experts == 1)
            return [];
        var verdicts = new List<Verdict>();
        foreach (var answer in answers.Where(answer => IsComplete(answer, policy)))
        {
            var waits = false;
            string? reason = null,
                detail = null;
            foreach (var rule in policy.Discrepancies ?? [])
            {
                switch (Check(rule, answer, answers, policy, scale))
                {
                    case null:
                        waits = true;
                        break;
                    case { Length: > 0 } found when reason is null:
                        (reason, detail) = (CodeOf(rule), found);
                        break;
                }
            }
            if (reason is null && policy.Resolution is Resolution.ThirdDecides && Differ(answer.Marks))
                (reason, detail) = ("third_decides", "Баллы экспертов различаются, а политика не усредняет их.");
            if (reason is not null)
                verdicts.Add(new Verdict.ThirdNeeded(answer.Slot, reason, detail!));
            else if (!waits)
                verdicts.Add(
                    new Verdict.Settled(answer.Slot, Resolve(answer.Marks, answer.Totals, policy.Resolution), RuleOf(policy.Resolution))
                );
        }
        return verdicts;
    }

    /// <summary>The score that results from several independent marks.</summary>
    /// <param name="totals">Every sum that the rubric can give.</param>
    public static Points Resolve(IReadOnlyList<IndependentMark> marks, IReadOnlySet<Points> totals, Resolution resolution)
    {
        var sum = marks.Select(mark => mark.Points).Sum().Thousandths;
        return resolution switch
        {
            Resolution.MeanInFavour => InFavour(marks, sum, totals),
            Resolution.Mean => Points.FromThousandths((2 * sum + marks.Count) / (2L * marks.Count)),
            Resolution.Maximum or Resolution.ThirdDecides => marks.Max(mark => mark.Points),
            _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, null),
        };
    }

    // The highest mark is a possible sum of the rubric and is not below the mean, so a result always exists.
    private static Points InFavour(IReadOnlyList<IndependentMark> marks, long sum, IReadOnlySet<Points> totals)
    {
        var highest = marks.Max(mark => mark.Points);
        var fitting = totals.Where(total => total.Thousandths * marks.Count >= sum && total <= highest).Append(highest).Order().ToList();
        return fitting.FirstOrDefault(total => total.Thousandths % 1000 == 0, fitting[0]);
    }

    // The rule has a second version because the first could round up past both experts' marks.
    private static string RuleOf(Resolution resolution) => $"{Codes.Of(resolution)}/{(resolution is Resolution.MeanInFavour ? 2 : 1)}";

    private static bool IsComplete(MarkedAnswer answer, MarkingPolicy policy) =>
        answer.Decided is null && answer.Marks.Count >= policy.Experts;

    /// <returns>A description of the difference; empty when there is none; null when other answers must be marked
    /// first.</returns>
    private static string? Check(
        DiscrepancyRule rule,
        MarkedAnswer answer,
        IReadOnlyList<MarkedAnswer> all,
        MarkingPolicy policy,
        LevelScale scale
    ) =>
        rule switch
        {
            PointsApart { Unit: MarkUnit.Script } apart => OfScript(answer, all, policy, (spread, _) => spread >= apart.Points),
            PercentApart { Unit: MarkUnit.Script } apart => OfScript(
                answer,
                all,
                policy,
                (spread, maximum) => IsShare(spread, maximum, apart.Percent)
            ),
            PointsApart apart => OfAnswer(answer, apart.Unit, (spread, _) => spread >= apart.Points),
            PercentApart apart => OfAnswer(answer, apart.Unit, (spread, maximum) => IsShare(spread, maximum, apart.Percent)),
            BlankAgainstScored => answer.Marks.Any(mark => mark.NoAnswer) && answer.Marks.Any(mark => !mark.NoAnswer)
                ? "Один эксперт считает, что к заданию не приступали, другой выставил баллы."
                : "",
            Straddle => OfBlock(answer, all, policy, scale),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };

    private static string OfAnswer(MarkedAnswer answer, MarkUnit unit, Func<Points, Points, bool> isApart)
    {
        if (unit is MarkUnit.Item)
            return isApart(Spread(answer), answer.Maximum) ? $"Баллы экспертов за задание расходятся на {Spread(answer)}." : "";
        foreach (var (code, maximum) in answer.Criteria)
        {
            var spread = answer.Marks.Max(mark => mark.Criteria[code]) - answer.Marks.Min(mark => mark.Criteria[code]);
            if (isApart(spread, maximum))
                return $"Баллы экспертов по критерию {code} расходятся на {spread}.";
        }
        return "";
    }

    private static string? OfScript(
        MarkedAnswer answer,
        IReadOnlyList<MarkedAnswer> all,
        MarkingPolicy policy,
        Func<Points, Points, bool> isApart
    )
    {
        var open = all.Where(each => each.Criteria.Count > 0 && (each.Marks.Count > 0 || each.Decided is null)).ToList();
        if (open.Any(each => each.Marks.Count < policy.Experts))
            return null;
        var spread = open.Select(Spread).Sum();
        return Spread(answer) > Points.Zero && isApart(spread, open.Select(each => each.Maximum).Sum())
            ? $"Баллы экспертов за работу расходятся на {spread}."
            : "";
    }

    private static string? OfBlock(MarkedAnswer answer, IReadOnlyList<MarkedAnswer> all, MarkingPolicy policy, LevelScale scale)
    {
        if (Spread(answer) == Points.Zero)
            return "";
        var block = all.Where(each => each.Block == answer.Block).ToList();
        if (block.Any(each => each.Decided is null && each.Marks.Count < policy.Experts))
            return null;
        var maximum = block.Select(each => each.Maximum).Sum();
        var lowest = block.Select(each => each.Decided ?? each.Marks.Min(mark => mark.Points)).Sum();
        var highest = block.Select(each => each.Decided ?? each.Marks.Max(mark => mark.Points)).Sum();
        var (from, to) = (scale.LevelOf(new(lowest, maximum), answer.Block), scale.LevelOf(new(highest, maximum), answer.Block));
        return from.Code == to.Code ? "" : $"По баллам экспертов блок получает разные уровни: «{from.Label}» и «{to.Label}».";
    }

    private static Points Spread(MarkedAnswer answer) => answer.Marks.Max(mark => mark.Points) - answer.Marks.Min(mark => mark.Points);

    private static bool Differ(IReadOnlyList<IndependentMark> marks) =>
        marks.Any(mark => mark.NoAnswer != marks[0].NoAnswer || mark.Criteria.Any(points => marks[0].Criteria[points.Key] != points.Value));

    private static bool IsShare(Points spread, Points maximum, decimal percent) =>
        maximum > Points.Zero && spread.ToDecimal() * 100m >= maximum.ToDecimal() * percent;

    private static string CodeOf(DiscrepancyRule rule) =>
        rule switch
        {
            PointsApart => "points_apart",
            PercentApart => "percent_apart",
            BlankAgainstScored => "blank_against_scored",
            Straddle => "straddle",
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
}
