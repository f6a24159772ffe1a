using Diagnostics.Storage;
using Diagnostics.Storage.Operations;

namespace Diagnostics.UseCases.Audit;

/// <summary>The result of checking a whole database.</summary>
/// <param name="Findings">One sentence for each finding, with the row in brackets.</param>
/// <param name="Complete">Whether everything was checked; false when the file itself is damaged.</param>
/// <param name="AuditEntries">Number of valid entries of the audit trail.</param>
/// <param name="Anchors">Number of heads of the audit trail recorded outside the database.</param>
/// <param name="AnchorsMet">Number of those heads that agree with the trail.</param>
/// <param name="Unreadable">Number of lines of <paramref name="AnchorFile"/> that are not heads.</param>
internal sealed record DatabaseVerification(
    IReadOnlyList<string> Findings,
    bool Complete,
    long AuditEntries,
    int Anchors,
    int AnchorsMet,
    int Unreadable,
    string AnchorFile
);

/// <summary>Reports everything in a database that the service cannot have written. It changes nothing.</summary>
internal static class VerifyDatabase
{
    /// <param name="dataFolder">The folder with the heads of the audit trail.</param>
    internal static async Task<DatabaseVerification> Run(Database database, string dataFolder)
    {
        // Read the file first: a head written after the database snapshot would seem to lie beyond the trail.
        var heads = AuditAnchors.FileIn(dataFolder);
        var (anchors, unreadable) = AuditAnchors.Read(heads);
        var report = await database.Read(db => DatabaseCheck.Run(db, anchors));
        return new(
            Findings: report.Findings.Select(finding => $"{Text(finding)} [{finding.Subject}]").ToList(),
            Complete: report.Complete,
            AuditEntries: report.AuditEntries,
            Anchors: anchors.Count,
            AnchorsMet: report.AnchorsMet,
            Unreadable: unreadable,
            AnchorFile: heads
        );
    }

    internal static string Text(DatabaseFinding finding) =>
        finding.Fault switch
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
            DatabaseFault.InstrumentChanged => "Текст инструмента не тот, который был загружен",
            DatabaseFault.PracticeChanged => "Результат практики не тот, который был внесён",
            DatabaseFault.ObservationChanged => "Экспертный лист не тот, который был заполнен",
            DatabaseFault.ComplexProfileChanged => "Комплексный профиль не тот, который был выпущен",
            DatabaseFault.ProtocolChanged => "Текст протокола не тот, который утвердил председатель",
            DatabaseFault.AuditBroken => $"Журнал аудита нарушен. {VerifyAudit.Detail(finding.Audit!.Value)}",
            _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Fault, null),
        };
}
