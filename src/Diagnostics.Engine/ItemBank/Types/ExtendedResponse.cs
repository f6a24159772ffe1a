using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>A free response to a stimulus, marked by experts against a rubric (clause 3.7).</summary>
public sealed record ExtendedTask(Rubric Rubric, IReadOnlyList<Exemplar> Exemplars) : ItemBody, IItemType
{
    private static readonly BankRule StimulusPresent = new(
        "stimulus-present",
        Severity.Error,
        "п. 3.7",
        "У развёрнутого ответа есть стимул"
    );
    private static readonly BankRule ExemplarCount = new(
        "exemplar-count",
        Severity.Warning,
        "п. 3.7",
        "У развёрнутого ответа есть образцы"
    );

    [JsonIgnore]
    public override ItemType Type => ItemType.ExtendedResponse;

    static IReadOnlyList<BankRule> IItemType.OwnRules => [StimulusPresent, ExemplarCount];

    internal override IReadOnlyList<EntryList> Lists => [];

    internal override Rubric MarkedOn => Rubric;

    internal override IReadOnlyList<Exemplar> MarkedLike => Exemplars;

    [JsonIgnore]
    public override int MaxAnswerLength => 20_000;

    // The rubric belongs to the facet, because its four items are marked against the same rubric.
    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule)
    {
        var rubric = RubricText.Read(facet);
        return item => new ExtendedTask(rubric, item.OptionalList("exemplars").Select(RubricText.ReadExemplar).ToList());
    }

    internal override Score Score(Item item, Response response, KeyDecisions decisions) =>
        item.Rule is RubricRule ? new(Outcome.AwaitingMarking, Points.Zero, item.Rule.Name) : throw Unfit(item);

    internal override Refusal? Check(Response response) =>
        response is ExtendedResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not RubricRule)
            yield return "Развёрнутому ответу подходит только правило rubric.";
        foreach (var fault in Rubric.Faults(maximum))
            yield return fault;
        foreach (var exemplar in Exemplars)
            if (Rubric.Check(exemplar.Points) is { } refusal)
                yield return $"Образец ответа: {refusal.Detail}";
    }

    internal override IEnumerable<Flaw> Flaws(Item item)
    {
        if (item.Stimulus is null)
            yield return new(
                StimulusPresent,
                "У задания с развёрнутым ответом нет стимула.",
                "Дайте текст, таблицу, рисунок, график или схему, к которым относится задание, и впишите код в stimulus."
            );
        if (Exemplars.Count < 2)
            yield return new(
                ExemplarCount,
                $"Образцов ответа: {Exemplars.Count}, а эксперту нужны хотя бы сильный и частичный.",
                "Добавьте в exemplars ответы с баллами по критериям и комментарием."
            );
    }

    internal override void WriteFacet(YamlLines lines) => RubricText.Write(lines, Rubric);

    internal override void Write(YamlLines lines) { }

    internal override void WriteLast(YamlLines lines) => RubricText.Write(lines, Exemplars);

    internal override Response Imitate(int score, int maximum, SeededRandom random) =>
        new ExtendedResponse(Exemplars.MinBy(exemplar => Math.Abs(exemplar.Points.Values.Sum().ToDecimal() - score))!.Text.Trim());

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(
                6,
                ItemType.ExtendedResponse,
                "Найдите ошибку ученика, объясните её вероятную причину и предложите задание, которое поможет ему увидеть ошибку самому.",
                4
            ) with
            {
                Stimulus = new(
                    "method-lost-root-2",
                    "text",
                    "Решение ученика 8 класса",
                    "Решите уравнение (x − 3)² = 16.\n\n*Решение.* x − 3 = 4, x = 7.\n\n*Ответ:* 7.",
                    null,
                    null
                ),
                MaxLength = 20_000,
            },
            "Развёрнутый ответ",
            new ExtendedResponse(
                "Ученик потерял корень x = −1: из (x − 3)² = 16 он получил только x − 3 = 4. "
                    + "Вероятная причина — привычка считать, что квадрат равен 16 лишь у числа 4. "
                    + "Попросила бы его подставить в уравнение −1 и сравнить с найденным ответом."
            )
        );
}

/// <param name="Text">As typed.</param>
public sealed record ExtendedResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => VisibleText.ShowsNothing(Text);

    internal override string? Typed => Text;
}
