using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>The database's schema, for start-up, the commands and the readiness check.</summary>
internal static class Schema
{
    /// <summary>
    /// Applies the schema changes that are still missing. Any number of processes may call it at the same time; only
    /// one of them does the work.
    /// </summary>
    /// <returns>Names of the changes that were applied.</returns>
    internal static Task<IReadOnlyList<string>> Migrate(Database database, Instant now) => Migrator.Migrate(database, now);

    /// <summary>
    /// Migrates a database that belongs to this process; refuses a server whose schema is out of date.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The schema is not the one that this version needs.</exception>
    internal static Task Prepare(Database database, Instant now) => Migrator.Prepare(database, now);

    /// <exception cref="DatabaseUnavailableException">A newer version of the service made the database.</exception>
    internal static Task RefuseNewer(Database database) => database.Read(Migrator.RefuseNewer);

    /// <exception cref="DatabaseUnavailableException">The schema does not belong to this version of the
    /// service.</exception>
    internal static Task Check(Database database) => database.Read(Migrator.Check);

    internal static Task<IReadOnlyList<string>> Pending(Database database) => database.Read(Migrator.Pending);
}
