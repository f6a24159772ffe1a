namespace Diagnostics.Engine.Appeals;

/// <summary>Which files may be added to an appeal.</summary>
public static class AttachmentRules
{
    public const int MaxBytes = 5 * 1024 * 1024;

    public const int MaxCount = 5;

    /// <summary>
    /// The file's own name without folders, with an extension that fits its content, so that the saved file opens with
    /// the right program.
    /// </summary>
    public static string NameOf(string name, string mediaType)
    {
        var own = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var endings = FileSignature.EndingsOf(mediaType);
        return endings.Any(ending => own.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? own : own + endings[0];
    }

    /// <summary>A neutral file name, for readers who must not learn whose file it is.</summary>
    public static string NeutralName(int number, string mediaType) => $"Приложение {number}{FileSignature.EndingsOf(mediaType)[0]}";
}
