namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// How short answers are read: which texts count as equal, what counts as a number, and when a key accepts an answer.
/// The set of rules is closed. A changed rule gets a new name, and answers scored under a rule are always rescored
/// under that same rule.
/// </summary>
public abstract class AnswerRule
{
    /// <summary>The rule of campaigns published before a second rule existed.</summary>
    public static readonly AnswerRule Ru1 = new Ru1();

    public static readonly AnswerRule Ru2 = new Ru2();

    public static readonly IReadOnlyList<AnswerRule> All = [Ru1, Ru2];

    private protected AnswerRule(string name) => (Name, ScoreName) = (name, $"short_answer/{name}");

    /// <summary>The name in scoring policies, e.g. <c>ru-2</c>.</summary>
    public string Name { get; }

    /// <summary>The name in scores, e.g. <c>short_answer/ru-2</c>.</summary>
    public string ScoreName { get; }

    /// <summary>The newest rule, by which banks are checked.</summary>
    internal static AnswerRule Newest => All[^1];

    public static AnswerRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>The rule that gave a score.</summary>
    /// <exception cref="InvalidOperationException">None of these rules gave the score.</exception>
    public static AnswerRule OfScore(string scoreName) =>
        All.FirstOrDefault(rule => rule.ScoreName == scoreName)
        ?? throw new InvalidOperationException($"«{scoreName}» is no rule for short answers.");

    /// <exception cref="FormatException">The key cannot be read under this rule: an error, never a silent
    /// zero.</exception>
    internal abstract KeyReader Compile(ShortAnswerKey key);
}

/// <summary>A key prepared for reading answers by one rule.</summary>
internal abstract class KeyReader
{
    /// <summary>Reads any typed text without throwing. Reading the text of a group gives that same group.</summary>
    internal abstract ReadAnswer Read(string typed);

    /// <summary>Reads a number of the key itself, without a unit.</summary>
    private protected static Fraction Read(string text, Func<string, (Fraction Value, string Unit)?> read) =>
        read(text) is ({ } value, "") ? value : throw new FormatException($"«{text}» в ключе не читается как число.");

    private protected static Fraction NotNegative(string text, Fraction tolerance) =>
        tolerance.Numerator.Sign >= 0 ? tolerance : throw new FormatException($"Допуск «{text}» в ключе меньше нуля.");
}

/// <param name="Group">Equal for answers that are equal under the rule, and for no others; '' for an answer that shows
/// nothing.</param>
/// <param name="IsRight">Whether the key accepts the answer.</param>
public readonly record struct ReadAnswer(string Group, bool IsRight);
