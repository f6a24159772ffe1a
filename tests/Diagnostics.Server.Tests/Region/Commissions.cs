using System.Net;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

/// <summary>The work of the commissions: marking, key decisions and appeals.</summary>
internal sealed partial class RegionalDiagnostic
{
    internal Dictionary<string, Actor> HeadOf { get; } = [];

    internal HttpClient Anonymous() => service.Anonymous();

    internal void Note(Reply refused) => Refusals.Add($"{refused.Code}: {refused.Field("detail")}");

    /// <summary>Tries to save an answer at a time when the service must refuse saves.</summary>
    internal async Task<Reply> SaveSomething(Taker taker) =>
        taker.Answers.Values.FirstOrDefault() is { } answer
            ? await Save(taker, answer, 1)
            : await taker.Actor.Put(
                $"sessions/{taker.Session}/responses/8",
                new { baseRevision = 0, response = new { type = "extended_response", text = "Поздно" } }
            );

    /// <summary>Takes an appeal the whole way: admission, consideration, proposal, votes, decision, letter.</summary>
    internal async Task Decide(Guid appeal, string outcome, object? criteria = null, Instant? resitUntil = null)
    {
        Tick();
        if ((await ConflictChair.Get($"appeals/{appeal}").Ok()).Word("state") == "filed")
            await ConflictChair.Post($"appeals/{appeal}/admission").Ok();
        await ConflictChair.Post($"appeals/{appeal}/consideration").Ok();
        await ConflictChair
            .Post(
                $"appeals/{appeal}/proposals",
                new
                {
                    outcome,
                    clause = "п. 7.1.3",
                    reason = "Обстоятельства проверены.",
                    criteria,
                }
            )
            .Ok();
        foreach (var member in ConflictMembers.Prepend(ConflictChair))
            await member.Post($"appeals/{appeal}/votes", new { proposal = 1, inFavour = true }).Ok();
        Tick();
        var decided = await ConflictChair.Post($"appeals/{appeal}/decision", new { proposal = 1 });
        if (decided.Code is "no-sitting" or "sitting-full")
        {
            Note(decided);
            Check($"the refusal names the way out: {decided}", decided.Field("detail").Contains("resitUntil", StringComparison.Ordinal));
            decided = await ConflictChair.Post($"appeals/{appeal}/decision", new { proposal = 1, resitUntil = Text(resitUntil!.Value) });
        }
        decided.Ok();
        (await ConflictChair.Get($"appeals/{appeal}/letter")).Ok();
    }

    /// <summary>
    /// Lets every expert mark the scripts that wait, with the marks that are written in the answers; the second expert
    /// gives a point less now and then.
    /// </summary>
    internal async Task MarkAll(Guid campaign)
    {
        await Wait.Until(
            "every session is scored",
            async () =>
            {
                foreach (var taker in Takers.Where(taker => taker.HasResult))
                    if ((await Operator.Get($"sessions/{taker.Session}/scores").Ok()).Word("scoredAt") is null)
                        return false;
                return true;
            }
        );
        for (var claimed = true; claimed; )
        {
            claimed = false;
            foreach (var expert in Experts)
            {
                while (true)
                {
                    Tick();
                    var script = await expert.Post("marking/claims", new { campaignId = campaign });
                    if (script.Status == (int)HttpStatusCode.NoContent)
                        break;
                    claimed = true;
                    var claim = script.Ok().Json;
                    await expert
                        .Post(
                            $"marking/assignments/{claim.Id("assignmentId")}/marks",
                            new { criteria = Judged(claim, strict: expert == Experts[1]), comment = "Сверено с критериями." }
                        )
                        .Ok();
                }
            }
        }
    }

    private Dictionary<string, decimal> Judged(JsonNode claim, bool strict)
    {
        var marks = Keys.Marks(claim.Word("answer")!);
        if (!strict || claim.Word("thirdReason") is not null || lot.Next(4) != 0)
            return marks;
        var levels = claim["rubric"]!["criteria"]!
            .Items()
            .ToDictionary(each => each.Word("code")!, each => each["levels"]!.Items().Select(level => level.Number("points")).ToList());
        foreach (var (code, points) in marks.ToList())
        {
            if (levels[code].Where(level => level < points).DefaultIfEmpty(-1).Max() is not (>= 0 and var lower))
                continue;
            marks[code] = lower;
            return marks;
        }
        return marks;
    }

    /// <summary>Lets the chair reject the short answers that match no key.</summary>
    internal async Task ReviewKeys(Guid campaign)
    {
        foreach (var group in (await Chair.Get($"key-reviews?campaignId={campaign}").Ok()).Items())
        {
            var (item, version) = (group.Word("itemCode"), group["itemVersion"]!.GetValue<int>());
            await Chair
                .Post(
                    "key-reviews/decisions",
                    new
                    {
                        itemCode = item,
                        itemVersion = version,
                        normalised = group.Word("normalised"),
                        decision = "reject",
                        reason = "Ответа нет",
                    }
                )
                .Ok();
        }
    }
}
