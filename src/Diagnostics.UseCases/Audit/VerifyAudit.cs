using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Audit;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Audit;

/// <summary>Whether the audit trail is intact.</summary>
/// <param name="Entries">Number of valid entries before the first invalid one.</param>
/// <param name="AnchorsMet">Number of heads recorded outside the database that agree with the trail.</param>
/// <param name="AnchorsUnreadable">In the file of recorded heads, the number of lines that are not heads.</param>
/// <param name="Broken">The first invalid entry; absent when the trail is intact.</param>
public sealed record AuditVerification(bool Whole, long Entries, int AnchorsMet, int AnchorsUnreadable, BrokenAuditEntry? Broken);

/// <param name="Detail">What is wrong with the entry, in Russian.</param>
public sealed record BrokenAuditEntry(long Number, AuditFault Fault, string Detail);

internal sealed class VerifyAudit(Executor executor, AuditAnchors anchors) : UseCase<Done, AuditVerification>(Operation, executor)
{
    // The result reveals nothing of the trail's content, so the administrators who run the service may also ask for it.
    internal static new readonly Operation Operation = new(
        nameof(VerifyAudit),
        AccessRule.Of(Role.Auditor, Role.Administrator),
        Trail.None
    );

    protected override Task<Result<AuditVerification>> Handle(Done request, Caller caller)
    {
        // Read the file first: a head written after the database snapshot would seem to lie beyond the trail.
        var (written, unreadable) = anchors.Read();
        return Read(async db =>
        {
            var check = await AuditStore.Verify(db, written);
            return new AuditVerification(
                check.Broken is null,
                check.Count,
                check.AnchorsMet,
                unreadable,
                check.Broken is var (number, fault) ? new(number, fault, Detail(fault)) : null
            );
        });
    }

    internal static string Detail(AuditFault fault) =>
        fault switch
        {
            AuditFault.NumberMissing => "Записи с этим номером нет, а следующая есть: её удалили.",
            AuditFault.NotLinked => "Запись не продолжает предыдущую: что-то между ними вставлено, удалено или заменено.",
            AuditFault.ContentChanged => "Содержание записи не совпадает с её отпечатком: запись изменили.",
            AuditFault.AnchorDiffers => "Вне базы данных для этой записи записан другой отпечаток: журнал переписали целиком.",
            AuditFault.EntryMissing => "Вне базы данных записан отпечаток этой или более поздней записи, а в базе её нет.",
            AuditFault.WordsMissing => "Слова этой записи удалены из базы данных, а удаления человека, о котором они, в журнале нет.",
            AuditFault.PeopleChanged => "Указатель людей при этой записи не совпадает с ней: его изменили в базе данных.",
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
}
