using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Fill the marked gap with at most three words (clause 3.7).</summary>
public sealed record ShortAnswer(ShortAnswerKey Key) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.ShortAnswer;

    internal override IReadOnlyList<EntryList> Lists => [];

    [JsonIgnore]
    public override int MaxAnswerLength => 200;

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ShortAnswerRule) throw Unfit(item);
        var normalised = AnswerText.Normalise(((ShortAnswerResponse)response).Text!);
        // Only invisible characters: nothing that a person could have meant as an answer.
        if (normalised.Length == 0) return new(Outcome.Blank, Points.Zero, item.Rule.Name);
        var decision = Key.Matches(normalised) ? true : decisions.On(item.Code, normalised);
        var outcome = decision switch { true => Outcome.Right, false => Outcome.Wrong, null => Outcome.Unmatched };
        return new(outcome, decision is true ? item.MaxPoints : Points.Zero, item.Rule.Name) { Normalised = normalised };
    }

    internal override Refusal? Check(Response response) =>
        response is ShortAnswerResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ShortAnswerRule) yield return "Краткому ответу подходит только правило short_answer.";
        if (Key.Fault() is { } fault) yield return fault;
    }
}

/// <param name="Text">As typed.</param>
public sealed record ShortAnswerResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrWhiteSpace(Text);
}
