using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Diagnostics.Server.Tests.Http;

/// <summary>The security headers of answers to browsers (OWASP ASVS 5.0, chapters 3 and 14).</summary>
public sealed class SecurityHeadersTests(TestService service) : IClassFixture<TestService>
{
    public static TheoryData<string, int> Answers =>
        new()
        {
            { "/api/v1/auth/me", 200 },
            { "/api/v1/people", 200 },
            { "/api/v1/people?limit=x", 400 },
            { "/api/v1/sessions/00000000-0000-0000-0000-000000000000", 403 },
            { "/api/v1/campaigns/00000000-0000-0000-0000-000000000000", 404 },
            { "/api/v1/nowhere", 404 },
            { "/health/ready", 200 },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_kept_nowhere_runs_nothing_and_is_shown_in_no_frame(string path, int status)
    {
        using var answer = await service.Admin.GetAsync(path);

        ((int)answer.StatusCode).Should().Be(status);
        Values(answer, "X-Content-Type-Options").Should().Be("nosniff");
        Values(answer, "Content-Security-Policy")
            .Should()
            .Contain("default-src 'none'")
            .And.Contain("frame-ancestors 'none'")
            .And.NotContain("unsafe");
        Values(answer, "Referrer-Policy").Should().Be("no-referrer");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task A_token_is_kept_nowhere()
    {
        using var answer = await service
            .Anonymous()
            .PostAsync(
                "/api/v1/auth/token",
                new FormUrlEncodedContent(
                    new Dictionary<string, string>
                    {
                        ["grant_type"] = "password",
                        ["username"] = "admin",
                        ["password"] = service.AdminPassword,
                    }
                )
            );

        answer.IsSuccessStatusCode.Should().BeTrue();
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task What_may_be_kept_says_so_itself()
    {
        using var description = await service.Anonymous().GetAsync("/openapi/v1.json");

        description.Headers.CacheControl!.NoStore.Should().BeFalse();
        description.Headers.ETag.Should().NotBeNull();
        Values(description, "X-Content-Type-Options").Should().Be("nosniff");
    }

    [Fact]
    public async Task The_pages_of_the_description_run_their_own_files_only()
    {
        using var page = await service.Anonymous().GetAsync("/swagger/index.html");

        page.IsSuccessStatusCode.Should().BeTrue();
        Values(page, "Content-Security-Policy").Should().Contain("script-src 'self';").And.Contain("frame-ancestors 'none'");
        (await page.Content.ReadAsStringAsync())
            .Should()
            .NotMatchRegex(@"<script(?![^>]*\bsrc=)", "the policy would not run code inside the page");
    }

    [Fact]
    public async Task Over_plain_HTTP_nobody_is_told_to_ask_for_TLS_only()
    {
        using var answer = await service.Anonymous().GetAsync("/health/live");

        answer.Headers.Contains("Strict-Transport-Security").Should().BeFalse();
    }

    [Fact]
    public async Task No_answer_names_the_program_behind_it()
    {
        using var answer = await service.Anonymous().GetAsync("/health/live");

        answer.Headers.Contains("Server").Should().BeFalse();
        answer.Headers.Contains("X-Powered-By").Should().BeFalse();
    }

    internal static string Values(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : "";
}
