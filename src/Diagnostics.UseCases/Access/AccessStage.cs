using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.Access;

internal static class AccessStage
{
    internal static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<AccountRow>, PasswordHasher<AccountRow>>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<FirstAdministrator>();
    }
}
