using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <param name="UserName">The user name, 1–100 characters; when absent, the service makes a name that reveals nothing
/// about the person.</param>
public sealed record PersonAccountRequest(string? UserName = null);

internal sealed class MakePersonAccount(Executor executor, PasswordLane lane)
    : UseCase<MakePersonAccount.Request, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(MakePersonAccount), PeopleRights.Enrollers, Trail.Writes("account.made"))
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    internal sealed record Request(Guid ParticipantId, PersonAccountRequest Account);

    protected override async Task<Result<OneTimePassword>> Handle(Request request, Caller caller)
    {
        // Hashing is expensive, so check the request first. The transaction checks it again.
        if ((await Fetch(db => Check(db, request, caller))).Refused(out var early, out _))
            return early;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        return await Write(
            caller,
            async db =>
            {
                if ((await Check(db, request, caller)).Refused(out var late, out var found))
                    return late;
                var now = Now;
                var (participantId, wanted) = request;
                var (person, existing) = found;
                if (existing is not null)
                    return await GivePassword(db, existing, wanted.UserName, password, hash, caller, now);
                var name = wanted.UserName ?? Accounts.NewName();
                var made = await Accounts.Add(
                    db,
                    now,
                    name,
                    hash,
                    [new Grant(Role.Participant, GrantScope.All, null)],
                    caller.Id,
                    participantId,
                    person.Organisation
                );
                if (made.Refused(out var refusal, out var account))
                    return refusal;
                await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { participantId });
                return new OneTimePassword(account.Id, account.UserName, password);
            }
        );
    }

    /// <returns>The person, and the account if one was already made for an access code; such an account has no
    /// password, and nobody chose its name.</returns>
    private async Task<Result<(PersonRow Person, AccountRow? Existing)>> Check(Db db, Request request, Caller caller)
    {
        var (participantId, wanted) = request;
        if (wanted.UserName is { } chosen && TextRules.CheckName("userName", chosen, 100) is { } invalid)
            return invalid;
        if (await PersonStore.Find(db, participantId) is not { } person || !Reaches(caller, new Target { Territory = person.Territory }))
            return PeopleRefusals.NotFound;
        var existing = await AccountStore.FindByParticipant(db, participantId);
        if (existing?.PasswordHash is not null)
            return Refusal.Conflict("account-exists", "У этого человека уже есть вход.");
        return wanted.UserName is { } name && await Accounts.Find(db, name) is { } other && other.Id != existing?.Id
            ? Accounts.NameTaken(name.Trim())
            : (person, existing);
    }

    private static async Task<Result<OneTimePassword>> GivePassword(
        Db db,
        AccountRow account,
        string? userName,
        string password,
        string hash,
        Caller caller,
        Instant now
    )
    {
        var name = userName?.Trim() ?? account.UserName;
        await AccountStore.Update(
            db,
            account with
            {
                UserName = name,
                NormalizedUserName = Accounts.Normalise(name),
                PasswordHash = hash,
                MustChangePassword = true,
                SecurityStamp = Accounts.NewStamp(),
            }
        );
        await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { account.ParticipantId });
        return new OneTimePassword(account.Id, name, password);
    }
}
