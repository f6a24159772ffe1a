using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// The token endpoint of RFC 6749: takes a form and returns a token. Errors are returned as problem documents that also
/// contain the RFC's <c>error</c>.
/// </summary>
internal static class TokenEndpoint
{
    /// <summary>
    /// The setting for the password grant. When it is false, <c>grant_type=password</c> is refused as unknown: people
    /// sign in on pages or with access codes.
    /// </summary>
    internal const string PasswordGrantSetting = "Diagnostics:PasswordGrant";

    private const string Basic = "Basic";

    internal static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> Issue(
        HttpContext http,
        IssueToken useCase,
        TokenIssuer tokens,
        TokenFormat format,
        IConfiguration configuration,
        IClock clock,
        [FromForm(Name = "grant_type")] string grantType,
        [FromForm(Name = "username")] string? userName,
        [FromForm(Name = "password")] string? password,
        [FromForm(Name = "refresh_token")] string? refreshToken,
        [FromForm(Name = "client_id")] string? clientId,
        [FromForm(Name = "client_secret")] string? clientSecret
    )
    {
        Guid? device = null;
        var basic = clientSecret is null ? ClientOf(http.Request) : null;
        if (basic is { } sent)
            (clientId, clientSecret) = sent;
        var renewal = refreshToken is null ? null : format.ReadRenewal(refreshToken, clock.GetCurrentInstant(), out device);
        Result<Credentials> shown = (grantType, userName, password, refreshToken, clientId, clientSecret) switch
        {
            ("password", { } name, { } word, _, _, _) when configuration.GetValue(PasswordGrantSetting, true) => new Credentials.Password(
                name,
                word,
                http.Attempt(device)
            ),
            ("refresh_token", _, _, { }, _, _) => renewal is null ? IssueToken.BadRefreshToken : renewal,
            ("client_credentials", _, _, _, { } id, { } secret) => new Credentials.ClientSecret(id, secret, http.Attempt()),
            _ => Refusal.Invalid(
                "unsupported-grant-type",
                "grant_type должен быть password, refresh_token или client_credentials, с полями, которые он требует."
            ),
        };
        if (shown.Refused(out var unusable, out var credentials))
            return Answer(unusable);
        if (!(await useCase.Run(credentials, http.Caller())).Refused(out var refusal, out var subject))
            return TypedResults.Ok(tokens.Issue(subject));
        if (basic is not null && refusal.Code == IssueToken.BadClient.Code)
            http.Response.Headers.WWWAuthenticate = Basic;
        return Answer(refusal);
    }

    /// <summary>
    /// The client and its secret from the Authorization header, where many OAuth libraries put them (RFC 6749, section
    /// 2.3.1).
    /// </summary>
    private static (string Id, string Secret)? ClientOf(HttpRequest request)
    {
        if (
            !AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !Basic.Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } parameter
        )
            return null;
        var bytes = new byte[parameter.Length];
        return
            Convert.TryFromBase64String(parameter, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret]
            ? (WebUtility.UrlDecode(id), WebUtility.UrlDecode(secret))
            : null;
    }

    internal static ProblemHttpResult Answer(Refusal refusal) =>
        refusal.Kind is RefusalKind.TooMany
            ? Problems.From(refusal)
            : Problems.Problem(
                refusal.Code == IssueToken.BadClient.Code ? 401 : 400,
                refusal.Code,
                refusal.Detail,
                new Dictionary<string, object?> { ["error"] = refusal.Code.Replace('-', '_') }
            );

    /// <summary>
    /// Describes the body as a single form with the RFC's fields; ASP.NET Core would describe every field as a separate
    /// form.
    /// </summary>
    internal static Task DescribeForm(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        string[] fields = ["grant_type", "username", "password", "refresh_token", "client_id", "client_secret"];
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { fields[0] },
            Properties = fields.ToDictionary(field => field, IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.String }),
        };
        ((OpenApiSchema)form.Properties[fields[0]]).Enum = ["password", "refresh_token", "client_credentials"];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/x-www-form-urlencoded"] = new() { Schema = form } },
        };
        return Task.CompletedTask;
    }
}
