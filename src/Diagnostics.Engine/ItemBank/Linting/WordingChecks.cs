using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// Checks the wording of an item (clause 3.6.1): no evaluative words, no clues, all choices of the same kind.
/// </summary>
internal static partial class WordingChecks
{
    internal static IEnumerable<Hit> QualityWord(LintedBank bank)
    {
        foreach (var item in bank.Items)
        {
            var found = QualityWords
                .In(item.Stem)
                .Select(word => $"в условии — «{word}»")
                .Concat(
                    item.Body.Lists.SelectMany(list => list.Entries)
                        .SelectMany(entry => QualityWords.In(entry.Text).Select(word => $"в варианте {entry.Id} — «{word}»"))
                )
                .ToList();
            if (found.Count > 0)
                yield return bank.At(
                    item,
                    $"Слово-оценка без меры: {string.Join(", ", found)}.",
                    "Замените оценку наблюдаемым признаком или числом; если это термин, объясните его в waive."
                );
        }
    }

    internal static IEnumerable<Hit> ClueWord(LintedBank bank)
    {
        foreach (var item in bank.Items)
        {
            var (right, wrong) = Split(item.Body);
            if (right.Count == 0)
                continue;
            var stem = Words.Content(item.Stem);
            var distractors = wrong.SelectMany(entry => Words.Content(entry.Text)).ToList();
            foreach (var entry in right)
            {
                var clues = Words
                    .Content(entry.Text)
                    .Where(word => stem.Any(word.IsLike) && !distractors.Any(word.IsLike))
                    .Distinct()
                    .ToList();
                if (clues.Count > 0)
                    yield return bank.At(
                        item,
                        $"Подсказка: {string.Join(", ", clues.Select(clue => $"«{clue.Word}»"))} — из условия, а среди ответов только в верном ({entry.Id}).",
                        "Уберите слово из верного ответа или повторите его и в неверном."
                    );
            }
        }
    }

    /// <summary>A longer, more careful right answer gives itself away.</summary>
    internal static IEnumerable<Hit> KeyLength(LintedBank bank)
    {
        const double Longer = 1.3;
        const int Noticeable = 8;
        foreach (var item in bank.Items)
        {
            var (right, wrong) = Split(item.Body);
            if (right.Count == 0 || wrong.Count == 0)
                continue;
            // Of several right answers, take the shortest: if it stands out, they all do.
            var key = right.Min(entry => entry.Text.Length);
            var distractor = wrong.Max(entry => entry.Text.Length);
            if (key > distractor * Longer && key - distractor >= Noticeable)
                yield return bank.At(
                    item,
                    $"Верный ответ заметно длиннее остальных: {key} знаков против {distractor} у самого длинного неверного.",
                    "Сократите верный ответ или сделайте неверные такими же подробными."
                );
        }
    }

    /// <summary>A heuristic: the entries of a list should all be of the same kind.</summary>
    internal static IEnumerable<Hit> OptionKind(LintedBank bank) =>
        from item in bank.Items
        from list in item.Body.Lists
        from message in MixOf(list.Entries)
        select bank.At(item, $"{message} (список {list.Name}).", "Постройте все варианты по одному основанию и в одной форме.");

    /// <summary>A stem that prints the rule for telling its options apart tests reading, not knowledge.</summary>
    internal static IEnumerable<Hit> RuleInStem(LintedBank bank) =>
        from item in bank.Items
        where item.Body.Choices.Options.Count > 0
        let printed = PrintedRule().Match(item.Stem)
        where printed.Success
        select bank.At(
            item,
            $"В условии напечатано правило, по которому находят ответ: «{printed.Value}».",
            "Уберите определение: задание проверит, знает ли человек правило."
        );

    /// <summary>«К1» with a Cyrillic letter looks like «K1» but is a different code.</summary>
    internal static IEnumerable<Hit> CodeLetters(LintedBank bank) =>
        from facet in bank.Bank.Facets
        let codes = facet.Items.SelectMany(item =>
            (item.Body.MarkedOn?.Criteria.Select(criterion => criterion.Code) ?? []).Concat(
                item.Body.Lists.SelectMany(list => list.Entries).Select(entry => entry.Id)
            )
        )
        let odd = codes.Where(code => code.Any(letter => letter > '\u007f')).Distinct().ToList()
        where odd.Count > 0
        select bank.At(
            facet,
            $"В кодах {string.Join(", ", odd.Select(code => $"«{code}»"))} буквы не латинские.",
            "Наберите коды критериев и элементов латиницей: «К» и «K» выглядят одинаково, а это разные коды."
        );

