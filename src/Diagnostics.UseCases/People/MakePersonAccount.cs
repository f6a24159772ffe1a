using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.People;

/// <param name="UserName">1–100 characters; absent: one is made that tells nothing of the person.</param>
public sealed record PersonAccountRequest(string? UserName = null);

internal sealed class MakePersonAccount(Executor executor, IPasswordHasher<AccountRow> passwords)
    : UseCase<MakePersonAccount.Request, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(MakePersonAccount), PeopleRights.Enrollers) { Repetition = Repetition.TellsThatItWasDone };

    internal sealed record Request(Guid ParticipantId, PersonAccountRequest Account);

    protected override Task<Result<OneTimePassword>> Handle(Request request, Caller caller)
    {
        var (participantId, wanted) = request;
        var password = Accounts.NewPassword();
        var hash = passwords.Hash(password);
        return Write(caller, async db =>
        {
            if (wanted.UserName is { } chosen && TextRules.CheckName("userName", chosen, 100) is { } invalid) return invalid;
            if (await PersonStore.Find(db, participantId) is not { } person
                || !Reaches(caller, new Target { Territory = person.Territory }))
                return PeopleRefusals.NotFound;
            if (await AccountStore.FindByParticipant(db, participantId) is not null)
                return Refusal.Conflict("account-exists", "У этого человека уже есть вход.");
            var now = Now;
            var name = wanted.UserName ?? $"d-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10)}";
            var made = await Accounts.Add(
                db, now, name, hash, [new Grant(Role.Participant, GrantScope.All, null)], caller.Id, participantId, person.Organisation);
            if (made.Refused(out var refusal, out var account)) return refusal;
            await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { participantId });
            return new OneTimePassword(account.Id, account.UserName, password);
        });
    }
}
