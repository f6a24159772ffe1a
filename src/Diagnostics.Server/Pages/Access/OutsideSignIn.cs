using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Diagnostics.Server.Pages.Access;

/// <summary>
/// Sign-in through an outside provider (OpenID Connect, authorization code with PKCE), if the operator has set one up.
/// The result is our own sign-in with our own cookie; no token of the provider is kept.
/// </summary>
internal sealed class OutsideSignIn(OutsideSignIn.Setting? setting)
{
    internal const string SettingName = "Diagnostics:Outside";
    internal const string Path = CookieSignIn.SignInPath + "/outside";

    /// <summary>
    /// The address to which the provider sends people back; it must be registered with the provider beforehand.
    /// </summary>
    internal const string CallbackPath = Path + "/callback";

    internal const string Scheme = "Outside";

    /// <summary>The provider's name, as people see it; null when there is no provider.</summary>
    internal string? Name => setting?.Name;

    internal static string AddressFor(string returnTo) => $"{Path}?{CookieSignIn.ReturnParameter}={Uri.EscapeDataString(returnTo)}";

    /// <summary>Sends the person to the provider.</summary>
    internal async Task<IResult> Begin(HttpContext http)
    {
        if (setting is null)
            return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        var to = AccessPages.Local(http.Request.Query[CookieSignIn.ReturnParameter]);
        try
        {
            await http.ChallengeAsync(Scheme, new() { RedirectUri = to });
            return TypedResults.Empty;
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException)
        {
            // The provider's configuration cannot be read; ASP.NET Core has logged the reason.
            return Door(
                StatusCodes.Status503ServiceUnavailable,
                $"{setting.Name} сейчас не отвечает. Повторите через минуту или войдите по имени и паролю."
            );
        }
    }

    /// <summary>Runs when the provider has let a person in and everything that it sent is valid.</summary>
    internal async Task Arrive(TicketReceivedContext arrived)
    {
        arrived.HandleResponse();
        var http = arrived.HttpContext;
        var issue = http.RequestServices.GetRequiredService<IssueToken>();
        var shown = new Credentials.Outside(setting!.Identity(arrived.Principal!), http.Attempt());
        if ((await issue.Run(shown, Caller.Nobody())).Refused(out var refusal, out var subject))
        {
            await Door(Problems.StatusOf(refusal.Kind), refusal.Detail).ExecuteAsync(http);
            return;
        }
        CookieSignIn.Set(http, (TokenSubject.Account)subject);
        await PageAnswer.SeeOther(AccessPages.Local(arrived.ReturnUri)).ExecuteAsync(http);
    }

    /// <summary>
    /// Runs when the provider has refused the person, or when the provider's answer is invalid: forged, stale, or for
    /// another browser window.
    /// </summary>
    internal async Task Fail(RemoteFailureContext failed)
    {
        failed.HandleResponse();
        var http = failed.HttpContext;
        var denied = failed.Failure?.Data["error"] is "access_denied";
        http.RequestServices.GetRequiredService<SignInLog>()
            .Refused(SignInMethod.Outside, null, http.Attempt(), denied ? "outside-access-denied" : "outside-answer-refused");
        await Door(
                denied ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest,
                denied
                    ? $"{setting!.Name} вас не впустил. Начните вход заново или войдите по имени и паролю."
                    : $"Ответ, с которым вы вернулись от {setting!.Name}, не подходит: возможно, прошло много времени или "
                        + "вход начат в другом окне. Начните вход заново."
            )
            .ExecuteAsync(http);
    }

    private static PageAnswer Door(int status, string text) => PageAnswer.Of<SignIn>(new SignIn.Form("", "/", [new(null, text)]), status);

