using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task A_client_may_show_its_secret_in_the_header_as_OAuth_libraries_do()
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/clients",
                new
                {
                    clientId = "portal-basic",
                    name = "П",
                    scopes = new[] { "profiles.read" },
                }
            )
            .Json(201);

        var answer = await Show("portal-basic", made["secret"]!.GetValue<string>());
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        using var portal = service.Anonymous();
        portal.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await Task.FromResult(answer).Json())["access_token"]!.GetValue<string>()
        );
        (await portal.GetAsync("/api/v1/clients/me").Json())["client"]!["clientId"]!.GetValue<string>().Should().Be("portal-basic");

        var wrong = await Show("portal-basic", "a:wrong one");
        wrong.Headers.WwwAuthenticate.Select(each => each.Scheme).Should().Equal("Basic");
        (await Task.FromResult(wrong).ProblemCode(401)).Should().Be("invalid-client");

        Task<HttpResponseMessage> Show(string id, string secret)
        {
            var client = service.Anonymous();
            // RFC 6749, 2.3.1: the id and the secret are form-encoded before they go into the Basic header.
            var pair = $"{id}:{WebUtility.UrlEncode(secret)}";
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))
            );
            return client.PostAsync("/api/v1/auth/token", new FormUrlEncodedContent([new("grant_type", "client_credentials")]));
        }
    }

    [Fact]
    public async Task Of_two_nodes_that_start_together_one_makes_the_key_and_both_use_it()
    {
        var database = service.Services.GetRequiredService<Database>();
        ProtectionKeys one = new(database),
            other = new(database);
        await one.Read();
        await other.Read();

        await one.Add("key-1", "<key id='1'/>", unlessOthers: true);
        await other.Add("key-2", "<key id='2'/>", unlessOthers: true);

        (await other.Read()).Should().Contain("<key id='1'/>").And.NotContain("<key id='2'/>");
        await other.Add("key-3", "<key id='3'/>", unlessOthers: true);
        await one.Add("revocation", "<revocation/>", unlessOthers: false);
        (await one.Read())
            .Should()
            .Contain("<key id='3'/>", "the next key is made when its maker knows all others")
            .And.Contain("<revocation/>", "a revocation is never dropped");
        await database.Write(db => db.Execute("DELETE FROM access_protection_keys WHERE name IN ('key-1', 'key-3', 'revocation')"));
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
