using System.Data.Common;
using System.Reflection;
using System.Text;
using Diagnostics.Engine;
using NodaTime;

namespace Diagnostics.Storage;

/// <summary>Brings the schema up to date with numbered scripts, each run once and in order.</summary>
public static class Migrator
{
    /// <summary>
    /// Migrates the database. When several processes start at the same time, one migrates and the others wait.
    /// </summary>
    /// <returns>Names of the scripts applied now.</returns>
    /// <exception cref="DatabaseUnavailableException">A newer version or another program made the database, or a script
    /// changed after it was applied.</exception>
    public static Task<IReadOnlyList<string>> Migrate(Database database, Instant now) =>
        database.ChangeSchema(db => Apply(db, now, Scripts(db.Dialect.Name)));

    internal static async Task<IReadOnlyList<string>> Apply(Db db, Instant now, IReadOnlyList<(string Name, string Text)> scripts)
    {
        if (!await HasMigrations(db))
        {
            if (await db.Value<string?>(db.Dialect.AnyTable) is { } table)
                throw new DatabaseUnavailableException(
                    $"В базе данных уже есть таблицы другой программы, например «{table}». Укажите пустую базу или другую папку данных."
                );
            await db.Execute(TableOfMigrations(db.Dialect));
        }
        var applied = (await db.Query<Applied>("SELECT name, checksum FROM schema_migrations")).ToDictionary(
            row => row.Name,
            row => row.Checksum
        );
        RefuseNewer(applied.Keys, scripts.Select(script => script.Name));
        var done = new List<string>();
        foreach (var (name, text) in scripts)
        {
            var checksum = Digest.Of(text);
            if (applied.TryGetValue(name, out var known))
            {
                if (known != checksum)
                    throw new DatabaseUnavailableException($"Изменение схемы {name} уже применено, но его текст с тех пор изменился.");
                continue;
            }
            foreach (var batch in db.Dialect.Batches(text))
                await Run(db, name, batch);
            await db.Execute(
                "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (@name, @checksum, @now)",
                new
                {
                    name,
                    checksum,
                    now,
                }
            );
            done.Add(name);
        }
        return done;
    }

    /// <exception cref="DatabaseUnavailableException">The schema is not that of this version.</exception>
    internal static async Task<Done> Check(Db db)
    {
        await RefuseNewer(db);
        return await Pending(db) is { Count: > 0 } pending ? throw OutOfDate(pending) : default;
    }

    /// <exception cref="DatabaseUnavailableException">A newer version made the database.</exception>
    internal static async Task<Done> RefuseNewer(Db db)
    {
        RefuseNewer(await AppliedTo(db), Scripts(db.Dialect.Name).Select(script => script.Name));
        return default;
    }

    private static async Task<IEnumerable<string>> AppliedTo(Db db) =>
        await HasMigrations(db) ? (await db.Query<Applied>("SELECT name, checksum FROM schema_migrations")).Select(row => row.Name) : [];

    private static void RefuseNewer(IEnumerable<string> applied, IEnumerable<string> known)
    {
        if (applied.Except(known).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
            throw new DatabaseUnavailableException(
                $"База данных создана более новой версией, неизвестны изменения схемы {string.Join(", ", unknown)}."
            );
    }

    private static DatabaseUnavailableException OutOfDate(IReadOnlyList<string> pending) =>
        new(
            pending.Count == 1
                ? $"Схема базы данных не обновлена, не хватает {pending[0]}. Выполните команду migrate."
                : $"Схема базы данных не обновлена, не хватает изменений с {pending[0]} по {pending[^1]}. Выполните команду migrate."
        );

    /// <summary>
    /// Notes the script in a fault, which stays what it is: a table in use or a conflict means the same for a script as
    /// for any other work.
    /// </summary>
    private static async Task Run(Db db, string script, string batch)
    {
        try
        {
            await db.Execute(batch);
        }
        catch (DbException fault)
        {
            fault.Data[typeof(Migrator)] = script;
            throw;
        }
    }

    /// <summary>The script that the database has refused with this fault; null for any other fault.</summary>
    public static string? RefusedScript(DbException fault) => fault.Data[typeof(Migrator)] as string;

    /// <summary>Names of the scripts that the database still lacks; empty when it is up to date.</summary>
    internal static async Task<IReadOnlyList<string>> Pending(Db db)
    {
        var applied = await AppliedTo(db);
        return Scripts(db.Dialect.Name).Select(script => script.Name).Except(applied).ToList();
    }

    internal static string TableOfMigrations(SqlDialect dialect) =>
        $"""
            CREATE TABLE schema_migrations (
                name       {dialect.NameType} NOT NULL PRIMARY KEY,
                checksum   {dialect.NameType} NOT NULL,
                applied_at {dialect.InstantType} NOT NULL
            )
            """;

    internal static async Task<bool> HasMigrations(Db db) =>
        await db.Value<int>(db.Dialect.CountTables, new { name = "schema_migrations" }) == 1;

    /// <summary>
    /// Like <see cref="Pending"/>, and also checks that the database accepts writes: a read-only one refuses even a
    /// write that changes nothing.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> Ready(Db db)
    {
        var pending = await Pending(db);
        if (pending.Count == 0)
            await db.Execute("UPDATE schema_migrations SET name = name WHERE 1 = 0");
        return pending;
    }

    /// <summary>Name of the last script in this version.</summary>
    internal static string Latest(Database database) => Scripts(database.Dialect.Name)[^1].Name;

    /// <summary>
    /// Prepares the schema before the service starts. It migrates a SQLite file itself; on a server it only checks that
    /// the operator has migrated, because other nodes may be running there.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">As in <see cref="Migrate"/>, or the operator has not
    /// migrated.</exception>
    public static async Task Prepare(Database database, Instant now)
    {
        if (database.MigratesItself)
            await Migrate(database, now);
        else if (await database.Read(Pending) is { Count: > 0 } pending)
            throw OutOfDate(pending);
    }

    internal static List<(string Name, string Text)> Scripts(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{assembly.GetName().Name}.Migrations.{dialect}.";
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                return (name[prefix.Length..], reader.ReadToEnd());
            })
            .ToList();
    }

    private sealed record Applied
    {
        public string Name { get; init; } = "";
        public string Checksum { get; init; } = "";
    }
}
