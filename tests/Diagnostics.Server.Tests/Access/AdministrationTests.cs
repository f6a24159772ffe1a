using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class AdministrationTests(TestService service) : IClassFixture<TestService>
{
    private readonly CampaignScene scene = new(service);

    private static readonly object Administrator = new { role = "administrator", scope = "all" };
    private static readonly object Auditor = new { role = "auditor", scope = "all" };

    [Fact]
    public async Task A_right_that_ends_ends_at_once()
    {
        var (id, client) = await scene.Staff(Auditor);
        await client.GetAsync($"{V1}/audit?limit=1").Json();
        var grant = (await service.Admin.GetAsync($"{V1}/accounts/{id}").Json())["grants"]![0]!.Id();

        await service.Admin.DeleteAsync($"{V1}/accounts/{id}/grants/{grant}").Json(204);

        (await client.GetAsync($"{V1}/audit?limit=1").ProblemCode(401)).Should().Be("not-signed-in");
        (await service.Admin.DeleteAsync($"{V1}/accounts/{id}/grants/{grant}").ProblemCode(404)).Should().Be("grant-not-found");
        (await service.Admin.GetAsync($"{V1}/accounts/{id}").Json())["grants"]![0]!["endedAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_grant_is_bound_to_something_that_exists_and_is_given_once()
    {
        var site = await scene.AddSite();
        var (id, _) = await scene.Staff();
        var body = new
        {
            role = "invigilator",
            scope = "site",
            scopeId = site.ToString("N"),
        };

        (await service.Admin.PostAsJsonAsync($"{V1}/accounts/{id}/grants", body).Json(201))["scopeId"]!
            .GetValue<string>()
            .Should()
            .Be(site.ToString("D"));
        (await service.Admin.PostAsJsonAsync($"{V1}/accounts/{id}/grants", body).ProblemCode(409)).Should().Be("grant-exists");
        (
            await service
                .Admin.PostAsJsonAsync($"{V1}/accounts/{id}/grants", body with { scopeId = Guid.NewGuid().ToString() })
                .ProblemCode(422)
        )
            .Should()
            .Be("grant-scope-not-found");
    }

    [Fact]
    public async Task Nobody_grants_a_role_to_oneself()
    {
        var me = (await service.Admin.GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<Guid>();

        (await service.Admin.PostAsJsonAsync($"{V1}/accounts/{me}/grants", Auditor).ProblemCode(403)).Should().Be("own-grant");
    }

    [Fact]
    public async Task A_participant_s_account_gets_no_role_of_staff_in_any_way()
    {
        var scene = await CampaignScene.Published(service);
        var site = scene.Site;
        var person = await scene.Enrol();
        var made = await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);
        var account = made["accountId"]!.GetValue<Guid>();
        var grants = $"{V1}/accounts/{account}/grants";

        foreach (var role in Enum.GetValues<Role>())
        foreach (var scope in GrantRules.ScopesOf(role))
        {
            var scopeId = scope switch
            {
                GrantScope.Campaign => $"{scene.Campaign}",
                GrantScope.Site => $"{site}",
                GrantScope.Territory => "82-701",
                GrantScope.Organisation => "МБОУ СОШ № 5",
                _ => null,
            };
            var body = new
            {
                role = Codes.Of(role),
                scope = Codes.Of(scope),
                scopeId,
            };
            (await service.Admin.PostAsJsonAsync(grants, body).ProblemCode(409)).Should().Be("participant-account", $"{body}");
        }
        foreach (var kind in new[] { "marking", "conflict" })
        {
            var commission = (
                await service
                    .Admin.PostAsJsonAsync(
                        $"{V1}/commissions",
                        new
                        {
                            campaignId = scene.Campaign,
                            kind,
                            title = "Комиссия",
                        }
                    )
                    .Json(201)
            ).Id();
            (
                await service
                    .Admin.PostAsJsonAsync($"{V1}/commissions/{commission}/members", new { accountId = account, role = "member" })
                    .ProblemCode(409)
            )
                .Should()
                .Be("member-is-participant");
        }
        foreach (var duty in new[] { "head", "organiser", "technician", "commission_member" })
            (
                await service
                    .Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/sites/{site}/staff", new { accountId = account, duty })
                    .ProblemCode(409)
            )
                .Should()
                .BeOneOf("duty-needs-role", "duty-needs-seat");
        var console = new ConsoleRepair(service.Services.GetRequiredService<Database>(), service.Clock);
        (await console.Add(made["userName"]!.GetValue<string>(), Role.Administrator)).Refusal!.Code.Should().Be("user-name-taken");

        (await service.Admin.GetAsync($"{V1}/accounts/{account}").Json())["grants"]!
            .AsArray()
            .Select(grant => grant!["role"]!.GetValue<string>())
            .Should()
            .Equal("participant");
    }

    [Fact]
    public async Task An_account_of_staff_never_becomes_a_person_s()
    {
        var (staff, _) = await scene.Staff(Auditor);
        var database = service.Services.GetRequiredService<Database>();
        var person = await scene.Enrol();

        var account = await service.Admin.GetAsync($"{V1}/accounts/{staff}").Json();
        (await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { userName = account["userName"] }).ProblemCode(409))
            .Should()
            .Be("user-name-taken");
        foreach (
            var statement in new[]
            {
                "UPDATE access_accounts SET participant_id = @person WHERE id = @staff",
                """
                    INSERT INTO access_grants (id, account_id, role, scope, granted_by, granted_at)
                    SELECT @person, id, 'participant', 'all', 'somebody', created_at FROM access_accounts WHERE id = @staff
                    """,
            }
        )
            await FluentActions
                .Awaiting(() => database.Write(db => db.Execute(statement, new { person, staff })))
                .Should()
                .ThrowAsync<Exception>();
        (
            await database.Write(async db =>
            {
                var grant = new Grant(Role.Participant, GrantScope.All, null);
                return await Grants.Give(db, staff, grant, "test", service.Clock.GetCurrentInstant());
            })
        ).Refusal!.Code.Should().Be("staff-account");
    }

    [Fact]
    public async Task The_last_administrator_cannot_be_removed_in_any_way()
    {
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            var me = (await own.Admin.GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<Guid>();
            var grant = (await own.Admin.GetAsync($"{V1}/accounts/{me}").Json())["grants"]!
                .AsArray()
                .Single(one => one!["role"]!.GetValue<string>() == "administrator")!
                .Id();
            (await own.Admin.DeleteAsync($"{V1}/accounts/{me}/grants/{grant}").ProblemCode(409)).Should().Be("last-administrator");
            (await own.Admin.PostAsJsonAsync($"{V1}/accounts/{me}/deactivation", new { }).ProblemCode(409))
                .Should()
                .Be("last-administrator");

            var (second, client) = await new CampaignScene(own).Staff(Administrator);
            await client.DeleteAsync($"{V1}/accounts/{me}/grants/{grant}").Json(204);
            (await client.PostAsJsonAsync($"{V1}/accounts/{second}/deactivation", new { }).ProblemCode(409))
                .Should()
                .Be("last-administrator");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_deactivated_account_neither_acts_nor_signs_in_until_it_is_activated()
    {
        var made = await service
            .Admin.PostAsJsonAsync($"{V1}/accounts", new { userName = Unique("aud"), grants = new[] { Auditor } })
            .Json(201);
        var client = await scene.SignIn(made);
        var chosen = TestService.Chosen(made["password"]!.GetValue<string>());
        var path = $"{V1}/accounts/{made["accountId"]}";

        await service.Admin.PostAsJsonAsync($"{path}/deactivation", new { }).Json(204);

        (await client.GetAsync($"{V1}/audit?limit=1").ProblemCode(401)).Should().Be("not-signed-in");
        (await TokenFor(made, chosen).ProblemCode(400)).Should().Be("invalid-grant");
        await service.Admin.PostAsJsonAsync($"{path}/activation", new { }).Json(204);
        await (await service.SignIn(made["userName"]!.GetValue<string>(), chosen)).GetAsync($"{V1}/audit?limit=1").Json();
    }

    [Fact]
    public async Task A_reset_password_replaces_the_one_before()
    {
        var made = await service
            .Admin.PostAsJsonAsync($"{V1}/accounts", new { userName = Unique("aud"), grants = new[] { Auditor } })
            .Json(201);
        var refresh = (await TokenFor(made, made["password"]!.GetValue<string>()).Json())["refresh_token"]!.GetValue<string>();

        var reset = await service.Admin.PostAsJsonAsync($"{V1}/accounts/{made["accountId"]}/password", new { }).Json();

        await TokenFor(made, made["password"]!.GetValue<string>()).ProblemCode(400);
        await TokenFor(made, reset["password"]!.GetValue<string>()).Json();
        (
            await service
                .Anonymous()
                .PostAsync(
                    $"{V1}/auth/token",
                    new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refresh)])
                )
                .ProblemCode(400)
        )
            .Should()
            .Be("invalid-grant");
    }

    [Fact]
    public async Task One_changes_ones_own_password_knowing_the_old_one()
    {
        var made = await service
            .Admin.PostAsJsonAsync($"{V1}/accounts", new { userName = Unique("aud"), grants = new[] { Auditor } })
            .Json(201);
        var client = await scene.SignIn(made);
        var current = TestService.Chosen(made["password"]!.GetValue<string>());

        (
            await client
                .PostAsJsonAsync($"{V1}/auth/password", new { currentPassword = "не тот пароль", newPassword = "новый пароль 1" })
                .ProblemCode(422)
        )
            .Should()
            .Be("password-wrong");
        (await client.PostAsJsonAsync($"{V1}/auth/password", new { currentPassword = current, newPassword = current }).ProblemCode(422))
            .Should()
            .Be("password-unchanged");
        await client.PostAsJsonAsync($"{V1}/auth/password", new { currentPassword = current, newPassword = "новый пароль 1" }).Json(204);

        await TokenFor(made, current).ProblemCode(400);
        await TokenFor(made, "новый пароль 1").Json();
    }

    [Fact]
    public async Task A_portals_secret_is_shown_once_and_its_end_is_immediate()
    {
        var id = Unique("portal");
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/clients",
                new
                {
                    clientId = id,
                    name = "Портал",
                    scopes = new[] { "people.enrol" },
                    territory = "82",
                }
            )
            .Json(201);
        var portal = await service.SignInClient(id, made["secret"]!.GetValue<string>());
        (await service.Admin.GetAsync($"{V1}/clients/{id}").Json()).AsObject().Should().NotContainKey("secret");
        await portal.GetAsync($"{V1}/people").Json();

        await service.Admin.PostAsJsonAsync($"{V1}/clients/{id}/deactivation", new { }).Json(204);

        (await portal.GetAsync($"{V1}/people").ProblemCode(403)).Should().Be("not-allowed");
        (
            await service
                .Admin.PostAsJsonAsync(
                    $"{V1}/clients",
                    new
                    {
                        clientId = id,
                        name = "Портал",
                        scopes = new[] { "people.enrol" },
                    }
                )
                .ProblemCode(409)
        ).Should().Be("client-exists");
    }

    [Fact]
    public async Task A_new_secret_and_the_one_before_open_both_until_the_overlap_is_over()
    {
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            var id = Unique("portal");
            var made = await own
                .Admin.PostAsJsonAsync(
                    $"{V1}/clients",
                    new
                    {
                        clientId = id,
                        name = "Портал",
                        scopes = new[] { "people.enrol" },
                    }
                )
                .Json(201);
            var (admin, first) = (own.Admin, made["secret"]!.GetValue<string>());
            var portal = await own.SignInClient(id, first);

            var second = (await admin.PostAsJsonAsync($"{V1}/clients/{id}/secret", new { overlapHours = 1 }).Json())[
                "secret"
            ]!.GetValue<string>();

            await portal.GetAsync($"{V1}/people").Json();
            await own.SignInClient(id, first);
            await own.SignInClient(id, second);
            (await admin.GetAsync($"{V1}/clients/{id}").Json())["previousSecretUntil"].Should().NotBeNull();
            own.Clock.Advance(NodaTime.Duration.FromMinutes(61));
            (await Secret(own, id, first).ProblemCode(401)).Should().Be("invalid-client");
            await Secret(own, id, second).Json();
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task After_a_leak_the_old_secret_and_the_tokens_of_it_end_at_once()
    {
        var id = Unique("portal");
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/clients",
                new
                {
                    clientId = id,
                    name = "Портал",
                    scopes = new[] { "people.enrol" },
                }
            )
            .Json(201);
        var thief = await service.SignInClient(id, made["secret"]!.GetValue<string>());
        await thief.GetAsync($"{V1}/people").Json();

        var given = await service.Admin.PostAsJsonAsync($"{V1}/clients/{id}/secret", new { overlapHours = 0 }).Json();

        (await thief.GetAsync($"{V1}/people").ProblemCode(403)).Should().Be("not-allowed");
        await Secret(service, id, made["secret"]!.GetValue<string>()).ProblemCode(401);
        await (await service.SignInClient(id, given["secret"]!.GetValue<string>())).GetAsync($"{V1}/people").Json();
    }

    [Theory]
    [InlineData("GET", "accounts")]
    [InlineData("POST", "accounts")]
    [InlineData("GET", "clients")]
    [InlineData("POST", "clients")]
    [InlineData("GET", "audit")]
    [InlineData("GET", "audit/verification")]
    public async Task Administration_is_for_administrators_and_the_trail_for_auditors(string method, string path)
    {
        var (_, client) = await scene.Staff(new { role = "operator", scope = "all" });
        var request = new HttpRequestMessage(new HttpMethod(method), $"{V1}/{path}")
        {
            Content = method == "POST" ? JsonContent.Create(new { }) : null,
        };

        (await client.SendAsync(request).ProblemCode(403)).Should().Be("not-allowed");
    }

    private static Task<HttpResponseMessage> Secret(TestService own, string client, string secret) =>
        own.Anonymous()
            .PostAsync(
                $"{V1}/auth/token",
                new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", client), new("client_secret", secret)])
            );

    private Task<HttpResponseMessage> TokenFor(JsonNode made, string password) =>
        service
            .Anonymous()
            .PostAsync(
                $"{V1}/auth/token",
                new FormUrlEncodedContent([
                    new("grant_type", "password"),
                    new("username", made["userName"]!.GetValue<string>()),
                    new("password", password),
                ])
            );
}
