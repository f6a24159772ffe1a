using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OtpNet;

namespace Diagnostics.Server.Tests.Access;

/// <summary>Checks what the service logs about sign-in attempts.</summary>
public sealed class SignInLogTests : IAsyncLifetime
{
    private readonly Lines log = new();
    private readonly TestService service;
    private SignInScene scene = null!;

    public SignInLogTests() =>
        service = new()
        {
            More = ["--Logging:LogLevel:Diagnostics.UseCases.Access.SignInLog=Information"],
            Replace = services => services.AddSingleton<ILoggerProvider>(log),
        };

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = new(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Every_attempt_is_a_line_that_says_who_from_where_and_with_what_outcome_and_holds_no_secret()
    {
        var account = await scene.Auditor();
        var (id, name, password) = (
            account["accountId"]!.GetValue<string>(),
            account["userName"]!.GetValue<string>(),
            account["password"]!.GetValue<string>()
        );
        log.Clear();

        await scene.Begin(account);
        await scene.Ask(account, "not-the-password-7").ProblemCode(400);
        await scene.Ask(new JsonObject { ["userName"] = "nobody-here" }, "whatever-8").ProblemCode(400);
        await scene.Ask(new JsonObject { ["userName"] = "a\nforged line" }, "whatever-9").ProblemCode(400);

        log.Of(LogLevel.Information)
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Signed in: password")
            .And.Contain(id)
            .And.Contain("127.0.0.1");
        log.Of(LogLevel.Warning)
            .Should()
            .HaveCount(3)
            .And.OnlyContain(line =>
                line.StartsWith("Sign-in refused: password", StringComparison.Ordinal)
                && line.Contains("127.0.0.1", StringComparison.Ordinal)
                && line.EndsWith("invalid-grant", StringComparison.Ordinal)
            );
        log.Of(LogLevel.Warning)
            .Count(line => line.Contains(id, StringComparison.Ordinal))
            .Should()
            .Be(1, "one of the names is of an account");
        foreach (var secret in new[] { name, password, "not-the-password-7", "nobody-here", "whatever", "forged" })
            log.All.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copied_refresh_token_and_a_wrong_access_code_are_lines_too()
    {
        var tokens = await scene.Begin(await scene.Auditor());
        await scene.Renew(tokens);
        service.Clock.Advance(NodaTime.Duration.FromSeconds(11));
        log.Clear();

        await scene.Refresh(tokens).ProblemCode(400);
        using var anonymous = service.Anonymous();
        using var code = new StringContent("""{"code":"2222-2222-2222"}""", System.Text.Encoding.UTF8, "application/json");
        (await anonymous.PostAsync("/api/v1/auth/code", code)).IsSuccessStatusCode.Should().BeFalse();

        log.Of(LogLevel.Warning)
            .Should()
            .Contain(line => line.EndsWith("its refresh token was used twice", StringComparison.Ordinal))
            .And.Contain(line =>
                line.StartsWith("Sign-in refused: code", StringComparison.Ordinal)
                && line.Contains("access-code-", StringComparison.Ordinal)
            );
        log.All.Should().NotContain(line => line.Contains("2222", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_at_its_change_is_a_line_from_where_it_was_typed()
    {
        var account = await scene.Auditor();
        var tokens = await scene.Begin(account);
        log.Clear();

        await scene
            .With(tokens)
            .PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = "not-the-password-7", newPassword = "три тихих озера" })
            .ProblemCode(422);

        log.Of(LogLevel.Warning)
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Sign-in refused: password")
            .And.Contain(account["accountId"]!.GetValue<string>())
            .And.Contain("from 127.0.0.1");
    }

    [Fact]
    public async Task A_code_of_the_second_factor_is_a_line_whether_it_is_right_or_wrong_or_not_looked_at()
    {
        var account = await scene.Auditor();
        var tokens = await scene.Begin(account);
        var begun = await scene.With(tokens).PostAsync("/api/v1/auth/second-factor", null).Json();
        log.Clear();

        await Show("confirmation", "000000").ProblemCode(422);
        var right = new Totp(Base32Encoding.ToBytes(begun["secret"]!.GetValue<string>())).ComputeTotp(
            service.Clock.GetCurrentInstant().ToDateTimeUtc()
        );
        var recovery = (await Show("confirmation", right).Json())["codes"]![0]!.GetValue<string>();
        log.Of(LogLevel.Warning)
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Sign-in refused: second_factor")
            .And.EndWith("second-factor-wrong");
        log.Of(LogLevel.Information).Should().ContainSingle().Which.Should().StartWith("Signed in: second_factor").And.Contain("127.0.0.1");

        tokens = await scene.Begin(account);
        log.Clear();
        for (var attempt = 1; attempt <= 7; attempt++)
            await Show("check", "000000");
        await Show("check", recovery).Json(204);

        log.Of(LogLevel.Warning)
            .Should()
            .OnlyContain(line =>
                line.StartsWith("Sign-in refused: second_factor", StringComparison.Ordinal)
                && line.Contains(account["accountId"]!.GetValue<string>(), StringComparison.Ordinal)
            )
            .And.Contain(line => line.EndsWith("second-factor-wrong", StringComparison.Ordinal))
            .And.Contain(line => line.EndsWith("too-many-attempts", StringComparison.Ordinal))
            .And.HaveCount(7);
        log.Of(LogLevel.Information).Should().ContainSingle().Which.Should().StartWith("Signed in: second_factor");
        foreach (var secret in new[] { "000000", right, recovery })
            log.All.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));

        Task<HttpResponseMessage> Show(string way, string code) =>
            scene.With(tokens).PostAsJsonAsync($"/api/v1/auth/second-factor/{way}", new { code });
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = new();

        internal IEnumerable<string> All => lines.Select(line => line.Text);

        internal IReadOnlyList<string> Of(LogLevel level) => lines.Where(line => line.Level == level).Select(line => line.Text).ToList();

        internal void Clear() => lines.Clear();

        public ILogger CreateLogger(string categoryName) =>
            new Line(categoryName.EndsWith("SignInLog", StringComparison.Ordinal) ? lines : []);

        public void Dispose() { }

        private sealed class Line(ConcurrentQueue<(LogLevel, string)> into) : ILogger
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
            ) => into.Enqueue((logLevel, formatter(state, exception)));
        }
    }
}
