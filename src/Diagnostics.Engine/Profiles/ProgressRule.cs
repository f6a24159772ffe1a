using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// Judges change by the results themselves, so that a district of forty teachers gets a verdict without any
/// calibration. All steps are judged by the scale and the rules of the last step, on exact fractions and on points
/// before equating. Where there is a calibration, the profile also states whether a change exceeds measurement error;
/// that statement never replaces this verdict.
/// </summary>
internal static class ProgressRule
{
    internal static Progress Of(
        EarlierDiagnostics earlier,
        ProfileSubject subject,
        ProfileRules rules,
        IReadOnlyList<BlockResult> blocks,
        IReadOnlyList<CompetencyResult> competencies,
        IReadOnlyList<ElementResult> elements
    )
    {
        var entry = earlier.Diagnostics[0];
        var reasons = ReasonsOf(entry, earlier.Blueprint, subject).ToList();
        if (reasons.Any(reason => reason.Refuses))
            return Refused(reasons);
        // An intermediate diagnostic that cannot be compared is left out of the steps.
        var compared = earlier
            .Diagnostics.Where(each => each == entry || ReasonsOf(each, earlier.Blueprint, subject).All(reason => !reason.Refuses))
            .ToList();
        foreach (var reason in compared.Skip(1).SelectMany(each => ReasonsOf(each, earlier.Blueprint, subject)))
            if (!reasons.Contains(reason))
                reasons.Add(reason);
        if (blocks.Concat(compared.SelectMany(each => each.Profile.Blocks)).Any(block => block.Result.Unequated is not null))
            reasons.Add(Equated);

        var steps = compared
            .Select(each => Known.Of(each.Profile, rules.Framework))
            .Append(Known.Of(blocks, competencies, elements))
            .ToList();
        var judge = new Judge(steps, rules);
        var (ofBlocks, ofCompetencies) = (judge.Blocks(), judge.Competencies());
        var problems = Problems(rules.Framework, ofBlocks, ofCompetencies);
        var seenOnce = ofBlocks.Concat(ofCompetencies).Where(each => IsSeenOnce(each, rules.Policy.Change)).ToList();
        if (seenOnce.Count > 0)
            reasons.Add(SeenOnce(seenOnce));
        var summary = problems.Count == 0 ? null : Summary(problems, seenOnce);
        return new(
            Comparability: reasons.Count == 0 ? Comparability.Comparable : Comparability.Flagged,
            Reasons: reasons.Select(reason => reason.Said).ToList(),
            Steps: compared
                .Select(each => each.Profile.Subject)
                .Append(subject)
                .Select(step => new ProgressStep(step.SessionId, step.Stage, step.TakenAt))
                .ToList(),
            Blocks: ofBlocks,
            Competencies: ofCompetencies,
            Elements: judge.Elements(),
            Summary: summary,
            // The change of a deficit that was tested only once is unknown, so the conclusion is left to a person.
            Conclusion: subject.Stage is CampaignStage.Final && summary is not null && seenOnce.Count == 0
                ? Conclusion(summary, rules.Policy.Change)
                : null
        );
    }

    /// <summary>The verdict on one unit from its first and its last result.</summary>
    internal static DeficitChange Verdict(
        ResultShare before,
        DeficitLevel levelBefore,
        ResultShare after,
        DeficitLevel levelAfter,
        ChangeRule rule
    ) =>
        (rule.IsSufficient(levelBefore), rule.IsSufficient(levelAfter)) switch
        {
            (true, true) => DeficitChange.NoDeficit,
            (true, false) => DeficitChange.New,
            (false, true) => DeficitChange.Removed,
            (false, false) => levelAfter > levelBefore || after.IsBetterBy(before, rule.PartlyFromPercent)
                ? DeficitChange.PartlyRemoved
                : DeficitChange.NotRemoved,
        };

    internal static RouteOutcome Outcome(ProgressSummary summary) =>
        summary switch
        {
            { PartlyRemoved: [], NotRemoved: [], New: [] } => RouteOutcome.Successful,
            { Removed: [], PartlyRemoved: [], NotRemoved: not [] } => RouteOutcome.Unsuccessful,
            _ => RouteOutcome.NotQuiteSuccessful,
        };

    private static string Label(DeficitChange change) =>
        change switch
        {
            DeficitChange.NoDeficit => "дефицита не было и нет",
            DeficitChange.Removed => "снят полностью",
            DeficitChange.PartlyRemoved => "снят частично",
            DeficitChange.NotRemoved => "не снят",
            DeficitChange.New => "новый",
            DeficitChange.Unknown => "сравнить нельзя: мало данных",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
        };

