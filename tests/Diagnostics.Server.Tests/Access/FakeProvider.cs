using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diagnostics.Server.Tests.Access;

/// <summary>
/// An identity provider on a loopback port: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636), one
/// person at a time. It signs tokens in its own code, with its own key, so that a test can make it lie.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    internal const string ClientId = "diagnostics";
    internal const string ClientSecret = "a secret of the provider and of us, long enough for HS256";

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, IQueryCollection> codes = new();
    private WebApplication app = null!;

    internal string Issuer => app.Urls.Single();

    /// <summary>The person who uses the browser.</summary>
    internal string Subject { get; set; } = "person-1";

    /// <summary>Further claims about the person.</summary>
    internal JsonObject Claims { get; set; } = [];

    /// <summary>Spoils the token.</summary>
    internal Action<JsonObject>? Spoil { get; set; }

    internal Func<JsonObject, string>? Sign { get; set; }

    /// <summary>Whether the provider refuses to let the person in.</summary>
    internal bool Denies { get; set; }

    /// <summary>Number of correct code exchanges.</summary>
    internal int Exchanged { get; private set; }

    internal static async Task<FakeProvider> Start()
    {
        var provider = new FakeProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        provider.app = builder.Build();
        provider.app.MapGet("/.well-known/openid-configuration", () => Results.Json(provider.Metadata()));
        provider.app.MapGet("/jwks", () => Results.Json(provider.Keys()));
        provider.app.MapGet("/authorize", provider.Authorize);
        provider.app.MapPost("/token", provider.Exchange);
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>Another person now uses the browser, and the provider tells the truth about that person.</summary>
    internal void Begin(string subject)
    {
        (Subject, Claims, Denies, Exchanged) = (subject, [], false, 0);
        (Spoil, Sign) = (null, null);
    }

    /// <summary>The settings of a service that uses this provider.</summary>
    internal string[] Settings =>
        [
            $"--Diagnostics:Outside:Authority={Issuer}",
            $"--Diagnostics:Outside:ClientId={ClientId}",
            $"--Diagnostics:Outside:ClientSecret={ClientSecret}",
            "--Diagnostics:Outside:Name=Портал региона",
        ];

    /// <summary>RFC 7515 with RS256.</summary>
    internal static string Signed(JsonObject claims, RSA key)
    {
        var content =
            Part(
                new JsonObject
                {
                    ["alg"] = "RS256",
                    ["kid"] = "1",
                    ["typ"] = "JWT",
                }
            )
            + "."
            + Part(claims);
        return content
            + "."
            + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    internal string Signed(JsonObject claims) => Signed(claims, key);

    /// <summary>
    /// A token signed with the secret that both sides share; anybody could make such a token after the secret leaked.
    /// </summary>
    internal static string SignedWithSecret(JsonObject claims)
    {
        var content = Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT" }) + "." + Part(claims);
        return content
            + "."
            + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), Encoding.ASCII.GetBytes(content)));
    }

    internal static string Unsigned(JsonObject claims) => Part(new JsonObject { ["alg"] = "none" }) + "." + Part(claims) + ".";

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        key.Dispose();
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private JsonObject Metadata() =>
        new()
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize",
            ["token_endpoint"] = Issuer + "/token",
            ["jwks_uri"] = Issuer + "/jwks",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
        };

    private JsonObject Keys()
    {
        var own = key.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["alg"] = "RS256",
                    ["kid"] = "1",
                    ["n"] = Base64Url.EncodeToString(own.Modulus),
                    ["e"] = Base64Url.EncodeToString(own.Exponent),
                }
            ),
        };
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (
            query["client_id"] != ClientId
            || query["response_type"] != "code"
            || query["code_challenge_method"] != "S256"
            || query["nonce"].Count == 0
        )
            return Results.BadRequest();
        var state = Uri.EscapeDataString(query["state"].ToString());
        if (Denies)
            return Results.Redirect($"{query["redirect_uri"]}?error=access_denied&state={state}");
        var code = RandomNumberGenerator.GetHexString(32);
        codes[code] = query;
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={state}");
    }

    private async Task<IResult> Exchange(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (
            !codes.TryRemove(form["code"].ToString(), out var asked)
            || form["redirect_uri"] != asked["redirect_uri"]
            || form["client_secret"] != ClientSecret
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
                != asked["code_challenge"]
        )
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        Exchanged++;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = Subject,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = asked["nonce"].ToString(),
        };
        foreach (var (name, value) in Claims)
            claims[name] = value?.DeepClone();
        Spoil?.Invoke(claims);
        return Results.Json(
            new
            {
                access_token = "opaque",
                token_type = "Bearer",
                expires_in = 300,
                id_token = Sign?.Invoke(claims) ?? Signed(claims),
            }
        );
    }
}
