using System.Text.Json.Serialization;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;

namespace Diagnostics.Engine.Marking;

/// <summary>
/// How open answers are marked (п. 7.1.3 Положения). Versions written before commissions existed have only the first
/// two fields.
/// </summary>
/// <param name="Experts">Number of independent experts per script, 1–3.</param>
/// <param name="LeaseMinutes">For how many minutes an expert keeps an assignment or a trial without renewing
/// it.</param>
/// <param name="Resolution">The rule for the score when no third expert is called.</param>
/// <param name="Discrepancies">The differences between marks for which a third expert is called; none when
/// absent.</param>
/// <param name="ThirdStanding">The lowest standing that a third expert may have.</param>
/// <param name="RequireApproval">Whether results are published only with the chair's protocol.</param>
/// <param name="Qualification">The qualification that an expert needs before receiving an item's scripts; none when
/// absent.</param>
/// <param name="Control">The hidden control scripts for experts at work; none when absent.</param>
/// <param name="InHand">How many claims an expert may hold at the same time in a campaign, 1–100;
/// <see cref="UsualInHand"/> when absent.</param>
/// <param name="Flags">Who is told about experts' flags, and how soon; the kinds that are not named follow
/// <see cref="UsualFlags"/>.</param>
public sealed record MarkingPolicy(
    int Experts,
    int LeaseMinutes,
    Resolution Resolution = Resolution.MeanInFavour,
    IReadOnlyList<DiscrepancyRule>? Discrepancies = null,
    ExpertStanding ThirdStanding = ExpertStanding.Senior,
    bool RequireApproval = false,
    Qualification? Qualification = null,
    Control? Control = null,
    int? InHand = null,
    IReadOnlyList<FlagRule>? Flags = null
)
{
    /// <summary>
    /// The default for versions without a limit: a higher number would keep scripts from other experts.
    /// </summary>
    public const int UsualInHand = 10;

    /// <summary>The rules for versions that name none.</summary>
    public static readonly IReadOnlyList<FlagRule> UsualFlags =
    [
        new(ScriptFlag.AuthorRevealed, [Role.Chair]),
        new(ScriptFlag.Unreadable, [Role.Chair]),
        new(ScriptFlag.Dangerous, [Role.Chair, Role.Operator], WithinMinutes: 60),
        new(ScriptFlag.Other, [Role.Chair]),
    ];

    /// <summary>One rule for each kind of flag.</summary>
    public IReadOnlyList<FlagRule> FlagRules() =>
        UsualFlags.Select(usual => Flags?.FirstOrDefault(rule => rule.Kind == usual.Kind) ?? usual).ToList();

    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Experts is < 1 or > 3)
            yield return "experts — от 1 до 3.";
        if (LeaseMinutes is < 1 or > 1440)
            yield return "leaseMinutes — от 1 до 1440 минут.";
        if (InHand is < 1 or > 100)
            yield return "inHand — от 1 до 100.";
        var rules = Discrepancies ?? [];
        if (Experts == 1 && (rules.Count > 0 || Resolution is Resolution.ThirdDecides))
            yield return "С одним экспертом сравнивать нечего: discrepancies и third_decides — для двух и трёх.";
        if (rules.Count > 20)
            yield return "discrepancies — не больше 20 правил.";
        if (rules.OfType<PointsApart>().Any(rule => rule.Points <= Points.Zero))
            yield return "points_apart: points больше нуля.";
        if (rules.OfType<PercentApart>().Any(rule => rule.Percent is <= 0m or > 100m))
            yield return "percent_apart: percent больше 0 и не больше 100.";
        if (Qualification is { } qualification)
        {
            if (qualification.Scripts is < 1 or > 50)
                yield return "qualification: scripts — от 1 до 50.";
            if (qualification.Tolerance < Points.Zero)
                yield return "qualification: tolerance не меньше нуля.";
            if (qualification.MaxAttempts is { } most && (most < qualification.Scripts || most > 200))
                yield return "qualification: maxAttempts — не меньше scripts и не больше 200.";
        }
        var flags = Flags ?? [];
        if (flags.DistinctBy(rule => rule.Kind).Count() != flags.Count)
            yield return "flags — не больше одного правила на каждую пометку.";
        if (flags.Any(rule => rule.Tell.Count == 0 || rule.Tell.Any(role => role is not (Role.Chair or Role.Operator))))
            yield return "flags: tell — chair, operator или оба.";
        if (flags.Any(rule => rule.WithinMinutes is < 1 or > 10_080))
            yield return "flags: withinMinutes — от 1 до 10080 минут.";
        if (Control is { Every: < 1 or > 1000 })
            yield return "control: every — от 1 до 1000.";
        if (Control is { } control && control.Tolerance < Points.Zero)
            yield return "control: tolerance не меньше нуля.";
    }
}

