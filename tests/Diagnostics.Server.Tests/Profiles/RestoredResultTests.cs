using System.Net.Http.Json;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.UseCases.Profiles;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>
/// When an annulment is undone, the result is valid again, and is published if all other results have been published.
/// </summary>
public sealed class RestoredResultTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_published_profile_stands_again_and_those_who_follow_the_events_are_told()
    {
        var scene = await AppealScene.Make(service);
        await Annul(scene);
        (await Profile(scene))["annulled"].Should().NotBeNull();

        await Restore(scene);

        (await Profile(scene))["annulled"].Should().BeNull();
        (await Kinds(scene)).Should().EndWith(["profile_annulled", "profile_issued"]);
    }

    [Fact]
    public async Task A_result_restored_after_the_others_were_published_is_published_by_itself()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await Annul(scene);
        await scene.Publish().Json();
        (await Statuses(scene)).Should().NotContain("final");

        await Restore(scene);
        await service.Services.GetRequiredService<FinalProfiles>().FinishLate();

        (await Statuses(scene)).Should().EndWith("final");
    }

    private async Task Annul(AppealScene scene)
    {
        service.Clock.Advance(Duration.FromMinutes(1));
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "подозрение" }).Json();
        service.Clock.Advance(Duration.FromMinutes(1));
    }

    private Task Restore(AppealScene scene) =>
        service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment/withdrawal", new { reason = "не подтвердилось" }).Json();

    private async Task<System.Text.Json.Nodes.JsonNode> Profile(AppealScene scene)
    {
        var last = (await service.Admin.GetAsync($"/api/v1/sessions/{scene.Session}/profiles").Json()).Items()[^1]!["id"]!.GetValue<Guid>();
        return await service.Admin.GetAsync($"/api/v1/profiles/{last}").Json();
    }

    private async Task<IReadOnlyList<string>> Statuses(AppealScene scene) =>
        [
            .. (await service.Admin.GetAsync($"/api/v1/sessions/{scene.Session}/profiles").Json())
                .Items()
                .Select(profile => profile!["status"]!.GetValue<string>()),
        ];

    private static Task<IReadOnlyList<string>> Kinds(AppealScene scene) =>
        scene.Scene.Database.Read(db =>
            db.Query<string>(
                "SELECT kind FROM events WHERE session_id = @Session AND kind LIKE 'profile_%' ORDER BY at, id",
                new { scene.Session }
            )
        );
}
