using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>How a request says who sends it: a bearer token that this service protected, with keys that all nodes share.</summary>
internal static class BearerTokens
{
    internal static void AddBearerTokens(this IServiceCollection services, IConfiguration configuration)
    {
        var secret = KeySecret.Read(configuration);
        services.AddDataProtection().SetApplicationName("diagnostics");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new ProtectionKeyRepository(provider.GetRequiredService<ProtectionKeys>(), secret)));
        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .Configure<IClock>((options, clock) => options.TimeProvider = new ServerTime(clock));
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AccessRequirementHandler>();
        services.AddSingleton<TokenIssuer>();
    }
}
