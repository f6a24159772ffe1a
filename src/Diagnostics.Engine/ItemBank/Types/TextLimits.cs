namespace Diagnostics.Engine.ItemBank;

internal static class TextLimits
{
    internal static Refusal? Check(string text, int maximum)
    {
        if (text.Length > maximum)
            return new Refusal("answer-too-long", RefusalKind.TooLarge, $"Ответ длиннее {maximum} знаков: {text.Length}.").With(
                "maxLength",
                maximum
            );
        return text.Contains('\0') ? Refusal.Invalid("forbidden-character", "В ответе есть недопустимый знак U+0000.") : null;
    }
}
