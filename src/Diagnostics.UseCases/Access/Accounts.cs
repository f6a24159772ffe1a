using System.Security.Cryptography;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Creates accounts with their names, passwords and grants.</summary>
internal static class Accounts
{
    /// <summary>
    /// The form in which names are compared. It does not depend on case, or on whether letters are composed or
    /// decomposed.
    /// </summary>
    internal static string Normalise(string userName) => VisibleText.Compatible(VisibleText.Compatible(userName).Trim().ToUpperInvariant());

    /// <summary>
    /// Finds the account with a name. A name stored before names were normalised is found when it is typed as it was
    /// stored, or with its letters decomposed.
    /// </summary>
    internal static async Task<AccountRow?> Find(Db db, string userName)
    {
        var name = Normalise(userName);
        var (typed, apart) = (userName.Trim().ToUpperInvariant(), name.Normalize(NormalizationForm.FormD));
        foreach (var spelling in new[] { name, typed, apart }.Distinct(StringComparer.Ordinal))
            if (await AccountStore.FindByName(db, spelling) is { } account)
                return account;
        return null;
    }

    /// <summary>A one-time password of letters and digits that are hard to confuse on paper.</summary>
    internal static string NewPassword() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16);

    /// <summary>
    /// Hashes a password, slowly on purpose. Call it before the transaction, because a transaction that waited for the
    /// hash would hold up other people's answers.
    /// </summary>
    internal static string Hash(this IPasswordHasher<AccountRow> passwords, string password) =>
        passwords.HashPassword(new AccountRow(), VisibleText.Compatible(password));

    /// <summary>
    /// The texts from which the stored hash may have been made: the password with composed letters or, for old hashes,
    /// the password as typed.
    /// </summary>
    internal static IEnumerable<string> Spellings(string password) =>
        new[] { VisibleText.Compatible(password), password }.Distinct(StringComparer.Ordinal);

    /// <summary>Adds an account with its grants in the caller's transaction.</summary>
    internal static async Task<Result<AccountRow>> Create(
        Db db,
        IPasswordHasher<AccountRow> passwords,
        Instant now,
        string userName,
        string password,
        IReadOnlyList<Grant> grants,
        string grantedBy,
        Guid? participantId = null,
        string? organisation = null
    ) =>
        PasswordRules.Check(password, userName) is { } refusal
            ? refusal
            : await Add(db, now, userName, passwords.Hash(password), grants, grantedBy, participantId, organisation, oneTime: false);

    /// <summary>Adds an account with its grants when the password is already hashed.</summary>
    /// <param name="passwordHash">Null when people can sign in to the account only with access codes or through an
    /// outside provider.</param>
    /// <param name="oneTime">Whether the password must be changed before the account may do anything else.</param>
    internal static async Task<Result<AccountRow>> Add(
        Db db,
        Instant now,
        string userName,
        string? passwordHash,
        IReadOnlyList<Grant> grants,
        string grantedBy,
        Guid? participantId = null,
        string? organisation = null,
        bool oneTime = true
    )
    {
        userName = VisibleText.Compatible(userName).Trim();
        if (userName.Length is 0 or > 100)
            return Refusal.Invalid("user-name-invalid", "Имя учётной записи — от 1 до 100 знаков.");
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
            if ((await Grants.Give(db, account.Id, grant, grantedBy, now)).Refused(out var refusal, out _))
                return refusal;
        return account;
    }

    internal static Refusal NameTaken(string userName) => Refusal.Conflict("user-name-taken", $"Учётная запись «{userName}» уже есть.");

    /// <summary>A name for a person without one; it reveals nothing about the person.</summary>
    internal static string NewName() => $"d-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10)}";

    /// <summary>
    /// A stamp that changes with the password, so that a password check already in progress notices the change.
    /// </summary>
    internal static string NewStamp() => RandomNumberGenerator.GetHexString(32);
}
