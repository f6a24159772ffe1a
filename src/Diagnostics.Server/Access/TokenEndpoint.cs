using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Diagnostics.Server.Access;

/// <summary>The token endpoint of RFC 6749: a form in, a token out; errors are problems that carry the RFC's <c>error</c> too.</summary>
internal static class TokenEndpoint
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/token", Issue)
        .WithName("IssueToken")
        .WithSummary("Получить токен по паролю, токену обновления или секрету клиента")
        .WithDescription("Форма application/x-www-form-urlencoded по RFC 6749: grant_type=password (username, password), refresh_token (refresh_token) или client_credentials (client_id, client_secret).")
        .AllowedTo(AccessRule.Public)
        .DisableAntiforgery();

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> Issue(
        Tokens tokens,
        [FromForm(Name = "grant_type")] string grantType,
        [FromForm(Name = "username")] string? userName,
        [FromForm(Name = "password")] string? password,
        [FromForm(Name = "refresh_token")] string? refreshToken,
        [FromForm(Name = "client_id")] string? clientId,
        [FromForm(Name = "client_secret")] string? clientSecret)
    {
        var issued = (grantType, userName, password, refreshToken, clientId, clientSecret) switch
        {
            ("password", { } name, { } word, _, _, _) => await tokens.ForPassword(name, word),
            ("refresh_token", _, _, { } token, _, _) => await tokens.ForRefreshToken(token),
            ("client_credentials", _, _, _, { } id, { } secret) => await tokens.ForClient(id, secret),
            _ => Refusal.Invalid("unsupported-grant-type", "grant_type должен быть password, refresh_token или client_credentials, с полями, которые он требует."),
        };
        return issued.Refused(out var refusal, out var answer)
            ? Problems.Problem(refusal.Code == "invalid-client" ? 401 : 400, refusal.Code, refusal.Detail,
                new Dictionary<string, object?> { ["error"] = refusal.Code.Replace('-', '_') })
            : TypedResults.Ok(answer);
    }
}
