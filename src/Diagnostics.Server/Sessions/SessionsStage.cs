using System.Text.Json.Serialization.Metadata;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Access;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.Server.Sessions;

internal static class SessionsStage
{
    internal static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<SaveResponse>();
        services.AddScoped<TakeSession>();
        services.AddScoped<FinishSession>();
        services.AddScoped<MoveSession>();
        services.AddSingleton<ExpiryWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiryWorker>());
        services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionJson.Default.WithAddedModifier(ItemTypes.NameInJson)));
    }

    internal static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/sessions").WithTags("Sessions");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Sessions");
        TakeSession.Map(sessions);
        sessions.MapPut("/{sessionId:guid}/responses/{slot:int}", SaveResponse.Handle)
            .WithName("SaveResponse").WithSummary("Сохранить ответ: 200 значит, что он на диске").AllowedTo(AccessRule.Of(Role.Participant));
        sessions.MapPost("/{sessionId:guid}/finish", FinishSession.Handle)
            .WithName("FinishSession").WithSummary("Завершить сеанс; повтор вернёт ту же квитанцию").AllowedTo(AccessRule.Of(Role.Participant)).Idempotent();
        sessions.MapPut("/connection-check/{slot:int}", CheckConnection)
            .WithName("CheckConnection").WithSummary("Проверка связи перед сеансом: запрос как сохранение ответа, но ничего не сохраняет").AllowedTo(AccessRule.Account);
        ReviewResponses.Map(sessions);
        SuperviseSessions.Map(sessions, campaigns);
    }

    /// <summary>
    /// What a technical specialist tries at every desk before the exam; also the ceiling that saves are measured against:
    /// it authenticates, parses and answers as a save does.
    /// </summary>
    private static Ok<SavedResponse> CheckConnection(int slot, SaveRequest request, IClock clock) =>
        TypedResults.Ok(new SavedResponse(slot, request.BaseRevision, clock.GetCurrentInstant()));
}
