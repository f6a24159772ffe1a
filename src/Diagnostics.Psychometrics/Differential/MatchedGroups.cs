namespace Diagnostics.Psychometrics.Differential;

/// <summary>Two groups matched on ability, with the counts of every score of one item in every stratum.</summary>
internal static class MatchedGroups
{
    /// <summary>The counts of each score in one stratum, for the reference group and for the focal group.</summary>
    internal sealed record Stratum(int[] Reference, int[] Focal)
    {
        public long ReferenceSize { get; } = Reference.Sum(count => (long)count);
        public long FocalSize { get; } = Focal.Sum(count => (long)count);
        public long Size => ReferenceSize + FocalSize;
    }

    /// <summary>Strata in order of the matching score. Persons without a score on the item are left out.</summary>
    public static IReadOnlyList<Stratum> Strata(IReadOnlyList<int> scores, IReadOnlyList<bool> focal, IReadOnlyList<int> matching)
    {
        var categories = scores.Count == 0 ? 1 : Math.Max(1, scores.Max() + 1);
        var strata = new SortedDictionary<int, (int[] Reference, int[] Focal)>();
        for (var person = 0; person < scores.Count; person++)
        {
            if (scores[person] < 0)
                continue;
            if (!strata.TryGetValue(matching[person], out var counts))
                strata[matching[person]] = counts = (new int[categories], new int[categories]);
            (focal[person] ? counts.Focal : counts.Reference)[scores[person]]++;
        }
        return [.. strata.Values.Select(counts => new Stratum(counts.Reference, counts.Focal))];
    }

    /// <summary>
    /// Each person's sum over the given items. Null for a person who lacks a score on one of them; items on which
    /// nobody has a score are ignored.
    /// </summary>
    public static int?[] Totals(ScoreMatrix scores, IEnumerable<int> items)
    {
        var chosen = items.Where(scores.IsAnswered).ToArray();
        var totals = new int?[scores.Persons];
        for (var person = 0; person < totals.Length; person++)
            totals[person] = Array.Exists(chosen, item => scores.IsMissing(person, item)) ? null : chosen.Sum(item => scores[person, item]);
        return totals;
    }

    public static void Check(IReadOnlyList<int> scores, IReadOnlyList<bool> focal, IReadOnlyList<int> matching, bool dichotomous)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(focal);
        ArgumentNullException.ThrowIfNull(matching);
        if (focal.Count != scores.Count || matching.Count != scores.Count)
            throw new BadDataException(
                $"{scores.Count} scores, {focal.Count} group memberships, {matching.Count} matching scores.",
                null,
                null
            );
        for (var person = 0; person < scores.Count; person++)
            if (scores[person] < -1 || (dichotomous && scores[person] > 1))
                throw new BadDataException(
                    $"Score {scores[person]} in row {person} (0-based) is not {(dichotomous ? "0, 1" : "0 or more")} or −1 for missing.",
                    person,
                    null
                );
    }

    public static void Check(ScoreMatrix scores, IReadOnlyList<bool> focal)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(focal);
        if (focal.Count != scores.Persons)
            throw new BadDataException($"{focal.Count} group memberships for {scores.Persons} persons.", null, null);
    }
}
