namespace Diagnostics.Engine.Marking;

/// <summary>Why an expert sends a script to somebody else and tells the chair.</summary>
public enum ScriptFlag
{
    /// <summary>«Автор раскрыл себя»: the answer names its author or shows who it is.</summary>
    AuthorRevealed,

    Unreadable,

    Other,
}
