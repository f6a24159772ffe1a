using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>
/// The score ledger of one session: every round of every slot, and the rounds that give the scores. A ledger never
/// changes: an operation returns the rounds to append and a new ledger that contains them. It does no input or output
/// and uses neither clock nor chance, so equal ledgers always give equal rounds.
/// </summary>
public sealed class SessionLedger
{
    private static readonly IReadOnlySet<Points> Closed = new HashSet<Points>();

    private readonly IReadOnlyDictionary<int, (FormSlot Slot, IReadOnlyList<MarkingRound> Rounds)> bySlot;

    /// <param name="slots">Slots of the session's variant.</param>
    /// <param name="rounds">All rounds of the session, in any order.</param>
    /// <param name="policy">Policy of the session's campaign.</param>
    /// <param name="awaitsKeyReview">Whether the campaign requires a decision on every unmatched short answer.</param>
    /// <exception cref="ArgumentException">A round belongs to another session or to no slot of the variant, or two
    /// rounds share a number.</exception>
    public SessionLedger(
        Guid sessionId,
        IReadOnlyList<FormSlot> slots,
        IEnumerable<MarkingRound> rounds,
        MarkingPolicy policy,
        bool awaitsKeyReview = false
    )
    {
        (SessionId, Slots, Policy, AwaitsKeyReview) = (sessionId, slots, policy, awaitsKeyReview);
        var given = rounds.OrderBy(round => round.Number).ToLookup(round => round.Slot);
        bySlot = slots.ToDictionary(slot => slot.Slot, slot => (slot, (IReadOnlyList<MarkingRound>)given[slot.Slot].ToList()));
        var stray = given.SelectMany(slot => slot).FirstOrDefault(round => round.SessionId != sessionId || !bySlot.ContainsKey(round.Slot));
        if (stray is not null)
            throw new ArgumentException($"Round {stray.Slot}/{stray.Number} of {stray.SessionId} is not of {sessionId}.", nameof(rounds));
        if (bySlot.Values.Any(slot => slot.Rounds.DistinctBy(round => round.Number).Count() < slot.Rounds.Count))
            throw new ArgumentException($"Session {sessionId} has two rounds of one number.", nameof(rounds));
    }

    public Guid SessionId { get; }

    /// <summary>Slots of the session's variant, in order.</summary>
    public IReadOnlyList<FormSlot> Slots { get; }

    public MarkingPolicy Policy { get; }

    /// <summary>
    /// Whether the points of unmatched short answers are still open, so that the level of a block cannot rest on them.
    /// </summary>
    public bool AwaitsKeyReview { get; }

    /// <summary>Whether every slot has a deciding round.</summary>
    public bool IsDecided => Slots.All(slot => Deciding(slot.Slot) is not null);

    /// <summary>Sum over the slots decided so far.</summary>
    public Points Points => Slots.Select(slot => Deciding(slot.Slot)?.Points ?? Points.Zero).Sum();

    /// <summary>Rounds of a slot by number; the last one is the newest.</summary>
    public IReadOnlyList<MarkingRound> Rounds(int slot) => bySlot[slot].Rounds;

    /// <summary>Why the slot has its score, or what its score waits for.</summary>
    public SlotDecision Decide(int slot) => Ledger.Decide(Rounds(slot), Policy);

    /// <summary>The round that gives the slot's score; null while the score is open.</summary>
    public MarkingRound? Deciding(int slot) => Decide(slot).Round;

    /// <summary>The number of the next round of a slot.</summary>
    public int NextNumber(int slot) => Rounds(slot) is { Count: > 0 } rounds ? rounds[^1].Number + 1 : 1;

    /// <summary>
    /// Makes the first rounds of an ended session: every slot gets one, answered or not. When a session was resumed
    /// after scoring, slots without a new answer keep their rounds and marks.
    /// </summary>
    /// <param name="answers">Slot → the last saved answer; no entry where nothing was ever saved.</param>
    /// <exception cref="BrokenItemException">An item or an answer cannot be scored; then no slot of the session is
    /// scored.</exception>
    public LedgerChange Score(IReadOnlyDictionary<int, SavedAnswer> answers, KeyDecisions decisions, Instant now)
    {
        var (rounds, tasks) = (new List<MarkingRound>(), new List<TaskChange>());
        foreach (var slot in Slots)
        {
            var answer = answers.GetValueOrDefault(slot.Slot);
            var revision = answer?.Revision ?? 0;
            if (LastAuto(slot.Slot)?.ResponseRevision == revision)
                continue;
            var score = AutoMarking.Score(slot.Item, answer, decisions);
            rounds.Add(Next(slot, RoundKind.Auto, score, revision, now) with { Normalised = score.Normalised });
            if (slot.Item.Rubric is null)
                continue;
            tasks.Add(
                score.Outcome is Outcome.AwaitingMarking
                    ? new TaskChange.Queue(
                        slot.Slot,
                        // What stands on a scan is not compared, so no decision may cover several such answers.
                        answer is { Scanned: true }
                            ? ""
                            : Likeness.Of(AutoMarking.TextOf(slot.Item, answer) ?? "")
                    )
                    : new TaskChange.Withdraw(slot.Slot)
            );
        }
        return Append(rounds, tasks);
    }

    /// <summary>
    /// Records an expert's marks of the current answer, from an independent reading or from the reading that decides.
    /// </summary>
    /// <param name="place">The number of the reading, from 1; a reading beyond the policy's number of independent
    /// experts decides.</param>
    /// <param name="comment">The expert's comment, which is stored with the round; null or empty for none.</param>
    public LedgerChange Award(int slot, int place, RubricMarks marks, Guid by, string? comment, Instant now) =>
        Append(
            ByPerson(slot, place > Policy.Experts ? RoundKind.Adjudication : RoundKind.Expert, marks, now) with
            {
                MarkedBy = by,
                Reason = VisibleText.ShowsNothing(comment) ? null : comment,
            }
        );

