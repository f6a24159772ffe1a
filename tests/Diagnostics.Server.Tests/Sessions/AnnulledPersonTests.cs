using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>What a person whose session was annulled may do, and what becomes of the seat.</summary>
public sealed class AnnulledPersonTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = CampaignScene.V1;

    [Fact]
    public async Task Whoever_was_annulled_does_not_come_back_by_withdrawing_and_applying_again()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var (application, session) = await Seated(scene, person);
        await Annul(scene, session);

        (await scene.Decide(application, "withdrawal", by: client).ProblemCode(409)).Should().Be("session-annulled");
        (await scene.Decide(application, "withdrawal").ProblemCode(409))
            .Should()
            .Be("session-annulled", "nor does the operator open that way");
        (await scene.Apply(client)).IsSuccessStatusCode.Should().BeFalse();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/annulment/withdrawal", new { reason = "не тот" }).Json();
        await scene.Decide(application, "withdrawal", by: client).Json();
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/annulment/withdrawal", new { reason = "поздно" }).ProblemCode(409))
            .Should()
            .Be("state-before-unknown", "the person has withdrawn");
        await scene.Apply(client).Json(201);
    }

    [Fact]
    public async Task Whoever_was_annulled_may_be_erased_all_the_same()
    {
        var scene = await CampaignScene.Published(service);
        var person = await scene.Enrol();
        var (application, session) = await Seated(scene, person);
        await Annul(scene, session);

        (await scene.Admin.DeleteAsync($"{V1}/people/{person}")).IsSuccessStatusCode.Should().BeTrue();
        (await scene.Status(application)).Should().Be("withdrawn");
    }

    /// <summary>
    /// There are two seats. While A's session is annulled, B gets the first seat, and later C gets the second.
    /// </summary>
    [Fact]
    public async Task Who_is_restored_gets_the_own_seat_or_another_free_one_or_is_told_that_none_is_left()
    {
        var scene = await CampaignScene.Published(service, seats: 2);
        var (_, a) = await Seated(scene, await scene.Enrol());
        await Annul(scene, a);
        var (_, b) = await Seated(scene, await scene.Enrol());

        (await Restore(scene, a).Json())["seat"]!.GetValue<int>().Should().Be(2);
        await Annul(scene, a);
        await Seated(scene, await scene.Enrol());
        (await Restore(scene, a).ProblemCode(409)).Should().Be("seat-taken");
        await Annul(scene, b);
        (await Restore(scene, a).Json())["seat"]!.GetValue<int>().Should().Be(1);
    }

    private static async Task<(Guid Application, Guid Session)> Seated(CampaignScene scene, Guid person)
    {
        var application = await scene.FileFor(person);
        return (application, (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>());
    }

    /// <summary>
    /// Advances the clock by a second before annulling; with a clock that stands still, nothing would show which of two
    /// annulments came last.
    /// </summary>
    private async Task Annul(CampaignScene scene, Guid session)
    {
        service.Clock.Advance(Duration.FromSeconds(1));
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/annulment", new { reason = "телефон" }).Json();
        service.Clock.Advance(Duration.FromSeconds(1));
    }

    private static Task<HttpResponseMessage> Restore(CampaignScene scene, Guid session) =>
        scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/annulment/withdrawal", new { reason = "не тот" });
}
