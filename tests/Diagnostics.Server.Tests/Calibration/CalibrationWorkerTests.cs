using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Calibration;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Calibration;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Calibration;

/// <summary>Cancelling, restarting and crashing, with a computation that waits until the test stops it.</summary>
public sealed class CalibrationWorkerTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopped;
    private ReferenceScene scene = null!;

    public async Task InitializeAsync()
    {
        service.Replace = services => services.AddSingleton<CalibrationComputation>(WaitForCancellation);
        await service.InitializeAsync();
        scene = await ReferenceScene.Make(service, people: 30);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Cancelling_stops_the_computation_and_leaves_no_report()
    {
        var id = await Request();
        await Wait.For("the worker computes", entered.Task);
        (await scene.Get(id))["step"]!.GetValue<string>().Should().BeOneOf("reading", "fitting");
        (await service.Admin.GetAsync($"/api/v1/calibrations/{id}/form").ProblemCode(409)).Should().Be("calibration-not-ready");

        (await Cancel(id))["state"]!.GetValue<string>().Should().BeOneOf("running", "cancelled");

        (await scene.Ended(id))["state"]!.GetValue<string>().Should().Be("cancelled");
        stopped.Should().BeTrue("the token reached the computation");
        (await service.Admin.GetAsync($"/api/v1/calibrations/{id}/form").ProblemCode(409)).Should().Be("calibration-without-report");
        (await service.Admin.PostAsync($"/api/v1/calibrations/{id}/cancellation", null).ProblemCode(409)).Should().Be("calibration-state");
    }

    [Fact]
    public async Task What_waits_is_cancelled_at_once()
    {
        await Request();
        await Wait.For("the worker computes", entered.Task);
        var waiting = await Request();

        (await Cancel(waiting))["state"]!.GetValue<string>().Should().Be("cancelled");
    }

    [Fact]
    public async Task How_far_it_is_can_be_seen()
    {
        var id = await Request();

        var run = await Wait.Until("the run shows progress", () => scene.Get(id), seen => seen["progress"]!.GetValue<double>() > 0);

        (run["progress"]!.GetValue<double>(), run["step"]!.GetValue<string>(), run["stepText"]!.GetValue<string>())
            .Should()
            .Be((0.3, "fitting", "оцениваются параметры заданий"));
    }

    [Fact]
    public async Task A_service_that_goes_down_gives_the_run_back_and_the_next_start_completes_it()
    {
        var id = await Request();
        await Wait.For("the worker computes", entered.Task);

        service.Replace = null;
        await service.Restart();

        (await scene.Ended(id))["state"]!.GetValue<string>().Should().Be("completed");
        (await scene.Get(id, "/events"))
            .Items()
            .Select(happened => happened!["kind"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("requested", "claimed", "released", "claimed", "completed");
    }

    [Fact]
    public async Task A_run_whose_node_died_is_taken_up_when_its_lease_is_over()
    {
        service.Replace = null;
        await service.Restart();
        var id = await Abandoned(attempts: 1);
        (await scene.Get(id))["state"]!.GetValue<string>().Should().Be("running");

        service.Clock.Advance(CalibrationWorker.Lease + Duration.FromSeconds(1));

        (await scene.Ended(id))["state"]!.GetValue<string>().Should().Be("completed");
    }

    [Fact]
    public async Task A_run_that_takes_the_service_down_again_and_again_is_given_up()
    {
        service.Replace = null;
        await service.Restart();
        var id = await Abandoned(CalibrationWorker.MostAttempts);

        service.Clock.Advance(CalibrationWorker.Lease + Duration.FromSeconds(1));

        var run = await scene.Ended(id);
        (run["state"]!.GetValue<string>(), run["failure"]!.GetValue<string>()).Should().Be(("failed", "interrupted"));
    }

    [Fact]
    public async Task A_fault_of_the_computation_ends_the_run_and_not_the_worker()
    {
        service.Replace = services =>
            services.AddSingleton<CalibrationComputation>((_, _, _, _) => throw new InvalidOperationException("сломано"));
        await service.Restart();

        var run = await scene.Ended(await Request());

        (run["state"]!.GetValue<string>(), run["failure"]!.GetValue<string>()).Should().Be(("failed", "internal_error"));
        run["failureDetail"]!.GetValue<string>().Should().NotContain("сломано");
        (await scene.Ended(await Request()))["state"]!.GetValue<string>().Should().Be("failed");
    }

    private CalibrationResult WaitForCancellation(
        CalibrationInputs inputs,
        CalibrationOptions options,
        Action<CalibrationProgress> report,
        CancellationToken cancel
    )
    {
        entered.TrySetResult();
        report(new(CalibrationStep.Fitting, 0.3));
        cancel.WaitHandle.WaitOne();
        stopped = true;
        cancel.ThrowIfCancellationRequested();
        throw new InvalidOperationException("Only a cancelled wait ends.");
    }

    private async Task<Guid> Request() =>
        (
            await scene.Request(
                new
                {
                    formId = scene.FormId,
                    model = "rasch",
                    campaignIds = new[] { scene.CampaignId },
                    minPersons = 30,
                }
            )
        )["id"]!.GetValue<Guid>();

    private Task<JsonNode> Cancel(Guid id) => service.Admin.PostAsync($"/api/v1/calibrations/{id}/cancellation", null).Json();

    /// <summary>A run that was started the given number of times before and is now claimed by another worker.</summary>
    private async Task<Guid> Abandoned(int attempts)
    {
        var now = service.Clock.GetCurrentInstant();
        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        var requester = await scene.Database.Read(db => AccountStore.FindByName(db, "ADMIN"));
        await scene.Database.Write(async db =>
        {
            await CalibrationStore.Add(
                db,
                new CalibrationRow
                {
                    Id = id,
                    FormId = scene.FormId,
                    Model = "rasch",
                    Options = Engine.CanonicalJson.Of(new CalibrationOptions(CalibrationModel.Rasch, 30)),
                    RequestedAt = now,
                    RequestedBy = requester!.Id,
                },
                [scene.CampaignId]
            );
            await CalibrationQueue.Claim(
                db,
                (await CalibrationStore.Find(db, id))!,
                Guid.CreateVersion7(),
                now,
                now + CalibrationWorker.Lease
            );
            return await db.Execute("UPDATE calibration_runs SET attempts = @attempts WHERE id = @id", new { id, attempts });
        });
        return id;
    }
}
