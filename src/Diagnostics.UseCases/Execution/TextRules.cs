using Diagnostics.Engine;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Execution;

/// <summary>What every text that a person types must keep to.</summary>
internal static class TextRules
{
    /// <returns>Null when it is not empty, not too long and holds no NUL.</returns>
    internal static Refusal? Check(string field, string? text, int maxLength) => text switch
    {
        null or "" => Refusal.Invalid("text-missing", $"Заполните поле {field}.").With("field", field),
        _ when string.IsNullOrWhiteSpace(text) => Refusal.Invalid("text-missing", $"Заполните поле {field}.").With("field", field),
        _ when text.Length > maxLength => Refusal.Invalid("text-too-long", $"Поле {field} длиннее {maxLength} знаков.").With("field", field),
        _ when text.Contains('\0') => Refusal.Invalid("forbidden-character", $"В поле {field} есть недопустимый знак U+0000.").With("field", field),
        _ => null,
    };
}
