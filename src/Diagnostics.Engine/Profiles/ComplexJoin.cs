using System.Numerics;
using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <summary>Joins what the sources say about one block or competency. All comparisons are exact.</summary>
internal sealed class ComplexJoin(LevelScale scale, ComplexPolicy policy)
{
    /// <param name="block">The block whose levels apply.</param>
    /// <param name="evidence">The evidence of the block or competency, of all sources.</param>
    internal JointResult Of(string code, string title, string block, IReadOnlyList<Evidence> evidence)
    {
        var lines = policy.Sources.Select(terms => Line(terms, block, evidence.Where(one => one.Source == terms.Source).ToList())).ToList();
        var counted = lines.Where(line => line.Level is not null).ToList();
        var mean = policy.Rule is JoinRule.Weights && counted.Count > 0 ? WeightedMean.Of(counted) : null;
        var level = counted.Count == 0 ? null : Joint(counted, block);
        return new(
            Code: code,
            Title: title,
            Level: level?.Code,
            LevelLabel: level?.Label,
            ResultPercent: mean?.Percent,
            BoundaryCase: mean is not null && scale.IsBoundaryBy(mean.CompareToPercent),
            Sources: lines,
            Contradictions: Contradictions(counted, block)
        );
    }

    private SourceLine Line(SourceTerms terms, string block, List<Evidence> evidence)
    {
        var tally = Tally.Of(evidence);
        var strength =
            evidence.Count == 0 ? CompetencyEvidence.None
            : tally.IsEnough(terms.Enough) ? CompetencyEvidence.Enough
            : CompetencyEvidence.Signal;
        var level = evidence.Count == 0 ? null : scale.LevelOf(tally.Share, block);
        var shown = strength is CompetencyEvidence.Enough ? level : null;
        return new(
            Source: terms.Source,
            Title: terms.Title,
            Weight: terms.Weight,
            Evidence: strength,
            From: evidence.Count == 0 ? null : evidence.Min(one => one.At),
            To: evidence.Count == 0 ? null : evidence.Max(one => one.At),
            Items: tally.Items,
            Earned: tally.Share.Earned,
            Maximum: tally.Share.Maximum,
            ResultPercent: evidence.Count == 0 ? null : tally.Share.Percent,
            Level: shown?.Code,
            LevelLabel: shown?.Label,
            BoundaryCase: shown is not null && scale.IsBoundaryCase(tally.Share),
            Signal: strength is CompetencyEvidence.Signal ? level!.Code.Signal() : null
        );
    }

    private ScaleLevel Joint(List<SourceLine> counted, string block)
    {
        var levels = scale.LevelsOf(block);
        return policy.Rule switch
        {
            JoinRule.Weights => Mean(counted, block),
            JoinRule.Worst => levels[counted.Min(line => Step(line, block))],
            JoinRule.Leading => levels[Led(counted, block)],
            _ => throw new InvalidOperationException($"{policy.Rule} is no rule."),
        };
    }

    /// <summary>
    /// The others' level, drawn to within one step of the leading source. The others' level does not depend on the
    /// leading one, so a better result of any source never makes the joint level worse.
    /// </summary>
    private int Led(List<SourceLine> counted, string block)
    {
        var led = Step(counted[0], block);
        if (counted.Count == 1)
            return led;
        var others = StepOf(Mean(counted[1..], block).Code, block);
        return Math.Clamp(others, led - 1, led + 1);
    }

    private ScaleLevel Mean(IReadOnlyList<SourceLine> lines, string block) => scale.LevelBy(WeightedMean.Of(lines).CompareToPercent, block);

    private List<Contradiction> Contradictions(List<SourceLine> counted, string block) =>
        counted
            .SelectMany((one, place) => counted.Skip(place + 1).Select(other => (one, other)))
            .Select(pair => Step(pair.one, block) <= Step(pair.other, block) ? pair : (one: pair.other, other: pair.one))
            .Select(pair => new Contradiction(pair.one.Source, pair.other.Source, Step(pair.other, block) - Step(pair.one, block)))
            .Where(contradiction => contradiction.Steps >= policy.ContradictionFrom)
            .ToList();

    private int Step(SourceLine line, string block) => StepOf(line.Level!.Value, block);

    /// <summary>The place of a level on the block's scale, 0 for the greatest deficit: a scale need not use all levels.</summary>
    private int StepOf(DeficitLevel level, string block) => scale.LevelsOf(block).TakeWhile(one => one.Code != level).Count();

    /// <summary>Σ weight · earned / maximum, divided by Σ weight, as an exact fraction.</summary>
    private sealed record WeightedMean(BigInteger Numerator, BigInteger Denominator)
    {
        internal static WeightedMean Of(IReadOnlyList<SourceLine> lines)
        {
            var (sum, common, weights) = (BigInteger.Zero, BigInteger.One, 0);
            foreach (var line in lines)
            {
                sum = (sum * line.Maximum.Thousandths) + (common * line.Earned.Thousandths * line.Weight);
                common *= line.Maximum.Thousandths;
                weights += line.Weight;
            }
            return new(sum, common * weights);
        }

        /// <summary>0–100, cut to two decimal places.</summary>
        internal decimal Percent => (decimal)(Numerator * 10_000 / Denominator) / 100;

        internal int CompareToPercent(decimal percent) =>
            (Numerator * 100_000_000).CompareTo(new BigInteger(percent * 1_000_000m) * Denominator);
    }
}
