namespace Diagnostics.Engine.Observation;

/// <summary>Who filled in a sheet.</summary>
public enum ObserverRole
{
    Expert,

    /// <summary>The observed person (самоэкспертиза).</summary>
    Self,
}

/// <summary>A sheet as one observer filled it in.</summary>
/// <param name="Header">Code of a field → text.</param>
/// <param name="Ratings">Code of a criterion → rating; null where the observation gave no occasion to see it.</param>
/// <param name="Conclusions">What was found, in the observer's words.</param>
/// <param name="Recommendations">What the observed person is advised to do.</param>
public sealed record FilledSheet(
    Guid Observer,
    ObserverRole Role,
    IReadOnlyDictionary<string, string> Header,
    IReadOnlyDictionary<string, int?> Ratings,
    string Conclusions,
    string Recommendations
)
{
    private const int MaxText = 4000;

    /// <summary>Everything that keeps the sheet from being taken; null when nothing does.</summary>
    /// <param name="others">The sheets already taken for the same observation.</param>
    public Refusal? Check(ObservationSheet sheet, IReadOnlyCollection<FilledSheet> others)
    {
        if (others.Any(other => other.Observer == Observer))
            return Refusal.Conflict("sheet-filled-already", "Этот человек уже заполнил лист этого наблюдения.");
        if (Role is ObserverRole.Self && others.Any(other => other.Role is ObserverRole.Self))
            return Refusal.Conflict("sheet-filled-already", "Самонаблюдение этого наблюдения уже записано.");
        var faults = Faults(sheet).ToList();
        return faults.Count == 0 ? null : Refusal.Invalid("sheet-invalid", string.Join(" ", faults)).With("faults", faults);
    }

    private IEnumerable<string> Faults(ObservationSheet sheet)
    {
        foreach (var unknown in Header.Keys.Except(sheet.Header.Select(field => field.Code)))
            yield return $"В заголовке листа нет поля «{unknown}».";
        foreach (var field in sheet.Header)
            if (DocumentText.Fault($"Поле «{field.Title}»", Header.GetValueOrDefault(field.Code, ""), MaxText) is { } fault)
                yield return fault;
        foreach (var unknown in Ratings.Keys.Except(sheet.Criteria.Select(criterion => criterion.Code)))
            yield return $"В листе нет критерия «{unknown}».";
        foreach (var criterion in sheet.Criteria)
        {
            if (!Ratings.TryGetValue(criterion.Code, out var rating))
                yield return $"Критерий «{criterion.Code}» не оценён и не отмечен как не наблюдавшийся.";
            else if (rating < sheet.Scale.Lowest() || rating > sheet.Scale.Highest())
                yield return $"Критерий «{criterion.Code}»: оценка {rating} не из шкалы {sheet.Scale.Lowest()}–{sheet.Scale.Highest()}.";
        }
        if (sheet.Criteria.All(criterion => Ratings.GetValueOrDefault(criterion.Code) is null))
            yield return "Не оценён ни один критерий.";
        if (DocumentText.Fault("Поле «Заключение»", Conclusions, MaxText) is { } conclusions)
            yield return conclusions;
        if (DocumentText.Fault("Поле «Рекомендации»", Recommendations, MaxText) is { } recommendations)
            yield return recommendations;
    }
}
