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
    internal const int MinPasswordLength = 8;

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

    /// <summary>Is it the account's password, whichever way its letters were composed? Hashes of before are of what was typed.</summary>
    internal static bool Fits(this IPasswordHasher<AccountRow> passwords, AccountRow account, string password)
    {
        if (account.PasswordHash is not { } hash) return false;
        return Spellings(password)
            .Any(spelling => passwords.VerifyHashedPassword(account, hash, spelling) is not PasswordVerificationResult.Failed);
    }

    /// <summary>The work of refusing a wrong password, for a name that nobody has: the time must not tell.</summary>
    internal static void Refuse(this IPasswordHasher<AccountRow> passwords, string password)
    {
        foreach (var spelling in Spellings(password)) passwords.HashPassword(new AccountRow(), spelling);
    }

    private static IEnumerable<string> Spellings(string password) =>
        new[] { VisibleText.Compatible(password), password }.Distinct(StringComparer.Ordinal);

    internal static Refusal? CheckPassword(string password)
    {
        if (VisibleText.Compatible(password).Length is < MinPasswordLength or > 200)
            return Refusal.Invalid("password-too-short", $"Пароль — от {MinPasswordLength} до 200 знаков.");
        return password.EnumerateRunes().Any(VisibleText.IsInvisible)
            ? Refusal.Invalid("forbidden-character", "В пароле есть невидимые знаки или знаки направления письма: их не набрать ещё раз.")
            : null;
    }

    /// <summary>Adds an account with its grants in the caller's transaction.</summary>
    internal static async Task<Result<AccountRow>> Create(
        Db db, IPasswordHasher<AccountRow> passwords, Instant now, string userName, string password,
        IReadOnlyList<Grant> grants, string grantedBy, Guid? participantId = null, string? organisation = null) =>
        CheckPassword(password) is { } refusal
            ? refusal
            : await Add(db, now, userName, passwords.Hash(password), grants, grantedBy, participantId, organisation);

    /// <summary>The same with a password hashed before.</summary>
    internal static async Task<Result<AccountRow>> Add(
        Db db, Instant now, string userName, string passwordHash,
        IReadOnlyList<Grant> grants, string grantedBy, Guid? participantId = null, string? organisation = null)
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
            CreatedAt = now,
        };
        if (await Find(db, userName) is not null || !await AccountStore.Add(db, account))
            return Refusal.Conflict("user-name-taken", $"Учётная запись «{account.UserName}» уже есть.");
        foreach (var grant in grants)
            await AccountStore.AddGrant(db, Guid.CreateVersion7(now.ToDateTimeOffset()), account.Id, grant, grantedBy, now);
        return account;
    }

    /// <summary>A new one ends every refresh token given before.</summary>
    internal static string NewStamp() => RandomNumberGenerator.GetHexString(32);
}
