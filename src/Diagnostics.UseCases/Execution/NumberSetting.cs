using System.Globalization;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// A setting that is a number. Its decimal separator may be a point or, as Russians write it, a comma.
/// </summary>
internal static class NumberSetting
{
    /// <param name="usual">The number to use when the setting is empty.</param>
    /// <exception cref="SettingException">The text is not a number.</exception>
    internal static double Read(string name, string? text, double usual) =>
        string.IsNullOrWhiteSpace(text) ? usual
        : double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
        : throw new SettingException(name, $"«{text}» — не число");
}
