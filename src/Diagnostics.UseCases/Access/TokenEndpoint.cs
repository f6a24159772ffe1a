using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Diagnostics.UseCases.Access;

/// <summary>The token endpoint of RFC 6749: a form in, a token out; errors are problems that carry the RFC's <c>error</c> too.</summary>
internal static class TokenEndpoint
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/token", Issue)
        .WithName("IssueToken")
        .WithSummary("Получить токен по паролю, токену обновления или секрету клиента")
        .WithDescription("Форма application/x-www-form-urlencoded по RFC 6749: grant_type=password (username, password), refresh_token (refresh_token) или client_credentials (client_id, client_secret).")
        .AddOpenApiOperationTransformer(DescribeForm)
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
        return issued.Refused(out var refusal, out var answer) ? Answer(refusal) : TypedResults.Ok(answer);
    }

    internal static ProblemHttpResult Answer(Refusal refusal) => Problems.Problem(
        refusal.Code == Tokens.BadClient.Code ? 401 : 400, refusal.Code, refusal.Detail, new Dictionary<string, object?> { ["error"] = refusal.Code.Replace('-', '_') });

    /// <summary>One form of the RFC's type; the framework would describe every field as a form of its own.</summary>
    private static Task DescribeForm(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        string[] fields = ["grant_type", "username", "password", "refresh_token", "client_id", "client_secret"];
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { fields[0] },
            Properties = fields.ToDictionary(field => field, IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.String }),
        };
        ((OpenApiSchema)form.Properties[fields[0]]).Enum = ["password", "refresh_token", "client_credentials"];
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/x-www-form-urlencoded"] = new() { Schema = form } } };
        return Task.CompletedTask;
    }
}
