namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The folder of the database, and so of people's data. Only the service's own account may use it, whatever the
/// machine's usual permissions are. On Windows the operator manages the folder's access list.
/// </summary>
internal static class DataFolder
{
    internal const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    internal const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder, or closes an existing one and its files to other accounts.</summary>
    internal static void Prepare(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, FolderMode);
        Close(folder, FolderMode);
        foreach (var file in Directory.EnumerateFiles(folder))
            Close(file, FileMode);
    }

    /// <summary>Options for writing a file; only its owner may use a new file.</summary>
    internal static FileStreamOptions Writing(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode;
        return options;
    }

    private static void Close(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            if ((File.GetUnixFileMode(path) & ~mode) != 0)
                File.SetUnixFileMode(path, mode);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Either the folder belongs to another account, as a mounted volume may, and its owner decides who may use
            // it; or SQLite has just removed the file.
        }
    }
}
