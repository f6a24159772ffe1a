using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>An account owner's identity at an outside provider.</summary>
/// <param name="Issuer">The issuer as the provider writes it in its tokens, the <c>issuer</c> of its
/// <c>.well-known/openid-configuration</c>.</param>
/// <param name="Subject">The person's <c>sub</c> at that provider, up to 200 characters.</param>
public sealed record OutsideIdentityLink(string Issuer, string Subject);

/// <summary>
/// Links a person at an outside provider to an account; the person can then sign in through the provider.
/// </summary>
internal sealed class LinkOutsideIdentity(Executor executor)
    : UseCase<LinkOutsideIdentity.Request, OutsideIdentityLink>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(LinkOutsideIdentity),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("outside-identity.linked")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Taken = Refusal.Conflict(
        "outside-identity-taken",
        "Этот человек поставщика уже связан с учётной записью, или она — с другим человеком этого поставщика."
    );

    internal sealed record Request(Guid AccountId, OutsideIdentityLink Identity);

    protected override Task<Result<OutsideIdentityLink>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (accountId, identity) = request;
                if (TextRules.CheckLine("issuer", identity.Issuer, OutsideAccounts.MaxLength) is { } noIssuer)
                    return noIssuer;
                if (TextRules.CheckLine("subject", identity.Subject, OutsideAccounts.MaxLength) is { } noSubject)
                    return noSubject;
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                if (account.Disabled)
                    return AccountRefusals.Disabled;
                if (await SecondAdministrator.CheckSignInOf(db, caller, accountId, Now) is { } alone)
                    return alone;
                if (!await OutsideIdentityStore.Add(db, identity.Issuer, identity.Subject, accountId))
                    return Taken;
                await AuditStore.Append(db, Now, caller.Id, "outside-identity.linked", $"account:{accountId:D}", identity);
                return identity;
            }
        );
}

/// <summary>
/// Removes an account's links to outside providers and the roles that they gave, and ends the account's sign-ins. While
/// the account is open, the administrator's rule for automatic links may link it again.
/// </summary>
internal sealed class UnlinkOutsideIdentities(Executor executor, OutsideAccounts outside) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(UnlinkOutsideIdentities),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("outside-identity.unlinked")
    )
    {
        EndsSignIns = true,
    };

    internal static readonly Refusal NotLinked = Refusal.NotFound(
        "outside-identity-not-found",
        "Эта учётная запись ни с кем у внешних поставщиков не связана."
    );

    protected override Task<Result<Done>> Handle(Guid accountId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                var now = Now;
                await outside.EndRoles(db, account, now);
                if (await OutsideIdentityStore.Remove(db, accountId) == 0)
                    return NotLinked;
                await SignInStore.EndAll(db, accountId, SignIns.BecauseOutside, now);
                await AuditStore.Append(db, now, caller.Id, "outside-identity.unlinked", $"account:{accountId:D}");
                return default(Done);
            }
        );
}
