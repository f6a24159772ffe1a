using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>The database's schema, for start-up, the commands and the readiness check.</summary>
internal static class Schema
{
    /// <summary>
    /// Applies missing changes. Any number of processes may call it at the same time; only one of them does the work.
    /// </summary>
    /// <returns>Names of the changes that were applied.</returns>
    internal static Task<IReadOnlyList<string>> Migrate(Database database, Instant now) => Migrator.Migrate(database, now);

    /// <summary>
    /// Migrates a database that belongs to this process; refuses a server whose schema is out of date.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The schema is not the one that this version needs.</exception>
    internal static Task Prepare(Database database, Instant now) => Migrator.Prepare(database, now);

    internal static Task<IReadOnlyList<string>> Pending(Database database) => database.Read(Migrator.Pending);
}
