namespace Diagnostics.Engine.Marking;

/// <summary>Why an expert passes a script to somebody else and notifies the chair.</summary>
public enum ScriptFlag
{
    /// <summary>«Автор раскрыл себя»: the answer names its author or shows who the author is.</summary>
    AuthorRevealed,

    Unreadable,

    Other,
}
