using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;
using Diagnostics.Engine.Tests.Profiles;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>
/// A session of two essays, a short answer and a choice; answers, marks, third readings, key decisions and appeals come
/// in any order.
/// </summary>
public sealed class SessionLedgerPropertyTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 2, 12, 0);

    private static readonly IReadOnlyList<FormSlot> Slots =
    [
        new(1, Items.Single("b") with { Code = "choice-1" }, 1),
        new(2, Items.Short(texts: ["инклюзия"], points: 2) with { Code = "short-1" }, 1),
        new(3, Items.Extended() with { Code = "essay-1" }, 1),
        new(4, Items.Extended() with { Code = "essay-2", Block = "methods" }, 1),
    ];

    [Fact]
    public void Whatever_happens_rounds_are_only_appended_and_numbered_without_gaps() =>
        Prop.ForAll(
                Stories,
                story =>
                {
                    var changes = Play(story);
                    return changes
                        .Zip(changes.Skip(1))
                        .All(step =>
                            Slots.All(slot =>
                            {
                                var (before, after) = (step.First.Ledger.Rounds(slot.Slot), step.Second.Ledger.Rounds(slot.Slot));
                                return after.SequenceEqual(before.Concat(step.Second.Rounds.Where(round => round.Slot == slot.Slot)))
                                    && after.Select(round => round.Number).SequenceEqual(Enumerable.Range(1, after.Count));
                            })
                        );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_happens_a_score_is_between_nothing_and_the_maximum() =>
        Prop.ForAll(
                Stories,
                story =>
                    Play(story)
                        .All(change =>
                        {
                            var scores = Slots
                                .Select(slot => (Score: change.Ledger.Deciding(slot.Slot)?.Points, slot.Item.MaxPoints))
                                .ToList();
                            return scores.All(each => each.Score is not { } points || (points >= Points.Zero && points <= each.MaxPoints))
                                && change.Ledger.Points <= Points.From(11)
                                && change.Ledger.IsDecided == scores.All(each => each.Score is not null);
                        })
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_story_gives_the_same_rounds_and_tasks() =>
        Prop.ForAll(Stories, story => Play(story).Zip(Play(story)).All(each => AreAlike(each.First, each.Second)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_ledger_read_back_in_any_order_goes_on_as_the_one_that_was_written() =>
        Prop.ForAll(
                Stories,
                Seeds,
                (story, seed) =>
                {
                    var written = Play(story)[^1].Ledger;
                    var rounds = Slots.SelectMany(slot => written.Rounds(slot.Slot)).ToArray();
                    new Random(seed).Shuffle(rounds);
                    var read = new SessionLedger(written.SessionId, Slots, rounds, story.Policy);
                    return Slots.All(slot => read.Decide(slot.Slot) == written.Decide(slot.Slot))
                        && AreAlike(read.Settle(Scales.Default, Start), written.Settle(Scales.Default, Start));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Which_expert_came_first_changes_neither_the_settled_scores_nor_the_calls() =>
        Prop.ForAll(
                MarkedStories,
                story =>
                {
                    var swapped = story with { First = story.First.Reverse().ToList(), Second = story.Second.Reverse().ToList() };
                    return AreAlike(Settle(story), Settle(swapped)) && Settle(story).Ledger.Points == Settle(swapped).Ledger.Points;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void After_every_call_is_answered_the_session_is_decided() =>
        Prop.ForAll(
                MarkedStories,
                Thirds,
                (story, thirds) =>
                {
                    var change = Settle(story);
                    // An answer that waited for the level of its block can be settled, or call for a third expert, only
                    // after the other answers have been settled.
                    for (var turn = 0; turn < 4; turn++)
                    {
                        foreach (var call in change.Tasks.OfType<TaskChange.CallThird>())
                        {
                            var marks = call.Slot == 3 ? thirds.First : thirds.Second;
                            change = change.Ledger.Award(call.Slot, story.Policy.Experts + 1, marks, Guid.Empty, null, Start);
                        }
                        change = change.Ledger.Settle(Scales.Default, Start);
                    }
                    return change.Ledger.IsDecided && change.Tasks.Count == 0;
                }
            )
            .QuickCheckThrowOnFailure();

    private static bool AreAlike(LedgerChange one, LedgerChange other) =>
        one.Rounds.SequenceEqual(other.Rounds) && one.Tasks.SequenceEqual(other.Tasks);

    private static LedgerChange Settle(MarkedStory story)
    {
        var ledger = Begin(story.Policy);
        for (var place = 1; place <= story.Policy.Experts; place++)
        {
            ledger = ledger.Award(3, place, story.First[place - 1], Guid.Empty, null, Start).Ledger;
            ledger = ledger.Award(4, place, story.Second[place - 1], Guid.Empty, null, Start).Ledger;
        }
        return ledger.Settle(Scales.Default, Start);
    }

    private static SessionLedger Begin(MarkingPolicy policy) => new Answer(1, 1).Apply(new(Guid.Empty, Slots, [], policy), Start).Ledger;

    private static List<LedgerChange> Play(Story story)
    {
        var changes = new List<LedgerChange> { new(Begin(story.Policy), [], []) };
        foreach (var move in story.Moves)
            changes.Add(move.Apply(changes[^1].Ledger, Start + Duration.FromMinutes(changes.Count)));
        return changes;
    }

    private sealed record Story(MarkingPolicy Policy, IReadOnlyList<Move> Moves);

    private sealed record MarkedStory(MarkingPolicy Policy, IReadOnlyList<RubricMarks> First, IReadOnlyList<RubricMarks> Second);

    private abstract record Move
    {
        internal abstract LedgerChange Apply(SessionLedger ledger, Instant now);
    }

    /// <summary>The session is resumed: its essays get new answers or are emptied.</summary>
    private sealed record Answer(int First, int Second) : Move
    {
        internal override LedgerChange Apply(SessionLedger ledger, Instant now) =>
            ledger.Score(
                new Dictionary<int, SavedAnswer>
                {
                    [1] = new(1, """{"type":"single_choice","option":"b"}"""),
                    [2] = new(1, """{"type":"short_answer","text":"включение"}"""),
                    [3] = new(First, First == 2 ? null : """{"type":"extended_response","text":"Ответ"}"""),
                    [4] = new(Second, Second == 2 ? null : """{"type":"extended_response","text":"Ответ"}"""),
                },
                KeyDecisions.None,
                now
            );
    }

    private sealed record Award(int Slot, int Place, RubricMarks Marks) : Move
    {
        internal override LedgerChange Apply(SessionLedger ledger, Instant now) => ledger.Award(Slot, Place, Marks, Guid.Empty, null, now);
    }

    private sealed record Settling : Move
    {
        internal override LedgerChange Apply(SessionLedger ledger, Instant now) => ledger.Settle(Scales.Default, now);
    }

    private sealed record Rescore(KeyDecision Decision) : Move
    {
        internal override LedgerChange Apply(SessionLedger ledger, Instant now) => ledger.Rescore(2, Decision, Guid.Empty, "Решено.", now);
    }

    private sealed record Appeal(int Slot, RubricMarks Marks) : Move
    {
        internal override LedgerChange Apply(SessionLedger ledger, Instant now) => ledger.Appeal(Slot, Marks, Guid.Empty, "Решено.", now);
    }

    private static Arbitrary<Story> Stories =>
        Arb.From(from policy in Policies from moves in Gen.ListOf(Moves) select new Story(policy, moves.ToList()));

    private static Arbitrary<MarkedStory> MarkedStories =>
        Arb.From(
            from policy in Policies
            from first in Gen.ListOf(MarksOf(3), policy.Experts)
            from second in Gen.ListOf(MarksOf(4), policy.Experts)
            select new MarkedStory(policy, first.ToList(), second.ToList())
        );

    private static Arbitrary<(RubricMarks First, RubricMarks Second)> Thirds =>
        Arb.From(from first in MarksOf(3) from second in MarksOf(4) select (first, second));

    private static Arbitrary<int> Seeds => Arb.From(Gen.Choose(0, 1000));

    private static Gen<MarkingPolicy> Policies =>
        from experts in Gen.Choose(1, 3)
        from resolution in Gen.Elements(Enum.GetValues<Resolution>())
        from rules in Gen.SubListOf<DiscrepancyRule>(
            new PointsApart(MarkUnit.Criterion, Points.From(1)),
            new PointsApart(MarkUnit.Item, Points.From(2)),
            new PointsApart(MarkUnit.Script, Points.From(3)),
            new PercentApart(MarkUnit.Item, 50m),
            new BlankAgainstScored(),
            new Straddle()
        )
        select new MarkingPolicy(experts, 30, resolution, rules.ToList());

    private static Gen<Move> Moves =>
        Gen.OneOf(
            from first in Gen.Choose(1, 3)
            from second in Gen.Choose(1, 3)
            select (Move)new Answer(first, second),
            from slot in Gen.Choose(3, 4)
            from place in Gen.Choose(1, 4)
            from marks in MarksOf(slot)
            select (Move)new Award(slot, place, marks),
            from slot in Gen.Choose(3, 4)
            from place in Gen.Choose(1, 2)
            from marks in MarksOf(slot)
            select (Move)new Award(slot, place, marks),
            Gen.Constant((Move)new Settling()),
            from decision in Gen.Elements(Enum.GetValues<KeyDecision>())
            select (Move)new Rescore(decision),
            from slot in Gen.Choose(3, 4)
            from marks in MarksOf(slot)
            select (Move)new Appeal(slot, marks)
        );

    private static Gen<RubricMarks> MarksOf(int slot) =>
        from k1 in Gen.Choose(0, 2)
        from k2 in Gen.Choose(0, 2)
        from noAnswer in Gen.Elements(true, false, false)
        select RubricMarks.Of(Slots[slot - 1].Item, noAnswer ? Given(0, 0) : Given(k1, k2), noAnswer).Value;

    private static Dictionary<string, Points> Given(int k1, int k2) => new() { ["K1"] = Points.From(k1), ["K2"] = Points.From(k2) };
}
