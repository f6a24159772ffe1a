using System.CommandLine;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Operations;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verb <c>verify</c>: after a restore, a broken disk or a doubt, names everything in the database that the service
/// cannot have written. It changes nothing, and the service may run beside it.
/// </summary>
internal static class VerifyVerb
{
    private const int Fine = 0;
    private const int HasFindings = 1;

    internal static Command Make()
    {
        var verb = new Command("verify", "Проверить базу данных: файл, ссылки, ответы, журнал баллов, профили, аудит");
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction((parsed, _) => Databases.Use([.. parsed.UnmatchedTokens], (database, configuration) => Run(database, configuration, Console.Out, Console.Error)));
        return verb;
    }

    /// <returns>0 when nothing was found, 1 when something was, <see cref="Databases.CannotRun"/> when there is nothing to check.</returns>
    internal static async Task<int> Run(Database database, IConfiguration configuration, TextWriter output, TextWriter errors)
    {
        if (database.File is { } file && !File.Exists(file)) return await CannotRun(errors, $"Файла базы данных {file} нет.");
        if (await database.Read(Migrator.Pending) is { Count: > 0 } pending)
            return await CannotRun(errors, $"Схема базы данных не обновлена: {string.Join(", ", pending)}. Проверяет та версия, которая с базой работает.");
        // The file first: a head written after the snapshot of the database would seem to be beyond it.
        var heads = AuditAnchors.FileOf(configuration);
        var (anchors, unreadable) = AuditAnchors.Read(heads);
        var report = await database.Read(db => DatabaseCheck.Run(db, anchors));
        foreach (var finding in report.Findings) await output.WriteLineAsync($"{Text(finding)} [{finding.Subject}]");
        if (unreadable > 0) await output.WriteLineAsync($"Строки, которые не читаются: {unreadable} [{heads}]");
        if (!report.Complete) await output.WriteLineAsync("Файл повреждён, поэтому остальное не проверялось: восстановите базу данных из копии.");
        else
        {
            await output.WriteLineAsync($"Журнал аудита: верных записей — {report.AuditEntries}, совпало отпечатков вне базы данных — {report.AnchorsMet} из {anchors.Count}.");
            if (anchors.Count == 0) await output.WriteLineAsync($"Отпечатков вне базы данных нет ({heads}): журнал сверен только сам с собой.");
        }
        var found = report.Findings.Count + (unreadable > 0 ? 1 : 0);
        await output.WriteLineAsync(found == 0 ? "Нарушений нет." : $"Найдено: {Russian.Count(found, "нарушение", "нарушения", "нарушений")}.");
        return found == 0 ? Fine : HasFindings;
    }

    internal static string Text(DatabaseFinding finding) => finding.Fault switch
    {
        DatabaseFault.FileDamaged => "Файл базы данных повреждён",
        DatabaseFault.ReferenceBroken => "Строки ссылаются на то, чего нет",
        DatabaseFault.RevisionMissing => "История ответа с пропуском: сохранение удалено",
        DatabaseFault.ManifestNotKept => "Квитанция о завершении называет сохранение, которого нет, или не читается",
        DatabaseFault.RoundMissing => "Журнал баллов с пропуском: раунд удалён",
        DatabaseFault.RoundWithoutResponse => "Балл поставлен за ответ, которого нет",
        DatabaseFault.ProfileVersionMissing => "Версии профиля с пропуском",
        DatabaseFault.ProfileChanged => "Текст профиля не тот, который был выдан",
        DatabaseFault.PolicyChanged => "Текст политики не тот, который был введён",
        DatabaseFault.ProtocolChanged => "Текст протокола не тот, который утвердил председатель",
        DatabaseFault.AuditBroken => $"Журнал аудита нарушен. {VerifyAudit.Detail(finding.Audit!.Value)}",
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Fault, null),
    };

    private static async Task<int> CannotRun(TextWriter errors, string reason)
    {
        await errors.WriteLineAsync(reason);
        return Databases.CannotRun;
    }
}
