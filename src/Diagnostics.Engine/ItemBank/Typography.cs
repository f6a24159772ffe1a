using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// Sets non-breaking spaces where Russian typography does not allow a line break: «20 %», «№ 273», «т. е.», «Д. Б.
/// Эльконин». Authors type plain spaces, and the stored, compared and fingerprinted text keeps them; only a text that
/// is shown gets non-breaking ones.
/// </summary>
public static partial class Typography
{
    private const string NonBreakingSpace = "\u00A0";

    /// <summary>
    /// Returns the text with some of its plain spaces made non-breaking; every other character stays.
    /// </summary>
    public static string Bind(string text) => Bound().Replace(text, NonBreakingSpace);

    /// <summary>Returns the stimulus with typeset words; the words inside a drawing stay as they are.</summary>
    public static Stimulus Bind(Stimulus stimulus) =>
        stimulus with
        {
            Title = Bind(stimulus.Title),
            Body = Bind(stimulus.Body),
            Alt = stimulus.Alt is null ? null : Bind(stimulus.Alt),
        };

    // Line ends, indents and table cells must stay as they are, because they mean something in Markdown. So a space is
    // replaced only when it stands alone between two visible characters: each line below names both neighbours of the
    // space.
    [GeneratedRegex(
        """
            (?<=\p{Nd})[ ](?=[%‰°])                                                               # 20 %, −12 °C
            |(?<=\p{Nd})[ ](?=(?:мм|см|дм|м|км|га|мг|г|кг|ц|т|мл|л|с|мин|ч|сут|р|руб|коп|тыс|млн|млрд)(?![\p{L}\p{Nd}]))
            |(?<=\b(?:тыс\.|млн|млрд))[ ](?=(?:р|руб)(?!\p{L}))                                   # 3 млн руб.
            |(?<=(?<![\p{Nd},.])\p{Nd}{1,3}(?:[ ]\p{Nd}{3})*)[ ](?=\p{Nd}{3}(?!\p{Nd}))           # 14 000
            |(?<=[№§])[ ](?=[\p{L}\p{Nd}])                                                        # № 273
            |(?<=\b(?:ст|п|пп|ч|гл|с|стр|рис|табл)\.)[ ](?=\p{Nd})                                # ст. 34
            |(?<=\bт\.)[ ](?=[едпкнчо]\.)|(?<=\bн\.)[ ](?=э\.)                                    # т. е., н. э.
            |(?<=\bи)[ ](?=(?:т\.[ ]?[дп]|др|пр)\.)                                               # и т. д.
            |(?<=\b[А-ЯЁ]\.)[ ](?=[А-ЯЁ](?:\.|[а-яё]))                                            # Д. Б. Эльконин
            |(?<=\b[А-ЯЁ][а-яё]+)[ ](?=[А-ЯЁ]\.[ ]?[А-ЯЁ]\.)                                      # Эльконин Д. Б.
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Bound();
}
