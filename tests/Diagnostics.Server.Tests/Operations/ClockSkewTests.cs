using System.Net;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// Runs on SQLite, and on a PostgreSQL server whose clock the tests set. All clocks are fakes, so no test waits for
/// time to pass.
/// </summary>
public sealed class ClockSkewTests
{
    private static readonly Duration Bound = Duration.FromSeconds(2);
    private static readonly Duration Second = Duration.FromSeconds(1);

    /// <summary>
    /// Seconds from a measurement of the clocks to the event under test; measurements are ten seconds apart.
    /// </summary>
    private static readonly int[] Moments = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    [PostgresFact]
    public async Task A_node_whose_clock_is_wrong_does_not_start_is_not_ready_and_ends_nobodys_session_until_it_is_right_again()
    {
        await using var node = await Node.Start(onServer: true);
        var scene = await SessionScene.At(node.Service, desks: 1);

        await node.SetServer(-Duration.FromHours(5));
        (await FluentActions.Awaiting(node.Skew.Check).Should().ThrowAsync<DatabaseUnavailableException>()).WithMessage(
            "*спешат на *допустимо 2 с*Diagnostics:MaxClockSkewSeconds*NTP*"
        );
        var problem = await node.Service.Anonymous().GetAsync("/health/ready").Json(503);
        await node.Run(Duration.FromHours(4), looks: false);
        await scene.Expire();
        (await node.State(scene.Session())).Should().Be("in_progress", "three hours were not over by any other clock");
        await node.SetServer(Duration.FromHours(5));
        (await FluentActions.Awaiting(node.Skew.Check).Should().ThrowAsync<DatabaseUnavailableException>()).WithMessage("*отстают*");

        await node.SetServer(Duration.Zero);
        await node.Skew.Check();
        var ready = await node.Service.Anonymous().GetAsync("/health/ready").Json();

        problem["code"]!.GetValue<string>().Should().Be("clock-skew");
        problem["clockAheadSeconds"]!.GetValue<double>().Should().BeApproximately(18000, 60);
        Math.Abs(ready["clockAheadSeconds"]!.GetValue<double>()).Should().BeLessThan(Bound.TotalSeconds);
        await scene.Expire();
        (await node.State(scene.Session())).Should().Be("expired", "by both clocks its time is over");
    }

    /// <summary>
    /// The machine's clock jumps five hours forward or back, once at each of the <see cref="Moments"/> between two
    /// measurements.
    /// </summary>
    [SqliteTheory]
    [InlineData(5)]
    [InlineData(-5)]
    public Task A_machine_whose_clock_is_set_ends_nobodys_session_and_refuses_nobodys_answer(int hours) =>
        Happens(onServer: false, node => node.Machine.SetClock(Duration.FromHours(hours)), told: true);

    /// <summary>
    /// The node takes the server's clock as its reference, so it need not even report that its machine's clock jumped.
    /// </summary>
    [PostgresTheory]
    [InlineData(5)]
    [InlineData(-5)]
    public Task Nor_does_it_with_a_database_on_a_server(int hours) =>
        Happens(onServer: true, node => node.Machine.SetClock(Duration.FromHours(hours)), told: false);

    [PostgresTheory]
    [InlineData(5)]
    [InlineData(-5)]
    public Task A_database_whose_own_clock_is_set_ends_nobodys_session_and_refuses_nobodys_answer(int hours) =>
        Happens(onServer: true, node => node.Server += Duration.FromHours(hours), told: true);

    [SqliteFact]
    public Task A_machine_that_has_slept_ends_nobodys_session_and_refuses_nobodys_answer() =>
        Happens(onServer: false, node => node.Machine.Sleep(Duration.FromHours(5)), told: true);

    /// <summary>While the machine slept, the server's clock moved on, but the node's own time stood still.</summary>
    [PostgresFact]
    public Task Nor_does_one_that_has_slept_with_a_database_on_a_server() =>
        Happens(
            onServer: true,
            node =>
            {
                node.Machine.Sleep(Duration.FromHours(5));
                node.Server += Duration.FromHours(5);
            },
            told: true
        );