    /// <summary>Whether one of the two diagnostics found a deficit and the other gave no level.</summary>
    private static bool IsSeenOnce(UnitProgress unit, ChangeRule rule) =>
        unit.Verdict is DeficitChange.Unknown
        && new[] { unit.Results[0].Level, unit.Results[^1].Level }.Any(level => level is { } known && !rule.IsSufficient(known));

    private static Reason SeenOnce(IEnumerable<UnitProgress> units) =>
        new(
            false,
            new(
                "tested_once",
                $"Дефицит виден только в одной из двух диагностик, вывода о нём нет: {string.Join("; ", units.Select(unit => unit.Title))}."
            )
        );

    /// <summary>Competencies that can be judged; one that cannot is represented by its whole block.</summary>
    private static List<UnitProgress> Problems(
        Framework framework,
        IReadOnlyList<UnitProgress> blocks,
        IReadOnlyList<UnitProgress> competencies
    )
    {
        var problems = new List<UnitProgress>();
        foreach (var block in framework.Blocks)
        {
            var own = competencies.Where(each => block.Competencies.Any(competency => competency.Code == each.Code)).ToList();
            problems.AddRange(own.Where(each => each.Verdict is not DeficitChange.Unknown));
            if (own.Count == 0 || own.Any(each => each.Verdict is DeficitChange.Unknown))
                problems.AddRange(blocks.Where(each => each.Code == block.Code && each.Verdict is not DeficitChange.Unknown));
        }
        return problems;
    }

    private static ProgressSummary Summary(IReadOnlyList<UnitProgress> problems, IReadOnlyList<UnitProgress> seenOnce)
    {
        var (removed, partly, not, added) = (
            Codes(DeficitChange.Removed),
            Codes(DeficitChange.PartlyRemoved),
            Codes(DeficitChange.NotRemoved),
            Codes(DeficitChange.New)
        );
        var found = seenOnce.Count == 0 ? "Выявленные дефициты" : "Дефициты, проверенные дважды,";
        var text = (removed.Count, partly.Count, not.Count) switch
        {
            (0, 0, 0) when seenOnce.Count > 0 => "В том, что проверено дважды, дефицитов при входной диагностике не было",
            (0, 0, 0) => "При входной диагностике дефициты не выявлены",
            (_, 0, 0) => $"{found} сняты полностью",
            (0, 0, _) => seenOnce.Count == 0 ? "Не снят ни один дефицит" : $"{found} не сняты",
            (_, _, 0) => $"{found} сняты частично",
            _ => $"{found} сняты частично, некоторые не сняты",
        };
        if (added.Count > 0)
            text += "; выявлены новые";
        if (seenOnce.Count > 0)
            text += "; об остальных судить нельзя";
        return new(text, removed, partly, not, added);

        List<string> Codes(DeficitChange change) => problems.Where(each => each.Verdict == change).Select(each => each.Code).ToList();
    }

    private static RouteConclusion Conclusion(ProgressSummary summary, ChangeRule rule)
    {
        var outcome = Outcome(summary);
        var words = rule.Of(outcome);
        var route = outcome is RouteOutcome.Successful ? RouteDecision.Finished : RouteDecision.NextStage;
        return new(outcome, words.Text, words.FollowUps, route, words.Route);
    }

    private static Progress Refused(IReadOnlyList<Reason> reasons) =>
        new(Comparability.Refused, reasons.Select(reason => reason.Said).ToList(), [], [], [], []);

    private sealed record Reason(bool Refuses, ComparisonReason Said);

    private static readonly Reason Equated = new(
        false,
        new("equated", "Варианты выравнены: здесь сравниваются баллы как набраны, уровни могут отличаться от показанных выше.")
    );

    private static IEnumerable<Reason> ReasonsOf(EarlierDiagnostic earlier, BlueprintName blueprint, ProfileSubject now)
    {
        var then = earlier.Profile.Subject;
        if (then.FrameworkCode != now.FrameworkCode)
        {
            yield return new(
                true,
                new("framework_differs", $"Диагностики проведены по разным рамкам компетенций: {then.FrameworkCode} и {now.FrameworkCode}.")
            );
            yield break;
        }
        if (earlier.Blueprint.Code != blueprint.Code)
            yield return new(
                true,
                new(
                    "blueprint_differs",
                    $"Диагностики составлены по разным спецификациям: {earlier.Blueprint.Code} и {blueprint.Code}; их задания не параллельны."
                )
            );
        else if (earlier.Blueprint.Version != blueprint.Version)
            yield return new(
                false,
                new(
                    "blueprint_version_differs",
                    $"Спецификация изменилась: версии {earlier.Blueprint.Version} и {blueprint.Version}. Задания могут быть не вполне параллельны."
                )
            );
        if (then.FrameworkVersion != now.FrameworkVersion)
            yield return new(
                false,
                new(
                    "framework_version_differs",
                    $"Рамка компетенций изменилась: версии {then.FrameworkVersion} и {now.FrameworkVersion}. Сравнивается то, что есть в обеих."
                )
            );
        if (then.LevelScaleCode != now.LevelScaleCode || then.LevelScaleVersion != now.LevelScaleVersion)
            yield return new(
                false,
                new(
                    "level_scale_differs",
                    "Уровни прежней диагностики посчитаны заново по шкале этого мероприятия: тогда действовала "
                        + $"{then.LevelScaleCode}/{then.LevelScaleVersion}, теперь {now.LevelScaleCode}/{now.LevelScaleVersion}."
                )
            );
    }

