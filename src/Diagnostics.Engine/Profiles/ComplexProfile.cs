using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// The complex profile: what all sources say about each block and competency, side by side, and the level into which the
/// policy joins them (clauses 2.4 and 7.4). Pure; it knows no source by name.
/// </summary>
/// <param name="Blocks">All blocks of the framework, in its order.</param>
/// <param name="Missing">Sources of the policy that gave no evidence at all.</param>
public sealed record ComplexProfile(IReadOnlyList<JointBlock> Blocks, IReadOnlyList<string> Missing)
{
    /// <exception cref="ArgumentException">
    /// A piece of evidence belongs to no source of the policy or to no competency of the framework, so that it would
    /// silently vanish.
    /// </exception>
    public static ComplexProfile Of(Framework framework, LevelScale scale, ComplexPolicy policy, IReadOnlyList<Evidence> evidence)
    {
        foreach (var one in evidence)
        {
            if (policy.Sources.All(terms => terms.Source != one.Source))
                throw new ArgumentException($"The policy joins no source {one.Source}.", nameof(evidence));
            if (one.FaultIn(framework) is { } fault)
                throw new ArgumentException($"Evidence of {one.Source}: {fault}", nameof(evidence));
        }
        var valid = policy.Sources.SelectMany(terms => terms.Valid(evidence)).ToList();
        var join = new ComplexJoin(scale, policy);
        return new(
            framework
                .Blocks.Select(block => new JointBlock(
                    join.Of(block.Code, block.Title, block.Code, valid.Where(one => one.Block == block.Code).ToList()),
                    block
                        .Competencies.Select(competency =>
                            join.Of(
                                competency.Code,
                                competency.Title,
                                block.Code,
                                valid.Where(one => one.Competency == competency.Code).ToList()
                            )
                        )
                        .ToList()
                ))
                .ToList(),
            policy.Sources.Select(terms => terms.Source).Except(evidence.Select(one => one.Source)).ToList()
        );
    }
}

/// <param name="Whole">The block, from the evidence of all its competencies.</param>
public sealed record JointBlock(JointResult Whole, IReadOnlyList<JointResult> Competencies);

/// <summary>One block or competency in the complex profile.</summary>
/// <param name="Level">Null where no source has enough evidence for a level.</param>
/// <param name="ResultPercent">The weighted mean of the results, 0–100, cut to two decimal places. Only under the rule
/// <see cref="JoinRule.Weights"/>: the other rules join levels, and no number belongs to the joint level.</param>
/// <param name="BoundaryCase">Whether the printed table of clause 3.4 leaves the weighted mean between two rows.</param>
/// <param name="Sources">One line for each source of the policy, present or missing, in the policy's order.</param>
/// <param name="Contradictions">Pairs of sources whose levels are far apart. The joint level never hides them.</param>
public sealed record JointResult(
    string Code,
    string Title,
    DeficitLevel? Level,
    string? LevelLabel,
    decimal? ResultPercent,
    bool BoundaryCase,
    IReadOnlyList<SourceLine> Sources,
    IReadOnlyList<Contradiction> Contradictions
);

/// <summary>What one source says about a block or a competency.</summary>
/// <param name="Weight">Weight of the source in the policy.</param>
/// <param name="From">When the earliest of the evidence was found; null without evidence.</param>
/// <param name="To">When the latest of the evidence was found; null without evidence.</param>
/// <param name="Items">Number of pieces of evidence.</param>
/// <param name="ResultPercent">0–100, cut to two decimal places; null without evidence.</param>
/// <param name="Level">Present where the evidence is enough.</param>
/// <param name="BoundaryCase">False where there is no level.</param>
/// <param name="Signal">Present where there is some evidence, but too little for a level.</param>
public sealed record SourceLine(
    string Source,
    string Title,
    int Weight,
    CompetencyEvidence Evidence,
    Instant? From,
    Instant? To,
    int Items,
    Points Earned,
    Points Maximum,
    decimal? ResultPercent,
    DeficitLevel? Level,
    string? LevelLabel,
    bool BoundaryCase,
    ElementSignal? Signal
);

/// <summary>Two sources that contradict each other.</summary>
/// <param name="Weaker">The source that finds the greater deficit.</param>
/// <param name="Stronger">The source that finds the smaller deficit.</param>
/// <param name="Steps">How many steps of the scale lie between their levels.</param>
public sealed record Contradiction(string Weaker, string Stronger, int Steps);