    [Fact]
    public async Task A_jump_is_logged_once_and_its_end_too()
    {
        await using var node = await Node.Start(onServer: false);
        await node.Jump(Duration.FromHours(5));
        await node.Run(Second * 40);
        await node.Jump(-Duration.FromHours(5));
        await node.Run(Second * 40);

        node.Log.Select(line => line.Level).Should().Equal(LogLevel.Error, LogLevel.Warning);
        node.Log[0].Text.Should().Contain("A clock has jumped").And.Contain("-180");
    }

    /// <summary>
    /// After its virtual machine was paused, the node is 5 seconds behind, and the bound is 2 seconds.
    /// </summary>
    [Fact]
    public Task A_small_difference_on_which_looks_agree_is_made_good_by_no_more_than_the_bound_at_once() => IsMadeGood(onServer: false);

    [PostgresFact]
    public Task So_it_is_with_a_database_on_a_server() => IsMadeGood(onServer: true);

    private static async Task IsMadeGood(bool onServer)
    {
        await using var node = await Node.Start(onServer);
        await node.Jump(Duration.FromSeconds(5));

        var steps = new List<double>();
        for (var look = 0; look < 12; look++)
        {
            var before = node.Now;
            await node.Skew.Look();
            steps.Add((node.Now - before).TotalSeconds);
        }

        steps.Should().Equal(0, 0, 2, 0, 2, 0, 1, 0, 0, 0, 0, 0);
        (await node.Service.Anonymous().GetAsync("/health/ready").Json())["clockAheadSeconds"]!.GetValue<double>().Should().Be(0);
    }

    [Fact]
    public async Task A_clock_on_which_looks_do_not_agree_corrects_nothing()
    {
        await using var node = await Node.Start(onServer: false);
        var before = node.Now;
        foreach (var seconds in (int[])[2, -2, 2, -2, 2, -2])
        {
            node.Machine.SetClock(Duration.FromSeconds(seconds));
            await node.Skew.Look();
        }

        node.Now.Should().Be(before);
    }

    [SqliteTheory]
    [InlineData(61)]
    [InlineData(-61)]
    [InlineData(18_000)]
    public async Task A_clock_that_has_jumped_is_never_followed_however_often_it_is_seen(int seconds)
    {
        await using var node = await Node.Start(onServer: false);
        var before = node.Now;
        node.Machine.SetClock(Duration.FromSeconds(seconds));
        for (var look = 0; look < 100; look++)
            await node.Skew.Look();

        (node.Now - before).Should().Be(Duration.Zero);
        node.Skew.Text().Should().Contain("перезапустите узел").And.Contain("от системных часов машины");
    }

    [SqliteFact]
    public async Task On_SQLite_the_node_is_compared_with_the_clock_of_its_machine()
    {
        await using var node = await Node.Start(onServer: false);
        await node.Skew.Check();
        (node.Skew.Ahead, node.Skew.TooFar).Should().Be((Duration.Zero, false));

        node.Machine.SetClock(Duration.FromMinutes(-90));
        await FluentActions.Awaiting(node.Skew.Check).Should().ThrowAsync<DatabaseUnavailableException>();
        (node.Skew.Ahead, node.Skew.TooFar).Should().Be((Duration.FromMinutes(90), true));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("0.5", 0.5)]
    [InlineData("0", 0.1)]
    [InlineData("3600", 60)]
    [InlineData("", 2)]
    [InlineData("0,5", 0.5)]
    public void The_bound_is_bounded(string? value, double seconds) =>
        ClockSkew.Bound(NumberSetting.Read(ClockSkew.SettingName, value, ClockSkew.UsualSeconds)).TotalSeconds.Should().Be(seconds);

