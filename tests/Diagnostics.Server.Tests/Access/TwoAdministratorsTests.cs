using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;

namespace Diagnostics.Server.Tests.Access;

/// <summary>Nobody makes an overseer alone once there are two administrators; each test has its own service.</summary>
public sealed class TwoAdministratorsTests : IAsyncLifetime
{
    private const string V1 = CampaignScene.V1;

    private static readonly object Administrator = new { role = "administrator", scope = "all" };

    private readonly TestService service = new();
    private CampaignScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = new CampaignScene(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_single_administrator_makes_overseers_alone()
    {
        await scene.Staff(new { role = "auditor", scope = "all" });
        await scene.Staff(Administrator);
    }

    [Theory]
    [InlineData("administrator")]
    [InlineData("auditor")]
    public async Task Of_two_one_proposes_and_the_other_confirms(string role)
    {
        var (second, other) = await scene.Staff(Administrator);
        var (account, newcomer) = await scene.Staff();
        var grant = new { role, scope = "all" };
        (await Post(service.Admin, $"accounts/{account}/grants", grant).ProblemCode(409)).Should().Be("second-administrator-needed");
        (await Post(service.Admin, "accounts", new { userName = "more", grants = new[] { grant } }).ProblemCode(409))
            .Should()
            .Be("second-administrator-needed");

        var proposal = (await Post(service.Admin, $"accounts/{account}/grant-proposals", new { role }).Json(201)).Id();

        var confirmation = $"accounts/{account}/grant-proposals/{proposal}/confirmation";
        (await Post(service.Admin, confirmation).ProblemCode(403)).Should().Be("own-proposal");
        (await Post(service.Admin, $"accounts/{account}/grant-proposals", new { role }).ProblemCode(409)).Should().Be("proposal-waits");
        (await Roles(newcomer)).Should().BeEmpty();
        (await other.GetAsync($"{V1}/accounts/grant-proposals").Json()).Items().Should().ContainSingle().Which!.Id().Should().Be(proposal);
        await Post(other, confirmation).Json();
        (await Roles(newcomer)).Should().Equal(role);
        (await Post(other, confirmation).ProblemCode(404)).Should().Be("proposal-not-found");
        second.Should().NotBe(account);
    }

    [Fact]
    public async Task A_proposal_is_refused_or_taken_back()
    {
        var (_, other) = await scene.Staff(Administrator);
        var (account, _) = await scene.Staff();
        var path = $"accounts/{account}/grant-proposals";
        var first = (await Post(service.Admin, path, new { role = "auditor" }).Json(201)).Id();
        await Post(service.Admin, $"{path}/{first}/refusal").Json(204);
        var second = (await Post(service.Admin, path, new { role = "auditor" }).Json(201)).Id();
        await Post(other, $"{path}/{second}/refusal").Json(204);

        (await Post(other, $"{path}/{second}/confirmation").ProblemCode(404)).Should().Be("proposal-not-found");
        (await Post(service.Admin, path, new { role = "expert" }).ProblemCode(422)).Should().Be("grant-role");
    }

    [Fact]
    public async Task Nobody_becomes_the_only_administrator_by_ending_the_other()
    {
        var (second, _) = await scene.Staff(Administrator);
        var (account, _) = await scene.Staff();
        var grant = (await service.Admin.GetAsync($"{V1}/accounts/{second}").Json())["grants"]![0]!.Id();
        await service.Admin.DeleteAsync($"{V1}/accounts/{second}/grants/{grant}").Json(204);

        (await Post(service.Admin, $"accounts/{account}/grants", Administrator).ProblemCode(409))
            .Should()
            .Be("second-administrator-needed");

        service.Clock.Advance(NodaTime.Duration.FromDays(8));
        var admin = await service.SignIn("admin", service.AdminPassword);
        await Post(admin, $"accounts/{account}/grants", Administrator).Json(201);
    }

    [Fact]
    public async Task Nobody_takes_over_the_account_of_another_overseer()
    {
        var (auditor, _) = await scene.Staff(new { role = "auditor", scope = "all" });
        var (expert, _) = await scene.Staff();
        await Post(service.Admin, $"accounts/{auditor}/password").Json();
        var (second, _) = await scene.Staff(Administrator);

        foreach (var overseer in new[] { auditor, second })
        {
            (await Post(service.Admin, $"accounts/{overseer}/password").ProblemCode(409)).Should().Be("second-administrator-needed");
            (
                await Post(
                        service.Admin,
                        $"accounts/{overseer}/outside-identities",
                        new { issuer = "https://id.example", subject = "mine" }
                    )
                    .ProblemCode(409)
            )
                .Should()
                .Be("second-administrator-needed");
            (await service.Admin.DeleteAsync($"{V1}/accounts/{overseer}/second-factor").ProblemCode(409))
                .Should()
                .Be("second-administrator-needed");
        }
        await Post(service.Admin, $"accounts/{expert}/password").Json();

        // Ending the role first does not help: it counts for seven days.
        var grant = (await service.Admin.GetAsync($"{V1}/accounts/{second}").Json())["grants"]![0]!.Id();
        await service.Admin.DeleteAsync($"{V1}/accounts/{second}/grants/{grant}").Json(204);
        (await Post(service.Admin, $"accounts/{second}/password").ProblemCode(409)).Should().Be("second-administrator-needed");
    }

    private static Task<HttpResponseMessage> Post(HttpClient by, string path, object? body = null) =>
        by.PostAsJsonAsync($"{V1}/{path}", body ?? new { });

    private static async Task<IReadOnlyList<string>> Roles(HttpClient by) =>
        (await by.GetAsync($"{V1}/auth/me").Json())["grants"]!.AsArray().Select(grant => grant!["role"]!.GetValue<string>()).ToList();
}
