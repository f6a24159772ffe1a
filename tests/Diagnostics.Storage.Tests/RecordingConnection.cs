using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// A connection that records every command, so that a test can ask SQLite for the plan of the command.
/// </summary>
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
        if (disposing)
            Inner.Dispose();
        base.Dispose(disposing);
    }
}