    /// <summary>The operator's settings for the provider.</summary>
    /// <param name="ClientSecret">Null for a client without a secret, which relies on PKCE.</param>
    /// <param name="RoleClaim">The claim with the person's roles: a text or a list of texts.</param>
    /// <param name="LinkClaim">The claim that names, for a person who comes for the first time, the person's account in
    /// this service; null = only an administrator links accounts.</param>
    internal sealed record Setting(
        string Authority,
        string ClientId,
        string? ClientSecret,
        string Name,
        string RoleClaim,
        string? LinkClaim
    )
    {
        private const string Email = "email";

        /// <returns>Null when the operator has set no provider.</returns>
        /// <exception cref="SettingException">A part of the settings is missing, or the provider's address would let
        /// somebody on the network read the exchange.</exception>
        internal static Setting? Read(IConfigurationSection section)
        {
            if (!section.Exists())
                return null;
            var authority = section["Authority"];
            // Without TLS, anybody on the network could replace the provider's keys.
            if (
                !Uri.TryCreate(authority, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            )
                throw new SettingException(SettingName + ":Authority", $"«{authority}» — не адрес вида https://id.example.org/realms/edu");
            if (section["ClientId"] is not { Length: > 0 } client)
                throw new SettingException(SettingName + ":ClientId", "поставщик не знает службы без её имени");
            return new(
                authority!,
                client,
                section["ClientSecret"] is { Length: > 0 } secret ? secret : null,
                section["Name"] is { Length: > 0 } name ? name : address.Host,
                section["RoleClaim"] is { Length: > 0 } roles ? roles : "roles",
                section["LinkClaim"] is { Length: > 0 } link ? link : null
            );
        }

        /// <summary>
        /// An e-mail address identifies nobody until the provider has verified that it belongs to the person.
        /// </summary>
        internal OutsideIdentity Identity(System.Security.Claims.ClaimsPrincipal person) =>
            new(
                person.FindFirst("iss")!.Value,
                person.FindFirst("sub")!.Value,
                person.FindAll(RoleClaim).Select(claim => claim.Value).ToHashSet(),
                LinkClaim is null
                || (
                    LinkClaim == Email
                    && !string.Equals(person.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase)
                )
                    ? null
                    : person.FindFirst(LinkClaim)?.Value
            );
    }
}

internal static class OutsideSignInSetup
{
    internal static void AddOutsideSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(OutsideSignIn.SettingName);
        var setting = OutsideSignIn.Setting.Read(section);
        var outside = new OutsideSignIn(setting);
        services.AddSingleton(outside);
        services.AddSingleton(new OutsideRoles(section.GetSection("Roles").GetChildren().ToDictionary(role => role.Key, GrantOf)));
        if (setting is null)
            return;
        services
            .AddAuthentication()
            .AddOpenIdConnect(
                OutsideSignIn.Scheme,
                options =>
                {
                    Connect(options, setting);
                    Check(options);
                    Keep(options);
                    options.Events.OnTicketReceived = outside.Arrive;
                    options.Events.OnRemoteFailure = outside.Fail;
                }
            );
    }

    /// <summary>
    /// Reads a role such as <c>operator</c>, <c>operator:territory:05</c> or <c>invigilator:site:…</c>.
    /// </summary>
    /// <exception cref="SettingException">There is no such role, or it cannot be granted in this way.</exception>
    private static Grant GrantOf(IConfigurationSection role)
    {
        var parts = (role.Value ?? "").Split(':', 3);
        var wanted = (Codes.Find<Role>(parts[0]), parts.Length > 1 ? Codes.Find<GrantScope>(parts[1]) : GrantScope.All)
            is ({ } known, { } scope)
            ? new Grant(known, scope, parts.Length > 2 ? parts[2] : null)
            : throw new SettingException(role.Path, $"роли «{role.Value}» нет");
        return GrantRules.Check(wanted) is { } refusal ? throw new SettingException(role.Path, refusal.Detail.TrimEnd('.')) : wanted;
    }

    private static void Connect(OpenIdConnectOptions options, OutsideSignIn.Setting setting)
    {
        options.Authority = setting.Authority;
        options.ClientId = setting.ClientId;
        options.ClientSecret = setting.ClientSecret;
        options.RequireHttpsMetadata = !new Uri(setting.Authority).IsLoopback;
        options.CallbackPath = OutsideSignIn.CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes in the address of a redirect and not in a form that the provider's page posts, so the
        // browser sends our SameSite=Lax cookies with it.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.UseIfAvailable;
        // Signing out ends only the sign-in to this service; the person remains signed in at the provider, and can sign
        // out there.
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = default;
        // Anybody can send us a request that looks like the provider's answer. Each of them makes us call the provider,
        // so these calls must be short and must not take all capacity.
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.BackchannelHttpHandler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 8,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    private static void Check(OpenIdConnectOptions options)
    {
        // ASP.NET Core accepts an unsigned token that comes straight from the provider; we do not.
        options.Events.OnTokenValidated = validated =>
        {
            if (validated.SecurityToken.RawSignature is not { Length: > 0 })
                validated.Fail("The token is not signed.");
            return Task.CompletedTask;
        };
        options.MapInboundClaims = false;
        // ASP.NET Core would drop the issuer claim, but a person is identified by issuer and subject together.
        options.ClaimActions.Clear();
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        // A signature is accepted only if it was made with a key that nobody but the provider has. The client secret,
        // which both sides know, does not count as such a key.
        options.TokenValidationParameters.ValidAlgorithms =
        [
            SecurityAlgorithms.RsaSha256,
            SecurityAlgorithms.RsaSha384,
            SecurityAlgorithms.RsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256,
            SecurityAlgorithms.RsaSsaPssSha384,
            SecurityAlgorithms.RsaSsaPssSha512,
            SecurityAlgorithms.EcdsaSha256,
            SecurityAlgorithms.EcdsaSha384,
            SecurityAlgorithms.EcdsaSha512,
        ];
    }

    /// <summary>
    /// Lets the browser keep the state of a sign-in for a quarter of an hour, on the way to the provider and back. Only
    /// the browser that began the sign-in has this state.
    /// </summary>
    private static void Keep(OpenIdConnectOptions options)
    {
        options.SaveTokens = false;
        options.CorrelationCookie.Name = CookieSignIn.CookieName + "-outside-";
        options.NonceCookie.Name = CookieSignIn.CookieName + "-nonce-";
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.HttpOnly = true;
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }
    }
}
