using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>What has become of a deficit since the entry diagnostic (Положение об ИОМ, п. 6.2).</summary>
public enum DeficitChange
{
    /// <summary>There was no deficit at the entry diagnostic, and there is none now.</summary>
    NoDeficit,

    /// <summary>«Сняты полностью».</summary>
    Removed,

    /// <summary>«Сняты частично».</summary>
    PartlyRemoved,

    /// <summary>«Не сняты».</summary>
    NotRemoved,

    /// <summary>There was no deficit at the entry diagnostic; there is one now.</summary>
    New,

    /// <summary>The evidence is too scarce at one of the two diagnostics.</summary>
    Unknown,
}

/// <summary>The assessment of the person's route (Положение об ИОМ, п. 6.1).</summary>
public enum RouteOutcome
{
    Successful,
    NotQuiteSuccessful,
    Unsuccessful,
}

/// <summary>The decision on the route (Технология ИОМ, шаг 11).</summary>
public enum RouteDecision
{
    Finished,
    NextStage,
}

/// <summary>Whether two diagnostics may be compared.</summary>
public enum Comparability
{
    Comparable,

    /// <summary>They may be compared, but with reservations, which the result names.</summary>
    Flagged,

    /// <summary>They may not be compared; the result names the reason.</summary>
    Refused,
}

/// <param name="Code"><c>framework_differs</c>, <c>framework_version_differs</c>, <c>level_scale_differs</c>,
/// <c>blueprint_differs</c>, <c>blueprint_version_differs</c>, <c>equated</c> or <c>tested_once</c>.
/// </param>
/// <param name="Detail">The reason in words.</param>
public sealed record ComparisonReason(string Code, string Detail);

/// <summary>The person's progress from the entry diagnostic to this one, with or without a calibration.</summary>
/// <param name="Reasons">Why there are reservations, or why nothing is compared.</param>
/// <param name="Steps">The diagnostics that are compared, the present one last.</param>
/// <param name="Summary">The summary in the words of Положение об ИОМ, п. 6.2; absent where nothing is
/// compared.</param>
/// <param name="Conclusion">Present only after the final diagnostic, unless some deficit was tested only once.</param>
public sealed record Progress(
    Comparability Comparability,
    IReadOnlyList<ComparisonReason> Reasons,
    IReadOnlyList<ProgressStep> Steps,
    IReadOnlyList<UnitProgress> Blocks,
    IReadOnlyList<UnitProgress> Competencies,
    IReadOnlyList<UnitProgress> Elements,
    ProgressSummary? Summary = null,
    RouteConclusion? Conclusion = null
);

public sealed record ProgressStep(Guid SessionId, CampaignStage Stage, Instant TakenAt);

/// <summary>The results of a block, a competency or an element from step to step.</summary>
/// <param name="Results">One result for each step, in the order of the steps.</param>
/// <param name="Verdict">The verdict on the change from the first step to the last.</param>
/// <param name="VerdictLabel">The verdict in words.</param>
/// <param name="DifferencePercent">The last result minus the first, as shown; absent when one of them is
/// missing.</param>
public sealed record UnitProgress(
    string Code,
    string Title,
    IReadOnlyList<UnitResult> Results,
    DeficitChange Verdict,
    string VerdictLabel,
    decimal? DifferencePercent
);

/// <param name="ResultPercent">Absent where the step did not test the unit.</param>
/// <param name="Level">Level on the scale of this campaign; absent where the evidence is scarce.</param>
public sealed record UnitResult(decimal? ResultPercent, DeficitLevel? Level);

/// <summary>
/// The problems found at the entry diagnostic, grouped by what became of them. The lists hold codes of competencies,
/// and the code of a block where one of its competencies cannot be judged by itself.
/// </summary>
/// <param name="Text">For example, «Сняты полностью», «Сняты частично» or «Не снята ни одна проблема».</param>
public sealed record ProgressSummary(
    string Text,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> PartlyRemoved,
    IReadOnlyList<string> NotRemoved,
    IReadOnlyList<string> New
);

/// <param name="Text">One of the three conclusions of Положение об ИОМ, п. 6.1.</param>
/// <param name="FollowUps">What the person needs now (п. 6.4).</param>
/// <param name="RouteText">The decision on the route, in words.</param>
public sealed record RouteConclusion(
    RouteOutcome Outcome,
    string Text,
    IReadOnlyList<string> FollowUps,
    RouteDecision Route,
    string RouteText
);

/// <summary>An earlier published diagnostic of the same person.</summary>
public sealed record EarlierDiagnostic(DeficitProfile Profile, BlueprintName Blueprint);

/// <summary>The blueprint that a form fills.</summary>
public sealed record BlueprintName(string Code, int Version);

/// <summary>The earlier diagnostics with which a later one is compared.</summary>
/// <param name="Blueprint">Blueprint of this diagnostic.</param>
/// <param name="Diagnostics">The entry diagnostic, then the intermediate ones, in the order in which they were
/// taken.</param>
public sealed record EarlierDiagnostics(BlueprintName Blueprint, IReadOnlyList<EarlierDiagnostic> Diagnostics);
