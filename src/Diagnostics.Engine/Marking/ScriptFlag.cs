using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Marking;

/// <summary>Why an expert passes a script to somebody else and notifies the chair.</summary>
public enum ScriptFlag
{
    /// <summary>«Автор раскрыл себя»: the answer names its author or shows who the author is.</summary>
    AuthorRevealed,

    Unreadable,

    /// <summary>The answer shows that somebody may be in danger: a threat to the author or to other people.</summary>
    Dangerous,

    Other,
}

/// <summary>Who is told about flags of one kind, and how soon they must look at the script.</summary>
/// <param name="Tell">The chair, the operator or both; whoever is told finds the flag among what waits for them.</param>
/// <param name="WithinMinutes">For how many minutes a flag may wait, 1–10,080; absent = until the results are
/// approved.</param>
public sealed record FlagRule(ScriptFlag Kind, IReadOnlyList<Role> Tell, int? WithinMinutes = null);
