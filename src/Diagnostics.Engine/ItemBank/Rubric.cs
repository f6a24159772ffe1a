using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Criteria with a description for every point value, and an optional gate.</summary>
/// <param name="Gate">Criterion whose 0 makes every criterion 0 («если К1 = 0, все 0»), or null.</param>
public sealed record Rubric(IReadOnlyList<Criterion> Criteria, string? Gate)
{
    [JsonIgnore]
    public Points Maximum => Criteria.Select(criterion => criterion.Maximum).Sum();

    /// <summary>Every possible sum of marks after the gate.</summary>
    [JsonIgnore]
    public IReadOnlySet<Points> Totals
    {
        get
        {
            var sums = new HashSet<Points> { Points.Zero };
            foreach (var criterion in Criteria)
            {
                var open = criterion.Code == Gate ? criterion.Levels.Where(level => level.Points != Points.Zero) : criterion.Levels;
                sums = sums.SelectMany(sum => open.Select(level => sum + level.Points)).ToHashSet();
            }
            sums.Add(Points.Zero);
            return sums;
        }
    }

    /// <summary>
    /// The marks with 0 for every criterion that they leave out, if the gate makes all criteria 0; otherwise the same marks.
    /// </summary>
    public IReadOnlyDictionary<string, Points> Completed(IReadOnlyDictionary<string, Points> marks) =>
        Gate is not null && marks.TryGetValue(Gate, out var gate) && gate == Points.Zero
            ? Criteria
                .Select(criterion => criterion.Code)
                .Union(marks.Keys)
                .ToDictionary(code => code, code => marks.GetValueOrDefault(code, Points.Zero))
            : marks;

    /// <summary>
    /// Refuses marks that miss a criterion, name an unknown one, or give points that no level describes.
    /// </summary>
    public Refusal? Check(IReadOnlyDictionary<string, Points> marks)
    {
        if (Criteria.FirstOrDefault(criterion => !marks.ContainsKey(criterion.Code)) is { } missing)
            return Refusal.Invalid("criterion-missing", $"Нет балла по критерию {missing.Code}.");
        if (marks.Keys.FirstOrDefault(code => Criteria.All(criterion => criterion.Code != code)) is { } unknown)
            return Refusal.Invalid("unknown-criterion", $"В критериях нет «{unknown}».");
        return Criteria.FirstOrDefault(criterion => criterion.Levels.All(level => level.Points != marks[criterion.Code])) is { } odd
            ? Refusal.Invalid("points-not-in-rubric", $"Критерий {odd.Code} не предусматривает {marks[odd.Code]} балла.")
            : null;
    }

    /// <summary>The marks after the gate.</summary>
    public IReadOnlyDictionary<string, Points> Effective(IReadOnlyDictionary<string, Points> marks) =>
        Gate is not null && marks[Gate] == Points.Zero ? marks.ToDictionary(mark => mark.Key, _ => Points.Zero) : marks;

    internal IEnumerable<string> Faults(Points maximum)
    {
        if (Criteria.Count == 0)
            yield return "В критериях нет ни одного критерия.";
        if (Criteria.Select(criterion => criterion.Code).Distinct().Count() != Criteria.Count)
            yield return "Коды критериев повторяются.";
        if (Maximum != maximum)
            yield return $"Сумма максимумов критериев {Maximum.WithComma()}, а задание стоит {maximum.WithComma()}.";
        if (Gate is not null && Criteria.All(criterion => criterion.Code != Gate))
            yield return $"Условие gate называет критерий «{Gate}», которого нет.";
        foreach (var criterion in Criteria)
        {
            if (criterion.Levels.All(level => level.Points != Points.Zero))
                yield return $"У критерия {criterion.Code} не описан 0 баллов.";
            // Every point value must have a description: an expert who means 1 must not have to choose between 0 and 2.
            var whole = criterion
                .Levels.Select(level => level.Points)
                .Where(points => points.Thousandths % 1000 == 0)
                .Select(points => points.Thousandths / 1000)
                .ToHashSet();
            if (
                criterion.Maximum.Thousandths <= 1_000_000
                && Enumerable.Range(1, (int)(criterion.Maximum.Thousandths / 1000)).FirstOrDefault(points => !whole.Contains(points))
                    is > 0
                        and var gap
            )
                yield return $"У критерия {criterion.Code} не описан балл {gap}.";
            if (criterion.Levels.Count < 2)
                yield return $"У критерия {criterion.Code} меньше двух уровней.";
            if (criterion.Levels.Any(level => level.Points < Points.Zero))
                yield return $"У критерия {criterion.Code} отрицательные баллы.";
            if (criterion.Levels.Select(level => level.Points).Distinct().Count() != criterion.Levels.Count)
                yield return $"У критерия {criterion.Code} два описания одного балла.";
        }
    }
}

public sealed record Criterion(string Code, string Title, IReadOnlyList<CriterionLevel> Levels)
{
    [JsonIgnore]
    public Points Maximum => Levels.Select(level => level.Points).DefaultIfEmpty(Points.Zero).Max();
}

public sealed record CriterionLevel(Points Points, string Description);

/// <summary>An example of a response, with the points that an expert should give it and the reason.</summary>
public sealed record Exemplar(string Text, IReadOnlyDictionary<string, Points> Points, string Comment);
