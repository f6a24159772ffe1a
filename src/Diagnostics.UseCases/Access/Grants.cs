using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Gives roles to accounts. Every role of an account is given here, whoever gives it.</summary>
internal static class Grants
{
    /// <returns>The id of the grant; null when the account already has it.</returns>
    internal static async Task<Result<Guid?>> Give(Db db, Guid accountId, Grant grant, string by, Instant now, Guid? commissionId = null)
    {
        if (await AccountStore.Find(db, accountId) is not { } account)
            return AccountRefusals.NotFound;
        if (GrantRules.CheckOwner(grant.Role, account.ParticipantId is not null) is { } refusal)
            return refusal;
        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        return await AccountStore.AddGrant(db, id, accountId, grant, by, now, commissionId) ? id : (Guid?)null;
    }
}
