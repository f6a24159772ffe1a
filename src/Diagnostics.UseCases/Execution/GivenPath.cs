using Diagnostics.Storage;

namespace Diagnostics.UseCases.Execution;

/// <summary>A file or folder that an operator has named.</summary>
internal static class GivenPath
{
    /// <returns>Why a folder cannot be read, as the end of a sentence; null when it can.</returns>
    internal static string? Unreadable(string folder)
    {
        if (File.Exists(folder))
            return $"{folder} — файл, а нужна папка";
        if (!Directory.Exists(folder))
            return $"папки {folder} нет";
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return null;
        }
        catch (Exception fault) when (FileFaults.Is(fault))
        {
            return $"папка {folder} не читается ({FileFaults.OfFolder(folder, fault)})";
        }
    }

    /// <returns>A sentence about a file that could not be written; null for a fault of another kind.</returns>
    internal static string? UnwritableFile(string path, Exception fault) =>
        FileFaults.Is(fault) ? $"{Path.GetFullPath(path)} не пишется, {FileFaults.OfFile(Path.GetFullPath(path), fault)}." : null;

    /// <inheritdoc cref="UnwritableFile"/>
    internal static string? UnwritableFolder(string path, Exception fault) =>
        FileFaults.Is(fault) ? $"{Path.GetFullPath(path)} не пишется, {FileFaults.OfFolder(Path.GetFullPath(path), fault)}." : null;
}
