using System.Security.Cryptography;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Diagnostics.Server.Http;

/// <summary>
/// Identifies the sender of a request by a bearer token. The service protects its tokens with keys that all nodes
/// share.
/// </summary>
internal static class BearerTokens
{
    internal static void AddBearerTokens(this IServiceCollection services, IConfiguration configuration)
    {
        var secret = KeySecret.Read(configuration);
        services.AddDataProtection().SetApplicationName("diagnostics");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new ProtectionKeyRepository(provider.GetRequiredService<ProtectionKeys>(), secret)
        ));
        services.AddAuthentication(BearerHandler.Bearer).AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Bearer, null);
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AccessRequirementHandler>();
        services.AddSingleton<TokenFormat>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<SecretsFor>(provider =>
            purpose =>
            {
                var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector(purpose);
                return new(protector.Protect, text => Unprotect(protector, text));
            }
        );
    }

    private static string? Unprotect(IDataProtector protector, string text)
    {
        try
        {
            return protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
