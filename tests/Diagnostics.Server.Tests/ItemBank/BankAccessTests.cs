using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.ItemBank;

public sealed class BankAccessTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Nothing_here_opens_to_takers_portals_or_other_staff()
    {
        // This account has no grants, only a participant's pseudonym, which is all that the rule requires of
        // participants.
        using var taker = await Taker();
        using var portal = await Portal();
        using var invigilator = await service.Person("only-invigilator", Role.Invigilator);
        var endpoints = service
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Any(tag => tag is "ItemBank" or "Forms" or "Competencies") is true
            )
            .ToList();
        endpoints.Should().HaveCountGreaterThan(15);
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = Regex.Replace(
                Regex.Replace(endpoint.RoutePattern.RawText!, @"\{[^}]*:guid\}", Guid.NewGuid().ToString()),
                @"\{[^}]*\}",
                "1"
            );
            // A profile names its framework, so readers of profiles may also read frameworks.
            var operation = endpoint.Metadata.GetMetadata<Operation>()?.Name ?? "";
            var open =
                operation is "ListFrameworks" or "GetFramework" or "CompareFrameworks"
                // The frameworks in the CASE format.
                || (method is "GET" && path.StartsWith("/ims/case/", StringComparison.Ordinal));
            foreach (var client in open ? [taker, invigilator] : new[] { taker, portal, invigilator })
            {
                var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is not "GET")
                    request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await client.SendAsync(request);
                ((int)answer.StatusCode).Should().Be(403, $"{method} {path}");
            }
        }
    }

    [Fact]
    public async Task A_role_bound_to_one_campaign_does_not_open_the_keys()
    {
        using var bound = await service.Person(
            "bound-operator",
            new Grant(Role.Operator, GrantScope.Campaign, Guid.NewGuid().ToString("D"))
        );

        (await bound.GetAsync("/api/v1/items/math-percent-1").ProblemCode(403)).Should().Be("not-for-whole-bank");
        (await bound.PostAsync("/api/v1/blueprints", BankScene.Yaml("blueprint: b")).ProblemCode(403)).Should().Be("not-for-whole-bank");
        (await bound.GetAsync("/api/v1/forms").Json())["items"]!
            .AsArray()
            .Should()
            .HaveCount(2, "forms show no keys and campaigns are made of them");
    }

    [Fact]
    public async Task Forms_and_blueprints_show_no_key_stem_or_rubric()
    {
        var forms = await service.Admin.GetAsync("/api/v1/forms").Json();
        foreach (var form in forms["items"]!.AsArray())
        {
            var text = (await service.Admin.GetAsync($"/api/v1/forms/{form!.Text("id")}").Json()).ToJsonString();
            text.Should().NotContainAny("\"key\"", "\"stem\"", "\"rubric\"", "\"solution\"", "\"options\"", "\"exemplars\"");
        }
    }

    private async Task<HttpClient> Taker()
    {
        var database = service.Services.GetRequiredService<Database>();
        var passwords = service.Services.GetRequiredService<Microsoft.AspNetCore.Identity.IPasswordHasher<AccountRow>>();
        var participant = Guid.CreateVersion7();
        (
            await database.Write(async db =>
            {
                await db.Execute(
                    "INSERT INTO participants (id, created_at) VALUES (@participant, @now)",
                    new { participant, now = service.Clock.GetCurrentInstant() }
                );
                return await Accounts.Create(
                    db,
                    passwords,
                    service.Clock.GetCurrentInstant(),
                    "only-taker",
                    BankScene.Password,
                    [],
                    "test",
                    participant
                );
            })
        ).Refusal.Should().BeNull();
        return await service.SignIn("only-taker", BankScene.Password);
    }

    private async Task<HttpClient> Portal()
    {
        const string secret = "a-portal-secret-of-some-length";
        var database = service.Services.GetRequiredService<Database>();
        await database.Write(db =>
            ClientStore.Add(
                db,
                new()
                {
                    Id = "bank-portal",
                    Name = "Портал",
                    SecretHash = Clients.HashOf(secret),
                    Scopes = "profiles.read people.enrol",
                    CreatedAt = service.Clock.GetCurrentInstant(),
                }
            )
        );
        return await service.SignInClient("bank-portal", secret);
    }
}
