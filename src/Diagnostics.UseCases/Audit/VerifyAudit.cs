using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Audit;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Audit;

/// <summary>Whether the audit trail is whole.</summary>
/// <param name="Entries">How many entries are good, from the first on.</param>
/// <param name="AnchorsMet">Heads written down outside the database that agree with it.</param>
/// <param name="AnchorsUnreadable">Lines of that file that are no heads.</param>
/// <param name="Broken">The first entry that is not as it was written; absent when the trail is whole.</param>
public sealed record AuditVerification(bool Whole, long Entries, int AnchorsMet, int AnchorsUnreadable, BrokenAuditEntry? Broken);

/// <param name="Detail">What is wrong with it, in Russian.</param>
public sealed record BrokenAuditEntry(long Number, AuditFault Fault, string Detail);

internal sealed class VerifyAudit(Executor executor, AuditAnchors anchors) : UseCase<Done, AuditVerification>(Operation, executor)
{
    // Whether the trail is whole tells nothing of what is in it: whoever keeps the service running may ask.
    internal static new readonly Operation Operation = new(nameof(VerifyAudit), AccessRule.Of(Role.Auditor, Role.Administrator));

    protected override Task<Result<AuditVerification>> Handle(Done request, Caller caller)
    {
        // The file first: a head written after the snapshot of the database would seem to be beyond it.
        var (written, unreadable) = anchors.Read();
        return Read(async db =>
        {
            var check = await AuditStore.Verify(db, written);
            return new AuditVerification(
                check.Broken is null, check.Count, check.AnchorsMet, unreadable,
                check.Broken is var (number, fault) ? new(number, fault, Detail(fault)) : null);
        });
    }

    internal static string Detail(AuditFault fault) => fault switch
    {
        AuditFault.NumberMissing => "Записи с этим номером нет, а следующая есть: её удалили.",
        AuditFault.NotLinked => "Запись не продолжает предыдущую: что-то между ними вставлено, удалено или заменено.",
        AuditFault.ContentChanged => "Содержание записи не совпадает с её отпечатком: запись изменили.",
        AuditFault.AnchorDiffers => "Вне базы данных для этой записи записан другой отпечаток: журнал переписали целиком.",
        AuditFault.EntryMissing => "Вне базы данных записан отпечаток этой или более поздней записи, а в базе её нет.",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
