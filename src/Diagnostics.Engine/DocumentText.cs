namespace Diagnostics.Engine;

/// <summary>Texts inside a document that people write, such as a policy.</summary>
internal static class DocumentText
{
    internal const int MaxLength = 4000;

    /// <summary>What is wrong with a text that must be there; null when nothing is.</summary>
    internal static string? Fault(string field, string text, int maxLength = MaxLength) =>
        VisibleText.ShowsNothing(text) ? $"{field} пусто."
        : text.Length > maxLength ? $"{field} длиннее {maxLength} знаков."
        : text.Contains('\0') ? $"{field} содержит знак U+0000."
        : null;
}
