using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Jobs;

internal static class JobsStage
{
    internal static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobKinds>();
        services.AddSingleton<JobRecovery>();
        services.AddSingleton<Signal<JobWorker>>();
        for (var worker = 0; worker < JobWorker.OnNode; worker++)
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<JobWorker>(provider));
    }

    /// <summary>Registers a kind of job; <c>StageHooks</c> calls this for the kinds of all stages.</summary>
    internal static void AddJob<TKind>(this IServiceCollection services)
        where TKind : JobKind
    {
        services.AddSingleton<TKind>();
        services.AddSingleton<JobKind>(provider => provider.GetRequiredService<TKind>());
    }
}
