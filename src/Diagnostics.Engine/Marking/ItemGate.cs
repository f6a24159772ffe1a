using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>
/// What an expert receives on claiming a script of an item (for the terms see <see cref="TaskState"/>).
/// </summary>
public abstract record Passage
{
    /// <summary>The expert receives the next script of the queue.</summary>
    public sealed record Script : Passage;

    /// <summary>The expert receives a benchmark in place of a script.</summary>
    public sealed record Trial(Guid BenchmarkId, BenchmarkPurpose Purpose) : Passage;

    public sealed record Closed(Refusal Refusal) : Passage;
}

/// <summary>One expert's history with one item.</summary>
/// <param name="Benchmarks">Benchmarks of the item, including retired ones.</param>
/// <param name="Acts">Oldest first.</param>
/// <param name="Trials">In order of their numbers.</param>
/// <param name="Scripts">Number of the item's scripts ever given to the expert.</param>
public sealed record ExpertBeforeItem(
    Guid ExpertId,
    string ItemCode,
    IReadOnlyList<Benchmark> Benchmarks,
    IReadOnlyList<AdmissionEvent> Acts,
    IReadOnlyList<Trial> Trials,
    int Scripts
);

/// <summary>The rules of qualification and of hidden control scripts (docs/promises.md, marking).</summary>
public static class ItemGate
{
    /// <param name="seed">The seed from which each expert's own order of benchmarks is drawn.</param>
    public static Passage Decide(MarkingPolicy policy, ExpertBeforeItem expert, long seed)
    {
        var admission = Admission.Of(policy.Qualification, expert.Acts, expert.Trials);
        if (admission.State is AdmissionState.Paused)
            return Closed(
                "expert-paused",
                "Проверка этого задания для вас приостановлена: контрольная работа разошлась с согласованными баллами. Решение за председателем комиссии.",
                expert
            );
        if (admission.State is AdmissionState.Failed)
            return Closed(
                "qualification-failed",
                "Попытки квалификации по этому заданию исчерпаны. Новую может назначить председатель комиссии.",
                expert
            );
        if (policy.Control is not null && !Live(expert, BenchmarkPurpose.Control).Any())
            return Missing(expert);
        if (admission.State is AdmissionState.Qualifying)
            return Qualify(policy.Qualification!, admission, expert, seed);
        return policy.Control is { } control && IsDue(control, expert) && Next(expert, BenchmarkPurpose.Control, [], seed) is { } next
            ? new Passage.Trial(next, BenchmarkPurpose.Control)
            : new Passage.Script();
    }

    /// <summary>The next training benchmark; null when the expert already holds all of them.</summary>
    public static Guid? Training(ExpertBeforeItem expert, long seed) => Next(expert, BenchmarkPurpose.Training, [], seed);

    /// <summary>
    /// Whether a control script is due. Scripts are counted since the last control script that the expert holds or has
    /// marked; one that was returned, or whose lease ran out, does not count.
    /// </summary>
    public static bool IsDue(Control rule, ExpertBeforeItem expert)
    {
        var last = expert.Trials.LastOrDefault(trial =>
            trial is { Purpose: BenchmarkPurpose.Control, State: ClaimState.Claimed or ClaimState.Marked }
        );
        return expert.Scripts - (last?.AfterScripts ?? 0) >= rule.Every;
    }

    /// <summary>
    /// The time from which the expert's marks are in doubt after the expert has failed a control script. It is the time
    /// of the last passed control script or of the last change to the admission, whichever is later; null when there
    /// was neither.
    /// </summary>
    public static Instant? DoubtedSince(ExpertBeforeItem expert) =>
        expert
            .Trials.Where(trial => trial is { Purpose: BenchmarkPurpose.Control, Within: true })
            .Select(trial => trial.ClosedAt)
            .Concat(expert.Acts.Select(act => (Instant?)act.At))
            .Max();

    private static Passage Qualify(Qualification rule, Admission admission, ExpertBeforeItem expert, long seed)
    {
        var since = expert
            .Trials.Where(trial => trial.Purpose is BenchmarkPurpose.Qualification && trial.Number > admission.Since)
            .ToList();
        var passed = since.Where(trial => trial.Within is true).Select(trial => trial.BenchmarkId).ToHashSet();
        // A benchmark that the expert passed counts even if it has been retired since.
        if (Live(expert, BenchmarkPurpose.Qualification).Select(benchmark => benchmark.Id).Union(passed).Count() < rule.Scripts)
            return Missing(expert);
        var held = since.Count(trial => trial.State is ClaimState.Claimed);
        return
            admission.Attempts + held < (rule.MaxAttempts ?? int.MaxValue)
            && Next(expert, BenchmarkPurpose.Qualification, passed, seed) is { } next
            ? new Passage.Trial(next, BenchmarkPurpose.Qualification)
            : Closed("qualification-in-hand", "Квалификационные работы по этому заданию уже у вас: проверьте их.", expert);
    }

    /// <summary>
    /// If the lease of the last benchmark given ran out, that benchmark comes again, as a script would. Otherwise the
    /// next one is a benchmark that the expert has never seen, in the expert's own order; if there is none, it is the
    /// one seen longest ago. A benchmark that the expert holds is never chosen.
    /// </summary>
    private static Guid? Next(ExpertBeforeItem expert, BenchmarkPurpose purpose, HashSet<Guid> except, long seed)
    {
        var all = Live(expert, purpose).Select(benchmark => benchmark.Id).Order().ToList();
        var trials = expert.Trials.Where(trial => trial.Purpose == purpose).ToList();
        var held = trials.Where(trial => trial.State is ClaimState.Claimed).Select(trial => trial.BenchmarkId).ToHashSet();
        var left = all.Where(id => !except.Contains(id) && !held.Contains(id)).ToHashSet();
        if (trials.LastOrDefault() is { State: ClaimState.Lapsed, TakenBack: false } last && left.Contains(last.BenchmarkId))
            return last.BenchmarkId;
        return SeededRandom
            .For(seed, $"{expert.ExpertId:D}:{expert.ItemCode}:{Codes.Of(purpose)}")
            .Permutation(all.Count)
            .Select(place => all[place])
            .Where(left.Contains)
            .OrderBy(id => trials.LastOrDefault(trial => trial.BenchmarkId == id)?.Number ?? 0)
            .Select(id => (Guid?)id)
            .FirstOrDefault();
    }

    private static IEnumerable<Benchmark> Live(ExpertBeforeItem expert, BenchmarkPurpose purpose) =>
        expert.Benchmarks.Where(benchmark => benchmark.Purpose == purpose && !benchmark.Retired);

    private static Passage.Closed Missing(ExpertBeforeItem expert) =>
        Closed(
            "benchmarks-missing",
            "Политика проверки требует эталонных работ, а по этому заданию их не хватает. Сообщите председателю комиссии.",
            expert
        );

    private static Passage.Closed Closed(string code, string detail, ExpertBeforeItem expert) =>
        new(Refusal.Conflict(code, detail).With("itemCode", expert.ItemCode));
}
