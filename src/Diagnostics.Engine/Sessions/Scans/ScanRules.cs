namespace Diagnostics.Engine.Sessions.Scans;

/// <summary>Which files may be kept as scans of an answer on paper.</summary>
public static class ScanRules
{
    /// <summary>A page photographed by a telephone takes 3 to 4 MB, a page from a scanner much less.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Both sides of the answer sheet and of one more sheet.</summary>
    public const int MaxCount = 4;

    /// <summary>Numbers of taken back scans are not given again, so numbers may go on a little longer.</summary>
    public const int MaxNumber = 20;

    /// <summary>A4 at 600 dots per inch has 35 million pixels; a viewer needs four bytes for each.</summary>
    public const long MaxPixels = 50_000_000;

    /// <summary>An A4 page has 9,920 pixels on its long side at 850 dots per inch; more is no page.</summary>
    internal const int MaxSide = 20_000;

    /// <summary>A scan of one answer has few pages.</summary>
    public const int MaxPages = 8;

    /// <summary>A name that tells nothing about the person or the place.</summary>
    public static string NeutralName(int number, string mediaType) => $"Скан {number}{FileSignature.EndingsOf(mediaType)[0]}";

    /// <summary>The refusal of a file that cannot be read.</summary>
    /// <param name="at">Where in the file, in bytes from its beginning; null when that says nothing.</param>
    public static Refusal Broken(string fault, long? at = null)
    {
        var refusal = Refusal.Invalid("scan-broken", at is null ? $"Файл не читается: {fault}." : $"Файл не читается: {fault}, байт {at}.");
        return at is null ? refusal : refusal.With("at", at);
    }

    /// <summary>The refusal of a picture with more points than a page needs; a file of a few kilobytes can have billions.</summary>
    public static Refusal? CheckSize(long width, long height) =>
        width is < 1 or > MaxSide || height is < 1 or > MaxSide || width * height > MaxPixels
            ? Refusal
                .Invalid(
                    "scan-dimensions",
                    $"Размер снимка {width} × {height} точек: нужно от 1 до {MaxSide} по стороне и не больше "
                        + $"{MaxPixels / 1_000_000} млн точек всего. Сохраните скан с разрешением 300 точек на дюйм."
                )
                .With("width", width)
                .With("height", height)
            : null;
}
