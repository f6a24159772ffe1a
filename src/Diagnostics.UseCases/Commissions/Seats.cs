using System.Security.Cryptography;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Commissions;

/// <summary>A seat in a commission, regardless of who has it.</summary>
internal sealed record Seat(CommissionRole Role, ExpertStanding Standing, IReadOnlyList<string> Blocks)
{
    internal static Seat Of(MemberRow row) =>
        new(Codes.Parse<CommissionRole>(row.Role), Codes.Parse<ExpertStanding>(row.Standing), CommissionMember.BlocksOf(row));
}

/// <summary>
/// Gives people seats in commissions and takes the seats back, each with its rights, in the caller's transaction.
/// </summary>
internal static class Seats
{
    internal static readonly Refusal NoMember = Refusal.NotFound("member-not-found", "Такого члена в комиссии нет.");

    /// <summary>The account of a person, if that person may be given a seat.</summary>
    internal static async Task<Result<AccountRow>> Candidate(Db db, Guid accountId, Caller caller)
    {
        if (await AccountStore.Find(db, accountId) is not { Disabled: false } account)
            return Refusal.Invalid("account-not-found", "Такой действующей учётной записи нет.").With("field", "accountId");
        if (account.ParticipantId is not null)
            return Refusal.Conflict("member-is-participant", "Это вход участника диагностики: членам комиссии заводят отдельный.");
        return accountId == caller.AccountId ? Refusal.Forbidden("own-appointment", "Себя в комиссию не назначают.") : account;
    }

    /// <returns>The seed for the order in which the member receives scripts; null when the account already has a seat
    /// in the commission, or when a second chair would be appointed.</returns>
    internal static async Task<int?> Give(
        Db db,
        SignIns signIns,
        CommissionRow commission,
        Seat seat,
        Guid accountId,
        string by,
        Instant now
    )
    {
        var member = new MemberRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            CommissionId = commission.Id,
            AccountId = accountId,
            Role = Codes.Of(seat.Role),
            Standing = Codes.Of(seat.Standing),
            Blocks = JsonSerializer.Serialize(seat.Blocks),
            ShuffleSeed = RandomNumberGenerator.GetInt32(1, MarkingOrder.Modulus),
            AppointedAt = now,
            AppointedBy = by,
        };
        if (!await CommissionStore.Appoint(db, member))
            return null;
        foreach (var role in CommissionRights.RolesOf(Codes.Parse<CommissionKind>(commission.Kind), seat.Role))
        {
            var grant = new Grant(role, GrantScope.Campaign, commission.CampaignId.ToString("D"));
            if ((await Grants.Give(db, accountId, grant, by, now, commission.Id)).Refused(out var refusal, out _))
                throw new InvalidOperationException($"Checked before, refused now: {refusal.Code}.");
            await signIns.Granted(db, accountId, role, now);
        }
        return member.ShuffleSeed;
    }

    /// <returns>False when the account has no seat in the commission.</returns>
    internal static async Task<bool> Leave(Db db, CommissionRow commission, Guid accountId, string reason, Instant now)
    {
        if (!await CommissionStore.Leave(db, commission.Id, accountId, reason, now))
            return false;
        await AccountStore.EndGrantsOfCommission(db, commission.Id, accountId, now);
        return true;
    }
}
