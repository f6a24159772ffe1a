using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Splits an item's texts into words.</summary>
internal static partial class Words
{
    // Words that belong to the task and not to its subject, so they may occur anywhere without giving anything away.
    private static readonly HashSet<string> Functional = new(
        (
            "более больше быть ведь весь вместо время всего всегда всех даже другой если ещё зачем здесь именно иной какой когда который либо "
            + "любой между менее меньше может можно надо нельзя некоторый несколько никакой никогда нужно один однако около очень перед после "
            + "потом поэтому почему почти прежде при про просто пусть разный ранее самый свой себя сейчас следующий следует снова согласно среди сразу так "
            + "также такой там тебя теперь тогда того тоже только тот точно уже хотя чаще чего через что чтобы чья этот является "
            + "выберите укажите установите определите назовите найдите вычислите запишите заполните расположите верный верно "
            + "правильный неверный ответ вариант задание "
            + "утверждение следующие"
        )
            .Split(' ')
            .Select(RussianStemmer.Stem),
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Numerals = new(
        (
            "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать "
            + "семнадцать восемнадцать девятнадцать двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста четыреста "
            + "пятьсот шестьсот семьсот восемьсот девятьсот тысяча половина треть четверть"
        ).Split(' '),
        StringComparer.Ordinal
    );

    /// <summary>
    /// Whether a text consists of numerals only: «пять», «двадцать пять». Like digits, numerals occur in many texts and
    /// give nothing away.
    /// </summary>
    internal static bool IsNumeral(string text) => Of(text).All(Numerals.Contains);

    /// <summary>
    /// Returns runs of letters (which may contain hyphens) and runs of digits, in lower case, with е in place of ё.
    /// </summary>
    internal static IReadOnlyList<string> Of(string text) =>
        Word().Matches(text).Select(match => match.Value.ToLowerInvariant().Replace('ё', 'е')).ToList();

    /// <summary>Returns the words that carry the subject: four letters or more, without function words.</summary>
    internal static IReadOnlyList<WordForm> Content(string text) =>
        Forms(Of(text)).Where(form => form.Word.Length >= 4 && !char.IsDigit(form.Word[0]) && !Functional.Contains(form.Stem)).ToList();

    internal static IReadOnlyList<WordForm> Forms(IReadOnlyList<string> words) =>
        words.Select(word => new WordForm(word, RussianStemmer.Stem(word))).ToList();

    /// <summary>Whether the text contains the sequence, word by word, each word in any of its forms.</summary>
    internal static bool Holds(IReadOnlyList<WordForm> text, IReadOnlyList<WordForm> sequence) =>
        sequence.Count > 0
        && Enumerable
            .Range(0, Math.Max(0, text.Count - sequence.Count + 1))
            .Any(start => sequence.Select((form, place) => text[start + place].IsLike(form)).All(same => same));

    [GeneratedRegex(@"\p{L}+(-\p{L}+)*|\p{Nd}+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}

/// <summary>A word and its stem.</summary>
internal readonly record struct WordForm(string Word, string Stem)
{
    /// <summary>
    /// Whether two words are forms of the same word: their stems are equal, or they share a beginning of at least five
    /// letters and differ in their endings. The second rule is needed because the stemmer mistakes the ending of some
    /// nouns for that of a verb («медиана» → «медиа», «медиану» → «медиан»).
    /// </summary>
    internal bool IsLike(WordForm other)
    {
        if (Stem == other.Stem)
            return true;
        var common = Word.AsSpan().CommonPrefixLength(other.Word);
        var (shorter, longer) = (Math.Min(Word.Length, other.Word.Length) - common, Math.Max(Word.Length, other.Word.Length) - common);
        return common >= 5 && shorter <= 1 && longer <= 3;
    }
}
