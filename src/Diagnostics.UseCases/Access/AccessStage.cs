using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.UseCases.Access;

internal static class AccessStage
{
    internal static void AddAccess(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("diagnostics");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = new ProtectionKeys(provider.GetRequiredService<Database>())));
        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .Configure<IClock>((options, clock) => options.TimeProvider = new ServerTime(clock));
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AccessRequirementHandler>();
        services.AddUseCases();
        services.AddSingleton<IPasswordHasher<AccountRow>, PasswordHasher<AccountRow>>();
        services.AddScoped<Tokens>();
    }

    internal static void MapAccess(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth").WithTags("Access");
        TokenEndpoint.Map(auth);
        WhoAmI.Map(auth);
        ChangeOwnPassword.Map(auth);
        var accounts = routes.MapGroup("/accounts").WithTags("Access");
        ReadAccounts.Map(accounts);
        MakeAccount.Map(accounts);
        ManageGrants.Map(accounts);
        CloseAccounts.Map(accounts);
        ResetPassword.Map(accounts);
        ManageClients.Map(routes);
    }
}
