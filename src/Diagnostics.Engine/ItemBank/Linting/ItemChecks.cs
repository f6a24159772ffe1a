using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Checks that an item has every part that its type and its stimulus require.</summary>
internal static partial class ItemChecks
{
    /// <summary>
    /// Laws change, so an item based on a law must name that law; otherwise nobody will check the item again.
    /// </summary>
    internal static IEnumerable<Hit> SourceMissing(LintedBank bank) =>
        from item in bank.Items
        where item.Sources is null
        let named = Law().Match($"{item.Stem}\n{item.Solution}")
        where named.Success
        select bank.At(
            item,
            $"Задание ссылается на право («{named.Value}»), а источник не назван.",
            "Впишите в source акт, статью, редакцию и день, до которого норму надо сверить."
        );

    /// <summary>Creates the check for a rule that each item type implements itself.</summary>
    internal static Func<LintedBank, IEnumerable<Hit>> ByType(BankRule rule) =>
        bank =>
            from item in bank.Items
            from flaw in item.Body.Flaws(item)
            where flaw.Rule == rule
            select bank.At(item, flaw.Message, flaw.Advice);

    internal static IEnumerable<Hit> ImageAlt(LintedBank bank) =>
        from stimulus in bank.Bank.Stimuli
        where stimulus.Svg is not null && VisibleText.ShowsNothing(stimulus.Alt)
        select new Hit(
            bank.Bank.Places.OfStimulus(stimulus.Code),
            null,
            $"У рисунка стимула «{stimulus.Code}» нет описания alt.",
            "Опишите словами всё, что нужно для ответа: рисунок увидят не все."
        );

    [GeneratedRegex(
        @"\d-ФЗ|(?<!\p{L})(ТК|БК|ГК|СК|УПК) РФ|(?<!\p{L})[Кк]одекс\p{L}* РФ|(?<!\p{L})ФГОС(?!\p{L})[^.?!]*приказ"
            + @"|(?<!\p{L})приказ\p{L}* (Мин|Рос)\p{L}+|постановлени\p{L}+ Правительства",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Law();
}
