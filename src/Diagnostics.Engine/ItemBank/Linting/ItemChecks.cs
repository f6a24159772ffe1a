namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>What an item must have, by its type and its stimulus.</summary>
internal static class ItemChecks
{
    /// <summary>Looks for one of the rules that item types check themselves.</summary>
    internal static Func<LintedBank, IEnumerable<Hit>> ByType(BankRule rule) => bank =>
        from item in bank.Items
        from flaw in item.Body.Flaws(item)
        where flaw.Rule == rule
        select bank.At(item, flaw.Message, flaw.Advice);

    internal static IEnumerable<Hit> ImageAlt(LintedBank bank) =>
        from stimulus in bank.Bank.Stimuli
        where stimulus.Svg is not null && string.IsNullOrWhiteSpace(stimulus.Alt)
        select new Hit(bank.Bank.Places.OfStimulus(stimulus.Code), null, $"У рисунка стимула «{stimulus.Code}» нет описания alt.", "Опишите словами всё, что нужно для ответа: рисунок увидят не все.");
}