    /// <summary>
    /// Lets the event happen at each of the <see cref="Moments"/>. Half a minute later, a session of three hours is
    /// still in progress and accepts an answer; once the clocks are right again, the session ends when its time is
    /// over.
    /// </summary>
    /// <param name="told">Whether the node must report that it is out of step.</param>
    private static async Task Happens(bool onServer, Action<Node> what, bool told)
    {
        await using var node = await Node.Start(onServer);
        var scene = await SessionScene.At(node.Service, desks: Moments.Length);
        for (var desk = 0; desk < Moments.Length; desk++)
        {
            await node.Run(Second * Moments[desk], looks: false);
            what(node);
            await node.Run(Second * (10 - Moments[desk]), looks: false);
            await node.Skew.Look();
            node.Skew.TooFar.Should().Be(told);
            await node.Run(Second * 30);

            (await node.State(scene.Session(desk))).Should().Be("in_progress", "it happened {0} s after a look", Moments[desk]);
            (await scene.Save(SessionScene.Text, SessionScene.Write(0, "12"), desk)).StatusCode.Should().Be(HttpStatusCode.OK);
            await node.Right();
        }
        await node.Run(Duration.FromHours(4), looks: false);
        for (var desk = 0; desk < Moments.Length; desk++)
            (await node.State(scene.Session(desk))).Should().Be("expired");
    }

    /// <summary>A node; the test sets the clocks of its machine and of its server.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly List<(LogLevel Level, string Text)> log = [];

        private Node(FakeMachine machine, TestService service) => (Machine, Service) = (machine, service);

        internal FakeMachine Machine { get; }

        internal TestService Service { get; }

        internal ClockSkew Skew => Service.Services.GetRequiredService<ClockSkew>();

        internal Instant Now => Service.Services.GetRequiredService<IClock>().GetCurrentInstant();

        internal IReadOnlyList<(LogLevel Level, string Text)> Log => log;

        /// <summary>How far the server's clock is ahead of the elapsed time.</summary>
        internal Duration Server { get; set; }

        private Instant Passed { get; set; } = TestService.Start;

        internal static async Task<Node> Start(bool onServer)
        {
            var machine = new FakeMachine(TestService.Start);
            var service = new TestService
            {
                Connection = onServer ? await PostgresDatabases.CreateMigrated(TestService.Start) : null,
                OnSqlite = !onServer,
            };
            var node = new Node(machine, service);
            service.Replace = services =>
            {
                services.AddSingleton<TimeProvider>(machine);
                services.AddSingleton<IClock>(provider => provider.GetRequiredService<NodeClock>());
                services.AddSingleton<ILogger<ClockSkew>>(new ListLogger(node.log));
            };
            await service.InitializeAsync();
            await node.SetServer(Duration.Zero);
            node.Skew.AtMost = Bound;
            return node;
        }

        internal async Task SetServer(Duration ahead)
        {
            Server = ahead;
            await Service.SetServerClock(Passed + Server);
        }

        /// <summary>
        /// The state of a session. It is read without HTTP, because a token would expire within four hours.
        /// </summary>
        internal async Task<string> State(Guid session) =>
            (await Service.Services.GetRequiredService<Database>().Read(db => SessionStore.Find(db, session)))!.State;

        /// <summary>Makes the reference clock of this node jump.</summary>
        internal async Task Jump(Duration by)
        {
            Machine.SetClock(by);
            await SetServer(Server + by);
        }

        /// <summary>
        /// Sets all clocks right, including the node's own time, as an operator does by restarting the node.
        /// </summary>
        internal async Task Right()
        {
            var clock = Service.Services.GetRequiredService<NodeClock>();
            clock.Correct(Passed - clock.GetCurrentInstant());
            Machine.SetClock(Passed - clock.OfMachine());
            await SetServer(Duration.Zero);
            await Skew.Look();
            Skew.TooFar.Should().BeFalse();
        }

        /// <summary>
        /// Lets time pass as in a running node, with expiry every second and a measurement every ten seconds.
        /// </summary>
        internal async Task Run(Duration time, bool looks = true)
        {
            var step = time > Duration.FromMinutes(30) ? time : Second;
            for (var gone = Duration.Zero; gone < time; gone += step)
            {
                Machine.Run(step);
                Passed += step;
                await Service.SetServerClock(Passed + Server);
                await Service.Services.GetRequiredService<UseCases.Sessions.ExpiryWorker>().ExpireDue();
                if (looks && (int)gone.TotalSeconds % 10 == 9)
                    await Skew.Look();
            }
        }

        public async ValueTask DisposeAsync() => await Service.DisposeAsync();
    }

    private sealed class ListLogger(List<(LogLevel, string)> lines) : ILogger<ClockSkew>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add((logLevel, formatter(state, exception)));
    }
}
