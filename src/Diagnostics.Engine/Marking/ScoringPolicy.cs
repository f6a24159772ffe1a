using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <param name="Normalisation">How short answers are read: <c>ru-1</c> or <c>ru-2</c>.</param>
/// <param name="RequireKeyReview">Results are published only when every unmatched short answer has been decided.</param>
/// <param name="Equating">How results on a variant that proved harder or easier are told in points of the first; absent: never.</param>
public sealed record ScoringPolicy(string Normalisation, bool RequireKeyReview, EquatingRule? Equating = null)
{
    /// <exception cref="InvalidOperationException">The document passed no check.</exception>
    [JsonIgnore]
    public AnswerRule Answers => AnswerRule.Find(Normalisation)
        ?? throw new InvalidOperationException($"«{Normalisation}» is no rule for short answers.");

    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (AnswerRule.Find(Normalisation) is null)
            yield return $"normalisation — одно из правил {string.Join(", ", AnswerRule.All.Select(rule => $"«{rule.Name}»"))}.";
    }
}

/// <summary>How points of a variant become points of the reference variant.</summary>
public enum EquatingRule { Mean, Linear, Equipercentile }
