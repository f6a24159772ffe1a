using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Server.Tests.Profiles;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Calibration;

/// <summary>
/// The effect of an approved calibration on profiles. Without an approved calibration nothing changes.
/// </summary>
public sealed class CalibratedProfileTests : IAsyncLifetime
{
    private static readonly Func<FormSlot, Engine.ItemBank.Response?> Half = slot => slot.Slot % 2 == 0 ? Answer.Right(slot) : null;

    private readonly TestService service = new();
    private ReferenceScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await ReferenceScene.Make(service, people: 250);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Precision_appears_with_the_approval_and_only_in_new_versions()
    {
        var campaign = await scene.Campaign();
        var before = await campaign.Scored(Half);
        var id = await scene.Calibrate("rasch");
        await Publish(campaign);
        var issued = await Profile(before);

        issued["calibration"].Should().BeNull("a completed calibration is not an approved one");
        issued["precision"].Should().BeNull();
        (await scene.Approve(id))["decision"]!["name"]!.GetValue<string>().Should().Be("admin");
        var after = await (await scene.Campaign()).Scored(Half);

        JsonNode.DeepEquals(await Profile(before), issued).Should().BeTrue("what was issued stays as it is");
        var profile = await Profile(after);
        (profile["calibration"]!["id"]!.GetValue<Guid>(), profile["calibration"]!["fingerprint"]!.GetValue<string>())
            .Should()
            .Be((id, (await scene.Get(id))["fingerprint"]!.GetValue<string>()));
        new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject()).Faults(profile).Should().BeEmpty();
        foreach (var part in profile["blocks"]!.AsArray().Append(profile))
        {
            var (precision, result) = (part!["precision"]!, (part["result"] ?? part["total"])!["resultPercent"]!.GetValue<decimal>());
            precision["fromPercent"]!.GetValue<decimal>().Should().BeLessThanOrEqualTo(result);
            precision["toPercent"]!.GetValue<decimal>().Should().BeGreaterThanOrEqualTo(result);
            precision["levels"]!.AsArray().Sum(level => level!["probability"]!.GetValue<decimal>()).Should().Be(1m);
        }
        // 25 items near the person's ability give a standard error of about √(Σp(1−p))/25, below a tenth; a block of a
        // few items is less certain.
        profile["precision"]!["standardErrorPercent"]!.GetValue<decimal>().Should().BeInRange(7, 10);
        profile["blocks"]!
            .AsArray()
            .Should()
            .OnlyContain(block =>
                block!["precision"]!["standardErrorPercent"]!.GetValue<decimal>()
                > profile["precision"]!["standardErrorPercent"]!.GetValue<decimal>()
            );
    }

    [Fact]
    public async Task A_newer_approval_supersedes_and_profiles_follow_it()
    {
        var (first, second) = (await scene.Calibrate("rasch"), await scene.Calibrate("two_pl"));
        await scene.Approve(first);
        await scene.Approve(second);

        var old = await scene.Get(first);
        (old["state"]!.GetValue<string>(), old["supersededBy"]!.GetValue<Guid>()).Should().Be(("superseded", second));
        (await Profile(await (await scene.Campaign()).Scored(Half)))["calibration"]!["id"]!.GetValue<Guid>().Should().Be(second);
        (await service.Admin.PostAsJsonAsync($"/api/v1/calibrations/{first}/approval", new { }).ProblemCode(409))
            .Should()
            .Be("calibration-state");
        (await scene.Database.Read(db => AuditStore.List(db, null, "calibration.approved", null, 0, 10)))
            .Select(entry => entry.Subject)
            .Should()
            .BeEquivalentTo($"calibration:{first:D}", $"calibration:{second:D}");
    }

    [Fact]
    public async Task A_rejected_calibration_touches_no_profile()
    {
        var id = await scene.Calibrate("rasch");
        (await service.Admin.PostAsJsonAsync($"/api/v1/calibrations/{id}/rejection", new { remarks = "Ключ неверен." }).Json())["state"]!
            .GetValue<string>()
            .Should()
            .Be("rejected");

        (await Profile(await (await scene.Campaign()).Scored(Half)))["calibration"].Should().BeNull();
    }

    [Fact]
    public async Task After_the_entry_diagnostic_a_profile_says_whether_the_change_is_more_than_error()
    {
        await scene.Approve(await scene.Calibrate("rasch"));
        var (entry, final) = (await scene.Campaign(), await scene.Campaign("final"));
        var (grown, same) = (await entry.Person(), await entry.Person());
        var before = await entry.Scored(slot => slot.Slot <= 8 ? Answer.Right(slot) : null, person: grown);
        await entry.Scored(Half, person: same);
        await Publish(entry);

        var improved = await Profile(await final.Scored(slot => slot.Slot <= 24 ? Answer.Right(slot) : null, variant: 2, person: grown));
        var alike = await Profile(await final.Scored(Half, variant: 2, person: same));
        var newcomer = await Profile(await final.Scored(Half, variant: 2));

        (
            improved["change"]!["verdict"]!.GetValue<string>(),
            improved["change"]!["sessionId"]!.GetValue<Guid>(),
            improved["change"]!["entryPercent"]!.GetValue<decimal>(),
            improved["change"]!["differencePercent"]!.GetValue<decimal>()
        )
            .Should()
            .Be(("improved", before, 32m, 64m));
        alike["change"]!["verdict"]!.GetValue<string>().Should().Be("within_error");
        newcomer["change"].Should().BeNull();
        new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject()).Faults(improved).Should().BeEmpty();
    }

    [Fact]
    public async Task Where_the_policy_says_so_a_harder_variants_points_are_told_in_those_of_the_first()
    {
        await scene.Approve(await scene.Calibrate("rasch"));
        var plain = await scene.Campaign();
        var equated = await scene.Campaign(equating: new("equated", new ScoringPolicy("ru-1", true, EquatingRule.Linear)));

        // Variant 3 is far easier than variant 1, so the same answers are worth less in variant 3.
        var shown = await Profile(await equated.Scored(Half, variant: 3));
        var asEarned = await Profile(await plain.Scored(Half, variant: 3));

        new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject()).Faults(shown).Should().BeEmpty();
        asEarned["total"]!["unequated"].Should().BeNull();
        asEarned["total"]!["earned"]!.GetValue<decimal>().Should().Be(12);
        shown["total"]!["unequated"]!["earned"]!.GetValue<decimal>().Should().Be(12);
        shown["total"]!["earned"]!.GetValue<decimal>().Should().BeLessThan(11);
        shown["blocks"]!
            .AsArray()
            .Sum(block => block!["result"]!["earned"]!.GetValue<decimal>())
            .Should()
            .Be(shown["total"]!["earned"]!.GetValue<decimal>());
        (await Profile(await equated.Scored(Half, variant: 1)))["total"]!
            ["unequated"]
            .Should()
            .BeNull("the first variant is what all are told in");
    }

    private async Task<JsonNode> Profile(Guid session)
    {
        var latest = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Last()!;
        return await service.Admin.GetAsync($"/api/v1/profiles/{latest["id"]}").Json();
    }

    private Task<JsonNode> Publish(Scene campaign) =>
        service.Admin.PostAsync($"/api/v1/campaigns/{campaign.Id}/results/publication", null).Json();
}
