namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The folder that holds the database, and people's data with it: for the service's own account alone, whatever the
/// machine's usual permissions are. On Windows the folder's access list is the operator's affair.
/// </summary>
internal static class DataFolder
{
    internal const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    internal const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, or closes one that others may look into, with the files that lie in it.</summary>
    internal static void Prepare(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, FolderMode);
        Close(folder, FolderMode);
        foreach (var file in Directory.EnumerateFiles(folder)) Close(file, FileMode);
    }

    /// <summary>Opens a file to be written, for its owner alone where it is new.</summary>
    internal static FileStreamOptions Writing(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        return options;
    }

    private static void Close(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            if ((File.GetUnixFileMode(path) & ~mode) != 0) File.SetUnixFileMode(path, mode);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another's folder, e.g. a volume; or a file of SQLite's that has just gone. Whoever gave it decides about it.
        }
    }
}
