using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>A round: an entry of the ledger.</summary>
/// <param name="Number">Number of the round within the slot, from 1.</param>
/// <param name="ResponseRevision">Revision of the saved answer that was scored; 0 when there was none.</param>
/// <param name="Rule">The scoring rule and its version.</param>
/// <param name="Criteria">Points as the expert gave them, before the gate is applied.</param>
/// <param name="MarkedBy">Id of the account that gave the marks; absent for automatic rounds.</param>
/// <param name="Decides">Whether this round gives the score.</param>
public sealed record ScoreRound(
    int Number,
    RoundKind Kind,
    int ResponseRevision,
    Outcome Outcome,
    Points Points,
    Points Maximum,
    string Rule,
    IReadOnlyDictionary<string, Points>? Criteria,
    Guid? MarkedBy,
    string? Reason,
    Instant At,
    bool Decides
);

/// <param name="Points">The slot's points; absent while the score is open.</param>
/// <param name="Standing">Why the slot has its score, or what its score waits for.</param>
/// <param name="Explanation">The standing in words.</param>
public sealed record SlotScore(
    int Slot,
    string ItemCode,
    int ItemVersion,
    Points Maximum,
    Points? Points,
    Standing Standing,
    string Explanation,
    IReadOnlyList<ScoreRound> Rounds
);

/// <param name="Complete">Whether every slot has a deciding round.</param>
/// <param name="Points">The sum of the points decided so far.</param>
public sealed record SessionScores(
    Guid SessionId,
    Guid CampaignId,
    int Variant,
    Instant? ScoredAt,
    string? ScoringFault,
    bool Complete,
    Points Points,
    Points Maximum,
    IReadOnlyList<SlotScore> Slots
);

/// <summary>Shows the ledger of a session: every slot with every round, and which round decides and why.</summary>
internal sealed class GetScores(Executor executor, FormCatalog forms) : UseCase<Guid, SessionScores>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetScores),
        MarkingRights.Leaders,
        Trail.Look<Guid, SessionScores>("scores.viewed", (session, _) => new($"session:{session:D}"))
    );

    protected override async Task<Result<SessionScores>> Handle(Guid sessionId, Caller caller)
    {
        if (await Fetch(db => SessionStore.Find(db, sessionId)) is not { } found || !Reaches(caller, MarkingRights.Of(found.CampaignId)))
            return SessionRefusals.NotFound;
        var form = await forms.Get(found.FormId);
        return await Read(async db =>
        {
            var session = (await SessionStore.Find(db, sessionId))!;
            var ledger = (await LoadedLedger.Load(db, session, form)).Ledger;
            // Experts mark blind, even those who lead marking. So hide marks of a script that the caller may still get
            // to mark.
            var blind = MarkingRights.Marks(caller, session.CampaignId)
                ? (await TaskStore.StillToMark(db, sessionId, caller.AccountId)).ToHashSet()
                : [];
            var slots = ledger.Slots.Select(slot => blind.Contains(slot.Slot) ? Hide(slot) : Describe(slot, ledger)).ToList();
            return new SessionScores(
                SessionId: sessionId,
                CampaignId: session.CampaignId,
                Variant: session.Variant,
                ScoredAt: session.ScoredAt,
                ScoringFault: session.ScoringFault,
                Complete: ledger.IsDecided,
                Points: slots.Select(slot => slot.Points ?? Points.Zero).Sum(),
                Maximum: slots.Select(slot => slot.Maximum).Sum(),
                Slots: slots
            );
        });
    }

    private static SlotScore Hide(FormSlot slot) =>
        new(
            slot.Slot,
            slot.Item.Code,
            slot.ItemVersion,
            slot.Item.MaxPoints,
            null,
            Standing.AwaitingExperts,
            "Ответ ещё проверяют, и он может достаться вам: баллы вы увидите, когда проверка закончится.",
            []
        );

    private static SlotScore Describe(FormSlot slot, SessionLedger ledger)
    {
        var (decision, rounds) = (ledger.Decide(slot.Slot), ledger.Rounds(slot.Slot));
        return new(
            slot.Slot,
            slot.Item.Code,
            slot.ItemVersion,
            slot.Item.MaxPoints,
            decision.Round?.Points,
            decision.Standing,
            Explain(decision, rounds, ledger.Policy),
            rounds
                .Select(round => new ScoreRound(
                    Number: round.Number,
                    Kind: round.Kind,
                    ResponseRevision: round.ResponseRevision,
                    Outcome: round.Outcome,
                    Points: round.Points,
                    Maximum: round.Maximum,
                    Rule: round.Rule,
                    Criteria: round.Criteria,
                    MarkedBy: round.MarkedBy,
                    Reason: round.Reason,
                    At: round.At,
                    Decides: round == decision.Round
                ))
                .ToList()
        );
    }

    internal static string Explain(SlotDecision decision, IReadOnlyList<MarkingRound> rounds, MarkingPolicy policy) =>
        decision.Standing switch
        {
            Standing.NotScored => "Сеанс ещё не оценён.",
            Standing.AwaitingExperts => policy.Experts == 1
                ? "Ответ ждёт проверки экспертом."
                : $"Ответ ждёт независимой проверки: нужно экспертов — {policy.Experts}.",
            Standing.AwaitingAdjudication =>
                "Все независимые проверки выполнены; ответ ждёт третьей проверки, остальных ответов этой работы или разбора её кратких ответов.",
            Standing.DecidedAutomatically => $"Решает автоматическая оценка по правилу {decision.Round!.Rule}.",
            Standing.DecidedByExpert => "Решает проверка эксперта: по политике мероприятия эксперт один.",
            Standing.DecidedByAdjudication => decision.Round!.MarkedBy is null
                ? $"Независимые проверки сведены по правилу {decision.Round.Rule}."
            : Settled(decision.Round, rounds, policy) ? "Решает второй взгляд: эксперт видел прежние баллы и поставил свои."
            : "Решает третий эксперт: он видел баллы первых и поставил свои.",
            Standing.DecidedByKeyReview => "Решает пересчёт после разбора ответов, не совпавших с ключом.",
            Standing.DecidedByAppeal => "Решает конфликтная комиссия.",
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Standing, null),
        };

    /// <summary>
    /// Whether there already was a score before the given reading; it may come from a single expert or from a round
    /// that combines several marks.
    /// </summary>
    private static bool Settled(MarkingRound third, IReadOnlyList<MarkingRound> rounds, MarkingPolicy policy) =>
        Ledger.Deciding(rounds.Where(round => round.Number < third.Number && round.ResponseRevision == third.ResponseRevision), policy)
            is not null;
}
