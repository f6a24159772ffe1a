using System.CommandLine;
using System.Globalization;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verb <c>backup</c>: copies the SQLite database while the service runs. A database server has its own tools for
/// backups.
/// </summary>
internal static class BackupVerb
{
    private const int Fine = 0;

    internal static Command Make()
    {
        var file = CommandLine.Path("файл", "Куда записать копию; такого файла ещё не должно быть");
        var verb = new Command("backup", "Записать копию базы данных SQLite, не останавливая службу") { file };
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(
                    parsed,
                    Needs.AnyVersion,
                    (database, configuration) =>
                        Run(
                            database,
                            Target(
                                parsed.GetRequiredValue(file),
                                RegionOptions.MeansAll(parsed) ? configuration[Region.NameSetting] : null
                            ),
                            Console.Out,
                            Console.Error
                        )
                )
        );
        return verb.WithRegions();
    }

    /// <summary>Each region gets a file of its own, with its name before the extension.</summary>
    internal static string Target(string file, string? region) =>
        region is null
            ? file
            : Path.Combine(
                Path.GetDirectoryName(file) ?? "",
                $"{Path.GetFileNameWithoutExtension(file)}-{region}{Path.GetExtension(file)}"
            );

    internal static async Task<int> Run(Database database, string target, TextWriter output, TextWriter errors)
    {
        if (database.File is null)
        {
            await errors.WriteLineAsync(
                "backup копирует только SQLite. Копию сервера делают его средства: pg_dump или базовая копия с архивом "
                    + "WAL, BACKUP DATABASE и BACKUP LOG — см. README, «Резервные копии»."
            );
            return Databases.CannotRun;
        }
        target = Path.GetFullPath(target);
        if ((await BackupDatabase.Run(database, target)).Refused(out var refusal, out var contents))
        {
            await errors.WriteLineAsync(refusal.Detail);
            return Databases.CannotRun;
        }
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.GetCultureInfo("ru-RU"),
                $"Копия записана и проверена: {target}, {contents.Bytes / 1048576.0:F1} МБ, схема {contents.Schema}."
            )
        );
        await output.WriteLineAsync(
            $"В ней: людей — {contents.People}, мероприятий — {contents.Campaigns}, сеансов — {contents.Sessions}, сохранённых ответов — {contents.Responses}, "
                + $"раундов журнала баллов — {contents.Rounds}, версий профилей — {contents.Profiles}."
        );
        await output.WriteLineAsync(
            $"Журнал аудита: записей — {contents.AuditHead}{(contents.AuditHead == 0 ? "" : $", отпечаток последней {contents.AuditHash}")}"
        );
        return Fine;
    }
}
