namespace Diagnostics.Engine;

/// <summary>Checks texts that people write in documents, such as policies.</summary>
internal static class DocumentText
{
    internal const int MaxLength = 4000;

    /// <summary>The fault of a required text; null when there is none.</summary>
    internal static string? Fault(string field, string text, int maxLength = MaxLength) =>
        VisibleText.ShowsNothing(text) ? $"{field} пусто."
        : text.Length > maxLength ? $"{field} длиннее {maxLength} знаков."
        : text.Contains('\0') ? $"{field} содержит знак U+0000."
        : null;
}
