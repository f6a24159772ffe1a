using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// Random policies, marks and actions of experts over HTTP, and the conditions that must hold after each action.
/// </summary>
public sealed class LedgerPropertyTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task However_experts_claim_give_back_let_lapse_and_mark_the_ledger_only_grows_and_nobody_is_twice_on_a_script(int seed)
    {
        var random = SeededRandom.For(seed, "ledger");
        var policy = Policy(random);
        var (scene, commission) = await Commission.Begin(service, policy);
        var essay = scene.First(ItemType.ExtendedResponse).Slot;
        var sessions = new List<Guid>();
        for (var person = 0; person < 4; person++)
            sessions.Add(await scene.Session(Answer.Right.With(essay, new ExtendedResponse($"Ответ {person}"))));
        await scene.Score();
        var experts = new List<HttpClient>();
        for (var member = 0; member < 6; member++)
            experts.Add(member < 4 ? await commission.Expert() : await commission.Senior());
        var held = new List<(HttpClient Expert, JsonNode Script)>();
        var ledgers = sessions.ToDictionary(session => session, _ => (IReadOnlyList<MarkingRound>)[]);

        for (var step = 0; step < 60; step++)
        {
            var move = random.Next(10);
            if (move < 5 || held.Count == 0)
            {
                var expert = experts[random.Next(experts.Count)];
                if (await Marks.TryClaim(expert, scene) is { } script)
                    held.Add((expert, script));
            }
            else if (move == 9)
            {
                service.Clock.Advance(Duration.FromSeconds(61));
            }
            else
            {
                var (expert, script) = held[random.Next(held.Count)];
                using var answer =
                    move == 8
                        ? await expert.PostAsJsonAsync(Marks.Path(script, "return"), new { reason = "Узнала почерк." })
                        : await expert.PostAsJsonAsync(Marks.Path(script, "marks"), Draw(script, random));
                answer.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.Conflict);
                held.Remove((expert, script));
            }
            await Check();
        }
        // New senior experts mark everything that is left.
        for (var late = 0; late < 4; late++)
            experts.Add(await commission.Senior());
        foreach (var (expert, script) in held)
            await expert.PostAsJsonAsync(Marks.Path(script, "marks"), Draw(script, random));
        for (int turn = 0, idle = 0; idle < experts.Count; turn++)
        {
            var expert = experts[turn % experts.Count];
            if (await Marks.TryClaim(expert, scene) is not { } script)
            {
                idle++;
                continue;
            }
            await expert.PostAsJsonAsync(Marks.Path(script, "marks"), Draw(script, random)).Json();
            idle = 0;
        }
        await Check();
        foreach (var session in sessions)
        {
            var open = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json())["slots"]![essay - 1]!;
            open["rounds"]!.AsArray().Count(round => round!["decides"]!.GetValue<bool>()).Should().Be(1, open.ToJsonString());
        }

        async Task Check()
        {
            foreach (var session in sessions)
            {
                var rounds = await scene.Database.Read(db => RoundStore.OfSession(db, session));
                ledgers[session].Select(Told).Should().BeSubsetOf(rounds.Select(Told).ToList(), "no round changes and none goes");
                ledgers[session] = rounds;
                var ofExperts = rounds.Where(round => round.MarkedBy is not null).ToList();
                ofExperts.Select(round => round.MarkedBy).Should().OnlyHaveUniqueItems();
                ofExperts.Count(round => round.Kind is RoundKind.Expert).Should().BeLessThanOrEqualTo(policy.Experts);
                ofExperts.Count(round => round.Kind is RoundKind.Adjudication).Should().BeLessThanOrEqualTo(1);
            }
            (
                await scene.Database.Read(db =>
                    db.Value<int>(
                        """
                        SELECT COUNT(*) FROM (
                            SELECT a.task_id FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
                            WHERE t.campaign_id = @Id AND a.state <> 'lapsed' GROUP BY a.task_id, a.expert_id HAVING COUNT(*) > 1) AS twice
                        """,
                        new { scene.Id }
                    )
                )
            ).Should().Be(0);
        }
    }

    private static string Told(MarkingRound round) =>
        $"{round.Slot}/{round.Number} {round.Kind} {round.Points} {round.MarkedBy} {round.At}";

    private static MarkingPolicy Policy(SeededRandom random)
    {
        var experts = 1 + random.Next(3);
        var rules = new List<DiscrepancyRule>
        {
            new PointsApart(MarkUnit.Item, Points.From(1 + random.Next(3))),
            new BlankAgainstScored(),
            new Straddle(),
        };
        return experts == 1
            ? new(1, LeaseMinutes: 1)
            : new(experts, LeaseMinutes: 1, (Resolution)random.Next(4), rules.Where(_ => random.Next(2) == 0).ToList());
    }

    private static object Draw(JsonNode script, SeededRandom random)
    {
        var noAnswer = random.Next(5) == 0;
        return new
        {
            criteria = script["rubric"]!["criteria"]!
                .AsArray()
                .ToDictionary(
                    criterion => criterion!["code"]!.GetValue<string>(),
                    criterion =>
                        noAnswer
                            ? 0m
                            : criterion!["levels"]!
                                .AsArray()
                                .Select(level => level!["points"]!.GetValue<decimal>())
                                .ElementAt(random.Next(criterion["levels"]!.AsArray().Count))
                ),
            noAnswer,
        };
    }
}
