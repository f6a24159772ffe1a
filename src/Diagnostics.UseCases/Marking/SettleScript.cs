using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Joins the independent marks of a session in the transaction of the one that completed them: a round by the policy's
/// rule, or a third expert.
/// </summary>
internal static class SettleScript
{
    internal static async Task Run(Db db, SessionRow session, FormContent form, MarkingPolicy policy, Instant now)
    {
        if (policy.Experts == 1) return;
        var rounds = (await RoundStore.OfSession(db, session.Id)).ToLookup(round => round.Slot);
        var scale = PolicyJson.Read<LevelScale>((await CampaignPolicies.Pinned(db, session.CampaignId, PolicyKind.LevelScale)).Content);
        var answers = form.Variants[session.Variant].Select(slot => AnswerOf(slot, rounds[slot.Slot].ToList(), policy)).ToList();
        var tasks = (await TaskStore.OfSession(db, session.Id)).ToDictionary(task => task.Slot);
        foreach (var verdict in Adjudication.Decide(answers, policy, scale))
        {
            switch (verdict)
            {
                case Verdict.Settled settled:
                    await Add(db, form.Find(session.Variant, settled.Slot)!, rounds[settled.Slot].ToList(), settled, now);
                    break;
                case Verdict.ThirdNeeded third when tasks[third.Slot] is { Thirds: 0, State: "marked" } task:
                    await TaskStore.CallThird(db, task.Id, task.Thirds, third.Detail);
                    break;
            }
        }
    }

    private static MarkedAnswer AnswerOf(FormSlot slot, List<MarkingRound> rounds, MarkingPolicy policy)
    {
        var rubric = slot.Item.Rubric;
        var revision = rounds.LastOrDefault(round => round.Kind is RoundKind.Auto)?.ResponseRevision;
        var marks = rubric is null ? [] : rounds
            .Where(round => round.Kind is RoundKind.Expert && round.ResponseRevision == revision)
            .Select(round => IndependentMark.Of(rubric, round.Criteria!, round.Outcome is Outcome.Blank))
            .ToList();
        var criteria = rubric?.Criteria.ToDictionary(criterion => criterion.Code, criterion => criterion.Maximum) ?? [];
        return new(slot.Slot, slot.Item.Block, slot.Item.MaxPoints, criteria, marks, Ledger.Deciding(rounds, policy)?.Points);
    }

    private static Task Add(Db db, FormSlot slot, List<MarkingRound> rounds, Verdict.Settled settled, Instant now)
    {
        var score = Score.Of(settled.Points, slot.Item.MaxPoints, settled.Rule);
        var last = rounds.Last(round => round.Kind is RoundKind.Expert);
        return RoundStore.Add(db, last with
        {
            Number = rounds[^1].Number + 1,
            Kind = RoundKind.Adjudication,
            Outcome = score.Outcome,
            Points = settled.Points,
            Rule = settled.Rule,
            Criteria = null,
            MarkedBy = null,
            Reason = null,
            At = now,
        });
    }
}
