using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;
using OtpNet;

namespace Diagnostics.UseCases.Access;

/// <summary>Roles that nobody may use without a second factor.</summary>
internal sealed record SecondFactorPolicy(IReadOnlyCollection<Role> Demanded)
{
    /// <summary>Name of the setting that lists these roles, as codes separated by commas.</summary>
    internal const string SettingName = "Diagnostics:SecondFactorRoles";

    /// <exception cref="SettingException">An entry in the setting is not a role.</exception>
    internal static SecondFactorPolicy Setting(string? roles) =>
        new(
            (roles ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(code => Codes.Find<Role>(code) ?? throw new SettingException(SettingName, $"роли «{code}» нет"))
                .ToHashSet()
        );
}

/// <summary>Uses the keys that protect tokens to protect secrets that the service must be able to read again.</summary>
/// <param name="Unprotect">Opens a protected secret; returns null when its protecting keys no longer exist.</param>
internal sealed record SecretProtection(Func<string, string> Protect, Func<string, string?> Unprotect);

/// <summary>
/// Returns the protection for a purpose. A secret protected for one purpose cannot be opened for another.
/// </summary>
internal delegate SecretProtection SecretsFor(string purpose);

/// <summary>
/// One-time codes by RFC 6238, as authenticator apps make them, and recovery codes for people who have lost their
/// phone.
/// </summary>
internal sealed class SecondFactors(SecretsFor secrets)
{
    private const string Purpose = "Diagnostics.SecondFactor.1";

    internal const int SecretBytes = 20;
    internal const int RecoveryCodes = 10;
    private const string Issuer = "Diagnostics";

    private readonly SecretProtection protection = secrets(Purpose);

    internal static string NewSecret() => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes));

    internal static string AddressOf(string userName, string secret) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(userName)}?secret={secret}&issuer={Issuer}&algorithm=SHA1&digits=6&period=30";

    internal static string HashOf(string recoveryCode) => Digest.Of($"recovery:{recoveryCode}");

    internal string Keep(string secret) => protection.Protect(secret);

    /// <summary>Shows the secret once more to an owner who has not confirmed it yet.</summary>
    internal string? Read(SecondFactorRow factor) => protection.Unprotect(factor.Secret);

    /// <summary>
    /// Accepts a code from the authenticator app or, if <paramref name="recovery"/> is true, a recovery code; each code
    /// works once.
    /// </summary>
    internal async Task<bool> Take(Db db, SecondFactorRow factor, string code, Instant now, bool recovery)
    {
        if (recovery && TypedCode.Read(code) is { } typed)
            return await SecondFactorStore.UseRecoveryCode(db, factor.AccountId, HashOf(typed), now);
        if (protection.Unprotect(factor.Secret) is not { } secret)
            return false;
        // Tolerate a phone's clock that is off by half a minute, as the RFC recommends.
        return new Totp(Base32Encoding.ToBytes(secret)).VerifyTotp(
                now.ToDateTimeUtc(),
                code.Trim(),
                out var step,
                new VerificationWindow(1, 1)
            ) && await SecondFactorStore.Use(db, factor.AccountId, step, now);
    }
}

/// <summary>A secret for an authenticator app; it has no effect until its owner enters a code from the app.</summary>
/// <param name="Secret">The secret in Base32, for typing.</param>
/// <param name="Address">The secret as <c>otpauth://</c>, for a QR code.</param>
public sealed record NewSecondFactor(string Secret, string Address);

/// <param name="Code">Six digits from the authenticator app, or a recovery code where one is allowed.</param>
public sealed record SecondFactorCode(string Code);

/// <summary>A code that a person enters, and where it comes from.</summary>
internal sealed record ShownFactor(string Code, Attempt From);

/// <summary>Recovery codes, shown only once. Each replaces the authenticator app at one sign-in.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

internal static class SecondFactorRefusals
{
    internal static readonly Refusal Wrong = Refusal
        .Invalid("second-factor-wrong", "Код не подходит или уже использован.")
        .With("field", "code");

    internal static readonly Refusal SetUp = Refusal.Conflict(
        "second-factor-set-up",
        "Второй фактор уже подключён; снять его может администратор."
    );

    internal static readonly Refusal Missing = Refusal.Conflict("second-factor-missing", "Второй фактор не подключён.");
}

/// <summary>The state of a person's own second factor.</summary>
/// <param name="SetUp">Whether the second factor was confirmed with a code. If it was, every sign-in requires
/// it.</param>
/// <param name="Begun">The secret that is not yet confirmed with a first code; null when there is none.</param>
public sealed record MySecondFactor(bool SetUp, NewSecondFactor? Begun);

/// <summary>
/// Shows the state of a second factor; the secret is shown only to its owner, and only until it is confirmed.
/// </summary>
internal sealed class GetMySecondFactor(Executor executor, SecondFactors factors) : UseCase<Done, MySecondFactor>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetMySecondFactor),
        AccessRule.Account.Under(SignInLimits.SetUpSecondFactor),
        Trail.Own
    );

    protected override Task<Result<MySecondFactor>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            if (await AccountStore.Find(db, caller.AccountId) is not { } account)
                return AccountRefusals.NotFound;
            return await SecondFactorStore.Find(db, account.Id) switch
            {
                null => new MySecondFactor(false, null),
                { ConfirmedAt: not null } => new MySecondFactor(true, null),
                var factor => new MySecondFactor(
                    false,
                    factors.Read(factor) is { } secret ? new(secret, SecondFactors.AddressOf(account.UserName, secret)) : null
                ),
            };
        });
}