    /// <summary>The results of one diagnostic for every unit, before equating.</summary>
    private sealed record Known(
        IReadOnlyDictionary<string, Tally> Blocks,
        IReadOnlyDictionary<string, Tally> Competencies,
        IReadOnlyDictionary<string, Tally> Elements
    )
    {
        /// <summary>
        /// A profile of schema 1.0 lists no competencies, so the result of each competency is the sum of its elements.
        /// </summary>
        internal static Known Of(DeficitProfile profile, Framework framework) =>
            profile.Competencies is { Count: > 0 } competencies
                ? Of(profile.Blocks, competencies, profile.Elements)
                : Of(profile.Blocks, [], profile.Elements) with
                {
                    Competencies = profile
                        .Elements.GroupBy(element => framework.CompetencyOf(element.Code)?.Code)
                        .Where(group => group.Key is not null)
                        .ToDictionary(
                            group => group.Key!,
                            group => new Tally(
                                group.Sum(element => element.Items),
                                new(group.Select(element => element.Earned).Sum(), group.Select(element => element.Maximum).Sum())
                            )
                        ),
                };

        internal static Known Of(
            IReadOnlyList<BlockResult> blocks,
            IReadOnlyList<CompetencyResult> competencies,
            IReadOnlyList<ElementResult> elements
        ) =>
            new(
                blocks.ToDictionary(
                    block => block.Code,
                    block => new Tally(1, new(block.Result.Unequated?.Earned ?? block.Result.Earned, block.Result.Maximum))
                ),
                competencies
                    .Where(each => each.Items > 0)
                    .ToDictionary(each => each.Code, each => new Tally(each.Items, new(each.Earned, each.Maximum))),
                elements.ToDictionary(element => element.Code, element => new Tally(element.Items, new(element.Earned, element.Maximum)))
            );
    }

    private sealed class Judge(IReadOnlyList<Known> steps, ProfileRules rules)
    {
        // A rule that requires no evidence, for blocks, because a block always has a level.
        private static readonly EvidenceRule Always = new(0, Points.Zero);

        internal IReadOnlyList<UnitProgress> Blocks() =>
            rules
                .Framework.Blocks.Select(block => Of(block.Code, block.Title, block.Code, step => step.Blocks, Always))
                .OfType<UnitProgress>()
                .ToList();

        internal IReadOnlyList<UnitProgress> Competencies() =>
            rules
                .Framework.Blocks.SelectMany(block =>
                    block.Competencies.Select(competency =>
                        Of(competency.Code, competency.Title, block.Code, step => step.Competencies, rules.Policy.Competencies)
                    )
                )
                .OfType<UnitProgress>()
                .ToList();

        internal IReadOnlyList<UnitProgress> Elements() =>
            rules
                .Framework.Blocks.SelectMany(block =>
                    block
                        .Competencies.SelectMany(competency => competency.Elements)
                        .Select(element => Of(element.Code, element.Title, block.Code, step => step.Elements, rules.Scale.Evidence))
                )
                .OfType<UnitProgress>()
                .ToList();

        /// <returns>Null for a unit that no step tested.</returns>
        private UnitProgress? Of(
            string code,
            string title,
            string block,
            Func<Known, IReadOnlyDictionary<string, Tally>> units,
            EvidenceRule enough
        )
        {
            var tallies = steps.Select(step => units(step).TryGetValue(code, out var tally) ? tally : (Tally?)null).ToList();
            if (tallies.All(tally => tally is null))
                return null;
            var results = tallies
                .Select(tally => new UnitResult(
                    tally?.Share.Percent,
                    tally is { } known && known.IsEnough(enough) ? rules.Scale.LevelOf(known.Share, block).Code : null
                ))
                .ToList();
            var verdict =
                results[0].Level is { } before && results[^1].Level is { } after
                    ? Verdict(tallies[0]!.Value.Share, before, tallies[^1]!.Value.Share, after, rules.Policy.Change)
                    : DeficitChange.Unknown;
            return new(code, title, results, verdict, Label(verdict), results[^1].ResultPercent - results[0].ResultPercent);
        }
    }
}
