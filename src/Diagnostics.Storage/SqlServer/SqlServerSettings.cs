using Microsoft.Data.SqlClient;

namespace Diagnostics.Storage.SqlServer;

/// <summary>What every connection to SQL Server is like.</summary>
internal static class SqlServerSettings
{
    /// <summary>Of one process, as on PostgreSQL: a server's worker threads are few too.</summary>
    private const int Connections = 40;

    /// <summary>
    /// To open a connection. The driver's pool opens them one after another: while one waits for a server that says nothing,
    /// all others wait behind it, and so does the first after the server has come back.
    /// </summary>
    private const int ConnectSeconds = 2;

    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    internal static SqlConnectionStringBuilder Of(string connectionString)
    {
        try
        {
            var settings = new SqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(settings.DataSource)) throw new ArgumentException("нет Server");
            if (string.IsNullOrEmpty(settings.InitialCatalog)) throw new ArgumentException("нет Database");
            if (!settings.ShouldSerialize("Application Name")) settings.ApplicationName = "diagnostics";
            if (!settings.ShouldSerialize("Max Pool Size")) settings.MaxPoolSize = Connections;
            if (!settings.ShouldSerialize("Connect Timeout")) settings.ConnectTimeout = ConnectSeconds;
            // After a restart of the server the driver would refuse to try again for up to a minute.
            settings.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
            // A connection that is lost inside a transaction is a fault, and must never quietly become another one outside of it.
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
