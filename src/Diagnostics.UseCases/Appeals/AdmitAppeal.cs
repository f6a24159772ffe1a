using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Ground">The ground of the policy's list that the statement in truth rests on.</param>
/// <param name="Reason">Why; the person reads it.</param>
public sealed record AppealRefusalRequest(AppealGround Ground, string Reason);

/// <summary>What the chair does with a filed appeal: admits it, refuses it with the clause that excludes it, opens its consideration.</summary>
internal static class AdmitAppeal
{
    internal static void Map(IEndpointRouteBuilder appeals)
    {
        appeals.MapPost("/{appealId:guid}/admission", Admit).WithName("AdmitAppeal").WithSummary("Принять апелляцию к рассмотрению").AllowedTo(AppealRights.Chairs).Idempotent();
        appeals.MapPost("/{appealId:guid}/refusal", Refuse).WithName("RefuseAppeal").WithSummary("Отказать в приёме: вопрос апелляции не подлежит, с пунктом правил").AllowedTo(AppealRights.Chairs).Idempotent();
        appeals.MapPost("/{appealId:guid}/consideration", Consider).WithName("ConsiderAppeal").WithSummary("Начать рассмотрение принятой апелляции").AllowedTo(AppealRights.Chairs).Idempotent();
    }

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Admit(Guid appealId, Caller caller, Transactions transactions, IClock clock) =>
        Move(appealId, "admitted", AppealMoves.Admit, caller, transactions, clock);

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Consider(Guid appealId, Caller caller, Transactions transactions, IClock clock) =>
        Move(appealId, "considered", AppealMoves.Consider, caller, transactions, clock);

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Refuse(Guid appealId, AppealRefusalRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealView>>(async db =>
        {
            if (TextRules.Check("reason", request.Reason, AppealRights.MaxText) is { } wrong) return wrong;
            if ((await Sitting.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
            if (own.Appeal.Standing.Refuse().Refused(out var stands, out var next)) return stands;
            var (policy, _) = await AppealRulebook.OfCampaign(db, own.Appeal.CampaignId);
            if (policy.Excludes(request.Ground) is not { } excluded)
                return Refusal.Invalid("ground-appealable", "Правила апелляций этого мероприятия не исключают такого основания: апелляцию надо рассмотреть.")
                    .With("field", "ground").With("grounds", policy.NotAppealable.Select(each => each.Ground).ToList());
            var now = clock.GetCurrentInstant();
            if (!await AppealStore.Close(db, own.Appeal, next, null, excluded.Clause, request.Reason.Trim(), null, caller.Id, now)) return AppealRights.Changed;
            await AppealLog.Add(db, appealId, "refused", now, caller.Id, new { request.Ground, excluded.Clause });
            return await AppealView.Read(db, appealId, now, anonymous: true);
        }).Ok();

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Move(
        Guid appealId, string happened, Func<AppealState, Result<AppealState>> decide, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealView>>(async db =>
        {
            if ((await Sitting.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
            if (decide(own.Appeal.Standing).Refused(out var stands, out var next)) return stands;
            if (!await AppealStore.Move(db, own.Appeal, next)) return AppealRights.Changed;
            var now = clock.GetCurrentInstant();
            await AppealLog.Add(db, appealId, happened, now, caller.Id);
            return await AppealView.Read(db, appealId, now, anonymous: true);
        }).Ok();
}
