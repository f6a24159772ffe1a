using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests;

/// <summary>A connection that remembers every command made on it, so that a test can ask how SQLite carries it out.</summary>
internal sealed class RecordingConnection(SqliteConnection inner) : ConnectionOver(inner)
{
    internal List<SqliteCommand> Commands { get; } = [];

    protected override DbCommand CreateDbCommand()
    {
        var command = Inner.CreateCommand();
        Commands.Add(command);
        return command;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Inner.Dispose();
        base.Dispose(disposing);
    }
}
