using Diagnostics.Server.Http;
using Diagnostics.UseCases.Commissions;

namespace Diagnostics.Server.Api;

internal static class CommissionsApi
{
    internal static void MapCommissions(this IEndpointRouteBuilder routes)
    {
        var commissions = routes.MapGroup("/commissions").WithTags("Commissions");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Commissions");

        commissions
            .Post(
                "/",
                MakeCommission.Operation,
                (CommissionRequest request, HttpContext http, MakeCommission useCase) =>
                    useCase.Run(request, http.Caller()).Created(commission => $"/api/v1/commissions/{commission.Id:D}")
            )
            .WithSummary("Создать комиссию мероприятия: региональную или конфликтную")
            .MayFindNothing();
        commissions
            .Post(
                "/{commissionId:guid}/end",
                EndCommission.Operation,
                (Guid commissionId, HttpContext http, EndCommission useCase) => useCase.Run(commissionId, http.Caller()).Ok()
            )
            .WithSummary("Закончить работу комиссии: права её членов прекращаются");
        commissions
            .Post(
                "/{commissionId:guid}/members",
                AppointMember.Operation,
                (Guid commissionId, MemberRequest request, HttpContext http, AppointMember useCase) =>
                    useCase.Run(new(commissionId, request), http.Caller()).Created(commission => $"/api/v1/commissions/{commission.Id:D}")
            )
            .WithSummary("Назначить члена комиссии: права даются вместе с местом");
        commissions
            .Post(
                "/{commissionId:guid}/members/{accountId:guid}/leave",
                DismissMember.Operation,
                (Guid commissionId, Guid accountId, LeaveRequest request, HttpContext http, DismissMember useCase) =>
                    useCase.Run(new(commissionId, accountId, request), http.Caller()).Ok()
            )
            .WithSummary("Вывести из комиссии: права прекращаются, работы на руках возвращаются в очередь");
        commissions
            .Post(
                "/{commissionId:guid}/members/{accountId:guid}/replacement",
                ReplaceMember.Operation,
                (Guid commissionId, Guid accountId, ReplacementRequest request, HttpContext http, ReplaceMember useCase) =>
                    useCase.Run(new(commissionId, accountId, request), http.Caller()).Ok()
            )
            .WithSummary("Заменить члена комиссии или председателя: новому – то же место и права, работы прежнего возвращаются в очередь");
        commissions
            .Post(
                "/{commissionId:guid}/members/{accountId:guid}/conflicts",
                DeclareConflict.Operation,
                (Guid commissionId, Guid accountId, ConflictRequest request, HttpContext http, DeclareConflict useCase) =>
                    useCase.Run(new(commissionId, accountId, request), http.Caller()).Ok()
            )
            .WithSummary("Записать конфликт интересов: работы этого участника члену комиссии не выдаются");
        commissions
            .Get(
                "/{commissionId:guid}",
                GetCommission.Operation,
                (Guid commissionId, HttpContext http, GetCommission useCase) => useCase.Run(commissionId, http.Caller()).Ok()
            )
            .WithSummary("Комиссия и её состав, в том числе прежний");
        campaigns
            .Get(
                "/{campaignId:guid}/commissions",
                ListCommissions.Operation,
                (Guid campaignId, HttpContext http, ListCommissions useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Комиссии мероприятия")
            .MayFindNothing();
    }
}
