using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <param name="UserName">1–100 characters; absent: one is made that tells nothing of the person.</param>
public sealed record PersonAccountRequest(string? UserName = null);

internal static class MakePersonAccount
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapPost("/{participantId:guid}/account", Make)
        .WithName("MakePersonAccount")
        .WithSummary("Создать вход для человека; пароль показывается один раз")
        .AllowedTo(AccessRule.Of(Role.Operator).Or(Clients.EnrolPeople))
        .Idempotent(keepAnswer: false);

    private static Task<Results<Created<OneTimePassword>, ProblemHttpResult>> Make(
        Guid participantId, PersonAccountRequest request, Caller caller, Transactions transactions, IPasswordHasher<AccountRow> passwords, IClock clock)
    {
        var password = Accounts.NewPassword();
        var hash = passwords.Hash(password);
        return transactions.Write<Result<OneTimePassword>>(async db =>
        {
            if (request.UserName is { } wanted && TextRules.Check("userName", wanted, 100) is { } invalid) return invalid;
            if (await PersonStore.Find(db, participantId) is not { } person || !caller.EnrolsIn(person.Territory)) return PeopleRefusals.NotFound;
            if (await AccountStore.FindByParticipant(db, participantId) is not null) return Refusal.Conflict("account-exists", "У этого человека уже есть вход.");
            var now = clock.GetCurrentInstant();
            var name = request.UserName ?? $"d-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10)}";
            var made = await Accounts.Add(db, now, name, hash, [new Grant(Role.Participant, GrantScope.All, null)], caller.Id, participantId, person.Organisation);
            if (made.Refused(out var refusal, out var account)) return refusal;
            await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { participantId });
            return new OneTimePassword(account.Id, account.UserName, password);
        }).Created(account => $"/api/v1/accounts/{account.AccountId:D}");
    }
}
