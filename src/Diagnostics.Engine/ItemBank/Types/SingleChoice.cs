using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Choose one of at least four (clause 3.6.3).</summary>
public sealed record SingleChoice(IReadOnlyList<Entry> Options, string Key, bool FixedOrder = false) : ItemBody
{
    [JsonIgnore]
    public override ItemType Type => ItemType.SingleChoice;

    internal override IReadOnlyList<EntryList> Lists => [new("options", Options, FixedOrder)];

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ExactRule || Options.All(option => option.Id != Key)) throw Unfit(item);
        var right = ((SingleChoiceResponse)response).Option == Key;
        return ItemBank.Scoring.Score.Of(right ? item.MaxPoints : Points.Zero, item.MaxPoints, item.Rule.Name);
    }

    internal override Refusal? Check(Response response) => response is not SingleChoiceResponse choice
        ? WrongType(Type)
        : Options.Any(option => option.Id == choice.Option) ? null : UnknownId(choice.Option!);

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new SingleChoiceResponse(rename("options", ((SingleChoiceResponse)response).Option!));

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ExactRule) yield return "Заданию с выбором одного ответа подходит только правило exact.";
        if (Options.All(option => option.Id != Key)) yield return $"Ключ «{Key}» не называет ни одного варианта.";
    }
}

/// <param name="Option">Id of the chosen option.</param>
public sealed record SingleChoiceResponse(string? Option) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrEmpty(Option);
}
