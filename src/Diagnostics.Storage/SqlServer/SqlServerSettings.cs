using Microsoft.Data.SqlClient;

namespace Diagnostics.Storage.SqlServer;

/// <summary>Settings of every connection to SQL Server.</summary>
internal static class SqlServerSettings
{
    /// <summary>
    /// Connections of one process: no more than on PostgreSQL, because SQL Server also has few worker threads.
    /// </summary>
    private const int Connections = 40;

    /// <summary>
    /// Time to open a connection. The driver's pool opens connections one after another: while one attempt waits for a
    /// silent server, all others wait behind it, even the first one after the server has come back.
    /// </summary>
    private const int ConnectSeconds = 2;

    /// <exception cref="DatabaseUnavailableException">The connection string is invalid.</exception>
    internal static SqlConnectionStringBuilder Of(string connectionString)
    {
        try
        {
            var settings = new SqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(settings.DataSource))
                throw new ArgumentException("нет Server");
            if (string.IsNullOrEmpty(settings.InitialCatalog))
                throw new ArgumentException("нет Database");
            if (!settings.ShouldSerialize("Application Name"))
                settings.ApplicationName = "diagnostics";
            if (!settings.ShouldSerialize("Max Pool Size"))
                settings.MaxPoolSize = Connections;
            if (!settings.ShouldSerialize("Connect Timeout"))
                settings.ConnectTimeout = ConnectSeconds;
            // After a restart of the server the driver would otherwise refuse to try again for up to a minute.
            settings.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
            // A connection lost inside a transaction is a fault, and must never be silently replaced by another one
            // outside it.
            settings.ConnectRetryCount = 0;
            settings.Enlist = false;
            return settings;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new DatabaseUnavailableException($"Строка подключения Database:ConnectionString не читается: {fault.Message}", fault);
        }
    }
}
