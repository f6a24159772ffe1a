using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Creates the first account of an empty service. It runs at start-up and checks no rights, because nobody exists yet
/// who could have any.
/// </summary>
internal sealed class FirstAdministrator(Database database, PasswordLane lane, IClock clock)
{
    internal const string UserName = "admin";

    /// <returns>The password of <see cref="UserName"/>, shown only once; null when accounts exist.</returns>
    internal async Task<string?> Make()
    {
        if (await database.Read(AccountStore.Any))
            return null;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, nameof(FirstAdministrator));
        Grant[] grants = [new(Role.Administrator, GrantScope.All, null), new(Role.Operator, GrantScope.All, null)];
        // The transaction checks again: when two nodes start on an empty database, only one creates the account and
        // shows its password.
        var made = await database.Write(async db =>
            !await AccountStore.Any(db)
            && (await Accounts.Add(db, clock.GetCurrentInstant(), UserName, hash, grants, "setup")).Value is not null
        );
        return made ? password : null;
    }

    /// <summary>
    /// The first administrator, for a tool that runs a service of its own and acts in it as this account; null when the
    /// account does not exist.
    /// </summary>
    internal async Task<TokenSubject?> Subject() =>
        await database.Read(db => AccountStore.FindByName(db, Accounts.Normalise(UserName))) is { } account
            ? new TokenSubject.Account(account.Id, account.ParticipantId, Guid.CreateVersion7())
            : null;
}
