using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="Reason">The reason, which the person will read.</param>
public sealed record RejectionRequest(string Reason);

/// <summary>An operator rejects an application, with a reason.</summary>
internal sealed class RejectApplication(Executor executor) : UseCase<RejectApplication.Request, ApplicationView>(Operation, executor)
{
    internal const int MaxReason = 2000;

    internal static new readonly Operation Operation = new(
        nameof(RejectApplication),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("application.rejected")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ApplicationId, RejectionRequest Rejection);

    protected override Task<Result<ApplicationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (applicationId, rejection) = request;
                if (TextRules.Check("reason", rejection.Reason, MaxReason) is { } noReason)
                    return noReason;
                if (
                    await ApplicationStore.Find(db, applicationId) is not { } application
                    || !Reaches(caller, new Target { Campaign = application.CampaignId })
                )
                    return CampaignRefusals.NoApplication;
                if (application.State.Reject().Refused(out var refusal, out var next))
                    return refusal;
                var now = Now;
                if (!await ApplicationStore.Decide(db, applicationId, application.State, next, now, caller.Id, rejection.Reason.Trim()))
                    return Refusal.Conflict("application-changed", "Заявление только что изменилось; прочитайте его и повторите.");
                await AuditStore.Append(db, now, caller.Id, "application.rejected", $"application:{applicationId:D}");
                return await ApplicationView.Read(db, applicationId);
            }
        );
}
