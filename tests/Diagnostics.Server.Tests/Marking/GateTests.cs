using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// Applies «Если К1 = 0, все 0» with two experts and the shipped policy that follows the state examination, over HTTP.
/// </summary>
public sealed class GateTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_gate_closed_by_one_expert_is_compared_as_zero_calls_a_third_and_the_profile_follows_the_third()
    {
        var (scene, commission, slot) = await Begin();
        var session = await scene.Scored(Only(slot));
        var (first, second, senior) = (await commission.Member(), await commission.Member(), await commission.Member(standing: "senior"));

        // The marks as written, 2 and 3, are one point apart, which is no discrepancy. After the gate they are 0 and 3,
        // which is a discrepancy.
        var closed = await Marks.Award(first.Client, await Marks.Claim(first.Client, scene), Points(0, 1, 1), "Не по заданию").Json();
        var open = await Marks.Award(second.Client, await Marks.Claim(second.Client, scene), Points(1, 1, 1), "По заданию").Json();
        (await Score(session, slot))["standing"]!.GetValue<string>().Should().Be("awaiting_adjudication");
        (await Profiles(session)).Should().BeEmpty();
        var third = await Marks.Claim(senior.Client, scene);
        await Marks.Award(senior.Client, third, Points(2, 0, 1)).Json();

        (closed["points"]!.GetValue<decimal>(), open["points"]!.GetValue<decimal>()).Should().Be((0, 3));
        third["thirdReason"]!.GetValue<string>().Should().Be("Баллы экспертов за задание расходятся на 3.");
        third["earlierMarks"]!
            .AsArray()
            .Select(mark =>
                (mark!["comment"]!.GetValue<string>(), mark["criteria"]!["K2"]!.GetValue<decimal>(), mark["points"]!.GetValue<decimal>())
            )
            .Should()
            .BeEquivalentTo(
                [("Не по заданию", 1m, 0m), ("По заданию", 1m, 3m)],
                "the third sees what was given and what the gate left of it"
            );
        var score = await Score(session, slot);
        (score["standing"]!.GetValue<string>(), score["points"]!.GetValue<decimal>()).Should().Be(("decided_by_adjudication", 3));
        score["explanation"]!.GetValue<string>().Should().StartWith("Решает третий эксперт");
        score["rounds"]!
            .AsArray()
            .Select(round =>
                (
                    round!["kind"]!.GetValue<string>(),
                    round["points"]!.GetValue<decimal>(),
                    round["markedBy"]?.GetValue<Guid>(),
                    round["decides"]!.GetValue<bool>()
                )
            )
            .Should()
            .Equal(
                ("auto", 0, null, false),
                ("expert", 0, first.AccountId, false),
                ("expert", 3, second.AccountId, false),
                ("adjudication", 3, senior.AccountId, true)
            );
        await ProfileTells(session, slot, earned: 3);
    }

    [Fact]
    public async Task Marks_that_the_gate_brings_together_need_no_third_and_their_mean_is_rounded_up()
    {
        var (scene, commission, slot) = await Begin();
        var session = await scene.Scored(Only(slot));
        var (first, second) = (await commission.Expert(), await commission.Expert());

        // The marks as written are 2 and 1. After the gate they are 0 and 1, and their mean, a half, is rounded up in
        // the person's favour.
        await Marks.Award(first, await Marks.Claim(first, scene), Points(0, 1, 1)).Json();
        await Marks.Award(second, await Marks.Claim(second, scene), Points(1, 0, 0)).Json();

        var score = await Score(session, slot);
        (score["standing"]!.GetValue<string>(), score["points"]!.GetValue<decimal>()).Should().Be(("decided_by_adjudication", 1));
        var deciding = score["rounds"]!.AsArray().Single(round => round!["decides"]!.GetValue<bool>())!;
        (deciding["rule"]!.GetValue<string>(), deciding["markedBy"]).Should().Be(("mean_in_favour/2", null));
        score["rounds"]![1]!["criteria"]!["K2"]!.GetValue<decimal>().Should().Be(1, "the ledger keeps what was given before the gate");
        (await commission.Senior().Claims(scene)).Should().Be(HttpStatusCode.NoContent);
        await ProfileTells(session, slot, earned: 1);
    }

    /// <summary>Chooses the first open item with a gate. The tests leave all other items blank.</summary>
    private async Task<(Scene Scene, Commission Commission, FormSlot Slot)> Begin()
    {
        var gia = await service
            .Services.GetRequiredService<Diagnostics.Storage.Database>()
            .Read(db => PolicyStore.Find(db, PolicyKind.Marking, "gia", 1));
        var (scene, commission) = await Commission.Begin(service, PolicyJson.Read<MarkingPolicy>(gia!.Content));
        return (scene, commission, scene.Slots().First(slot => slot.Item.Body is ExtendedTask { Rubric.Gate: "K1" }));
    }

    private static Dictionary<string, decimal> Points(int k1, int k2, int k3) =>
        new()
        {
            ["K1"] = k1,
            ["K2"] = k2,
            ["K3"] = k3,
        };

    private static Func<FormSlot, Response?> Only(FormSlot slot) => each => each == slot ? new ExtendedResponse("Один ответ") : null;

    private async Task<JsonNode> Score(Guid session, FormSlot slot) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json())["slots"]![slot.Slot - 1]!;

    private async Task<JsonArray> Profiles(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();

    private async Task ProfileTells(Guid session, FormSlot slot, decimal earned)
    {
        var profile = await service.Admin.GetAsync($"/api/v1/profiles/{(await Profiles(session)).Single()!["id"]}").Json();
        profile["total"]!["earned"]!.GetValue<decimal>().Should().Be(earned);
        profile["blocks"]!
            .AsArray()
            .Where(block => block!["result"]!["earned"]!.GetValue<decimal>() > 0)
            .Select(block => (block!["code"]!.GetValue<string>(), block["result"]!["earned"]!.GetValue<decimal>()))
            .Should()
            .Equal((slot.Item.Block, earned));
    }
}
