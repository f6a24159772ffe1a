using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.Access;

internal static class AccessStage
{
    internal static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<AccountRow>, PasswordHasher<AccountRow>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordLane.Iterations);
        services.AddSingleton<PasswordLane>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<OutsideAccounts>();
        services.AddSingleton<SignInTrail>();
        services.AddSingleton<SignInLog>();
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<EndedSignIns>();
        services.AddHostedService(provider => provider.GetRequiredService<EndedSignIns>());
        services.AddHostedService<SignInForgetter>();
        services.AddHostedService(provider => provider.GetRequiredService<SignInTrail>());
        services.AddSingleton<SignInsEnded>(provider => provider.GetRequiredService<EndedSignIns>().Look);
    }
}
