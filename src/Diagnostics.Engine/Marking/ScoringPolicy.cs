using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <param name="Normalisation">The rule for reading short answers: <c>ru-1</c> or <c>ru-2</c>.</param>
/// <param name="RequireKeyReview">Whether results are published only when every unmatched short answer has been
/// decided.</param>
/// <param name="Equating">How results on a harder or easier variant are converted into points of the first variant;
/// when absent, they are not converted.</param>
public sealed record ScoringPolicy(string Normalisation, bool RequireKeyReview, EquatingRule? Equating = null)
{
    /// <exception cref="InvalidOperationException">The document was never checked, and its rule is unknown.</exception>
    [JsonIgnore]
    public AnswerRule Answers =>
        AnswerRule.Find(Normalisation) ?? throw new InvalidOperationException($"«{Normalisation}» is no rule for short answers.");

    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (AnswerRule.Find(Normalisation) is null)
            yield return $"normalisation — одно из правил {string.Join(", ", AnswerRule.All.Select(rule => $"«{rule.Name}»"))}.";
    }
}

/// <summary>How points of a variant become points of the reference variant.</summary>
public enum EquatingRule
{
    Mean,
    Linear,
    Equipercentile,
}
