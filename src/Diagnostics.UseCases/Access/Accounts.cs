using System.Security.Cryptography;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Making accounts: names, passwords, grants.</summary>
internal static class Accounts
{
    /// <summary>What is compared: however the letters were typed, composed or not, it is one name.</summary>
    internal static string Normalise(string userName) => VisibleText.Compatible(VisibleText.Compatible(userName).Trim().ToUpperInvariant());

    /// <summary>The account of a name. Names of before that were stored as typed are found as typed.</summary>
    internal static async Task<AccountRow?> Find(Db db, string userName)
    {
        var name = Normalise(userName);
        var (typed, apart) = (userName.Trim().ToUpperInvariant(), name.Normalize(NormalizationForm.FormD));
        foreach (var spelling in new[] { name, typed, apart }.Distinct(StringComparer.Ordinal))
            if (await AccountStore.FindByName(db, spelling) is { } account) return account;
        return null;
    }

    /// <summary>A password for once, of letters and digits that cannot be confused on paper.</summary>
    internal static string NewPassword() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16);

    /// <summary>Slow on purpose: before the transaction, which must not hold up other people's answers.</summary>
    internal static string Hash(this IPasswordHasher<AccountRow> passwords, string password) =>
        passwords.HashPassword(new AccountRow(), VisibleText.Compatible(password));

    /// <summary>How a password may have been hashed: with its letters composed, or, before that was done, as it was typed.</summary>
    internal static IEnumerable<string> Spellings(string password) =>
        new[] { VisibleText.Compatible(password), password }.Distinct(StringComparer.Ordinal);

    /// <summary>Adds an account with its grants in the caller's transaction.</summary>
    internal static async Task<Result<AccountRow>> Create(
        Db db, IPasswordHasher<AccountRow> passwords, Instant now, string userName, string password,
        IReadOnlyList<Grant> grants, string grantedBy, Guid? participantId = null, string? organisation = null) =>
        PasswordRules.Check(password, userName) is { } refusal
            ? refusal
            : await Add(db, now, userName, passwords.Hash(password), grants, grantedBy, participantId, organisation, oneTime: false);

    /// <summary>The same with a password hashed before.</summary>
    /// <param name="passwordHash">Null for an account that is opened with access codes or from outside only.</param>
    /// <param name="oneTime">The password must be changed before anything else is open.</param>
    internal static async Task<Result<AccountRow>> Add(
        Db db, Instant now, string userName, string? passwordHash,
        IReadOnlyList<Grant> grants, string grantedBy, Guid? participantId = null, string? organisation = null, bool oneTime = true)
    {
        userName = VisibleText.Compatible(userName).Trim();
        if (userName.Length is 0 or > 100) return Refusal.Invalid("user-name-invalid", "Имя учётной записи — от 1 до 100 знаков.");
        var account = new AccountRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            UserName = userName,
            NormalizedUserName = Normalise(userName),
            PasswordHash = passwordHash,
            SecurityStamp = NewStamp(),
            ParticipantId = participantId,
            Organisation = organisation,
            MustChangePassword = oneTime && passwordHash is not null,
            CreatedAt = now,
        };
        if (await Find(db, userName) is not null || !await AccountStore.Add(db, account))
            return NameTaken(account.UserName);
        foreach (var grant in grants)
            await AccountStore.AddGrant(db, Guid.CreateVersion7(now.ToDateTimeOffset()), account.Id, grant, grantedBy, now);
        return account;
    }

    internal static Refusal NameTaken(string userName) => Refusal.Conflict("user-name-taken", $"Учётная запись «{userName}» уже есть.");

    /// <summary>A name for somebody who was given none; it tells nothing of the person.</summary>
    internal static string NewName() => $"d-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10)}";

    /// <summary>Changes with the password: whoever checks one sees that it was changed meanwhile.</summary>
    internal static string NewStamp() => RandomNumberGenerator.GetHexString(32);
}
