using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Operations;

namespace Diagnostics.UseCases.Operations;

/// <summary>Copies the SQLite database while the service runs.</summary>
internal static class BackupDatabase
{
    /// <param name="target">Path of the copy, a file that does not exist yet.</param>
    /// <returns>What the copy contains, as read from the copy itself.</returns>
    internal static Task<Result<BackupContents>> Run(Database database, string target) =>
        SqliteBackup.Write(database.File ?? throw new ArgumentException("A server is copied by its own tools.", nameof(database)), target);
}
