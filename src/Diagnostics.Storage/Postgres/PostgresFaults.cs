using Npgsql;

namespace Diagnostics.Storage.Postgres;

/// <summary>The meaning of the server's faults.</summary>
internal static class PostgresFaults
{
    private const string ShardNotCommitted = "could not commit transaction for shard";

    /// <summary>
    /// How many times in all to run a unit that failed only because of another one: a serialisation failure, a
    /// deadlock, or a key that another unit has just taken, which the next run sees (PostgreSQL's manual, 13.5). A key
    /// that is taken for good stays taken.
    /// </summary>
    internal static int MostAttempts(PostgresException fault) =>
        IsConflict(fault) ? 12
        : fault.SqlState == PostgresErrorCodes.UniqueViolation ? 3
        : 1;

    /// <summary>
    /// Whether the fault is a conflict with another unit. Citus reports a serialisation failure that shows only when a
    /// shard commits as an internal error, and only the text tells it from other internal errors.
    /// </summary>
    internal static bool IsConflict(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || (
            fault.SqlState == PostgresErrorCodes.InternalError && fault.MessageText.StartsWith(ShardNotCommitted, StringComparison.Ordinal)
        );

    /// <summary>The server's problem in words for an operator; null for a fault of the statement.</summary>
    internal static Exception? Explain(NpgsqlException fault, NpgsqlConnectionStringBuilder settings)
    {
        return fault switch
        {
            PostgresException known when IsConflict(known) => null,
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } =>
                new DatabaseBusyException(fault),
            PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
                new UnstorableTextException(fault),
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                Unavailable("не принимает имя или пароль"),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Unavailable(
                $"не знает базы данных «{settings.Database}»: создайте её"
            ),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Unavailable("не даёт службе нужных прав"),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => Unavailable(
                "доступен только для чтения: укажите ведущий сервер"
            ),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Unavailable("не может писать: на диске нет места"),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => Unavailable(
                "не даёт больше подключений: уменьшите Maximum Pool Size или увеличьте max_connections"
            ),
            // Connection faults, lack of resources, a stop by the operator, faults of the system and of files.
            PostgresException { SqlState: ['0', '8', ..] or ['5', '3' or '7' or '8', ..] or ['X', 'X', ..] } => Unavailable("не работает"),
            PostgresException => null,
            { InnerException: TimeoutException } => new DatabaseBusyException(fault),
            _ => Unreachable(fault, settings),
        };

        DatabaseUnavailableException Unavailable(string trouble) => Told(trouble, fault, settings);
    }

    internal static DatabaseUnavailableException Unreachable(Exception fault, NpgsqlConnectionStringBuilder settings) =>
        Told(
            DatabaseFaults.IsOfCertificate(fault)
                ? "показывает сертификат, которому здесь не доверяют: поставьте доверенный или укажите его в Root Certificate"
                : "не отвечает",
            fault,
            settings
        );

    private static DatabaseUnavailableException Told(string trouble, Exception fault, NpgsqlConnectionStringBuilder settings) =>
        new($"Сервер PostgreSQL {settings.Host}:{settings.Port} {trouble} ({fault.Message.TrimEnd('.')}).", fault);
}
