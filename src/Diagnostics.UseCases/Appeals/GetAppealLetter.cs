using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Commissions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>The commission's vote, without names.</summary>
/// <param name="CastingVote">Whether the votes were equal and the presiding member's vote decided.</param>
/// <param name="Eligible">Number of members who could vote.</param>
public sealed record AppealVotes(int InFavour, int Against, bool CastingVote, int Eligible);

/// <summary>
/// A letter that tells the person the decision, or the refusal to admit the appeal. The person's name is written in by
/// hand.
/// </summary>
/// <param name="Number">Day of filing and the last characters of the appeal's id.</param>
/// <param name="Commission">Title of the commission; absent when there was none.</param>
/// <param name="TimeZone">Time zone of the site.</param>
/// <param name="Votes">The vote; present for a decision.</param>
/// <param name="Points">The answer's points after the decision; absent when the decision did not change them.</param>
/// <param name="NewSessionUntil">The time until which the session given by the decision may begin; absent when the
/// decision gives none.</param>
/// <param name="Rule">The rule by which the appeal was not admitted, in its own words; absent for a decision, and when the
/// appeal was late.</param>
public sealed record AppealLetter(
    string Number,
    AppealView Appeal,
    string CampaignTitle,
    string? Commission,
    string TimeZone,
    AppealVotes? Votes,
    Points? Points,
    Instant? NewSessionUntil,
    string? Rule
);

/// <summary>Makes the letter that the person gets when an appeal has been decided or refused.</summary>
internal sealed class GetAppealLetter(Executor executor) : UseCase<Guid, AppealLetter>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAppealLetter),
        AppealRights.Readers,
        Trail.Shows("appeal.letter-viewed")
    );

    internal static readonly Refusal NotReady = Refusal.Conflict(
        "letter-not-ready",
        "Письмо составляют, когда по апелляции принято решение или в её приёме отказано."
    );

    protected override Task<Result<AppealLetter>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await SeenAppeal.Of(db, appealId, caller)).Refused(out var refusal, out var seen))
                    return refusal;
                var row = seen.Row;
                if (row.Standing is not (AppealState.Decided or AppealState.Refused))
                    return NotReady.With("state", row.State);
                var now = Now;
                await seen.Note(db, "letter-viewed", now, caller);
                var campaign = (await CampaignStore.Find(db, row.CampaignId))!;
                var site = (await SiteStore.Find(db, (await SessionStore.Find(db, row.SessionId))!.SiteId))!;
                var commission = (await CommissionStore.OfCampaign(db, row.CampaignId)).LastOrDefault(each =>
                    each.Kind == Codes.Of(CommissionKind.Conflict) && each.CreatedAt <= row.ClosedAt
                );
                var outcome = await DecidedAs(db, appealId);
                var given = row.NewSessionId is { } id ? await SessionStore.Find(db, id) : null;
                return new AppealLetter(
                    NumberOf(row, site.TimeZone),
                    await AppealView.Read(db, appealId, now, seen.Anonymous),
                    campaign.Title,
                    commission?.Title,
                    site.TimeZone,
                    outcome is null ? null : new(outcome.InFavour, outcome.Against, outcome.CastingVote, outcome.Eligible),
                    Points: outcome?.Points,
                    NewSessionUntil: given is null ? null : (await SessionStore.Window(db, given)).LastEnd,
                    Rule: row.Standing is AppealState.Refused ? await RuleOf(db, row) : null
                );
            }
        );

    internal static string NumberOf(AppealRow row, string zone) =>
        $"{row.FiledAt.InZone(DateTimeZoneProviders.Tzdb[zone]).Date:yyyyMMdd}-{row.Id.ToString("N")[^6..].ToUpperInvariant()}";

    private static async Task<string?> RuleOf(Db db, AppealRow row) =>
        (await AppealRulebook.OfCampaign(db, row.CampaignId)).Policy.NotAppealable.FirstOrDefault(rule => rule.Clause == row.Clause)?.Text;

    private static async Task<DecidedEvent?> DecidedAs(Db db, Guid appealId) =>
        (await AppealStore.Events(db, appealId)).LastOrDefault(happened => happened.Kind == "decided") is { Details: { } details }
            ? JsonSerializer.Deserialize<DecidedEvent>(details, Json.Stored)
            : null;

    /// <summary>The details of a decision's event, as <see cref="DecideAppeal"/> writes them.</summary>
    private sealed record DecidedEvent(int InFavour, int Against, bool CastingVote, int Eligible, Points? Points);
}
