using System.CommandLine;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verb <c>verify</c>: after a restore, a disk failure or in case of doubt, it reports everything in the database
/// that the service cannot have written. It changes nothing, and the service may run beside it.
/// </summary>
internal static class VerifyVerb
{
    private const int Fine = 0;
    private const int HasFindings = 1;

    internal static Command Make()
    {
        var verb = new Command("verify", "Проверить базу данных: файл, ссылки, ответы, журнал баллов, профили, аудит");
        verb.SetAction(
            (parsed, _) =>
                Databases.Use(
                    parsed,
                    Needs.AnyVersion,
                    (database, configuration) => Run(database, configuration, Console.Out, Console.Error)
                )
        );
        return verb.WithRegions();
    }

    /// <returns>0 when nothing was found, 1 when something was found, <see cref="Databases.CannotRun"/> when there is
    /// nothing to check.</returns>
    internal static async Task<int> Run(Database database, IConfiguration configuration, TextWriter output, TextWriter errors)
    {
        if (database.File is { } file && !File.Exists(file))
            return await CannotRun(errors, $"Файла базы данных {file} нет.");
        await Schema.RefuseNewer(database);
        if (await Schema.Pending(database) is { Count: > 0 } pending)
            return await CannotRun(
                errors,
                $"Схема базы данных не обновлена, не хватает {pending[0]}{(pending.Count == 1 ? "" : $" … {pending[^1]}")}. "
                    + "Проверяет та версия, которая с базой работает."
            );
        var report = await VerifyDatabase.Run(database, Folders.Data(configuration));
        foreach (var finding in report.Findings)
            await output.WriteLineAsync(finding);
        if (report.Unreadable > 0)
            await output.WriteLineAsync($"Строки, которые не читаются: {report.Unreadable} [{report.AnchorFile}]");
        if (!report.Complete)
            await output.WriteLineAsync("Файл повреждён, поэтому остальное не проверялось: восстановите базу данных из копии.");
        else
        {
            await output.WriteLineAsync(
                $"Журнал аудита: верных записей — {report.AuditEntries}, совпало отпечатков вне базы данных — {report.AnchorsMet} из {report.Anchors}."
            );
            if (report.Anchors == 0)
                await output.WriteLineAsync($"Отпечатков вне базы данных нет ({report.AnchorFile}): журнал сверен только сам с собой.");
        }
        var found = report.Findings.Count + (report.Unreadable > 0 ? 1 : 0);
        await output.WriteLineAsync(
            found == 0 ? "Нарушений нет." : $"Найдено: {Russian.Count(found, "нарушение", "нарушения", "нарушений")}."
        );
        return found == 0 ? Fine : HasFindings;
    }

    private static async Task<int> CannotRun(TextWriter errors, string reason)
    {
        await errors.WriteLineAsync(reason);
        return Databases.CannotRun;
    }
}
