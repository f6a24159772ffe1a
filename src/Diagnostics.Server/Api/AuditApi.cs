using Diagnostics.Server.Http;
using Diagnostics.UseCases.Audit;

namespace Diagnostics.Server.Api;

internal static class AuditApi
{
    internal static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit");
        audit
            .Get(
                "/",
                ListAudit.Operation,
                (string? actor, string? action, string? subject, long? after, int? limit, HttpContext http, ListAudit useCase) =>
                    useCase.Run(new(actor, action, subject, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Журнал аудита: решения и обращения к персональным данным, по номерам");
        audit
            .Get(
                "/verification",
                VerifyAudit.Operation,
                (HttpContext http, VerifyAudit useCase) => useCase.Run(default, http.Caller()).Ok()
            )
            .OneAtATime()
            .WithSummary("Проверить, что журнал аудита не изменён, и назвать первую нарушенную запись");
        routes
            .MapGroup("/people")
            .WithTags("Audit")
            .Get(
                "/{participantId:guid}/looks",
                ListLooks.Operation,
                (Guid participantId, long? after, int? limit, HttpContext http, ListLooks useCase) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Кто видел данные этого человека, последние обращения — первыми: самому человеку и аудитору");
    }
}
