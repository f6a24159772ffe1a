using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>How a person signed in.</summary>
public enum SignInMethod
{
    Password,
    Code,
    Outside,
}

/// <summary>
/// A sign-in begins with a password, an access code or an outside provider. Every token and cookie names its sign-in,
/// and no longer works once the sign-in has ended.
/// </summary>
internal sealed class SignIns(SecondFactorPolicy policy)
{
    /// <summary>
    /// Lifetime of a token. When its sign-in ends earlier, every node refuses the token within seconds.
    /// </summary>
    internal static readonly Duration AccessLifetime = Duration.FromMinutes(60);

    /// <summary>A person who is idle for this long must sign in again.</summary>
    internal static readonly Duration Idle = Duration.FromHours(12);

    /// <summary>No renewal extends a sign-in beyond this time.</summary>
    internal static readonly Duration Absolute = Duration.FromHours(24);

    internal const string BecauseSignOut = "sign_out";
    internal const string BecausePassword = "password";
    internal const string BecauseDeactivated = "deactivated";
    internal const string BecauseErased = "erased";
    internal const string BecauseSecondFactor = "second_factor";
    internal const string BecauseOutside = "outside";
    internal const string BecauseReuse = "reuse";

    private const string BegunAction = "sign-in.begun";

    private const int MaxDevice = 200;

    /// <summary>Begins a sign-in in the caller's transaction.</summary>
    /// <param name="device">How the device describes itself.</param>
    /// <param name="sessionId">The only session that the sign-in may open; null when it is not limited to one.</param>
    /// <param name="until">End of the sign-in, if earlier than <see cref="Absolute"/>.</param>
    internal async Task<TokenSubject.Account> Begin(
        Db db,
        AccountRow account,
        SignInMethod method,
        string? device,
        Instant now,
        Guid? sessionId = null,
        Instant? until = null
    )
    {
        var signIn = new SignInRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            AccountId = account.Id,
            Method = Codes.Of(method),
            SessionId = sessionId,
            Device = device is { Length: > MaxDevice } ? device[..MaxDevice] : device,
            StartedAt = now,
            UsedAt = now,
            ExpiresAt = until is { } end && end < now + Absolute ? end : now + Absolute,
        };
        await SignInStore.Add(db, signIn);
        await AuditStore.Append(
            db,
            now,
            account.Id.ToString("D"),
            BegunAction,
            $"account:{account.Id:D}",
            new
            {
                signIn = signIn.Id,
                method,
                session = sessionId,
            }
        );
        return await Subject(db, account, signIn);
    }

    /// <summary>
    /// The person for whom this sign-in's tokens are issued, and what that person must do before the sign-in has all
    /// rights.
    /// </summary>
    internal async Task<TokenSubject.Account> Subject(Db db, AccountRow account, SignInRow signIn) =>
        new(account.Id, account.ParticipantId, signIn.Id)
        {
            Generation = signIn.Generation,
            ExpiresAt = signIn.ExpiresAt,
            SessionId = signIn.SessionId,
            Limits = await LimitsOf(db, account, signIn),
        };

    /// <summary>
    /// Called when an account gets a role. If the role requires a second factor, ends those sign-ins of the account
    /// that have not shown one, in the caller's transaction. Sign-ins from an outside provider stay, because the person
    /// has already met that provider's own requirements; sign-ins with an access code stay, because the code opens only
    /// its own session.
    /// </summary>
    internal async Task Granted(Db db, Guid accountId, Role role, Instant now)
    {
        if (policy.Demanded.Contains(role))
            await SignInStore.EndWithoutSecondFactor(db, accountId, now);
    }

    private async Task<SignInLimits> LimitsOf(Db db, AccountRow account, SignInRow signIn)
    {
        if (signIn.SessionId is not null)
            return SignInLimits.OneSession;
        var method = Codes.Parse<SignInMethod>(signIn.Method);
        var limits = account.MustChangePassword && method is SignInMethod.Password ? SignInLimits.ChangePassword : SignInLimits.None;
        if (await SecondFactorStore.Find(db, account.Id) is { ConfirmedAt: not null })
            return signIn.SecondFactorAt is null ? limits | SignInLimits.ShowSecondFactor : limits;
        // Require nothing more of a person from an outside provider, because the person has already met that provider's
        // own requirements.
        if (policy.Demanded.Count == 0 || method is SignInMethod.Outside)
            return limits;
        var demanded = (await AccountStore.Grants(db, account.Id)).Any(grant => policy.Demanded.Contains(grant.Role));
        return demanded ? limits | SignInLimits.SetUpSecondFactor : limits;
    }
}

/// <summary>One of the caller's own sign-ins.</summary>
/// <param name="SessionId">The only session that the sign-in may open; absent when it is not limited to one.</param>
/// <param name="Device">How the device describes itself.</param>
/// <param name="UsedAt">When the sign-in was last renewed.</param>
/// <param name="ExpiresAt">No renewal extends the sign-in beyond this time.</param>
/// <param name="Current">Whether this request belongs to the sign-in.</param>
public sealed record SignInView(
    Guid Id,
    SignInMethod Method,
    Guid? SessionId,
    string? Device,
    Instant StartedAt,
    Instant UsedAt,
    Instant ExpiresAt,
    bool Current
);

internal sealed class ListMySignIns(Executor executor) : UseCase<Done, IReadOnlyList<SignInView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMySignIns), AccessRule.Account, Trail.Own);

    protected override Task<Result<IReadOnlyList<SignInView>>> Handle(Done request, Caller caller) =>
        Read(async db =>
            (await SignInStore.Live(db, caller.AccountId, Now))
                .Select(row => new SignInView(
                    row.Id,
                    Codes.Parse<SignInMethod>(row.Method),
                    row.SessionId,
                    row.Device,
                    row.StartedAt,
                    row.UsedAt,
                    row.ExpiresAt,
                    Current: row.Id == caller.SignIn
                ))
                .ToList()
        );
}

/// <summary>Ends one of the caller's own sign-ins, on any device.</summary>
internal sealed class EndMySignIn(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EndMySignIn), AccessRule.Account, Trail.Own) { EndsSignIns = true };

    private static readonly Refusal NotFound = Refusal.NotFound("sign-in-not-found", "Такого действующего входа у вас нет.");

    protected override Task<Result<Done>> Handle(Guid signInId, Caller caller) =>
        Write(
            caller,
            async db => await SignInStore.End(db, caller.AccountId, signInId, SignIns.BecauseSignOut, Now) ? default(Done) : NotFound
        );
}

/// <summary>Ends the sign-in of the request.</summary>
internal sealed class SignOut(Executor executor) : UseCase<Done, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(SignOut), AccessRule.Account.Under(SignInLimits.All), Trail.Own)
    {
        EndsSignIns = true,
    };

    protected override Task<Result<Done>> Handle(Done request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (caller.SignIn is { } signIn)
                    await SignInStore.End(db, caller.AccountId, signIn, SignIns.BecauseSignOut, Now);
                return default(Done);
            }
        );
}