/// <summary>An expert marks benchmarks of an item before receiving the item's scripts.</summary>
/// <param name="Scripts">How many different benchmarks must be marked within tolerance, 1–50.</param>
/// <param name="Tolerance">The largest allowed distance from the agreed marks: the sum of the differences of all
/// criteria after the gate. 0 requires exact marks.</param>
/// <param name="MaxAttempts">After this many benchmarks, only the chair can let the expert try again. The number is at
/// least <paramref name="Scripts"/>; absent = no limit.</param>
public sealed record Qualification(int Scripts, Points Tolerance, int? MaxAttempts = null);

/// <summary>
/// Now and then an expert receives a benchmark in place of a script, and cannot tell it from a script.
/// </summary>
/// <param name="Every">A control script comes after this many scripts of an item, 1–1000.</param>
/// <param name="Tolerance">The largest allowed distance from the agreed marks; an expert who exceeds it is
/// paused.</param>
public sealed record Control(int Every, Points Tolerance);

/// <summary>The rule that turns several independent marks of one answer into a score.</summary>
public enum Resolution
{
    /// <summary>
    /// The mean of the marks, rounded up to a whole point that the rubric can give, and never above the highest mark:
    /// experts who agree on 0.5 give 0.5.
    /// </summary>
    MeanInFavour,

    /// <summary>The mean of the marks to a thousandth of a point, rounded half up.</summary>
    Mean,

    Maximum,

    /// <summary>Equal marks give the score; any difference calls a third expert.</summary>
    ThirdDecides,
}

/// <summary>The unit whose marks are compared.</summary>
public enum MarkUnit
{
    /// <summary>Each criterion by itself, after the gate.</summary>
    Criterion,

    /// <summary>The points of one answer.</summary>
    Item,

    /// <summary>The whole session: the differences on all its scripts are added up.</summary>
    Script,
}

/// <summary>A rule that calls a third expert when the independent marks differ in a certain way.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PointsApart), "points_apart")]
[JsonDerivedType(typeof(PercentApart), "percent_apart")]
[JsonDerivedType(typeof(BlankAgainstScored), "blank_against_scored")]
[JsonDerivedType(typeof(Straddle), "straddle")]
public abstract record DiscrepancyRule;

/// <param name="Points">Smallest difference that counts, in points; above 0.</param>
public sealed record PointsApart(MarkUnit Unit, Points Points) : DiscrepancyRule;

/// <param name="Percent">Smallest difference that counts, in percent of the unit's maximum; above 0 and at most
/// 100.</param>
public sealed record PercentApart(MarkUnit Unit, decimal Percent) : DiscrepancyRule;

/// <summary>
/// One expert states that the item was not attempted, and another has marked it («X» against a mark, as in the state
/// examinations, ГИА).
/// </summary>
public sealed record BlankAgainstScored : DiscrepancyRule;

/// <summary>The marks put a block of competencies on different sides of a level boundary.</summary>
public sealed record Straddle : DiscrepancyRule;
