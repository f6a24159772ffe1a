using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// The outcome of a response. Blank, untouched and wrong are three different facts (docs/promises.md, items).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>The person gave no answer, or cleared it.</summary>
    [JsonStringEnumMemberName("blank")]
    Blank,

    /// <summary>The person never changed the order shown.</summary>
    [JsonStringEnumMemberName("untouched")]
    Untouched,

    [JsonStringEnumMemberName("wrong")]
    Wrong,

    [JsonStringEnumMemberName("partial")]
    Partial,

    [JsonStringEnumMemberName("right")]
    Right,

    /// <summary>
    /// A short answer that matches nothing in the key: it has no points yet and goes to the key review.
    /// </summary>
    [JsonStringEnumMemberName("unmatched")]
    Unmatched,

    /// <summary>An extended response that experts have not marked yet.</summary>
    [JsonStringEnumMemberName("awaiting_marking")]
    AwaitingMarking,
}

/// <summary>Points, with their outcome and the name and version of the rule that gave them.</summary>
/// <param name="Outcome">The outcome of the response.</param>
/// <param name="Points">0 … the item's maximum.</param>
/// <param name="Rule">Rule and version, e.g. <c>per_error/1</c>.</param>
public sealed record Score(Outcome Outcome, Points Points, string Rule)
{
    /// <summary>
    /// The normalised text of a short answer, which identifies its review group; null for other types.
    /// </summary>
    public string? Normalised { get; init; }

    public static Score Of(Points points, Points maximum, string rule) =>
        new(
            points >= maximum ? Outcome.Right
                : points > Points.Zero ? Outcome.Partial
                : Outcome.Wrong,
            points,
            rule
        );
}
