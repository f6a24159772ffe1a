using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <param name="Role"><c>administrator</c> or <c>auditor</c>; other roles need no confirmation.</param>
public sealed record GrantProposalRequest(Role Role);

/// <summary>A role that an administrator has proposed for an account and another administrator has to confirm.</summary>
/// <param name="ProposedBy">The administrator's account.</param>
public sealed record GrantProposal(Guid Id, Guid AccountId, string UserName, Role Role, Guid ProposedBy, Instant ProposedAt)
{
    internal static GrantProposal Of(GrantProposalRow row) =>
        new(row.Id, row.AccountId, row.UserName, Codes.Parse<Role>(row.Role), row.ProposedBy, row.ProposedAt);
}

/// <summary>Identifies a proposal.</summary>
internal sealed record ProposalOf(Guid AccountId, Guid ProposalId)
{
    internal static readonly Refusal NotFound = Refusal.NotFound("proposal-not-found", "Такого предложения, которое ждёт решения, нет.");
}

/// <summary>Proposes that an account becomes an administrator's or an auditor's.</summary>
internal sealed class ProposeGrant(Executor executor) : UseCase<ProposeGrant.Request, GrantProposal>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ProposeGrant),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("grant.proposed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotOfOverseer = Refusal
        .Invalid("grant-role", "Предлагают только роли администратора и аудитора: остальные назначают сразу.")
        .With("field", "role");

    internal static readonly Refusal Waits = Refusal.Conflict("proposal-waits", "Это уже предложено и ждёт решения.");

    internal sealed record Request(Guid AccountId, GrantProposalRequest Proposal);

    protected override Task<Result<GrantProposal>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (accountId, role) = (request.AccountId, request.Proposal.Role);
                if (!GrantRules.Oversees(role))
                    return NotOfOverseer;
                if (accountId == caller.AccountId)
                    return Refusal.Forbidden("own-grant", "Себе роль не назначают: это делает другой администратор.");
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                if (account.Disabled)
                    return AccountRefusals.Disabled;
                if (GrantRules.CheckOwner(role, account.ParticipantId is not null) is { } unfit)
                    return unfit;
                if ((await AccountStore.Grants(db, accountId)).Any(grant => grant.Role == role))
                    return Refusal.Conflict("grant-exists", "Эта роль уже назначена.");
                var now = Now;
                var row = new GrantProposalRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    AccountId = accountId,
                    UserName = account.UserName,
                    Role = Codes.Of(role),
                    ProposedBy = caller.AccountId,
                    ProposedAt = now,
                };
                if (!await GrantProposalStore.Add(db, row))
                    return Waits;
                await AuditStore.Append(db, now, caller.Id, "grant.proposed", $"account:{accountId:D}", new { proposalId = row.Id, role });
                return GrantProposal.Of(row);
            }
        );
}

/// <summary>Lists the proposals that wait for a decision.</summary>
internal sealed class ListGrantProposals(Executor executor) : UseCase<Done, IReadOnlyList<GrantProposal>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListGrantProposals), AccessRule.Of(Role.Administrator), Trail.None);

    protected override Task<Result<IReadOnlyList<GrantProposal>>> Handle(Done request, Caller caller) =>
        Read(async db => (Result<IReadOnlyList<GrantProposal>>)(await GrantProposalStore.Waiting(db)).Select(GrantProposal.Of).ToList());
}

/// <summary>Gives the proposed role. Whoever has proposed it, or would get it, does not confirm it.</summary>
internal sealed class ConfirmGrant(Executor executor, SignIns signIns) : UseCase<ProposalOf, GrantView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ConfirmGrant),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("grant.added")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal static readonly Refusal Own = Refusal.Forbidden(
        "own-proposal",
        "Подтверждает другой администратор: не тот, кто предложил, и не тот, кому предложено."
    );

    protected override Task<Result<GrantView>> Handle(ProposalOf request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (accountId, proposalId) = request;
                if (await GrantProposalStore.FindWaiting(db, proposalId, accountId) is not { } proposal)
                    return ProposalOf.NotFound;
                if (caller.AccountId == proposal.ProposedBy || caller.AccountId == accountId)
                    return Own;
                if (await AccountStore.Find(db, accountId) is not { Disabled: false })
                    return AccountRefusals.Disabled;
                var now = Now;
                if (!await GrantProposalStore.Decide(db, proposalId, "confirmed", caller.AccountId, now))
                    return ProposalOf.NotFound;
                var grant = new Grant(Codes.Parse<Role>(proposal.Role), GrantScope.All, null);
                if ((await Grants.Give(db, accountId, grant, caller.Id, now)).Refused(out var refusal, out var given))
                    return refusal;
                if (given is not { } id)
                    return Refusal.Conflict("grant-exists", "Эта роль уже назначена.");
                await signIns.Granted(db, accountId, grant.Role, now);
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "grant.added",
                    $"account:{accountId:D}",
                    new
                    {
                        grantId = id,
                        grant,
                        proposalId,
                        proposal.ProposedBy,
                    }
                );
                return new GrantView(id, grant.Role, grant.Scope, grant.ScopeId, now, null);
            }
        );
}

/// <summary>Refuses a proposal; its author may take it back in this way.</summary>
internal sealed class RefuseGrant(Executor executor) : UseCase<ProposalOf, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(RefuseGrant),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("grant.refused")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(ProposalOf request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (accountId, proposalId) = request;
                if (await GrantProposalStore.FindWaiting(db, proposalId, accountId) is not { } proposal)
                    return ProposalOf.NotFound;
                var now = Now;
                if (!await GrantProposalStore.Decide(db, proposalId, "refused", caller.AccountId, now))
                    return ProposalOf.NotFound;
                await AuditStore.Append(db, now, caller.Id, "grant.refused", $"account:{accountId:D}", new { proposalId, proposal.Role });
                return default(Done);
            }
        );
}
