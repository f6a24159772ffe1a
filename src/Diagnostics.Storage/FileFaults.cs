namespace Diagnostics.Storage;

/// <summary>
/// Explains in Russian, for an operator, why a file or a folder cannot be used: the messages of .NET are English.
/// </summary>
internal static class FileFaults
{
    internal static bool Is(Exception fault) => fault is IOException or UnauthorizedAccessException or NotSupportedException;

    internal static string OfFile(string path, Exception fault) => Directory.Exists(path) ? "на этом месте папка" : Of(path, fault);

    internal static string OfFolder(string path, Exception fault) => File.Exists(path) ? "на этом месте файл" : Of(path, fault);

    private static string Of(string path, Exception fault)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
                return $"{above} — файл, а не папка";
            if (Directory.Exists(above))
                break;
        }
        return fault switch
        {
            UnauthorizedAccessException => "нет права",
            DirectoryNotFoundException => $"папки {Path.GetDirectoryName(path)} нет",
            PathTooLongException => "слишком длинное имя",
            _ => "диск или система этого не позволяет",
        };
    }
}
