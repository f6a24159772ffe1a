namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// A violation of one rule in the body of an item; the report adds the item and its place in the file.
/// </summary>
internal sealed record Flaw(BankRule Rule, string Message, string Advice);

/// <summary>Rules that several item types check, each in its own way (<see cref="ItemBody.Flaws"/>).</summary>
internal static class SharedRules
{
    internal static readonly BankRule OptionCount = new("option-count", Severity.Error, "п. 3.6.3", "Число вариантов ответа");
    internal static readonly BankRule TickAllPays = new(
        "tick-all-pays",
        Severity.Warning,
        "п. 3.6.1",
        "Выбор всех вариантов подряд не приносит баллов"
    );

    internal static IEnumerable<Flaw> Count(int count, int least, int most, string what)
    {
        if (count >= least && count <= most)
            yield break;
        var norm = most == int.MaxValue ? $"не менее {least}" : $"от {least} до {most}";
        yield return new(
            OptionCount,
            $"Число {what} — {count}, а должно быть {norm}.",
            count < least ? "Добавьте правдоподобные варианты." : "Уберите варианты, которые никто не выберет."
        );
    }
}
