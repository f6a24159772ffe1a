using Microsoft.Data.SqlClient;

namespace Diagnostics.Storage.SqlServer;

/// <summary>The meaning of faults of the server or its driver, by number.</summary>
internal static class SqlServerFaults
{
    // The driver's own numbers.
    internal const int Timeout = -2;
    internal const int NoAnswer = 10060;
    private const int NoEncryption = 20;

    private const string Untrusted =
        "показывает сертификат, которому здесь не доверяют: поставьте доверенный, а в своей закрытой сети допишите в строку "
        + "подключения TrustServerCertificate=true";

    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;

    // Faults that our own wait for a turn throws; the server itself only returns a number.
    internal const int TurnDeadlock = 51205;
    internal const int TurnTimeout = 51222;

    /// <summary>
    /// How many times in all to run a unit that failed only because of another one: a deadlock, or a key that another
    /// unit has just taken, which the next run sees. A key that is taken for good stays taken.
    /// </summary>
    internal static int MostAttempts(int fault) =>
        fault switch
        {
            Deadlock or TurnDeadlock => 12,
            2601 or 2627 => 3,
            _ => 1,
        };

    internal static bool IsConflict(int fault) => fault is Deadlock or TurnDeadlock;

    /// <summary>The server's problem in words for an operator; null for a fault of the statement.</summary>
    /// <param name="number">The server's number of the fault; for a connection fault the driver's number.</param>
    /// <param name="severity">From 20 on the connection is lost.</param>
    internal static Exception? Explain(int number, int severity, Exception fault, SqlConnectionStringBuilder settings)
    {
        return number switch
        {
            // A statement, a lock or a memory grant took too long; a cloud service asks for patience; a snapshot is
            // older than a schema change.
            Timeout or LockTimeout or TurnTimeout or 8645 or 8651 or 40501 or 49918 or 49919 or 49920 or 3961 => new DatabaseBusyException(
                fault
            ),
            // Only columns in a key or an index have a limited length.
            2628 or 8152 or 1946 => new UnstorableTextException(fault),
            // Connections are encrypted unless the string says otherwise, and a server without a configured certificate
            // shows a self-signed one.
            _ when DatabaseFaults.IsOfCertificate(fault) => Unavailable(Untrusted),
            NoEncryption when severity >= 20 => Unavailable(
                "не шифрует соединение, а строка подключения этого требует (Encrypt, если не сказано иного, — true)"
            ),
            18456 or 18452 or 18486 or 18487 or 18488 => Unavailable("не принимает имя или пароль"),
            4060 => Unavailable($"не знает базы данных «{settings.InitialCatalog}» или не пускает в неё: создайте её и дайте права"),
            916 or 229 or 230 or 262 or 297 or 300 => Unavailable("не даёт службе нужных прав"),
            3906 or 978 => Unavailable("доступен только для чтения: укажите ведущий сервер"),
            1105 or 9002 or 1101 or 5149 => Unavailable("не может писать: на диске или в журнале нет места"),
            3952 => Unavailable($"не делает снимков базы данных «{settings.InitialCatalog}»: выполните команду migrate"),
            10928 or 10929 or 10936 or 17809 => Unavailable(
                "не даёт больше подключений: уменьшите Max Pool Size или увеличьте предел сервера"
            ),
            // The database is in recovery, being restored, moved or shut; memory is short; files have faults.
            40613
            or 40197
            or 40143
            or 40540
            or 701
            or 802
            or 823
            or 824
            or 825
            or 596
            or 921
            or 922
            or 924
            or 926
            or 927
            or 942
            or 952
            or 983
            or 6002
            or 6005 => Unavailable("не работает"),
            53 or 64 or 121 or 233 or 10053 or 10054 or NoAnswer or 10061 or 11001 => Unavailable("не отвечает"),
            _ when severity >= 20 => Unavailable("не отвечает"),
            _ => null,
        };

        DatabaseUnavailableException Unavailable(string trouble) => Told(trouble, fault, settings);
    }

    internal static DatabaseUnavailableException Unreachable(Exception fault, SqlConnectionStringBuilder settings) =>
        Told(DatabaseFaults.IsOfCertificate(fault) ? Untrusted : "не отвечает", fault, settings);

    private static DatabaseUnavailableException Told(string trouble, Exception fault, SqlConnectionStringBuilder settings) =>
        new($"Сервер SQL Server {settings.DataSource} {trouble} ({fault.Message.TrimEnd('.')}).", fault);
}
