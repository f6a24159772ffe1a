using System.Data.Common;

namespace Diagnostics.Storage;

/// <summary>Prepared SQL statements of one long-lived connection.</summary>
internal sealed class StatementCache(DbConnection connection) : IDisposable
{
    // Keyed by reference, because SQL statements are constants, and hashing a text of 700 characters for every save
    // would cost too much.
    private readonly Dictionary<string, DbCommand> commands = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The transaction in which the SQL statements run; the writer sets it at the start of each batch.
    /// </summary>
    internal DbTransaction? Transaction { get; set; }

    internal DbCommand Get(string sql, ReadOnlySpan<string> parameters)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            commands[sql] = command = Create(connection, Transaction, sql, parameters);
            command.Prepare();
        }
        command.Transaction = Transaction;
        return command;
    }

    internal static DbCommand Create(DbConnection connection, DbTransaction? transaction, string sql, ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public void Dispose()
    {
        foreach (var command in commands.Values)
            command.Dispose();
    }
}
