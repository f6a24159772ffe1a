using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>What an item must have by its type (clauses 3.6.3, 3.7).</summary>
internal static partial class ItemChecks
{
    private const int MaxKeyWords = 3;

    internal static IEnumerable<Hit> OptionCount(LintedBank bank)
    {
        foreach (var item in bank.Items)
        {
            var (count, least, most, what) = item.Body switch
            {
                SingleChoice single => (single.Options.Count, 4, int.MaxValue, "вариантов ответа"),
                MultipleChoice multiple => (multiple.Options.Count, 4, 7, "вариантов ответа"),
                Ordering ordering => (ordering.Elements.Count, 4, 7, "элементов последовательности"),
                _ => (0, 0, 0, ""),
            };
            if (count >= least && count <= most) continue;
            var norm = most == int.MaxValue ? $"не менее {least}" : $"от {least} до {most}";
            yield return bank.At(item, $"Число {what} — {count}, а должно быть {norm}.", count < least ? "Добавьте правдоподобные варианты." : "Уберите варианты, которые никто не выберет.");
        }
    }

    internal static IEnumerable<Hit> GapMarked(LintedBank bank)
    {
        foreach (var item in bank.Items.Where(item => item.Body is ShortAnswer))
        {
            var gaps = Underscores().Count(item.Stem) is > 0 and var lines ? lines : Dots().Count(item.Stem);
            if (gaps == 0) yield return bank.At(item, "В условии не обозначено место для ответа.", "Поставьте на место ответа прочерк «____».");
            else if (gaps > 1) yield return bank.At(item, $"Пропусков в условии: {gaps}, а ответ один.", "Оставьте один пропуск или разделите задание.");
        }
    }

    internal static IEnumerable<Hit> KeyWords(LintedBank bank) =>
        from item in bank.Items
        from text in item.Body is ShortAnswer answer ? answer.Key.Texts : []
        let count = AnswerText.Normalise(text).Split(' ').Length
        where count > MaxKeyWords
        select bank.At(item, $"Ответ «{text}» — слов: {count}, а краткий ответ не длиннее {MaxKeyWords} слов.",
            "Спросите так, чтобы ответом было одно слово, число или термин, или сделайте задание с развёрнутым ответом.");

    internal static IEnumerable<Hit> StimulusPresent(LintedBank bank) =>
        from item in bank.Items
        where item is { Body: ExtendedTask, Stimulus: null }
        select bank.At(item, "У задания с развёрнутым ответом нет стимула.", "Дайте текст, таблицу, рисунок, график или схему, к которым относится задание, и впишите код в stimulus.");

    internal static IEnumerable<Hit> ExemplarCount(LintedBank bank) =>
        from item in bank.Items
        where item.Body is ExtendedTask { Exemplars.Count: < 2 }
        select bank.At(item, $"Образцов ответа: {((ExtendedTask)item.Body).Exemplars.Count}, а эксперту нужны хотя бы сильный и частичный.", "Добавьте в exemplars ответы с баллами по критериям и комментарием.");

    internal static IEnumerable<Hit> ImageAlt(LintedBank bank) =>
        from stimulus in bank.Bank.Stimuli
        where stimulus.Svg is not null && string.IsNullOrWhiteSpace(stimulus.Alt)
        select new Hit(bank.Bank.Places.OfStimulus(stimulus.Code), null, $"У рисунка стимула «{stimulus.Code}» нет описания alt.", "Опишите словами всё, что нужно для ответа: рисунок увидят не все.");

    /// <summary>The score is 0 for all options ticked whatever the table says; a table that promises more misleads.</summary>
    internal static IEnumerable<Hit> TickAllPays(LintedBank bank)
    {
        foreach (var item in bank.Items)
        {
            var pays = (item.Body, item.Rule) switch
            {
                (MultipleChoice choice, PerErrorRule rule) => rule.For(choice.Options.Count - choice.Key.Count),
                (MultipleChoice choice, MappedRule rule) => rule.For(choice.Options.Select(option => option.Id), choice.Map),
                (Matching { Reuse: true } matching, PerErrorRule rule) => rule.For(matching.Left.Count - matching.Key.Values.GroupBy(id => id).Max(same => same.Count())),
                _ => Points.Zero,
            };
            if (pays <= Points.Zero) continue;
            yield return item.Body is Matching
                ? bank.At(item, $"Один и тот же элемент, выбранный для всех, принёс бы {pays} б.", "Уменьшите таблицу per_error или число повторов одного элемента в ключе.")
                : bank.At(item, $"Отметивший все варианты подряд получил бы по таблице {pays} б.; система поставит 0.", "Добавьте неверные варианты или уменьшите баллы в таблице, чтобы таблица не обещала лишнего.");
        }
    }

    [GeneratedRegex("_{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Underscores();

    [GeneratedRegex(@"…|\.{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex Dots();
}
