using System.Data;
using System.Globalization;
using Dapper;
using Diagnostics.Engine;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage;

/// <summary>
/// Converts our types to parameters and back. On SQLite the parameters are text; on a server they have the engine's own
/// type. A null also needs a type: otherwise PostgreSQL cannot tell which types <c>@id IS NULL OR id = @id</c>
/// compares.
/// </summary>
/// <remarks>
/// Dapper does not use these handlers for elements of a list, so a list for <c>IN</c> must contain text or numbers,
/// never ids.
/// </remarks>
internal static class TypeHandlers
{
    private static readonly Lock Once = new();
    private static bool registered;

    internal static void Register()
    {
        lock (Once)
        {
            if (registered)
                return;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.RemoveTypeMap(typeof(Guid));
            SqlMapper.RemoveTypeMap(typeof(Guid?));
            SqlMapper.AddTypeHandler(typeof(Guid), new GuidHandler());
            SqlMapper.AddTypeHandler(typeof(Instant), new InstantHandler());
            SqlMapper.AddTypeHandler(typeof(Points), new PointsHandler());
            registered = true;
        }
    }

    private abstract class Handler<T>(DbType onSqlite, DbType onPostgres) : SqlMapper.ITypeHandler
    {
        public void SetValue(IDbDataParameter parameter, object value)
        {
            if (parameter is SqlParameter onSqlServer)
                Describe(onSqlServer);
            else
                parameter.DbType = parameter is SqliteParameter ? onSqlite : onPostgres;
            parameter.Value = value is not T known
                ? DBNull.Value
                : parameter switch
                {
                    SqliteParameter => ForSqlite(known),
                    SqlParameter => ForSqlServer(known),
                    _ => ForPostgres(known),
                };
        }

        public object? Parse(Type destinationType, object value) => Read(value);

        /// <summary>
        /// Sets exactly the type that the columns have, because with another type the server would not use an index.
        /// </summary>
        protected abstract void Describe(SqlParameter parameter);

        protected abstract object ForSqlite(T value);

        protected abstract object ForPostgres(T value);

        protected virtual object ForSqlServer(T value) => ForPostgres(value);

        protected abstract T Read(object value);
    }

    /// <remarks>
    /// On SQL Server an id is stored as bytes, in the order in which its text shows them. The server's own id type
    /// sorts by the last bytes, so ids created one after another would be scattered over the pages of the table.
    /// </remarks>
    private sealed class GuidHandler() : Handler<Guid>(DbType.String, DbType.Guid)
    {
        protected override void Describe(SqlParameter parameter) => (parameter.SqlDbType, parameter.Size) = (SqlDbType.Binary, 16);

        protected override object ForSqlite(Guid value) => StoredForms.Text(value);

        protected override object ForPostgres(Guid value) => value;

        protected override object ForSqlServer(Guid value) => StoredForms.Bytes(value);

        protected override Guid Read(object value) =>
            value switch
            {
                Guid id => id,
                byte[] bytes => StoredForms.IdOf(bytes),
                _ => Guid.Parse((string)value, CultureInfo.InvariantCulture),
            };
    }

    private sealed class InstantHandler() : Handler<Instant>(DbType.String, DbType.DateTime)
    {
        // The driver's default, datetime, has a precision of only a three-hundredth of a second.
        protected override void Describe(SqlParameter parameter) => (parameter.SqlDbType, parameter.Scale) = (SqlDbType.DateTime2, 6);

        protected override object ForSqlite(Instant value) => StoredForms.Text(value);

        protected override object ForPostgres(Instant value) => value.ToDateTimeUtc();

        protected override Instant Read(object value) => StoredForms.InstantOf(value);
    }

    /// <summary>Points are stored as whole thousandths on every engine.</summary>
    private sealed class PointsHandler() : Handler<Points>(DbType.Int64, DbType.Int64)
    {
        protected override void Describe(SqlParameter parameter) => parameter.SqlDbType = SqlDbType.BigInt;

        protected override object ForSqlite(Points value) => value.Thousandths;

        protected override object ForPostgres(Points value) => value.Thousandths;

        protected override Points Read(object value) => Points.FromThousandths((long)value);
    }
}
