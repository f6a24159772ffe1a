using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// Four parallel items, one for each variant, of the same type, element, difficulty, points and scoring (clause 3.6.2).
/// </summary>
public sealed record Facet(
    string Code,
    string Title,
    string Block,
    string Element,
    ItemType Type,
    int Difficulty,
    Points Points,
    ScoringRule Rule,
    ItemStatus Status,
    string Author,
    string? Reviewer,
    IReadOnlyList<Item> Items
)
{
    /// <summary>Number of variants of a form (clause 3.6.2).</summary>
    public const int Variants = 4;
}
