using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <param name="Title">The title, as in the order that appoints the commission.</param>
public sealed record CommissionRequest(Guid CampaignId, CommissionKind Kind, string Title);

/// <summary>Appoints a commission for a campaign (clause 7.1.3).</summary>
internal sealed class MakeCommission(Executor executor) : UseCase<CommissionRequest, CommissionView>(Operation, executor)
{
    private const int MaxTitle = 300;

    internal static new readonly Operation Operation = new(nameof(MakeCommission), CommissionRules.Keepers, Trail.Writes("commission.made"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<CommissionView>> Handle(CommissionRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (TextRules.Check("title", request.Title, MaxTitle) is { } wrong)
                    return wrong;
                if (await CampaignStore.Find(db, request.CampaignId) is null)
                    return CampaignRefusals.NoCampaign;
                if (!Reaches(caller, new Target { Campaign = request.CampaignId }))
                    return CampaignRefusals.NotYours;
                var now = Now;
                var row = new CommissionRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    Kind = Codes.Of(request.Kind),
                    CampaignId = request.CampaignId,
                    Title = request.Title.Trim(),
                    CreatedAt = now,
                };
                if (!await CommissionStore.Add(db, row, caller.Id))
                    return Refusal.Conflict("commission-exists", "Такая комиссия у этого мероприятия уже есть.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "commission.made",
                    $"commission:{row.Id:D}",
                    new { request.Kind, request.CampaignId }
                );
                return await CommissionView.Read(db, row.Id);
            }
        );
}

/// <summary>Ends a commission's work and every right that came from it.</summary>
internal sealed class EndCommission(Executor executor) : UseCase<Guid, CommissionView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EndCommission), CommissionRules.Keepers, Trail.Writes("commission.ended"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<CommissionView>> Handle(Guid commissionId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target))
                    return CommissionRules.NotFound;
                if (commission.EndedAt is not null)
                    return CommissionRules.Ended;
                var now = Now;
                if (!await CommissionStore.End(db, commissionId, caller.Id, now))
                    return CommissionRules.Ended;
                const string reason = "Комиссия закончила работу.";
                foreach (var member in (await CommissionStore.Members(db, commissionId)).Where(member => member.LeftAt is null))
                    await CommissionRules.TakeBack(db, commission, member.AccountId, reason, now);
                await CommissionStore.AllLeave(db, commissionId, reason, now);
                await AccountStore.EndGrantsOfCommission(db, commissionId, null, now);
                await AuditStore.Append(db, now, caller.Id, "commission.ended", $"commission:{commissionId:D}");
                return await CommissionView.Read(db, commissionId);
            }
        );
}
