using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A mark given before; nothing of who gave it or when.</summary>
/// <param name="Decides">It is the score now.</param>
/// <param name="Comment">Of the expert.</param>
public sealed record EarlierMark(RoundKind Kind, bool Decides, Points Points, IReadOnlyDictionary<string, Points>? Criteria, string? Comment);

/// <summary>The open answer in dispute with what it is judged by.</summary>
/// <param name="Stem">The task, Markdown.</param>
/// <param name="Rubric">Criteria with a description of every point value.</param>
/// <param name="Answer">As typed; empty when it was left blank.</param>
/// <param name="EarlierMarks">Absent until the chair opens them, where the policy says so.</param>
public sealed record DisputedAnswer(
    int Slot, string ItemCode, int ItemVersion, Points MaxPoints, string Stem, Stimulus? Stimulus, Rubric Rubric, string Solution, IReadOnlyList<Exemplar> Exemplars,
    string Answer, IReadOnlyList<EarlierMark>? EarlierMarks);

/// <summary>One line of the disputed session's log; nothing of who did it.</summary>
/// <param name="Minute">Minutes since the session began, negative before.</param>
public sealed record DisputedEvent(string Kind, long Minute, string? Details);

/// <summary>What the commission looks at: the work, or how the session went. Never whose.</summary>
/// <param name="Answer">Of a score appeal.</param>
/// <param name="Journal">Of a procedural appeal.</param>
public sealed record AppealWork(
    Guid AppealId, AppealKind Kind, AppealGround Ground, string Statement, DisputedAnswer? Answer, IReadOnlyList<DisputedEvent>? Journal);

/// <summary>Shows the commission the work, and earlier marks once its chair has opened them; every look is in the audit.</summary>
internal sealed class ViewWork(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder appeals)
    {
        appeals.MapGet("/{appealId:guid}/work", Handle)
            .WithName("GetAppealedWork").WithSummary("Работа, о которой апелляция: ответ, задание, критерии; прежние баллы — когда их открыл председатель").AllowedTo(AppealRights.Members);
        appeals.MapPost("/{appealId:guid}/earlier-marks", Open)
            .WithName("OpenEarlierMarks").WithSummary("Открыть комиссии прежние баллы").AllowedTo(AppealRights.Chairs).Idempotent();
    }

    private static Task<Results<Ok<AppealWork>, ProblemHttpResult>> Handle(Guid appealId, Caller caller, ViewWork useCase) => useCase.Run(appealId, caller).Ok();

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Open(Guid appealId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealView>>(async db =>
        {
            if ((await Sitting.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
            if (own.Appeal.AppealKind is not AppealKind.Score) return Refusal.Conflict("no-earlier-marks", "Апелляция о нарушении порядка: баллов в ней нет.");
            if (own.Appeal.Standing.CheckInConsideration() is { } notYet) return notYet;
            var now = clock.GetCurrentInstant();
            if (!await AppealStore.OpenMarks(db, appealId, now)) return Refusal.Conflict("marks-opened", "Прежние баллы уже открыты.");
            await AppealLog.Add(db, appealId, "marks-opened", now, caller.Id);
            return await AppealView.Read(db, appealId, now, anonymous: true);
        }).Ok();

    private async Task<Result<AppealWork>> Run(Guid appealId, Caller caller)
    {
        var form = await transactions.Read(db => AppealStore.FormOf(db, appealId)) is { } formId ? await forms.Get(formId) : null;
        return await transactions.Write<Result<AppealWork>>(async db =>
        {
            if ((await Sitting.Of(db, appealId, caller)).Refused(out var refusal, out var own)) return refusal;
            var appeal = own.Appeal;
            if (appeal.Standing is not (AppealState.Admitted or AppealState.InConsideration or AppealState.Decided))
                return Refusal.Conflict("appeal-state", "Работа открыта комиссии, когда апелляция принята.").With("state", appeal.Standing);
            var session = (await SessionStore.Find(db, appeal.SessionId))!;
            var work = new AppealWork(
                appeal.Id, appeal.AppealKind, Codes.Parse<AppealGround>(appeal.Ground), appeal.Statement,
                appeal.Slot is { } slot ? await AnswerOf(db, appeal, session, form!.Find(session.Variant, slot)!) : null,
                appeal.Slot is null ? await JournalOf(db, session) : null);
            await AppealLog.Audit(db, appealId, "work-viewed", clock.GetCurrentInstant(), caller.Id, new { earlierMarks = work.Answer?.EarlierMarks is not null });
            return work;
        });
    }

    private static async Task<DisputedAnswer> AnswerOf(Db db, AppealRow appeal, SessionRow session, FormSlot slot)
    {
        var (policy, _) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
        var answer = (await ResponseStore.Latest(db, session.Id)).Where(row => row.Slot == slot.Slot).Select(row => new SavedAnswer(row.Revision, row.Content)).FirstOrDefault();
        return new(
            slot.Slot, slot.Item.Code, slot.ItemVersion, slot.Item.MaxPoints, slot.Item.Stem, slot.Item.Stimulus,
            slot.Item.Rubric!, slot.Item.Solution, slot.Item.Exemplars,
            AutoMarking.TextOf(slot.Item, answer) ?? "", AppealView.MarksOpened(appeal, policy) ? await EarlierMarks(db, session, slot.Slot) : null);
    }

    private static async Task<IReadOnlyList<EarlierMark>> EarlierMarks(Db db, SessionRow session, int slot)
    {
        var marking = await CampaignPolicies.Get<MarkingPolicy>(db, session.CampaignId, PolicyKind.Marking);
        var rounds = (await RoundStore.OfSession(db, session.Id)).Where(round => round.Slot == slot).ToList();
        var deciding = Ledger.Deciding(rounds, marking);
        return rounds.Where(round => round.Kind is not RoundKind.Auto)
            .Select(round => new EarlierMark(round.Kind, round.Number == deciding?.Number, round.Points, round.Criteria, round.Reason)).ToList();
    }

    // Saves and the page's own events show how it went; who led the session is not the commission's question but its finding.
    private static async Task<IReadOnlyList<DisputedEvent>> JournalOf(Db db, SessionRow session) =>
        (await SessionStore.Events(db, session.Id))
            .Select(happened => new DisputedEvent(happened.Kind, (long)Math.Floor((happened.At - session.StartedAt!.Value).TotalMinutes), happened.Details)).ToList();
}
