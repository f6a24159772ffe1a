using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The taker fills the marked gap with at most three words (clause 3.7).</summary>
public sealed partial record ShortAnswer(ShortAnswerKey Key) : ItemBody, IItemType
{
    private const int MaxKeyWords = 3;

    private static readonly BankRule GapMarked = new("gap-marked", Severity.Error, "п. 3.7", "Место краткого ответа обозначено");
    private static readonly BankRule KeyWords = new("key-words", Severity.Error, "п. 3.7", "Краткий ответ не длиннее трёх слов");
    private static readonly string[] Guesses = ["не помню", "0", "нет ответа", "100"];

    // Nobody who knows the answer types one of these texts, however long the answer is.
    private static readonly string[] Nonsense =
    [
        "щыъжэ",
        "qzxjv",
        "7312905846",
        "щыъжэ qzxjv",
        "?!",
        .. Enumerable.Range(2, 40).SelectMany(length => new[] { OfLength("щыъжэ", length), OfLength("qzxjv", length) }),
    ];

    // A sound pattern may accept some of the texts in a row below, such as a single letter or a number of a certain
    // length. A pattern that accepts every text of a row would accept anything.
    private static readonly string[][] AnyOf =
    [
        ["щ", "ъ", "ж", "э"],
        ["q", "z", "x", "j"],
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        .. Enumerable.Range(2, 20).Select(length => new[] { OfLength("73", length), OfLength("4018", length), OfLength("159", length) }),
    ];

    [JsonIgnore]
    public override ItemType Type => ItemType.ShortAnswer;

    static IReadOnlyList<BankRule> IItemType.OwnRules => [GapMarked, KeyWords];

    internal override IReadOnlyList<EntryList> Lists => [];

    internal override IReadOnlyList<string> KeyTexts => Key.Texts;

    internal override IEnumerable<string> RightTexts => [.. Key.Texts, .. Key.Numbers.Select(number => number.Value)];

    [JsonIgnore]
    public override int MaxAnswerLength => 200;

    static Func<Fields, ItemBody> IItemType.Reader(Fields facet, ScoringRule rule) => item => new ShortAnswer(ReadKey(item));

    private static ShortAnswerKey ReadKey(Fields fields)
    {
        if (fields.Mapping("key") is not { } key)
            return new([], [], []);
        var read = new ShortAnswerKey(
            key.OptionalTexts("texts"),
            key.OptionalList("numbers").Select(ReadNumber).ToList(),
            key.OptionalTexts("patterns")
        )
        {
            CaseSensitive = key.Flag("case_sensitive"),
            Yo = key.Flag("yo"),
        };
        key.Done();
        return read;
    }

    private static NumberKey ReadNumber(Fields fields)
    {
        var number = new NumberKey(fields.Text("value"), fields.OptionalText("tolerance") ?? "0", fields.OptionalTexts("units"))
        {
            UnitRequired = fields.Flag("unit_required"),
            Percent = fields.Flag("percent"),
        };
        fields.Done();
        return number;
    }

    internal override Score Score(Item item, Response response, KeyDecisions decisions)
    {
        if (item.Rule is not ShortAnswerRule)
            throw Unfit(item);
        var rule = item.Rule.NameUnder(decisions.Rule);
        var answer = Read(item, ((ShortAnswerResponse)response).Text!, decisions.Rule);
        // A visible answer may still count as blank under the first rule.
        if (answer.Group.Length == 0)
            return new(Outcome.Blank, Points.Zero, rule);
        var decision = answer.IsRight ? true : decisions.On(item.Code, answer.Group);
        var outcome = decision switch
        {
            true => Outcome.Right,
            false => Outcome.Wrong,
            null => Outcome.Unmatched,
        };
        return new(outcome, decision is true ? item.MaxPoints : Points.Zero, rule) { Normalised = answer.Group };
    }

    private ReadAnswer Read(Item item, string typed, AnswerRule rule)
    {
        try
        {
            return Key.Read(typed, rule);
        }
        catch (FormatException fault)
        {
            throw new BrokenItemException(item.Code, fault.Message, fault);
        }
    }

    internal override Refusal? Check(Response response) =>
        response is ShortAnswerResponse answer ? TextLimits.Check(answer.Text!, MaxAnswerLength) : WrongType(Type);

    internal override Response Rename(Response response, Func<string, string, string?> rename) => response;

    internal override IEnumerable<string> Faults(ScoringRule rule, Points maximum)
    {
        if (rule is not ShortAnswerRule)
            yield return "Краткому ответу подходит только правило short_answer.";
        // The key is at fault only when no rule can read it: a stored item may serve campaigns that use the one rule
        // that can.
        if (AnswerRule.All.Select(Key.Fault).ToList() is var faults && faults.All(fault => fault is not null))
            yield return faults[^1]!;
    }

