using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The taker chooses one of at least four options (clause 3.6.3).</summary>
public sealed record SingleChoice(IReadOnlyList<Entry> Options, string Key, bool FixedOrder = false) : ItemBody, IItemType
{
    [JsonIgnore]
    public override ItemType Type => ItemType.SingleChoice;

    static bool IItemType.ChoosesOne => true;

    internal override IReadOnlyList<EntryList> Lists => [new("options", Options, FixedOrder)];

    internal override (IReadOnlyList<Entry> Options, IReadOnlyCollection<string> Key) Choices => (Options, [Key]);

    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule) =>
        item => new SingleChoice(item.Entries("options"), item.Text("key"), item.Flag("fixed_order"));

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ExactRule)
            throw Unfit(item);
        var right = ((SingleChoiceResponse)response).Option == Key;
        return ItemBank.Scoring.Score.Of(right ? item.MaxPoints : Points.Zero, item.MaxPoints, item.Rule.Name);
    }

    internal override Refusal? Check(Response response) =>
        response is not SingleChoiceResponse choice ? WrongType(Type)
        : Options.Any(option => option.Id == choice.Option) ? null
        : UnknownId(choice.Option!);

    internal override Response Rename(Response response, Func<string, string, string?> rename) =>
        new SingleChoiceResponse(rename("options", ((SingleChoiceResponse)response).Option!));

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ExactRule)
            yield return "Заданию с выбором одного ответа подходит только правило exact.";
        if (Options.All(option => option.Id != Key))
            yield return $"Ключ «{Key}» не называет ни одного варианта.";
    }

    internal override IEnumerable<Flaw> Flaws(Item item) => SharedRules.Count(Options.Count, 4, int.MaxValue, "вариантов ответа");

    internal override void Write(YamlLines lines)
    {
        lines.Entries("options", Options);
        lines.Flag("fixed_order", FixedOrder);
        lines.Raw(4, $"key: {YamlLines.Quote(Key)}");
    }

    internal override Response Imitate(int score, int maximum, SeededRandom random)
    {
        if (score == maximum)
            return new SingleChoiceResponse(Key);
        var wrong = Options.Where(option => option.Id != Key).ToList();
        return new SingleChoiceResponse(wrong[random.Next(wrong.Count)].Id);
    }

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(
                1,
                ItemType.SingleChoice,
                "Ученик утверждает: «Сумма двух простых чисел всегда чётна». Какая сумма опровергает его утверждение?",
                1
            ) with
            {
                Options = ItemTypeExample.Entries("3 + 5", "2 + 7", "5 + 11", "7 + 13"),
            },
            "Один вариант",
            new SingleChoiceResponse("2")
        );
}

/// <param name="Option">Id of the chosen option.</param>
public sealed record SingleChoiceResponse(string? Option) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrEmpty(Option);

    internal override IReadOnlyList<string> Chosen => Option is null ? [] : [Option];
}