    /// <summary>
    /// A person meets one variant at the entry diagnostic and another at the final one, so no item of the form may give
    /// away the answer to another item.
    /// </summary>
    internal static IEnumerable<Hit> AnswerLeak(LintedBank bank)
    {
        var stems = bank.Items.ToDictionary(item => item.Code, item => Words.Forms(bank.WordsOf(item)), StringComparer.Ordinal);
        var leaks =
            from facets in bank.Together
            let items = facets.SelectMany(facet => facet.Items).ToList()
            from asked in items
            from text in asked.Body.KeyTexts
            where text.Count(char.IsLetter) >= 4 && !Words.IsNumeral(text)
            let sequence = Words.Forms(Words.Of(text))
            from other in items
            where other.Code != asked.Code && Words.Holds(stems[other.Code], sequence)
            select (asked, text, other);
        return leaks
            .DistinctBy(leak => (leak.asked.Code, leak.other.Code))
            .Select(leak =>
                bank.At(
                    leak.other,
                    $"В тексте задания стоит «{leak.text}» — ответ на задание {leak.asked.Code}{(leak.asked.Variant == leak.other.Variant
                ? " того же варианта"
                : ", которое человек может встретить в другой раз")}.",
                    "Перефразируйте это задание или спросите в другом о чём-то ином.",
                    leak.asked
                )
            );
    }

    private static (IReadOnlyList<Entry> Right, IReadOnlyList<Entry> Wrong) Split(ItemBody body)
    {
        var (options, key) = body.Choices;
        return (options.Where(option => key.Contains(option.Id)).ToList(), options.Where(option => !key.Contains(option.Id)).ToList());
    }

    private static IEnumerable<string> MixOf(IReadOnlyList<Entry> entries)
    {
        if (entries.FirstOrDefault(entry => AllOrNone().IsMatch(entry.Text)) is { } sweeping)
            yield return $"Вариант {sweeping.Id} («{sweeping.Text}») говорит о других вариантах, а не о предмете вопроса";
        // A formula with a relation («AB = CD») is a statement like any other; a bare number beside phrases is not.
        var numeric = entries.Where(entry => !RussianWord().IsMatch(entry.Text) && !Relation().IsMatch(entry.Text)).ToList();
        var wordy = entries.Where(entry => RussianWord().Count(entry.Text) >= 3).ToList();
        if (numeric.Count > 0 && wordy.Count > 0)
            yield return $"Варианты разного рода: {numeric[0].Id} — число или формула, {wordy[0].Id} — фраза";
        var phrases = entries.Where(entry => RussianWord().IsMatch(entry.Text) && !Abbreviation().IsMatch(entry.Text)).ToList();
        var stopped = phrases.Where(entry => entry.Text[^1] is '.' or '!' or '?').ToList();
        if (stopped.Count > 0 && stopped.Count < phrases.Count)
            yield return $"С точкой на конце только {Ids(stopped)}, у остальных её нет";
        var lettered = entries
            .Where(entry => entry.Text.Length > 0 && entry.Text[0] is (>= 'а' and <= 'я') or (>= 'А' and <= 'Я') or 'ё' or 'Ё')
            .ToList();
        var lower = lettered.Where(entry => char.IsLower(entry.Text[0])).ToList();
        if (lower.Count > 0 && lower.Count < lettered.Count)
            yield return $"Со строчной буквы начинается только {Ids(lower)}, остальные — с прописной";
    }

    private static string Ids(IEnumerable<Entry> entries) => string.Join(", ", entries.Select(entry => entry.Id));

    [GeneratedRegex(
        @"(?<!\p{L})(вс[её] (выше)?(перечисленн|указанн|названн)|вс[её] ответы|верны все|ни один из"
            + "|ничего из (выше)?перечисленн|нет (верного|правильного) (ответа|варианта)|оба (ответа|варианта))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex AllOrNone();

    // Phrases that define something («то есть …», «относят к …, если …», «…»: сообщают …) or point back to a
    // definition.
    [GeneratedRegex(
        @"(?<!\p{L})(то есть|иначе говоря)(?!\p{L})[^.?!]*"
            + @"|(?<!\p{L})(относят|относится|называют|считают|используют|применяют)(?!\p{L})[^.?!]*, (если|когда|чтобы) [^.?!]*"
            + @"|«[^»]+»[^?!:«]*: \p{Ll}+(ют|ят|ет|ит)(?!\p{L})[^.?!]*"
            + @"|(?<!\p{L})различают(?!\p{L})[^.?!(]*\([^)]+\)"
            + @"|по этому правилу|(обоим|этим) требованиям|построены так(?!\p{L})|(такую|этой) причин\p{L}+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex PrintedRule();

    [GeneratedRegex("[а-яёА-ЯЁ]{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex RussianWord();

    [GeneratedRegex("[=≠<>≤≥≈∥⊥∈∉⇔⇒∼~]", RegexOptions.CultureInvariant)]
    private static partial Regex Relation();

    // «12 руб.» may or may not end a sentence, so a text with such an end is not compared.
    [GeneratedRegex(
        @"(?<!\p{L})(руб|коп|кв|куб|мин|сек|час|ч|г|гг|в|вв|тыс|млн|млрд|шт|ед|д|п|т|др|пр|см|м|км|кг|л)\.\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Abbreviation();
}
