using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>A free response to a stimulus, marked by experts on a rubric (clause 3.7).</summary>
public sealed record ExtendedTask(Rubric Rubric, IReadOnlyList<Exemplar> Exemplars) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.ExtendedResponse;

    internal override IReadOnlyList<EntryList> Lists => [];

    [JsonIgnore]
    public override int MaxAnswerLength => 20_000;

    internal override Score Score(Item item, Response response, KeyDecisions decisions) =>
        item.Rule is RubricRule ? new(Outcome.AwaitingMarking, Points.Zero, item.Rule.Name) : throw Unfit(item);

    internal override Refusal? Check(Response response) =>
        response is ExtendedResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not RubricRule) yield return "Развёрнутому ответу подходит только правило rubric.";
        foreach (var fault in Rubric.Faults(maximum)) yield return fault;
        foreach (var exemplar in Exemplars)
            if (Rubric.Check(exemplar.Points) is { } refusal) yield return $"Образец ответа: {refusal.Detail}";
    }
}

/// <param name="Text">As typed.</param>
public sealed record ExtendedResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrWhiteSpace(Text);
}