    internal override IEnumerable<Loophole> Loopholes(ScoringRule rule, Points maximum)
    {
        if (Key.Fault(AnswerRule.Newest) is { } fault)
        {
            yield return new(fault, $"Исправьте ключ: так его не прочитает правило {AnswerRule.Newest.Name}.", "key");
            yield break;
        }
        foreach (var pattern in Key.Patterns)
        {
            if (AnyDigit().IsMatch(pattern))
                yield return new(
                    $"В выражении «{pattern}» знак \\d берёт цифры всех письменностей, и арабские «٣» тоже.",
                    "Напишите [0-9].",
                    "key"
                );
            if (!AnswerPattern.CanMatch(pattern, new(Key.CaseSensitive, Key.Yo)))
                yield return new(
                    $"Выражению «{pattern}» не подойдёт ни один приведённый ответ.",
                    "Пишите, как выглядит приведённый ответ: строчными буквами, «е» вместо «ё», с десятичной точкой (0\\.5), прямыми кавычками "
                        + "и дефисом, степень — «^2», индекс — «_2».",
                    "key"
                );
            else if (Taken(new([], [], [pattern]) { CaseSensitive = Key.CaseSensitive, Yo = Key.Yo }) is { } taken)
                yield return new(
                    $"Выражение «{pattern}» берёт что угодно: подошёл бы и ответ «{taken}».",
                    "Оставьте в выражении то, что есть только в верных ответах.",
                    "key"
                );
        }
        foreach (var number in Key.Numbers.Where(TakesTheOpposite))
            yield return new(
                $"Допуск {number.Tolerance} больше самого числа {number.Value}: подошло бы и противоположное.",
                "Уменьшите tolerance.",
                "key"
            );
    }

    private static string? Taken(ShortAnswerKey pattern) =>
        Nonsense.FirstOrDefault(pattern.Accepts) ?? AnyOf.FirstOrDefault(some => some.All(pattern.Accepts))?[0];

    private static bool TakesTheOpposite(NumberKey number)
    {
        var alone = number with { Units = [], UnitRequired = false };
        var opposite = number.Value.StartsWith('-') ? number.Value[1..] : $"-{number.Value}";
        return new ShortAnswerKey([], [alone], []).Accepts(opposite)
            && !new ShortAnswerKey([], [alone with { Tolerance = "0" }], []).Accepts("0");
    }

    private static string OfLength(string letters, int length) =>
        string.Concat(Enumerable.Repeat(letters, length / letters.Length + 1))[..length];

    internal override IEnumerable<Flaw> Flaws(Item item)
    {
        var gaps = Underscores().Count(item.Stem) is > 0 and var lines ? lines : Dots().Count(item.Stem);
        if (gaps == 0)
            yield return new(GapMarked, "В условии не обозначено место для ответа.", "Поставьте на место ответа прочерк «____».");
        else if (gaps > 1)
            yield return new(GapMarked, $"Пропусков в условии: {gaps}, а ответ один.", "Оставьте один пропуск или разделите задание.");
        foreach (var text in Key.Texts)
        {
            var count = AnswerText.Normalise(text).Split(' ').Length;
            if (count > MaxKeyWords)
                yield return new(
                    KeyWords,
                    $"Ответ «{text}» — слов: {count}, а краткий ответ не длиннее {MaxKeyWords} слов.",
                    "Спросите так, чтобы ответом было одно слово, число или термин, или сделайте задание с развёрнутым ответом."
                );
        }
    }

    internal override void Write(YamlLines lines)
    {
        lines.Raw(4, "key:");
        if (Key.CaseSensitive)
            lines.Raw(6, "case_sensitive: true");
        if (Key.Yo)
            lines.Raw(6, "yo: true");
        if (Key.Texts.Count > 0)
            lines.Raw(6, $"texts: {YamlLines.Flow(Key.Texts)}");
        if (Key.Numbers.Count > 0)
        {
            lines.Raw(6, "numbers:");
            foreach (var number in Key.Numbers)
                lines.Raw(
                    8,
                    "- "
                        + YamlLines.Flow(
                            ("value", YamlLines.Quote(number.Value)),
                            ("tolerance", YamlLines.Quote(number.Tolerance)),
                            ("units", number.Units.Count == 0 ? null : YamlLines.Flow(number.Units)),
                            ("unit_required", number.UnitRequired ? "true" : null),
                            ("percent", number.Percent ? "true" : null)
                        )
                );
        }
        if (Key.Patterns.Count > 0)
            lines.Raw(6, $"patterns: {YamlLines.Flow(Key.Patterns)}");
    }

    internal override Response Imitate(int score, int maximum, SeededRandom random) =>
        new ShortAnswerResponse(
            score < maximum ? Guesses[random.Next(Guesses.Length)]
            : Key.Texts.Count > 0 ? Key.Texts[0]
            : Key.Numbers[0].Value
        );

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\d", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AnyDigit();

    [GeneratedRegex("_{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Underscores();

    [GeneratedRegex(@"…|\.{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex Dots();

    static ItemTypeExample IItemType.Example =>
        new(
            ItemTypeExample.Shown(2, ItemType.ShortAnswer, "Наибольший общий делитель чисел 84 и 126 равен ____.", 1) with
            {
                MaxLength = 200,
            },
            "Краткий ответ",
            new ShortAnswerResponse("42")
        );
}

/// <param name="Text">As typed.</param>
public sealed record ShortAnswerResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => VisibleText.ShowsNothing(Text);

    internal override string? Typed => Text;
}
