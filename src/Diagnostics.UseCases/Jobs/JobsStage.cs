using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Jobs;

internal static class JobsStage
{
    internal static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobKinds>();
        services.AddSingleton<Signal<JobWorker>>();
        for (var worker = 0; worker < JobWorker.OnNode; worker++)
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<JobWorker>(provider));
    }
}
