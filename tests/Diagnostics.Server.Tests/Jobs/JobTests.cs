using System.Net;
using System.Net.Http.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Jobs;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Jobs;

/// <summary>Jobs of a kind that the test watches, stops and interrupts.</summary>
public sealed class JobTests : IAsyncLifetime
{
    private const int Total = 300;

    private readonly TestService service = new();
    private readonly CountingKind kind = new();

    private Database Database => service.Services.GetRequiredService<Database>();

    public async Task InitializeAsync()
    {
        service.Replace = services => services.AddSingleton<JobKind>(kind);
        await service.InitializeAsync();
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_job_does_each_piece_once_and_reports_each()
    {
        var id = await Ask();

        using var answer = await service.Admin.SendAsync(Asking(id, "wait=30"));
        var job = await Task.FromResult(answer).Json();

        answer.Headers.GetValues("Preference-Applied").Should().Equal("wait=30");
        (job.State(), job.Number("done"), job.Number("total"), job.Number("faults")).Should().Be(("finished", Total, Total, 0));
        job["kindText"]!.GetValue<string>().Should().Be("Счёт");
        (job["result"]!.Number("done"), job["result"]!.Number("unchanged"), job["result"]!.Number("faults")).Should().Be((Total, 0, 0));
        (await CountingKind.Done(Database, id, Total)).Should().HaveCount(Total);
        var (lines, after) = (new List<int>(), "");
        do
        {
            var page = await service.Admin.GetAsync($"/api/v1/jobs/{id}/lines?outcome=done&limit=120{after}").Json();
            lines.AddRange(page.Items().Select(line => line!.Number("row")));
            after = page["next"] is { } next ? $"&after={next.GetValue<string>()}" : "";
        } while (after.Length > 0);
        lines.Should().Equal(Enumerable.Range(1, Total));
    }

    [Fact]
    public async Task Whoever_waits_is_answered_in_time_and_a_job_without_change_is_not_sent_again()
    {
        var id = await Stuck();

        using var answer = await service.Admin.SendAsync(Asking(id, "respond-async, wait=1"));
        (await Task.FromResult(answer).Json()).State().Should().Be("running");
        var again = Asking(id, null);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await service.Admin.SendAsync(again)).StatusCode.Should().Be(HttpStatusCode.NotModified);

        (await service.Admin.PostAsync($"/api/v1/jobs/{id}/cancellation", null).Json()).State().Should().BeOneOf("running", "cancelled");
        await JobScene.Over(service.Admin, id);
        var changed = Asking(id, null);
        changed.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await service.Admin.SendAsync(changed).Json()).State().Should().Be("cancelled");
    }

    [Fact]
    public async Task Only_whoever_asked_sees_cancels_and_lists_a_job()
    {
        var id = await Ask();
        await JobScene.Over(service.Admin, id);
        var made = await service
            .Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = "another", grants = Array.Empty<object>() })
            .Json(201);
        using var other = await service.SignIn("another", made["password"]!.GetValue<string>());

        (await other.GetAsync($"/api/v1/jobs/{id}").ProblemCode(404)).Should().Be("job-not-found");
        (await other.GetAsync($"/api/v1/jobs/{id}/lines").ProblemCode(404)).Should().Be("job-not-found");
        (await other.PostAsync($"/api/v1/jobs/{id}/cancellation", null).ProblemCode(404)).Should().Be("job-not-found");
        (await other.GetAsync("/api/v1/jobs").Json()).Items().Should().BeEmpty();
        (await service.Admin.GetAsync("/api/v1/jobs?kind=counting&state=finished").Json())
            .Items()
            .Select(job => job!["id"]!.GetValue<Guid>())
            .Should()
            .Equal(id);
        (await service.Admin.GetAsync("/api/v1/jobs?state=lost").ProblemCode(422)).Should().Be("job-state-unknown");
        (await service.Admin.GetAsync("/api/v1/jobs?kind=other").ProblemCode(422)).Should().Be("job-kind-unknown");
        (await service.Admin.GetAsync($"/api/v1/jobs/{id}/lines?outcome=other").ProblemCode(422)).Should().Be("job-outcome-unknown");
        (await service.Admin.PostAsync($"/api/v1/jobs/{id}/cancellation", null).ProblemCode(409)).Should().Be("job-state");
    }

    [Fact]
    public async Task A_job_that_nobody_has_begun_is_cancelled_at_once()
    {
        var stuck = await Task.WhenAll(Enumerable.Range(0, JobWorker.OnNode).Select(_ => Stuck()));
        var waiting = await Ask();

        (await service.Admin.PostAsync($"/api/v1/jobs/{waiting}/cancellation", null).Json()).State().Should().Be("cancelled");

        foreach (var id in stuck)
            await service.Admin.PostAsync($"/api/v1/jobs/{id}/cancellation", null).Json();
        foreach (var id in stuck)
            (await JobScene.Over(service.Admin, id)).State().Should().Be("cancelled");
        (await CountingKind.Done(Database, waiting, Total)).Should().BeEmpty();
        (await Database.Read(db => AuditStore.List(db, null, null, $"job:{waiting:D}", 0, 10)))
            .Select(entry => entry.Action)
            .Should()
            .BeEquivalentTo("job.requested", "job.cancelled");
    }

    [Fact]
    public async Task A_cancelled_job_stops_between_two_slices_and_what_it_has_done_stays()
    {
        kind.Before = async (job, cancel) =>
        {
            if (job.Done >= 100 && job.CancelAskedAt is null)
                await service.Admin.PostAsync($"/api/v1/jobs/{job.Id}/cancellation", null, cancel).Json();
        };
        var id = await Ask();

        var job = await JobScene.Over(service.Admin, id);

        job.State().Should().Be("cancelled");
        job.Number("done").Should().BeInRange(100, Total - 1);
        (await CountingKind.Done(Database, id, Total)).Should().Equal(Enumerable.Range(0, job.Number("done")));
        (await service.Admin.GetAsync($"/api/v1/jobs/{id}/lines?limit=500").Json()).Items().Should().HaveCount(job.Number("done"));
    }

    /// <summary>The slice of a worker that has lost its lease is undone, and its place is done by the next worker.</summary>
    [Fact]
    public async Task A_worker_that_has_lost_the_job_commits_nothing_and_the_next_one_goes_on()
    {
        var lost = 0;
        kind.Before = async (job, cancel) =>
        {
            if (job.Done < 100 || Interlocked.Exchange(ref lost, 1) == 1)
                return;
            await Database.Write(db =>
                db.Execute(
                    "UPDATE jobs SET claim = @claim, lease_until = @until WHERE id = @Id",
                    new
                    {
                        claim = Guid.CreateVersion7(),
                        until = service.Clock.GetCurrentInstant() + JobWorker.Lease,
                        job.Id,
                    }
                )
            );
        };
        var id = await Ask();
        var before = await Wait.Until(
            "another worker has the job",
            () => JobScene.Get(service.Admin, id),
            _ => Volatile.Read(ref lost) == 1
        );
        await Task.Delay(TimeSpan.FromSeconds(2));
        var now = await JobScene.Get(service.Admin, id);
        (now.State(), (await CountingKind.Done(Database, id, Total)).Count).Should().Be(("running", now.Number("done")));

        service.Clock.Advance(JobWorker.Lease + Duration.FromSeconds(1));

        var job = await JobScene.Over(service.Admin, id);
        (job.State(), job.Number("done"), before.Number("total")).Should().Be(("finished", Total, Total));
        (await CountingKind.Done(Database, id, Total)).Should().HaveCount(Total);
    }

    [Fact]
    public async Task A_node_that_goes_down_gives_the_job_back_and_the_next_start_goes_on_at_once()
    {
        var id = await Stuck();

        kind.Before = (_, _) => Task.CompletedTask;
        await service.Restart();

        (await JobScene.Over(service.Admin, id)).State().Should().Be("finished");
        (await CountingKind.Done(Database, id, Total)).Should().HaveCount(Total);
    }

    [Fact]
    public async Task A_job_that_takes_the_service_down_again_and_again_is_given_up()
    {
        var id = await Stuck();
        await Database.Write(db =>
            db.Execute(
                "UPDATE jobs SET claim = @claim, attempts = @attempts WHERE id = @id",
                new
                {
                    claim = Guid.CreateVersion7(),
                    attempts = JobWorker.MostAttempts,
                    id,
                }
            )
        );

        service.Clock.Advance(JobWorker.Lease + Duration.FromSeconds(1));

        var job = await JobScene.Over(service.Admin, id);
        (job.State(), job["failure"]!.GetValue<string>()).Should().Be(("failed", "interrupted"));
    }

    [Fact]
    public async Task A_fault_of_the_work_ends_the_job_and_not_the_worker()
    {
        kind.Before = (job, _) => job.Done < 100 ? Task.CompletedTask : throw new InvalidOperationException("сломано");
        var failed = await JobScene.Over(service.Admin, await Ask());
        kind.Before = (_, _) => Task.CompletedTask;
        kind.Refuses = place => place < 100 ? null : Refusal.Conflict("full", "Мест больше нет.");
        var refused = await JobScene.Over(service.Admin, await Ask());

        (failed.State(), failed["failure"]!.GetValue<string>()).Should().Be(("failed", "internal_error"));
        failed["failureDetail"]!.GetValue<string>().Should().NotContain("сломано");
        (refused["failure"]!.GetValue<string>(), refused["failureDetail"]!.GetValue<string>()).Should().Be(("refused", "Мест больше нет."));
        (await CountingKind.Done(Database, refused["id"]!.GetValue<Guid>(), Total))
            .Should()
            .HaveCount(refused.Number("done"), "the refused slice was undone");
    }

    [Fact]
    public async Task A_rehearsed_job_reports_everything_and_leaves_nothing_behind()
    {
        kind.Rehearses = true;

        var job = await JobScene.Over(service.Admin, await Ask());

        (job.State(), job["result"]!.Number("done")).Should().Be(("finished", Total));
        (await CountingKind.Done(Database, job["id"]!.GetValue<Guid>(), Total)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_report_is_kept_for_its_term_and_the_job_stays_known()
    {
        var id = await Ask();
        var job = await JobScene.Over(service.Admin, id);
        job["reportKeptUntil"]!.GetValue<DateTimeOffset>().Should().Be((TestService.Start + Duration.FromDays(30)).ToDateTimeOffset());

        service.Clock.Advance(Duration.FromDays(30) + Duration.FromSeconds(1));

        await Wait.Until(
            "the report is deleted",
            () => Database.Read(db => db.Value<int>("SELECT COUNT(*) FROM job_lines")),
            lines => lines == 0
        );
        var row = await Database.Read(db => JobStore.Find(db, id));
        (row!.State, row.Done, row.Result).Should().Be(("finished", Total, null));
    }

    private Task<Guid> Ask() => JobScene.Ask(service.Services, kind, Total);

    /// <summary>A job whose worker waits until the job is cancelled or the service stops.</summary>
    private async Task<Guid> Stuck()
    {
        kind.Before = (_, cancel) => Task.Delay(Timeout.Infinite, cancel);
        var id = await Ask();
        await Wait.Until("a worker has the job", () => JobScene.Get(service.Admin, id), job => job.State() == "running");
        return id;
    }

    private static HttpRequestMessage Asking(Guid id, string? prefer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/jobs/{id}");
        if (prefer is not null)
            request.Headers.Add("Prefer", prefer);
        return request;
    }
}

/// <summary>A kind of job that only operators may have done.</summary>
public sealed class JobRightsTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private readonly CountingKind kind = new(AccessRule.Of(Role.Operator));

    public async Task InitializeAsync()
    {
        service.Replace = services => services.AddSingleton<JobKind>(kind);
        await service.InitializeAsync();
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_right_that_ends_stops_the_job()
    {
        var database = service.Services.GetRequiredService<Database>();
        kind.Before = async (job, cancel) =>
        {
            if (job.Done >= 20)
                await database.Write(db =>
                    db.Execute("UPDATE access_grants SET ended_at = @now WHERE role = 'operator'", new { now = TestService.Start })
                );
        };

        var job = await JobScene.Over(service.Admin, await JobScene.Ask(service.Services, kind, 500));

        (job.State(), job["failure"]!.GetValue<string>()).Should().Be(("failed", "not_allowed"));
        job.Number("done").Should().BeInRange(20, 499);
    }
}
