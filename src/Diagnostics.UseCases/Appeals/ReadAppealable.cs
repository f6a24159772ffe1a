using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Code">E.g. <c>K1</c>.</param>
public sealed record CriterionMark(string Code, string Title, Points Points, Points Maximum);

/// <summary>Marks by criteria, as they were given; nothing of who gave them.</summary>
/// <param name="Decides">These are the score.</param>
/// <param name="Criteria">Before the gate; absent where a round only joins others.</param>
public sealed record OwnMarks(RoundKind Kind, bool Decides, Points Points, IReadOnlyList<CriterionMark>? Criteria);

/// <param name="Points">What counts now.</param>
/// <param name="Appealable">May be named in an appeal.</param>
/// <param name="Clause">The clause that excludes it.</param>
/// <param name="WhyNot">The same in words.</param>
/// <param name="Stem">The task of an open answer, Markdown.</param>
/// <param name="Answer">The person's own open answer; absent when it was left blank.</param>
/// <param name="Marks">Of an open answer.</param>
/// <param name="AppealId">The appeal of it that is open or decided.</param>
public sealed record AppealableSlot(
    int Slot, ItemType Type, Points Points, Points Maximum, bool Appealable, string? Clause, string? WhyNot, string? Stem, string? Answer,
    IReadOnlyList<OwnMarks>? Marks, Guid? AppealId);

/// <summary>A published result as its owner needs it to decide whether to appeal.</summary>
/// <param name="Deadline">The first instant at which an appeal is too late.</param>
/// <param name="Open">It is not too late.</param>
/// <param name="Policy">The rules, at <c>/policies/appeals/{code}/{version}</c>.</param>
public sealed record AppealableSession(
    Guid SessionId, Instant PublishedAt, Instant Deadline, bool Open, PolicyReference Policy, IReadOnlyList<AppealableSlot> Slots);

/// <summary>The person's own answers and criterion marks, and what of them may be appealed until when.</summary>
internal sealed class ReadAppealable(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder sessions) => sessions.MapGet("/{sessionId:guid}/appealable", Handle)
        .WithName("GetAppealable").WithSummary("Свои ответы и баллы по критериям после публикации: что и до какого срока можно обжаловать").AllowedTo(AppealRights.Person);

    private static Task<Results<Ok<AppealableSession>, ProblemHttpResult>> Handle(Guid sessionId, Caller caller, ReadAppealable useCase) => useCase.Run(sessionId, caller).Ok();

    private async Task<Result<AppealableSession>> Run(Guid sessionId, Caller caller)
    {
        if (await transactions.Read(db => SessionStore.Find(db, sessionId)) is not { } found || found.ParticipantId != caller.ParticipantId) return SessionRefusals.NotFound;
        var form = await forms.Get(found.FormId);
        return await transactions.Read<Result<AppealableSession>>(async db =>
        {
            var session = (await SessionStore.Find(db, sessionId))!;
            if (session.Clock.State is SessionState.Annulled) return AppealRights.SessionAnnulled;
            if (await AppealStore.PublishedAt(db, sessionId) is not { } published) return AppealRights.NotPublished;
            var rules = await AppealRulebook.Of(db, session);
            if ((await rules.FilingDeadline(db, published)).Refused(out var uncounted, out var deadline)) return uncounted;
            var marking = await CampaignPolicies.Get<MarkingPolicy>(db, session.CampaignId, PolicyKind.Marking);
            var rounds = (await RoundStore.OfSession(db, sessionId)).ToLookup(round => round.Slot);
            var answers = (await ResponseStore.Latest(db, sessionId)).ToDictionary(row => row.Slot, row => new SavedAnswer(row.Revision, row.Content));
            var appeals = (await AppealStore.OfSession(db, sessionId)).Where(appeal => appeal.Standing.IsLive() || appeal.Standing is AppealState.Decided).ToList();
            var slots = form.Variants[session.Variant].Select(slot => Describe(
                slot, rounds[slot.Slot].ToList(), answers.GetValueOrDefault(slot.Slot), marking, rules.Policy,
                appeals.FirstOrDefault(appeal => appeal.Slot == slot.Slot)?.Id)).ToList();
            return new AppealableSession(sessionId, published, deadline, Deadlines.InTime(clock.GetCurrentInstant(), deadline), rules.Reference, slots);
        });
    }

    private static AppealableSlot Describe(
        FormSlot slot, IReadOnlyList<MarkingRound> rounds, SavedAnswer? answer, MarkingPolicy marking, AppealsPolicy policy, Guid? appealId)
    {
        var deciding = Ledger.Deciding(rounds, marking)!;
        if (slot.Item.Rubric is not { } rubric)
        {
            var excluded = policy.Excludes(AppealGround.ClosedItem)!;
            return new(slot.Slot, slot.Item.Type, deciding.Points, deciding.Maximum, false, excluded.Clause, excluded.Text, null, null, null, null);
        }
        return new(
            slot.Slot, slot.Item.Type, deciding.Points, deciding.Maximum, appealId is null, null, null, slot.Item.Stem, AutoMarking.TextOf(slot.Item, answer),
            rounds.Where(round => round.Kind is not RoundKind.Auto && round.ResponseRevision == deciding.ResponseRevision)
                .Select(round => new OwnMarks(round.Kind, round.Number == deciding.Number, round.Points, CriteriaOf(rubric, round.Criteria))).ToList(),
            appealId);
    }

    private static List<CriterionMark>? CriteriaOf(Rubric rubric, IReadOnlyDictionary<string, Points>? criteria) => criteria is null
        ? null
        : rubric.Criteria.Where(criterion => criteria.ContainsKey(criterion.Code))
            .Select(criterion => new CriterionMark(criterion.Code, criterion.Title, criteria[criterion.Code], criterion.Maximum)).ToList();
}
