using System.Security.Authentication;

namespace Diagnostics.Storage;

/// <summary>
/// The database cannot be opened, or cannot be used in its present state; the message is for an operator.
/// </summary>
public sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The database cannot store or compare a text, for example one that contains U+0000.</summary>
public sealed class UnstorableTextException(Exception cause) : Exception("The database cannot hold a text of this request.", cause);

/// <summary>The database is too busy to do this now: the caller should retry after a moment.</summary>
public sealed class DatabaseBusyException(Exception? cause = null) : Exception("Too many works are waiting for the database.", cause);

internal static class DatabaseFaults
{
    /// <summary>
    /// Returns the exception for a connection string that cannot be read. The reason in the fault is included only if
    /// it is in Russian, so an English reason from a driver is left out.
    /// </summary>
    internal static DatabaseUnavailableException OfConnectionString(Exception fault) =>
        new(
            fault.Message.Any(letter => letter is >= 'а' and <= 'я')
                ? $"Строка подключения Database:ConnectionString не читается: {fault.Message.TrimEnd('.')}."
                : "Строка подключения Database:ConnectionString не читается; какой она должна быть, сказано в docs/operations/databases.md.",
            fault
        );

    /// <summary>
    /// Whether client and server disagreed about the server's certificate. Drivers nest this fault in others, so every
    /// inner fault is examined.
    /// </summary>
    internal static bool IsOfCertificate(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is AuthenticationException)
                return true;
        return false;
    }
}
