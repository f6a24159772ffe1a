using System.Data;
using System.Globalization;
using Dapper;
using Diagnostics.Engine;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Dialects;

/// <summary>
/// How our types go into parameters and come out of rows: text on SQLite, the engine's own type on a server. A null has
/// its type too: PostgreSQL cannot tell what <c>@id IS NULL OR id = @id</c> compares otherwise.
/// </summary>
/// <remarks>Dapper asks nobody about the elements of a list: a list for <c>IN</c> is of text or of numbers, never of ids.</remarks>
internal static class TypeHandlers
{
    private static readonly Lock Once = new();
    private static bool registered;

    internal static void Register()
    {
        lock (Once)
        {
            if (registered) return;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.RemoveTypeMap(typeof(Guid));
            SqlMapper.RemoveTypeMap(typeof(Guid?));
            SqlMapper.AddTypeHandler(typeof(Guid), new GuidHandler());
            SqlMapper.AddTypeHandler(typeof(Instant), new InstantHandler());
            SqlMapper.AddTypeHandler(typeof(Points), new PointsHandler());
            registered = true;
        }
    }

    private abstract class Handler<T>(DbType onSqlite, DbType onServers) : SqlMapper.ITypeHandler
    {
        public void SetValue(IDbDataParameter parameter, object value)
        {
            var sqlite = parameter is SqliteParameter;
            parameter.DbType = sqlite ? onSqlite : onServers;
            parameter.Value = value is T known ? sqlite ? ForSqlite(known) : ForServers(known) : DBNull.Value;
        }

        public object? Parse(Type destinationType, object value) => Read(value);

        protected abstract object ForSqlite(T value);

        protected abstract object ForServers(T value);

        protected abstract T Read(object value);
    }

    private sealed class GuidHandler() : Handler<Guid>(DbType.String, DbType.Guid)
    {
        protected override object ForSqlite(Guid value) => Sqlite.Text(value);

        protected override object ForServers(Guid value) => value;

        protected override Guid Read(object value) => value is Guid id ? id : Guid.Parse((string)value, CultureInfo.InvariantCulture);
    }

    private sealed class InstantHandler() : Handler<Instant>(DbType.String, DbType.DateTime)
    {
        protected override object ForSqlite(Instant value) => Sqlite.Text(value);

        protected override object ForServers(Instant value) => value.ToDateTimeUtc();

        protected override Instant Read(object value) => value is DateTime moment ? Instant.FromDateTimeUtc(moment) : Sqlite.InstantText.Parse((string)value).Value;
    }

    /// <summary>Whole thousandths everywhere.</summary>
    private sealed class PointsHandler() : Handler<Points>(DbType.Int64, DbType.Int64)
    {
        protected override object ForSqlite(Points value) => value.Thousandths;

        protected override object ForServers(Points value) => value.Thousandths;

        protected override Points Read(object value) => Points.FromThousandths((long)value);
    }
}
