using System.Data;
using System.Globalization;
using Dapper;
using Diagnostics.Engine;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Storage.Dialects;

/// <summary>What is SQLite's own: the connection, its pragmas, and how our types are stored.</summary>
internal static class Sqlite
{
    private static readonly Lock Once = new();
    private static bool initialised;

    internal static readonly InstantPattern InstantText = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    internal static void Initialise()
    {
        lock (Once)
        {
            if (initialised) return;
            SQLitePCL.Batteries_V2.Init();
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.RemoveTypeMap(typeof(Guid));
            SqlMapper.RemoveTypeMap(typeof(Guid?));
            SqlMapper.AddTypeHandler(new GuidHandler());
            SqlMapper.AddTypeHandler(new InstantHandler());
            SqlMapper.AddTypeHandler(new PointsHandler());
            initialised = true;
        }
    }

    internal static string ConnectionString(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 5,
    }.ToString();

    /// <summary>
    /// WAL with <c>synchronous=FULL</c>: a commit is on disk before it returns, and readers never wait for it. The log is
    /// copied back every 8,000 pages (32 MB) and not every 1,000: the same pages are written again and again in an exam,
    /// and copying them less often takes a quarter off the cost of a save.
    /// </summary>
    internal static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var pragma = connection.CreateCommand();
            pragma.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=8000;";
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new DatabaseUnavailableException($"Файл базы данных {connection.DataSource} не открывается: {fault.Message}", fault);
        }
    }

    internal static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    internal static string Text(Instant instant) => InstantText.Format(instant);

    private sealed class GuidHandler : SqlMapper.TypeHandler<Guid>
    {
        public override Guid Parse(object value) => Guid.Parse((string)value, CultureInfo.InvariantCulture);

        public override void SetValue(IDbDataParameter parameter, Guid value) => (parameter.DbType, parameter.Value) = (DbType.String, Text(value));
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<Instant>
    {
        public override Instant Parse(object value) => InstantText.Parse((string)value).Value;

        public override void SetValue(IDbDataParameter parameter, Instant value) => (parameter.DbType, parameter.Value) = (DbType.String, Text(value));
    }

    private sealed class PointsHandler : SqlMapper.TypeHandler<Points>
    {
        public override Points Parse(object value) => Points.FromThousandths((long)value);

        public override void SetValue(IDbDataParameter parameter, Points value) => (parameter.DbType, parameter.Value) = (DbType.Int64, value.Thousandths);
    }
}
