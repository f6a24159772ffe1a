using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <param name="ParticipantId">The pseudonym under which the person takes diagnostics; null for staff.</param>
public sealed record MyAccount(Guid AccountId, string UserName, Guid? ParticipantId, IReadOnlyList<Grant> Grants);

internal sealed class GetMyAccount(Executor executor) : UseCase<Done, MyAccount>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMyAccount), AccessRule.Account.Under(SignInLimits.All), Trail.Own);

    protected override Task<Result<MyAccount>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            if (await AccountStore.Find(db, caller.AccountId) is not { } account)
                return NotFound;
            if (!caller.KnowsGrants)
                caller.SetGrants(await AccountStore.Grants(db, account.Id));
            return (Result<MyAccount>)new MyAccount(account.Id, account.UserName, account.ParticipantId, caller.Grants);
        });

    private static Refusal NotFound => Refusal.NotFound("account-not-found", "Учётной записи больше нет.");
}
