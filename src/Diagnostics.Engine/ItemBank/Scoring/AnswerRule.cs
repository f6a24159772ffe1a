namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// How short answers are read: what counts as the same text, what is a number, when a key accepts them. A closed set; a
/// change of any rule is a new name, and what was scored under one is scored anew under the same.
/// </summary>
public abstract class AnswerRule
{
    /// <summary>The rule of campaigns published before there was another.</summary>
    public static readonly AnswerRule Ru1 = new Ru1();

    public static readonly AnswerRule Ru2 = new Ru2();

    public static readonly IReadOnlyList<AnswerRule> All = [Ru1, Ru2];

    private protected AnswerRule(string name) => (Name, ScoreName) = (name, $"short_answer/{name}");

    /// <summary>As a scoring policy names it, e.g. <c>ru-2</c>.</summary>
    public string Name { get; }

    /// <summary>As a score names it, e.g. <c>short_answer/ru-2</c>.</summary>
    public string ScoreName { get; }

    /// <summary>The newest: what banks are checked by.</summary>
    internal static AnswerRule Newest => All[^1];

    public static AnswerRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>The rule by which a score was given.</summary>
    /// <exception cref="InvalidOperationException">It was given by none of these.</exception>
    public static AnswerRule OfScore(string scoreName) => All.FirstOrDefault(rule => rule.ScoreName == scoreName)
        ?? throw new InvalidOperationException($"«{scoreName}» is no rule for short answers.");

    /// <exception cref="FormatException">The key cannot be read under this rule: an error, never a silent zero.</exception>
    internal abstract KeyReader Compile(ShortAnswerKey key);
}

/// <summary>A key made ready to read answers by one rule.</summary>
internal abstract class KeyReader
{
    /// <summary>Never throws, whatever was typed; reading a group reads the same group.</summary>
    internal abstract ReadAnswer Read(string typed);

    /// <summary>A number of the key itself, without a unit.</summary>
    private protected static Fraction Read(string text, Func<string, (Fraction Value, string Unit)?> read) =>
        read(text) is ({ } value, "") ? value : throw new FormatException($"«{text}» в ключе не читается как число.");

    private protected static Fraction NotNegative(string text, Fraction tolerance) =>
        tolerance.Numerator.Sign >= 0 ? tolerance : throw new FormatException($"Допуск «{text}» в ключе меньше нуля.");
}

/// <param name="Group">The same for answers that are equal under the rule, and for no others; '' for one that shows nothing.</param>
/// <param name="IsRight">The key accepts it.</param>
public readonly record struct ReadAnswer(string Group, bool IsRight);
