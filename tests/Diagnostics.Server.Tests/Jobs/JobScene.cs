using System.Text.Json.Nodes;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Jobs;

/// <summary>Asks for jobs and watches them.</summary>
internal static class JobScene
{
    /// <summary>Puts a job into the queue as the administrator does.</summary>
    internal static async Task<Guid> Ask(IServiceProvider services, JobKind kind, int total)
    {
        var database = services.GetRequiredService<Database>();
        var now = services.GetRequiredService<IClock>().GetCurrentInstant();
        var admin = await database.Read(db => AccountStore.FindByName(db, "ADMIN"));
        var caller = Caller.Account(admin!.Id.ToString("D"), null);
        var job = await database.Write(db => JobRequests.Add(db, kind, "test", new { total }, total, [], caller, now));
        services.GetRequiredService<Signal<JobWorker>>().Wake();
        return job.Id;
    }

    internal static Task<JsonNode> Get(HttpClient client, Guid id) => client.GetAsync($"/api/v1/jobs/{id}").Json();

    internal static Task<JsonNode> Over(HttpClient client, Guid id) =>
        Wait.Until("the job is over", () => Get(client, id), job => job["endedAt"] is not null);

    internal static string State(this JsonNode job) => job["state"]!.GetValue<string>();

    internal static int Number(this JsonNode job, string member) => job[member]!.GetValue<int>();
}
