using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>The rights that a sign-in gives, how it is renewed, and how anyone who is allowed to can end it.</summary>
public sealed class SignInTests(TestService service) : IClassFixture<TestService>
{
    private readonly SignInScene scene = new(service);

    [Fact]
    public async Task A_refresh_token_is_good_once_and_gives_the_next_one()
    {
        var first = await scene.Begin(await scene.Auditor());

        var second = await scene.Renew(first);

        await scene.With(second).GetAsync($"{V1}/auth/me").Json();
        await scene.With(await scene.Renew(second)).GetAsync($"{V1}/auth/me").Json();
    }

    [Fact]
    public async Task Whoever_shows_a_used_refresh_token_ends_the_sign_in_with_every_token_of_it()
    {
        var first = await scene.Begin(await scene.Auditor());
        var second = await scene.Renew(first);
        service.Clock.Advance(Duration.FromSeconds(11));

        (await scene.Refresh(first).ProblemCode(400)).Should().Be("invalid-grant");

        (await scene.With(first).GetAsync($"{V1}/auth/me").ProblemCode(401)).Should().Be("not-signed-in");
        (await scene.With(second).GetAsync($"{V1}/auth/me").ProblemCode(401)).Should().Be("not-signed-in");
        (await scene.Refresh(second).ProblemCode(400)).Should().Be("invalid-grant");
        var auditor = scene.With(await scene.Begin(await scene.Auditor()));
        (await auditor.GetAsync($"{V1}/audit?action=sign-in.reused").Json())["items"]!.AsArray().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Those_who_come_at_once_with_one_refresh_token_get_the_same_next_one_and_stay_signed_in()
    {
        var first = await scene.Begin(await scene.Auditor());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Refresh(first).Json()));

        foreach (var answer in answers)
            await scene.With(answer).GetAsync($"{V1}/auth/me").Json();
        var third = await scene.Renew(answers[0]);
        // The other seven answers contain the same next token, and for some seconds the service still accepts it for
        // renewal.
        await scene.Renew(answers[7]);
        await scene.With(third).GetAsync($"{V1}/auth/me").Json();
    }

    [Fact]
    public async Task A_refresh_token_whose_answer_was_lost_is_answered_again_within_seconds_and_not_after_the_one_that_follows()
    {
        var first = await scene.Begin(await scene.Auditor());
        await scene.Renew(first);

        var again = await scene.Renew(first);
        await scene.Renew(again);

        await scene.Refresh(first).ProblemCode(400);
        await scene.With(again).GetAsync($"{V1}/auth/me").ProblemCode(401);
    }

    [Fact]
    public async Task Ones_own_sign_ins_are_listed_by_pages()
    {
        var account = await scene.Auditor();
        JsonNode here = null!;
        for (var number = 1; number <= 5; number++)
            here = await scene.Begin(account, device: $"Room {number}");

        var devices = new List<string>();
        for (string? next = $"{V1}/auth/sign-ins?limit=2"; next is not null; )
        {
            var page = await scene.With(here).GetAsync(next).Json();
            devices.AddRange(page.Items().Select(each => each!["device"]!.GetValue<string>()));
            next = page["next"] is { } after ? $"{V1}/auth/sign-ins?limit=2&after={after}" : null;
        }

        devices.Should().BeEquivalentTo("Room 1", "Room 2", "Room 3", "Room 4", "Room 5");
    }

    [Fact]
    public async Task Signing_out_ends_this_sign_in_and_no_other()
    {
        var account = await scene.Auditor();
        var (here, there) = (await scene.Begin(account), await scene.Begin(account));

        await scene.With(here).PostAsync($"{V1}/auth/sign-out", null).Json(204);

        await scene.With(here).GetAsync($"{V1}/auth/me").ProblemCode(401);
        await scene.Refresh(here).ProblemCode(400);
        await scene.With(there).GetAsync($"{V1}/auth/me").Json();
    }

    [Fact]
    public async Task Ones_own_sign_ins_are_listed_and_can_be_ended_from_another_device()
    {
        var account = await scene.Auditor();
        var lost = await scene.Begin(account, device: "Tablet");
        var here = await scene.Begin(account, device: "Room 12");

        var listed = (await scene.With(here).GetAsync($"{V1}/auth/sign-ins").Json()).Items();
        listed.Select(each => each!["device"]!.GetValue<string>()).Should().BeEquivalentTo("Tablet", "Room 12");
        var other = listed.Single(each => !each!["current"]!.GetValue<bool>())!;
        other["device"]!.GetValue<string>().Should().Be("Tablet");
        await scene.With(here).DeleteAsync($"{V1}/auth/sign-ins/{other.Id()}").Json(204);

        await scene.With(lost).GetAsync($"{V1}/auth/me").ProblemCode(401);
        (await scene.With(here).GetAsync($"{V1}/auth/sign-ins").Json()).Items().Should().ContainSingle();
    }

    [Fact]
    public async Task Nobody_ends_the_sign_in_of_somebody_else()
    {
        var mine = await scene.Begin(await scene.Auditor());
        var others = await scene.Begin(await scene.Auditor());
        var id = (await scene.With(others).GetAsync($"{V1}/auth/sign-ins").Json()).Items()[0]!.Id();

        (await scene.With(mine).DeleteAsync($"{V1}/auth/sign-ins/{id}").ProblemCode(404)).Should().Be("sign-in-not-found");

        await scene.With(others).GetAsync($"{V1}/auth/me").Json();
    }
}

/// <summary>The lifetime of a sign-in; each test has its own service, whose clock it moves.</summary>
public sealed class SignInTimeTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private SignInScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = new(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_sign_in_ends_a_day_after_it_began_however_often_it_is_renewed()
    {
        var tokens = await scene.Begin(await scene.Auditor());
        for (var hours = 6; hours < 24; hours += 6)
        {
            service.Clock.Advance(Duration.FromHours(6));
            tokens = await scene.Renew(tokens);
        }

        service.Clock.Advance(Duration.FromMinutes(5 * 60 + 50));
        tokens = await scene.Renew(tokens);
        tokens["expires_in"]!.GetValue<int>().Should().Be(600);
        service.Clock.Advance(Duration.FromMinutes(11));

        await scene.Refresh(tokens).ProblemCode(400);
        await scene.With(tokens).GetAsync($"{V1}/auth/me").ProblemCode(401);
    }

    [Fact]
    public async Task Whoever_does_nothing_for_half_a_day_signs_in_again()
    {
        var tokens = await scene.Begin(await scene.Auditor());

        service.Clock.Advance(Duration.FromHours(13));

        await scene.Refresh(tokens).ProblemCode(400);
    }

    [Fact]
    public async Task A_node_that_starts_knows_what_ended_before()
    {
        var tokens = await scene.Begin(await scene.Auditor());
        await scene.With(tokens).PostAsync($"{V1}/auth/sign-out", null).Json(204);

        await service.Restart();

        await scene.With(tokens).GetAsync($"{V1}/auth/me").ProblemCode(401);
    }
}