    /// <summary>Joins the independent marks: makes a round by the policy's rule, or calls a third expert.</summary>
    /// <param name="scale">Levels that <see cref="Straddle"/> compares.</param>
    public LedgerChange Settle(LevelScale scale, Instant now)
    {
        var verdicts = Adjudication.Decide(Slots.Select(MarkedAnswerOf).ToList(), Policy, scale);
        var rounds = verdicts.OfType<Verdict.Settled>().Select(settled => Joined(settled, now)).ToList();
        var thirds = verdicts
            .OfType<Verdict.ThirdNeeded>()
            .Select(third => new TaskChange.CallThird(third.Slot, third.Reason, third.Detail))
            .ToList();
        return Append(rounds, thirds);
    }

    /// <summary>
    /// Applies a decision on an unmatched short answer to its slot, by the rule that last scored the slot; makes no
    /// round when the slot's score already agrees with the decision.
    /// </summary>
    /// <param name="reason">Reason for the decision.</param>
    public LedgerChange Rescore(int slot, KeyDecision decision, Guid by, string reason, Instant now)
    {
        var last = Rounds(slot).LastOrDefault(round => round.Kind is RoundKind.Auto or RoundKind.Rescore) ?? throw NotScored(slot);
        if (last.Normalised is not { } normalised)
            throw new InvalidOperationException($"Slot {slot} of {SessionId} is no short answer.");
        var place = bySlot[slot].Slot;
        var score = KeyReview.Rescore(place.Item, normalised, decision, AnswerRule.OfScore(last.Rule));
        if (score.Outcome == last.Outcome)
            return Append([], []);
        var next = Next(place, RoundKind.Rescore, score, last.ResponseRevision, now);
        return Append(next with { Normalised = normalised, MarkedBy = by, Reason = reason });
    }

    /// <summary>Records a commission's decision on an appeal; no later change of the key undoes it.</summary>
    /// <param name="reason">Reason for the decision; the person reads it.</param>
    public LedgerChange Appeal(int slot, RubricMarks marks, Guid by, string reason, Instant now) =>
        Append(ByPerson(slot, RoundKind.Appeal, marks, now) with { MarkedBy = by, Reason = reason });

    private MarkedAnswer MarkedAnswerOf(FormSlot slot)
    {
        var rubric = slot.Item.Rubric;
        var revision = LastAuto(slot.Slot)?.ResponseRevision;
        var marks = rubric is null
            ? []
            : Rounds(slot.Slot)
                .Where(round => round.Kind is RoundKind.Expert && round.ResponseRevision == revision)
                .Select(round => IndependentMark.Of(rubric, round.Criteria!, round.Outcome is Outcome.Blank))
                .ToList();
        var criteria = rubric?.Criteria.ToDictionary(criterion => criterion.Code, criterion => criterion.Maximum) ?? [];
        var decided =
            Deciding(slot.Slot) is { } round && !(AwaitsKeyReview && round.Outcome is Outcome.Unmatched) ? round.Points : (Points?)null;
        return new(slot.Slot, slot.Item.Block, slot.Item.MaxPoints, criteria, marks, decided, rubric?.Totals ?? Closed);
    }

    private MarkingRound Joined(Verdict.Settled settled, Instant now)
    {
        var slot = bySlot[settled.Slot].Slot;
        var score = ItemBank.Scoring.Score.Of(settled.Points, slot.Item.MaxPoints, settled.Rule);
        return Next(slot, RoundKind.Adjudication, score, RevisionScored(slot.Slot), now);
    }

    private MarkingRound ByPerson(int slot, RoundKind kind, RubricMarks marks, Instant now)
    {
        var place = bySlot[slot].Slot;
        if (marks.ItemCode != place.Item.Code)
            throw new ArgumentException($"Marks of item {marks.ItemCode} do not fit slot {slot}: {place.Item.Code}.", nameof(marks));
        return Next(place, kind, marks.Score, RevisionScored(slot), now) with { Criteria = marks.Criteria };
    }

    private MarkingRound Next(FormSlot slot, RoundKind kind, Score score, int revision, Instant now) =>
        new()
        {
            SessionId = SessionId,
            Slot = slot.Slot,
            Number = NextNumber(slot.Slot),
            Kind = kind,
            ResponseRevision = revision,
            Outcome = score.Outcome,
            Points = score.Points,
            Maximum = slot.Item.MaxPoints,
            Rule = score.Rule,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            At = now,
        };

    private MarkingRound? LastAuto(int slot) => Rounds(slot).LastOrDefault(round => round.Kind is RoundKind.Auto);

    private int RevisionScored(int slot) => (LastAuto(slot) ?? throw NotScored(slot)).ResponseRevision;

    private InvalidOperationException NotScored(int slot) => new($"Slot {slot} of session {SessionId} has not been scored.");

    private LedgerChange Append(MarkingRound round) => Append([round], []);

    private LedgerChange Append(IReadOnlyList<MarkingRound> rounds, IReadOnlyList<TaskChange> tasks)
    {
        var all = bySlot.Values.SelectMany(slot => slot.Rounds).Concat(rounds);
        return new(rounds.Count == 0 ? this : new SessionLedger(SessionId, Slots, all, Policy, AwaitsKeyReview), rounds, tasks);
    }
}
