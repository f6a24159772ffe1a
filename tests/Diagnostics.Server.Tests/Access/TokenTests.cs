using System.Net.Http.Headers;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

public sealed class TokenTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_wrong_password_is_refused_in_the_same_words_as_an_unknown_name()
    {
        var wrong = await Ask("admin", "wrong-password");
        var unknown = await Ask("nobody", "wrong-password");

        wrong.Should().Be("invalid-grant");
        unknown.Should().Be("invalid-grant");
    }

    [Fact]
    public async Task A_request_that_is_no_token_form_is_a_bad_request()
    {
        using var client = service.Anonymous();

        (await client.PostAsync("/api/v1/auth/token", new FormUrlEncodedContent([new("grant_type", "magic")])).ProblemCode(400))
            .Should()
            .Be("unsupported-grant-type");
    }

    [Fact]
    public async Task A_token_lets_its_account_in_until_it_expires()
    {
        var me = await service.Admin.GetAsync("/api/v1/auth/me").Json();
        me["userName"]!.GetValue<string>().Should().Be("admin");

        service.Clock.Advance(Duration.FromMinutes(61));

        (await service.Admin.GetAsync("/api/v1/auth/me").ProblemCode(401)).Should().Be("not-signed-in");
    }

    [Fact]
    public async Task A_forged_token_is_not_signed_in()
    {
        using var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "CfDJ8forged");

        (await client.GetAsync("/api/v1/auth/me").ProblemCode(401)).Should().Be("not-signed-in");
    }

    private Task<string> Ask(string name, string password) =>
        service
            .Anonymous()
            .PostAsync(
                "/api/v1/auth/token",
                new FormUrlEncodedContent([new("grant_type", "password"), new("username", name), new("password", password)])
            )
            .ProblemCode(400);
}
