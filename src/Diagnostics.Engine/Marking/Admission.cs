using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>Whether an expert may receive an item's scripts.</summary>
public enum AdmissionState
{
    /// <summary>The expert must mark benchmarks first.</summary>
    Qualifying,

    /// <summary>The expert has used up the attempts that the policy allows.</summary>
    Failed,

    Admitted,

    /// <summary>
    /// The expert's marks for a control script were out of tolerance; the chair decides what follows.
    /// </summary>
    Paused,
}

/// <summary>A decision or a result that changed an expert's right to mark an item.</summary>
public enum AdmissionAct
{
    /// <summary>The expert qualified.</summary>
    Admitted,

    /// <summary>The expert failed a control script.</summary>
    Paused,

    /// <summary>The chair lifted the pause.</summary>
    Resumed,

    /// <summary>The chair ordered a new qualification.</summary>
    Requalified,
}

/// <param name="AfterTrials">Number of the expert's last trial on the item before the act; 0 when there was no
/// trial.</param>
public sealed record AdmissionEvent(AdmissionAct Act, int AfterTrials, Instant At);

/// <summary>One expert's admission to one item, derived from the history of trials and acts.</summary>
/// <param name="Passed">Number of different qualification benchmarks marked within tolerance since the qualification
/// began.</param>
/// <param name="Attempts">Number of qualification benchmarks marked since the qualification began.</param>
/// <param name="Since">Number of the last trial before the qualification began.</param>
public sealed record Admission(AdmissionState State, int Passed, int Attempts, int Since)
{
    /// <param name="rule">Null when the policy admits every expert.</param>
    /// <param name="acts">Oldest first.</param>
    public static Admission Of(Qualification? rule, IReadOnlyList<AdmissionEvent> acts, IReadOnlyList<Trial> trials)
    {
        var since = acts.LastOrDefault(act => act.Act is AdmissionAct.Requalified)?.AfterTrials ?? 0;
        var marked = trials
            .Where(trial => trial is { Purpose: BenchmarkPurpose.Qualification, State: ClaimState.Marked } && trial.Number > since)
            .ToList();
        var passed = marked.Where(trial => trial.Within is true).Select(trial => trial.BenchmarkId).Distinct().Count();
        return new(StateOf(rule, acts, passed, marked.Count), passed, marked.Count, since);
    }

    private static AdmissionState StateOf(Qualification? rule, IReadOnlyList<AdmissionEvent> acts, int passed, int attempts) =>
        (acts.Count == 0 ? (AdmissionAct?)null : acts[^1].Act) switch
        {
            AdmissionAct.Paused => AdmissionState.Paused,
            AdmissionAct.Admitted or AdmissionAct.Resumed => AdmissionState.Admitted,
            AdmissionAct.Requalified or null when rule is null || passed >= rule.Scripts => AdmissionState.Admitted,
            AdmissionAct.Requalified or null => attempts >= rule.MaxAttempts ? AdmissionState.Failed : AdmissionState.Qualifying,
            _ => throw new ArgumentOutOfRangeException(nameof(acts), acts, null),
        };
}
