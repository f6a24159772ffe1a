using Diagnostics.Engine;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Operations;

/// <summary>The contents of a backup, read from the backup itself.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Schema">Name of the last schema change.</param>
/// <param name="AuditHead">Number of the audit trail's last entry; 0 for none.</param>
public sealed record BackupContents(
    long Bytes,
    string Schema,
    long People,
    long Campaigns,
    long Sessions,
    long Responses,
    long Rounds,
    long Profiles,
    long AuditHead,
    string AuditHash
);

/// <summary>A copy of a SQLite database at one moment, made while the service runs and saves.</summary>
/// <remarks>
/// <para><c>VACUUM INTO</c> reads one snapshot; while it runs, others can write, even from another process, because the
/// database uses a write-ahead log. The copy has no free pages, so it contains nothing that was erased.</para>
/// <para>The file gets its final name last: a file with the requested name is complete, checked and flushed. After a
/// power cut at the moment of renaming, the file may still be called <c>.part</c>.</para>
/// </remarks>
internal static class SqliteBackup
{
    internal static async Task<Result<BackupContents>> Write(string source, string target)
    {
        if (!File.Exists(source))
            return Refusal.NotFound("database-missing", $"Файла базы данных {source} нет.");
        if (Path.Exists(target))
            return Refusal.Conflict("backup-exists", $"{target} уже есть; копия ничего не перезаписывает: назовите новый файл.");
        var part = target + ".part";
        try
        {
            Reserve(part);
        }
        catch (IOException) when (File.Exists(part))
        {
            return Refusal.Conflict(
                "backup-part-exists",
                $"{part} уже есть: другая копия ещё пишется или была прервана. Прерванную удалите."
            );
        }
        catch (Exception fault) when (FileFaults.Is(fault))
        {
            return Refusal.Invalid("backup-unwritable", $"Файл {part} не создаётся: {FileFaults.OfFile(part, fault)}.");
        }
        try
        {
            await Copy(source, part);
            if ((await Check(source, part)).Refused(out var refusal, out var contents))
                return refusal;
            using (var written = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(written);
            File.Move(part, target, overwrite: false);
            return contents;
        }
        catch (Exception fault) when (FileFaults.Is(fault))
        {
            return Refusal.Invalid("backup-unwritable", $"Копия {target} не записана: {FileFaults.OfFile(target, fault)}.");
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>
    /// Creates the file so that only its owner can read it, because it contains personal data and the keys of tokens.
    /// </summary>
    private static void Reserve(string part)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(part, options).Dispose();
    }

    private static async Task Copy(string source, string part)
    {
        await using var connection = SqliteConnections.Open(SqliteConnections.ConnectionString(source));
        await using var copy = connection.CreateCommand();
        copy.CommandText = "VACUUM INTO @part";
        copy.CommandTimeout = 0;
        copy.Parameters.AddWithValue("@part", part);
        try
        {
            await copy.ExecuteNonQueryAsync();
        }
        catch (SqliteException fault)
        {
            // A broken page is a fault of the database that is being copied; any other fault concerns the copy.
            throw SqliteConnections.Explain(
                fault,
                fault.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB ? source : part
            );
        }
    }

    private static async Task<Result<BackupContents>> Check(string source, string part)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = part,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        await connection.OpenAsync();
        var db = new Db(connection, transaction: null, SqliteDialect.Instance);
        if (
            (await SqliteDialect.Instance.FindDamage(db)).Concat(await SqliteDialect.Instance.FindOrphans(db)).FirstOrDefault() is { } fault
        )
            return Refusal.Conflict(
                "backup-damaged",
                $"Копия не прошла проверку и удалена: {fault}. Проверьте базу данных командой verify."
            );
        if (!await Migrator.HasMigrations(db))
            return Refusal.Conflict("database-foreign", $"В базе данных {source} нет таблиц службы: копировать нечего.");
        var head = await AuditStore.Head(db);
        Task<long> Count(string table) => db.Value<long>($"SELECT COUNT(*) FROM {table}");
        return new BackupContents(
            Bytes: new FileInfo(part).Length,
            Schema: await db.Value<string>("SELECT MAX(name) FROM schema_migrations"),
            People: await Count("people"),
            Campaigns: await Count("campaigns"),
            Sessions: await Count("sessions"),
            Responses: await Count("session_responses"),
            Rounds: await Count("marking_rounds"),
            Profiles: await Count("profiles"),
            AuditHead: head?.Number ?? 0,
            AuditHash: head?.Hash ?? ""
        );
    }
}
