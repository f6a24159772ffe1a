using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Linting;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Instruments;

/// <summary>
/// Checks how a question or a criterion is worded: clear, without ambiguity (clause 4.1). The checks are heuristic, so
/// their findings are warnings.
/// </summary>
internal static partial class InstrumentWording
{
    internal static readonly BankRule Double = new("question-double", Severity.Warning, "п. 4.1", "Двойной вопрос");
    internal static readonly BankRule Leading = new("question-leading", Severity.Warning, "п. 4.1", "Вопрос подсказывает ответ");
    internal static readonly BankRule Vague = new("question-vague", Severity.Warning, "п. 4.1", "Слово-оценка без меры");

    internal static IReadOnlyList<BankRule> Rules { get; } = [Double, Leading, Vague];

    internal static void Report(Fields fields, string name)
    {
        var text = fields.OptionalText(name) ?? "";
        if (IsDouble(text))
            fields.File.Report(
                Double,
                fields.At(name),
                $"«{text}» спрашивает о двух вещах сразу: ответ «да» на одно и «нет» на другое записать нельзя.",
                "Разделите на два."
            );
        if (IsLeading(text))
            fields.File.Report(Leading, fields.At(name), $"«{text}» подсказывает ответ.", "Спросите так, чтобы любой ответ был уместен.");
        var vague = QualityWords.In(text).ToList();
        if (vague.Count > 0)
            fields.File.Report(
                Vague,
                fields.At(name),
                $"Слово-оценка без меры: {string.Join(", ", vague.Select(word => $"«{word}»"))}.",
                "Замените оценку признаком, который видно со стороны, или числом."
            );
    }

    /// <summary>Two questions in one: two question marks, two «ли», or two verbs joined by a conjunction.</summary>
    internal static bool IsDouble(string text) => text.Count(letter => letter == '?') > 1 || Whether().Count(text) > 1 || JoinedVerbs(text);

    /// <summary>The question expects a certain answer.</summary>
    internal static bool IsLeading(string text) => Expecting().IsMatch(text);

    /// <summary>
    /// Whether a verb is followed by a conjunction and, within three words, by another verb: «знаете правила и применяете
    /// их». Words that only look like verbs («предмет и кабинет») do not count.
    /// </summary>
    private static bool JoinedVerbs(string text)
    {
        var seenVerb = false;
        foreach (var clause in text.Split('.', ';', ':', '?', '!', '(', ')'))
        {
            var (words, since) = (Word().Matches(clause).Select(match => match.Value.ToLowerInvariant()), int.MaxValue);
            seenVerb = false;
            foreach (var word in words)
            {
                if (word is "и" or "или" or "либо" or "также")
                    since = seenVerb ? 0 : int.MaxValue;
                else if (IsVerb(word))
                {
                    if (since < 3)
                        return true;
                    seenVerb = true;
                }
                else if (since < int.MaxValue)
                    since++;
            }
        }
        return false;
    }

    private static bool IsVerb(string word) => VerbEnding().IsMatch(word) && !NounLikeVerb().IsMatch(word);

    [GeneratedRegex(@"\p{L}+(?:-\p{L}+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<!\p{L})ли(?!\p{L})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Whether();

    [GeneratedRegex(@"^\p{L}{2,}(?:[еиё]те|[еиё]т|[ую]т|[ая]т)(?:сь|ся)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex VerbEnding();

    [GeneratedRegex(
        @"(?:предмет|ответ|завет|совет|кабинет|комитет|пакет|авторитет|бюджет|интернет|отчёт|расчёт|зачёт|учёт|счёт|дефицит|лимит|визит|кредит|аудит"
            + @"|минут|маршрут|институт|результат|формат|аттестат|аппарат|реферат|лет|нет|тут|дети|опыт|просвет|пункт)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex NounLikeVerb();

    [GeneratedRegex(
        @"(?<!\p{L})(?:не правда ли|согласны ли вы|согласитесь|не считаете ли|не кажется ли|разве|неужели|ведь|конечно"
            + @"|безусловно|очевидно|всем известно)(?!\p{L})",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Expecting();
}
