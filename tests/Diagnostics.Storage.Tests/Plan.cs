using Diagnostics.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests;

/// <summary>SQLite's plan for one statement of <see cref="HotStatements"/>.</summary>
internal sealed record Plan(string Name, string Sql, List<string> Steps)
{
    /// <summary>A database with the current schema and only one session.</summary>
    internal static async Task<TestDatabase> Scene()
    {
        var test = await TestDatabase.Migrated(Provider.Sqlite);
        await using var connection = test.Connect();
        await using var session = connection.CreateCommand();
        session.CommandText = $"PRAGMA foreign_keys = OFF; {HotStatements.Scene}";
        await session.ExecuteNonQueryAsync();
        return test;
    }

    internal static async Task<List<Plan>> Of(TestDatabase test, string name)
    {
        var inner = test.Connect();
        await using var connection = new RecordingConnection(inner);
        await using var transaction = inner.BeginTransaction();
        await HotStatements.All[name](new Db(connection, transaction, SqliteDialect.Instance));
        return connection.Commands.Select(command => new Plan(name, command.CommandText, Explain(inner, transaction, command))).ToList();
    }

    private static List<string> Explain(SqliteConnection connection, SqliteTransaction transaction, SqliteCommand ran)
    {
        using var explain = connection.CreateCommand();
        explain.Transaction = transaction;
        explain.CommandText = "EXPLAIN QUERY PLAN " + ran.CommandText;
        foreach (SqliteParameter parameter in ran.Parameters)
            explain.Parameters.AddWithValue(parameter.ParameterName, parameter.Value);
        using var reader = explain.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
            steps.Add(reader.GetString(3));
        return steps;
    }

    public override string ToString() => $"{Name}:\n{Sql}\n  {string.Join("\n  ", Steps)}";
}