/// <summary>Begins to set up the caller's own second factor.</summary>
internal sealed class BeginSecondFactor(Executor executor, SecondFactors factors) : UseCase<Done, NewSecondFactor>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(BeginSecondFactor),
        AccessRule.Account.Under(SignInLimits.SetUpSecondFactor),
        Trail.Own
    );

    protected override Task<Result<NewSecondFactor>> Handle(Done request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await AccountStore.Find(db, caller.AccountId) is not { } account)
                    return AccountRefusals.NotFound;
                var factor = await SecondFactorStore.Find(db, account.Id);
                if (factor?.ConfirmedAt is not null)
                    return SecondFactorRefusals.SetUp;
                if (factor is not null)
                    await SecondFactorStore.Remove(db, account.Id);
                var secret = SecondFactors.NewSecret();
                await SecondFactorStore.Add(db, account.Id, factors.Keep(secret), Now);
                return new NewSecondFactor(secret, SecondFactors.AddressOf(account.UserName, secret));
            }
        );
}

/// <summary>Confirms the second factor with a code; the code also counts as this sign-in's second factor.</summary>
internal sealed class ConfirmSecondFactor(Executor executor, SecondFactors factors, Attempts attempts, SignInLog log)
    : UseCase<ShownFactor, RecoveryCodes>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ConfirmSecondFactor),
        AccessRule.Account.Under(SignInLimits.SetUpSecondFactor),
        Trail.Writes("second-factor.set-up")
    );

    protected override async Task<Result<RecoveryCodes>> Handle(ShownFactor request, Caller caller)
    {
        using var turn = attempts.WithSecondFactor(caller.AccountId, request.From);
        if (turn.RefusedFor is { } wait)
        {
            log.Refused(caller.AccountId, request.From, PasswordCheck.TooManyAttempts);
            return PasswordCheck.Wait(wait);
        }
        var confirmed = await Write(
            caller,
            async db =>
            {
                var now = Now;
                if (await SecondFactorStore.Find(db, caller.AccountId) is not { } factor)
                    return SecondFactorRefusals.Missing;
                if (factor.ConfirmedAt is not null)
                    return SecondFactorRefusals.SetUp;
                if (!await factors.Take(db, factor, request.Code, now, recovery: false))
                    return SecondFactorRefusals.Wrong;
                var codes = new List<string>();
                for (var number = 0; number < SecondFactors.RecoveryCodes; number++)
                {
                    var code = TypedCode.Of(RandomNumberGenerator.GetString(TypedCode.Alphabet, TypedCode.RandomLength));
                    await SecondFactorStore.AddRecoveryCode(db, caller.AccountId, SecondFactors.HashOf(TypedCode.Read(code)!));
                    codes.Add(code);
                }
                if (caller.SignIn is { } signIn)
                    await SignInStore.PassSecondFactor(db, signIn, now);
                await AuditStore.Append(db, now, caller.Id, "second-factor.set-up", $"account:{caller.AccountId:D}");
                return new RecoveryCodes(codes);
            }
        );
        if (confirmed.Refusal is { } refusal)
        {
            log.Refused(caller.AccountId, request.From, refusal.Code);
            return refusal;
        }
        turn.Succeeded();
        log.Succeeded(caller.AccountId, caller.SignIn, request.From);
        return confirmed;
    }
}

/// <summary>
/// Accepts the second factor for the sign-in of the request; the sign-in's next token has all rights.
/// </summary>
internal sealed class ShowSecondFactor(Executor executor, SecondFactors factors, Attempts attempts, SignInLog log)
    : UseCase<ShownFactor, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ShowSecondFactor),
        AccessRule.Account.Under(SignInLimits.ShowSecondFactor | SignInLimits.ChangePassword),
        Trail.Own
    );

    protected override async Task<Result<Done>> Handle(ShownFactor request, Caller caller)
    {
        using var turn = TypedCode.Read(request.Code) is null
            ? attempts.WithSecondFactor(caller.AccountId, request.From)
            : attempts.WithRecoveryCode(caller.AccountId, request.From);
        if (turn.RefusedFor is { } wait)
        {
            log.Refused(caller.AccountId, request.From, PasswordCheck.TooManyAttempts);
            return PasswordCheck.Wait(wait);
        }
        var shown = await Write(
            caller,
            async db =>
            {
                var now = Now;
                if (await SecondFactorStore.Find(db, caller.AccountId) is not { ConfirmedAt: not null } factor)
                    return SecondFactorRefusals.Missing;
                if (!await factors.Take(db, factor, request.Code, now, recovery: true))
                    return SecondFactorRefusals.Wrong;
                if (caller.SignIn is { } signIn)
                    await SignInStore.PassSecondFactor(db, signIn, now);
                return default(Done);
            }
        );
        if (shown.Refusal is { } refusal)
        {
            log.Refused(caller.AccountId, request.From, refusal.Code);
            return refusal;
        }
        turn.Succeeded();
        log.Succeeded(caller.AccountId, caller.SignIn, request.From);
        return shown;
    }
}

/// <summary>
/// Removes a person's second factor when the phone and the recovery codes are lost. The person must have been
/// identified by other means.
/// </summary>
internal sealed class RemoveSecondFactor(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(RemoveSecondFactor),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("second-factor.removed")
    )
    {
        EndsSignIns = true,
    };

    protected override Task<Result<Done>> Handle(Guid accountId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await AccountStore.Find(db, accountId) is null)
                    return AccountRefusals.NotFound;
                if (await SecondAdministrator.CheckSignInOf(db, caller, accountId, Now) is { } alone)
                    return alone;
                return await AccountRepair.RemoveSecondFactor(db, accountId, caller.Id, Now);
            }
        );
}
