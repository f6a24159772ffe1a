using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>A single exception that escaped from a background service would end the process.</summary>
public sealed class WorkerTests
{
    [Fact]
    public void Every_background_service_is_a_worker_and_cannot_write_a_loop_of_its_own()
    {
        var services = new[] { typeof(Worker).Assembly, typeof(Service).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(BackgroundService)) && !type.IsAbstract)
            .ToList();

        services.Should().HaveCountGreaterThanOrEqualTo(7);
        services.Should().OnlyContain(type => type.IsAssignableTo(typeof(Worker)));
        typeof(Worker)
            .GetMethod("ExecuteAsync", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .IsFinal.Should()
            .BeTrue();
    }

    [Fact]
    public async Task A_worker_survives_whatever_its_work_throws_and_ends_when_the_service_stops()
    {
        Exception[] faults =
        [
            new InvalidOperationException(),
            new TimeoutException(),
            new DatabaseUnavailableException("away"),
            new DatabaseBusyException(),
            new NotSupportedException(),
            new ObjectDisposedException("connection"),
            new AggregateException(),
            new InsufficientMemoryException(),
            // Cancellations count as faults here, because nobody has asked the service to stop.
            new OperationCanceledException(),
            new TaskCanceledException(),
            new OperationCanceledException(new CancellationToken(canceled: true)),
        ];
        using var worker = new Faulty(faults);
        await worker.StartAsync(CancellationToken.None);
        await Wait.Until("the worker has met every fault and gone on", () => worker.Done > 2 * faults.Length);

        await worker.StopAsync(CancellationToken.None);

        worker.ExecuteTask!.IsFaulted.Should().BeFalse();
        worker.ExecuteTask.IsCompleted.Should().BeTrue();
    }

    /// <summary>A worker that throws each exception in turn, before and after its wait.</summary>
    private sealed class Faulty(Exception[] faults) : Worker(NullLogger.Instance)
    {
        internal int Done { get; private set; }

        protected override async Task Work(CancellationToken stopping)
        {
            var next = Done++;
            if (next % 2 == 1)
                await Task.Yield();
            if (next / 2 < faults.Length)
                throw faults[next / 2];
        }

        protected override Task Pause(CancellationToken stopping) => Task.Delay(1, stopping);
    }
}
