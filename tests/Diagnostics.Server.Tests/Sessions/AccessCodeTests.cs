using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Tests.Sessions;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Takers who come with a code from a sheet; each test has its own service.</summary>
public sealed class AccessCodeTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private CampaignScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await CampaignScene.Published(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_site_hands_out_a_sheet_and_each_code_opens_its_own_session()
    {
        var (first, second) = (await Sitting(), await Sitting());

        var sheet = await Sheet(service.Admin).Json();

        var codes = sheet["codes"]!.AsArray();
        codes.Select(code => code!["sessionId"]!.GetValue<Guid>()).Should().BeEquivalentTo([first, second]);
        sheet["more"]!.GetValue<bool>().Should().BeFalse();
        codes.Select(code => code!["code"]!.GetValue<string>()).Should().OnlyContain(code => code.Length == 14);
        var taker = await SignIn(
            codes.Single(code => code!["sessionId"]!.GetValue<Guid>() == first)!["code"]!.GetValue<string>().ToLowerInvariant()
        );
        (await taker.GetAsync($"{V1}/sessions").Json()).Items().Single()!.Id().Should().Be(first);
        await service.Admin.PostAsync($"{V1}/sessions/{first}/admission", null).Json();
        await taker.PostAsJsonAsync($"{V1}/sessions/{first}/start", new { }).Json();
        (
            await taker
                .PutAsJsonAsync(
                    $"{V1}/sessions/{first}/responses/1",
                    new { baseRevision = 0, response = new { type = "single_choice", option = "2" } }
                )
                .Json()
        )["revision"]!
            .GetValue<int>()
            .Should()
            .Be(1);
        (await Sheet(service.Admin).Json())["codes"]!.AsArray().Should().BeEmpty("who has a code keeps it");
    }

    [Fact]
    public async Task A_code_opens_the_session_and_nothing_else_of_the_person()
    {
        var session = await Sitting();
        var other = await Sitting();
        var taker = await SignIn(await Code(session));
        var person = (await taker.GetAsync($"{V1}/auth/me").Json())["participantId"]!.GetValue<Guid>();

        (await taker.GetAsync($"{V1}/people/{person}").ProblemCode(403)).Should().Be("access-code-only");
        (await taker.GetAsync($"{V1}/people/{person}/profiles").ProblemCode(403)).Should().Be("access-code-only");
        (await taker.GetAsync($"{V1}/auth/sign-ins").ProblemCode(403)).Should().Be("access-code-only");
        (await taker.GetAsync($"{V1}/sessions/{other}").ProblemCode(404)).Should().Be("session-not-found");
        (await taker.GetAsync($"{V1}/sessions/{other}/receipt").ProblemCode(404)).Should().Be("session-not-found");
    }

    [Fact]
    public async Task A_code_is_dead_when_its_session_is_over()
    {
        var session = await Sitting();
        var code = await Code(session);
        var taker = await SignIn(code);
        await service.Admin.PostAsync($"{V1}/sessions/{session}/admission", null).Json();
        await taker.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { }).Json();
        await taker.PostAsJsonAsync($"{V1}/sessions/{session}/finish", new { manifest = new Dictionary<string, int>() }).Json();

        (await Ask(code).ProblemCode(409)).Should().Be("session-over");

        await taker.GetAsync($"{V1}/sessions/{session}").Json();
        (await taker.GetAsync($"{V1}/sessions/{session}/receipt").Json())["code"]!
            .GetValue<string>()
            .Should()
            .NotBeEmpty("it is what the person leaves with");
        (await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/access-code", new { }).ProblemCode(409)).Should().Be("session-over");
    }

    [Fact]
    public async Task A_new_code_ends_the_one_before_and_who_signed_in_with_it()
    {
        var session = await Sitting();
        var lost = await Code(session);
        var stranger = await SignIn(lost);

        var given = await Code(session);

        (await Ask(lost).ProblemCode(422)).Should().Be("access-code-unknown");
        (await stranger.GetAsync($"{V1}/sessions").ProblemCode(401)).Should().Be("not-signed-in");
        await SignIn(given);
    }

    [Fact]
    public async Task A_code_opens_within_its_window_only()
    {
        var session = await Sitting();
        var from = TestService.Start + Duration.FromHours(2);
        var code = (
            await service
                .Admin.PostAsJsonAsync(
                    $"{V1}/sessions/{session}/access-code",
                    new { validFrom = $"{from}", validTo = $"{from + Duration.FromHours(4)}" }
                )
                .Json()
        )["code"]!.GetValue<string>();

        (await Ask(code).ProblemCode(409)).Should().Be("access-code-early");
        service.Clock.Advance(Duration.FromHours(3));
        var tokens = await Ask(code).Json();
        service.Clock.Advance(Duration.FromMinutes(3 * 60 - 10));
        (await Renew(tokens).Json())["expires_in"]!.GetValue<int>().Should().Be(600, "the sign-in ends with the window");
        service.Clock.Advance(Duration.FromMinutes(11));
        (await Ask(code).ProblemCode(422)).Should().Be("access-code-unknown");
    }

    /// <summary>
    /// A person who is signed out in the middle of the exam types the code again. The code works as long as the session
    /// runs, including pauses.
    /// </summary>
    [Fact]
    public async Task A_code_lets_its_person_in_again_until_the_test_is_over_also_when_the_time_for_coming_is()
    {
        var session = await Sitting();
        var code = (
            await service
                .Admin.PostAsJsonAsync(
                    $"{V1}/sessions/{session}/access-code",
                    new { validFrom = $"{TestService.Start}", validTo = $"{TestService.Start + Duration.FromMinutes(20)}" }
                )
                .Json()
        )["code"]!.GetValue<string>();
        var taker = await SignIn(code);
        await service.Admin.PostAsync($"{V1}/sessions/{session}/admission", null).Json();
        await taker.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { }).Json();
        service.Clock.Advance(Duration.FromMinutes(21));
        (await taker.GetAsync($"{V1}/sessions/{session}").ProblemCode(401)).Should().Be("not-signed-in");

        var again = await SignIn(code);
        await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/pause", new { reason = "перерыв" }).Json();
        service.Clock.Advance(Duration.FromMinutes(30));
        await service.Admin.PostAsync($"{V1}/sessions/{session}/resumption", null).Json();

        (
            await again
                .PutAsJsonAsync(
                    $"{V1}/sessions/{session}/responses/1",
                    new { baseRevision = 0, response = new { type = "single_choice", option = "2" } }
                )
                .Json()
        )["revision"]!
            .GetValue<int>()
            .Should()
            .Be(1);
        service.Clock.Advance(Duration.FromHours(8));
        (await Ask(code).ProblemCode(422)).Should().Be("access-code-unknown");
    }

    [Fact]
    public async Task A_code_keeps_to_its_site_and_to_an_account_that_is_open()
    {
        var (moved, shut) = (await Sitting(), await Sitting());
        var (code, other) = (await Code(moved), await Code(shut));
        var elsewhere = await scene.AddSite();
        var database = service.Services.GetRequiredService<Database>();
        await database.Write(db => db.Execute("UPDATE sessions SET site_id = @elsewhere WHERE id = @moved", new { elsewhere, moved }));
        var account = (await (await SignIn(other)).GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<Guid>();
        await service.Admin.PostAsJsonAsync($"{V1}/accounts/{account}/deactivation", new { }).Json(204);

        (await Ask(code).ProblemCode(422)).Should().Be("access-code-unknown");
        (await Ask(other).ProblemCode(422)).Should().Be("access-code-unknown");
    }

    [Fact]
    public async Task Of_what_a_code_has_opened_the_ten_newest_sign_ins_live_and_more_wait()
    {
        var code = await Code(await Sitting());
        var takers = new List<HttpClient>();
        for (var number = 1; number <= 10; number++)
        {
            takers.Add(await SignIn(code));
            service.Clock.Advance(Duration.FromSeconds(1));
        }

        using var anonymous = service.Anonymous();
        HttpResponseMessage? refused = null;
        for (var number = 11; number <= 12; number++)
        {
            var answer = await anonymous.PostAsJsonAsync($"{V1}/auth/code", new { code });
            if (!answer.IsSuccessStatusCode)
                refused = answer;
        }

        ((int)refused!.StatusCode).Should().Be(429);
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        service.Clock.Advance(Duration.FromMinutes(2));
        takers.Add(await SignIn(code));
        await service.Services.GetRequiredService<EndedSignIns>().Look();
        await takers[0].GetAsync($"{V1}/sessions").ProblemCode(401);
        await takers[5].GetAsync($"{V1}/sessions").Json();
        await takers[^1].GetAsync($"{V1}/sessions").Json();
    }

    [Fact]
    public async Task A_code_that_would_be_dead_is_not_given_and_the_one_before_lives()
    {
        var session = await Sitting();
        var code = await Code(session);

        var refused = await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/access-code", new { validTo = Past() });

        (await Task.FromResult(refused).ProblemCode(422)).Should().Be("access-code-window");
        await SignIn(code);

        string Past() => (service.Clock.GetCurrentInstant() - Duration.FromSeconds(1)).ToString();
    }

    [Fact]
    public async Task A_slip_is_told_from_a_code_that_nobody_has()
    {
        (await Ask("7K2M-XQ9W-PTRR").ProblemCode(422)).Should().Be("access-code-mistyped");
        (await Ask(Engine.Access.TypedCode.Of("7K2MXQ9WPTR")).ProblemCode(422)).Should().Be("access-code-unknown");
    }

    [Fact]
    public async Task Only_a_hash_of_a_code_is_kept()
    {
        var code = await Code(await Sitting());

        var kept = await service
            .Services.GetRequiredService<Database>()
            .Read(db => db.Value<string>("SELECT code_hash FROM session_access_codes"));

        kept.Should().MatchRegex("^[0-9a-f]{64}$").And.NotContain(code.Replace("-", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Codes_are_given_by_the_staff_of_the_site_and_nobody_elses()
    {
        var session = await Sitting();
        var (_, own) = await scene.Staff(
            new
            {
                role = "invigilator",
                scope = "site",
                scopeId = scene.Site,
            }
        );
        var (_, other) = await scene.Staff(
            new
            {
                role = "invigilator",
                scope = "site",
                scopeId = await scene.AddSite(),
            }
        );

        (await Sheet(other).ProblemCode(404)).Should().Be("session-not-found");
        (await other.PostAsJsonAsync($"{V1}/sessions/{session}/access-code", new { }).ProblemCode(404)).Should().Be("session-not-found");
        (await Sheet(own).Json())["codes"]!.AsArray().Should().ContainSingle();
    }

    [Theory]
    [InlineData("2026-09-15T18:00:00Z", true)]
    [InlineData("2026-09-15T22:00:00Z", false)]
    public async Task Staff_of_the_site_get_the_names_on_the_sheet_from_the_day_before_on(string begins, bool given)
    {
        var session = await Sitting();
        var (_, own) = await scene.Staff(
            new
            {
                role = "site_head",
                scope = "site",
                scopeId = scene.Site,
            }
        );
        // It is the 14th in Moscow, so the 15th is tomorrow there, and 22:00 of it at Greenwich is the 16th.
        await service
            .Services.GetRequiredService<Database>()
            .Write(db =>
                db.Execute(
                    "UPDATE campaigns SET sitting_from = @begins WHERE id = @Campaign",
                    new { begins = InstantPattern.General.Parse(begins).Value, scene.Campaign }
                )
            );

        if (!given)
            (await own.PostAsJsonAsync($"{V1}/sessions/{session}/access-code", new { }).ProblemCode(403)).Should().Be("not-your-day");
        (await Sheet(own).Json())["codes"]!.AsArray().Should().HaveCount(given ? 1 : 0);
        (await Sheet(service.Admin).Json())["codes"]!.AsArray().Should().HaveCount(given ? 0 : 1);
    }

    [Fact]
    public async Task Whoever_had_only_codes_can_be_given_a_password()
    {
        var session = await Sitting();
        var taker = await SignIn(await Code(session));
        var person = (await taker.GetAsync($"{V1}/auth/me").Json())["participantId"]!.GetValue<Guid>();

        var made = await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { userName = "patimat" }).Json(201);

        using var client = await service.SignIn("patimat", made["password"]!.GetValue<string>());
        await client.GetAsync($"{V1}/people/{person}").Json();
    }

    [Fact]
    public async Task The_staff_of_a_site_help_its_takers_and_no_staff()
    {
        var (_, site) = await scene.Staff(
            new
            {
                role = "site_head",
                scope = "site",
                scopeId = scene.Site,
            }
        );
        var (_, stranger) = await scene.Staff(
            new
            {
                role = "site_head",
                scope = "site",
                scopeId = await scene.AddSite(),
            }
        );
        var person = await scene.Enrol();
        var made = await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);
        await scene.Decide(await scene.FileFor(person), "approval").Json();

        (await stranger.PostAsJsonAsync($"{V1}/people/{person}/account/password", new { }).ProblemCode(404))
            .Should()
            .Be("account-not-found");
        var reset = await site.PostAsJsonAsync($"{V1}/people/{person}/account/password", new { }).Json();
        reset["userName"]!.GetValue<string>().Should().Be(made["userName"]!.GetValue<string>());
        await site.PostAsJsonAsync($"{V1}/people/{person}/account/unlocking", new { }).Json(204);
        await service.SignIn(reset["userName"]!.GetValue<string>(), reset["password"]!.GetValue<string>());

        // The account of a taker never becomes one of staff, whose password the site could then reset.
        (
            await service
                .Admin.PostAsJsonAsync($"{V1}/accounts/{made["accountId"]}/grants", new { role = "expert", scope = "all" })
                .ProblemCode(409)
        )
            .Should()
            .Be("participant-account");
    }

    /// <summary>The session of a person whose application is approved.</summary>
    private async Task<Guid> Sitting()
    {
        var person = await scene.Enrol();
        var application = await scene.FileFor(person);
        await scene.Decide(application, "approval").Json();
        return await service
            .Services.GetRequiredService<Database>()
            .Read(db => db.Value<Guid>("SELECT id FROM sessions WHERE participant_id = @person", new { person }));
    }

    private Task<HttpResponseMessage> Sheet(HttpClient client) =>
        client.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/access-codes", new { siteId = scene.Site });

    private async Task<string> Code(Guid session) =>
        (await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/access-code", new { }).Json())["code"]!.GetValue<string>();

    private Task<HttpResponseMessage> Ask(string code) => service.Anonymous().PostAsJsonAsync($"{V1}/auth/code", new { code });

    private Task<HttpResponseMessage> Renew(JsonNode tokens) =>
        service
            .Anonymous()
            .PostAsync(
                $"{V1}/auth/token",
                new FormUrlEncodedContent([
                    new("grant_type", "refresh_token"),
                    new("refresh_token", tokens["refresh_token"]!.GetValue<string>()),
                ])
            );

    private async Task<HttpClient> SignIn(string code)
    {
        var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await Ask(code).Json())["access_token"]!.GetValue<string>()
        );
        return client;
    }
}
