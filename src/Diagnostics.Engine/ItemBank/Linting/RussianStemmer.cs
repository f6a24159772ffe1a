using System.Buffers;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// The Snowball stemmer for Russian (M. Porter, snowballstem.org/algorithms/russian/stemmer.html) reduces the forms of
/// a word to one stem. It knows only endings, so some different words share a stem and some forms of the same word do
/// not.
/// </summary>
public static class RussianStemmer
{
    private const string Vowels = "аеиоуыэюя";

    private static readonly SearchValues<char> VowelSet = SearchValues.Create(Vowels);
    private static readonly string[] Gerunds = ["в", "вши", "вшись"];
    private static readonly string[] GerundsFree = ["ив", "ивши", "ившись", "ыв", "ывши", "ывшись"];
    private static readonly string[] Adjectives =
    [
        "ее",
        "ие",
        "ые",
        "ое",
        "ими",
        "ыми",
        "ей",
        "ий",
        "ый",
        "ой",
        "ем",
        "им",
        "ым",
        "ом",
        "его",
        "ого",
        "ему",
        "ому",
        "их",
        "ых",
        "ую",
        "юю",
        "ая",
        "яя",
        "ою",
        "ею",
    ];
    private static readonly string[] Participles = ["ем", "нн", "вш", "ющ", "щ"];
    private static readonly string[] ParticiplesFree = ["ивш", "ывш", "ующ"];
    private static readonly string[] Reflexives = ["ся", "сь"];
    private static readonly string[] Verbs =
    [
        "ла",
        "на",
        "ете",
        "йте",
        "ли",
        "й",
        "л",
        "ем",
        "н",
        "ло",
        "но",
        "ет",
        "ют",
        "ны",
        "ть",
        "ешь",
        "нно",
    ];
    private static readonly string[] VerbsFree =
    [
        "ила",
        "ыла",
        "ена",
        "ейте",
        "уйте",
        "ите",
        "или",
        "ыли",
        "ей",
        "уй",
        "ил",
        "ыл",
        "им",
        "ым",
        "ен",
        "ило",
        "ыло",
        "ено",
        "ят",
        "ует",
        "уют",
        "ит",
        "ыт",
        "ены",
        "ить",
        "ыть",
        "ишь",
        "ую",
        "ю",
    ];
    private static readonly string[] Nouns =
    [
        "а",
        "ев",
        "ов",
        "ие",
        "ье",
        "е",
        "иями",
        "ями",
        "ами",
        "еи",
        "ии",
        "и",
        "ией",
        "ей",
        "ой",
        "ий",
        "й",
        "иям",
        "ям",
        "ием",
        "ем",
        "ам",
        "ом",
        "о",
        "у",
        "ах",
        "иях",
        "ях",
        "ы",
        "ь",
        "ию",
        "ью",
        "ю",
        "ия",
        "ья",
        "я",
    ];

    /// <param name="word">One word in lower case; ё counts as е.</param>
    public static string Stem(string word)
    {
        var text = word.Replace('ё', 'е');
        var region = text.AsSpan().IndexOfAny(VowelSet) + 1;
        if (region == 0)
            return text;
        var second = SecondRegion(text);

        if (!TryCut(ref text, region, Gerunds, GerundsFree))
        {
            TryCut(ref text, region, [], Reflexives);
            if (TryCut(ref text, region, [], Adjectives))
                TryCut(ref text, region, Participles, ParticiplesFree);
            else if (!TryCut(ref text, region, Verbs, VerbsFree))
                TryCut(ref text, region, [], Nouns);
        }
        TryCut(ref text, region, [], ["и"]);
        TryCut(ref text, second, [], ["ост", "ость"]);
        if (!TryUndouble(ref text, region))
        {
            if (TryCut(ref text, region, [], ["ейш", "ейше"]))
                TryUndouble(ref text, region);
            else
                TryCut(ref text, region, [], ["ь"]);
        }
        return text;
    }

    /// <summary>
    /// Cuts the longest ending inside the region; an ending of the first group is cut only after а or я.
    /// </summary>
    private static bool TryCut(ref string text, int region, string[] afterVowel, string[] free)
    {
        var cut = 0;
        foreach (var ending in free)
            if (ending.Length > cut && text.Length - ending.Length >= region && text.EndsWith(ending, StringComparison.Ordinal))
                cut = ending.Length;
        foreach (var ending in afterVowel)
            if (
                ending.Length > cut
                && text.Length - ending.Length - 1 >= region
                && text.EndsWith(ending, StringComparison.Ordinal)
                && text[^(ending.Length + 1)] is 'а' or 'я'
            )
                cut = ending.Length;
        if (cut == 0)
            return false;
        text = text[..^cut];
        return true;
    }

    private static bool TryUndouble(ref string text, int region)
    {
        if (text.Length - 2 < region || !text.EndsWith("нн", StringComparison.Ordinal))
            return false;
        text = text[..^1];
        return true;
    }

    /// <summary>The start of the region after the second vowel–consonant pair.</summary>
    private static int SecondRegion(string text)
    {
        var start = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            while (start < text.Length && !Vowels.Contains(text[start]))
                start++;
            while (start < text.Length && Vowels.Contains(text[start]))
                start++;
            start = Math.Min(start + 1, text.Length);
        }
        return start;
    }
}
