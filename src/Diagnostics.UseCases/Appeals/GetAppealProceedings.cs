using Diagnostics.Engine;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Appeals;

/// <summary>
/// The record of an appeal, for the operator and for members of the commission who are not recused. Members see neither
/// who filed it nor, before their own vote, how others have voted on the current proposal.
/// </summary>
internal sealed class GetAppealProceedings(Executor executor) : UseCase<Guid, AppealProceedings>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAppealProceedings),
        AppealRights.Overseers,
        Trail.Look<Guid, AppealProceedings>("appeal.proceedings-viewed", (id, _) => new($"appeal:{id:D}"))
    );

    protected override Task<Result<AppealProceedings>> Handle(Guid appealId, Caller caller) =>
        Read(async db =>
        {
            if (await AppealStore.Find(db, appealId) is not { } appeal)
                return AppealRights.NotFound;
            if (AppealRights.Onlookers.Covers(caller, new Target { Campaign = appeal.CampaignId }))
                return await AppealProceedings.Read(db, appeal, await Hearing.On(db, appeal), member: null);
            return (await Hearing.Of(db, appealId, caller)).Refused(out var refusal, out var own)
                ? refusal
                : await AppealProceedings.Read(db, own.Appeal, own.Hearing, caller.AccountId);
        });
}
