using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

/// <summary>The account of a member of staff.</summary>
public sealed record StaffAccount(Guid AccountId);

/// <summary>
/// Says that the person also works here, through this account of a member of staff. Such a member never receives their own work
/// to judge: neither as an expert, nor in a conflict commission.
/// </summary>
internal sealed class NameStaffAccount(Executor executor) : UseCase<NameStaffAccount.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(NameStaffAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.person-named")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, StaffAccount Staff);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, accountId) = (request.ParticipantId, request.Staff.AccountId);
                if (await PersonStore.Find(db, participantId) is null)
                    return PeopleRefusals.NotFound;
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return Refusal.Invalid("account-not-found", "Такой учётной записи нет.").With("field", "accountId");
                if (account.ParticipantId is not null)
                    return Refusal.Conflict("participant-account", "Это вход участника диагностики, а не сотрудника.");
                await AccountStore.SetSamePerson(db, accountId, participantId);
                await AuditStore.Append(db, Now, caller.Id, "account.person-named", $"account:{accountId:D}", new { participantId });
                return default(Done);
            }
        );
}

/// <summary>Takes back what <see cref="NameStaffAccount"/> said by mistake.</summary>
internal sealed class UnnameStaffAccount(Executor executor) : UseCase<UnnameStaffAccount.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(UnnameStaffAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.person-unnamed")
    );

    private static readonly Refusal NotNamed = Refusal.NotFound(
        "staff-account-not-named",
        "Об этой учётной записи не сказано, что она этого человека."
    );

    internal sealed record Request(Guid ParticipantId, Guid AccountId);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, accountId) = request;
                if (await AccountStore.Find(db, accountId) is not { } account || account.SamePersonId != participantId)
                    return NotNamed;
                await AccountStore.SetSamePerson(db, accountId, null);
                await AuditStore.Append(db, Now, caller.Id, "account.person-unnamed", $"account:{accountId:D}", new { participantId });
                return default(Done);
            }
        );
}
