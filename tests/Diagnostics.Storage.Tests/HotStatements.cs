using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.Integration;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.Storage.SiteDays;
using Diagnostics.Storage.Webhooks;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>The statements that run for every save, every second or every script.</summary>
internal static class HotStatements
{
    private static readonly Guid Id = Words.Id("hot");
    private static readonly Instant Now = TestDatabase.Now;

    private static readonly DayFilter Sitting = new(Id, Id, Id, Now, Now);
    private static readonly DayFilter Day = Sitting with { SittingId = null };

    /// <summary>
    /// One session with one answer, so that a stale save runs all the statements of a save; the rows to which the
    /// session refers do not matter here.
    /// </summary>
    internal static readonly string Scene = Words.In(
        """
        INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
                              grace_seconds, state, created_at, started_at, deadline, accept_until)
        VALUES ('#hot', '#hot', '#hot', '#hot', '#hot', '#hot', 1, 1, 1, 1, 30, 'in_progress', 't', 't', 't', 't');
        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#hot', 1, 1, 0, '{}', 't');
        """,
        Provider.Sqlite
    );

    internal static readonly IReadOnlyDictionary<string, Func<Db, Task>> All = new Dictionary<string, Func<Db, Task>>
    {
        ["save"] = db => ResponseSaves.Save(db, new(Id, 1, 1, "{}", false, Now)),
        ["stale save"] = db => ResponseSaves.Save(db, new(Id, 1, 7, "{}", false, Now)),
        ["latest"] = db => ResponseStore.Latest(db, Id),
        ["history"] = db => ResponseStore.History(db, Id),
        ["rejected"] = db => ResponseStore.Rejected(db, Id),
        ["webhooks at all"] = WebhookStore.Any,
        ["webhooks due"] = db => WebhookStore.Due(db, Now),
        ["deliveries taken"] = db => DeliveryStore.Claim(db, Id, Id, Now, Now, 10),
        ["deliveries held"] = db => DeliveryStore.Held(db, Id, Id),
        ["session"] = db => SessionStore.Find(db, Id),
        ["hold"] = db => SessionStore.Hold(db, Id),
        ["who has seen a person"] = db => AuditStore.Looks(db, new("p", ["session:1"], ["person.read"], ""), 100, 10),
        ["what an actor did"] = db => AuditStore.Search(db, new("a", null, null, null, null), 0, descending: false, 10),
        ["what was done to a thing"] = db => AuditStore.Search(db, new(null, null, "s", null, null), 100, descending: true, 10),
        ["event"] = db =>
            SessionStore.AddEvent(
                db,
                new SessionEventRow
                {
                    Id = Id,
                    SessionId = Id,
                    Kind = "started",
                    At = Now,
                }
            ),
        ["move"] = db => SessionStore.Move(db, new SessionRow { Id = Id }, SessionClock.Scheduled),
        ["granted"] = db => AccommodationStore.Granted(db, Id),
        ["counts"] = db => SessionStore.Counts(db, Id),
        ["events"] = db => SessionStore.Events(db, Id),
        ["details"] = db => SessionStore.Details(db, Id, "extra_time"),
        ["of site"] = db => SessionStore.HoldAtSite(db, Id, Id, Id, ["in_progress"]),
        ["of interruption"] = db => InterruptionStore.HoldPaused(db, new() { Id = Id, BeganAt = Now }),
        ["seats of a sitting"] = db => SessionStore.SeatsOfSitting(db, Id),
        ["window"] = db => SessionStore.Window(db, new SessionRow { CampaignId = Id, SittingId = Id }),
        ["sittings of a campaign"] = db => SittingStore.OfCampaign(db, Id, Id),
        ["sittings of a site at a time"] = db => SittingStore.Overlapping(db, Id, Now, Now),
        ["seats"] = db => SessionStore.Seats(db, Id, Id),
        ["seen"] = db => SessionStore.VariantsSeen(db, Id, Id, null),
        ["live"] = db => SessionStore.LiveOf(db, Id),
        ["of campaign"] = db => SessionStore.OfCampaign(db, Id, new(Id, null, "open"), Id, 10),
        ["due"] = db => SessionStore.Due(db, Now, 10),
        ["unscored"] = db => SessionStore.Unscored(db, 10),
        ["scored"] = db => SessionStore.SetScored(db, Id, 1, Now),
        ["next"] = db => TaskStore.Candidates(db, new(Id, Id, "школа", ["methods"], 7, true, 2, Now), 20),
        ["next of item"] = db => TaskStore.Candidates(db, new(Id, Id, "школа", ["methods"], 7, true, 2, Now, "sum-1"), 20),
        ["still available"] = db => TaskStore.FindAvailable(db, new(Id, Id, "школа", [], 7, false, 2, Now), Id),
        ["alike"] = db =>
            TaskStore.Alike(
                db,
                new(Id, Id, "школа", [], 7, false, 2, Now),
                new TaskRow
                {
                    ItemCode = "sum-1",
                    ItemVersion = 1,
                    Likeness = "x",
                },
                20
            ),
        ["equal answers as typed"] = db =>
            TaskStore.AlikeAnswers(
                db,
                new(Id, Id, "школа", [], 7, false, 2, Now),
                new TaskRow
                {
                    ItemCode = "sum-1",
                    ItemVersion = 1,
                    Likeness = "x",
                },
                20
            ),
        ["call of a third"] = db => TaskStore.CallThird(db, Id, 1, "r"),
        ["experts' rounds"] = db => RoundStore.ByExperts(db, Id),
        ["ledger in numbers"] = db => ProtocolStore.Counts(db, Id),
        ["readings in numbers"] = db => ProtocolStore.Readings(db, Id, 2),
        ["how long scripts took"] = db => AssignmentStore.Times(db, Id),
        ["flags"] = db => FlagStore.OfCampaign(db, Id, tellsChair: true, tellsOperator: true, Id, 10),
        ["roster"] = db => SiteDayStore.Roster(db, Sitting, 0, 100),
        ["roster of a day"] = db => SiteDayStore.Roster(db, Day, 0, 100),
        ["sessions of a sitting"] = db => SiteDayStore.Sessions(db, Sitting),
        ["events of a sitting"] = db => SiteDayStore.Events(db, Sitting, ["pause", "resume"]),
        ["staff of a sitting"] = db => SiteStaffStore.OfDay(db, Sitting),
        ["staff of a site"] = db => SiteStaffStore.OfSite(db, Id, Id, Id, Id, 10),
        ["journal of a sitting"] = db => SiteJournalStore.OfDay(db, Sitting),
        ["journal of a day"] = db => SiteJournalStore.OfDay(db, Day),
        ["journal of a site"] = db => SiteJournalStore.OfSite(db, Id, Id, Id, Id, 10),
        ["act of a sitting"] = db => SiteActStore.Find(db, Sitting, "2026-09-14"),
        ["act of a day"] = db => SiteActStore.Find(db, Day, "2026-09-14"),
        ["document in force"] = db => CampaignDocumentStore.InForce(db, Id, "order", Now),
        ["documents of a campaign"] = db => CampaignDocumentStore.OfCampaign(db, Id),
        ["campaigns of a person"] = db => CampaignStore.OfParticipant(db, Id),
        ["sites of campaigns"] = db => CampaignStore.Sites(db, Id, Id),
        ["policies of campaigns"] = db => PolicyStore.Pinned(db, Id, Id),
        ["instructions for a person"] = db => CampaignDocumentStore.CampaignsOf(db, Id, "participant_instruction", Now),
        ["member"] = db => CommissionStore.LiveMember(db, Id, "marking", Id),
        ["unplaced"] = EventStore.HasUnplaced,
        ["end of feed"] = EventStore.LastPosition,
        ["feed"] = db => FeedStore.After(db, 1, 500),
        ["feed since"] = db => FeedStore.At(db, 1),
        ["benchmarks"] = db => BenchmarkStore.OfCampaign(db, Id),
        ["trials of an expert"] = db => TrialStore.OfCampaign(db, Id, Id),
        ["trials in hand"] = db => TrialStore.Live(db, Id, Now),
        ["trials overdue"] = db => TrialStore.LapseOverdue(db, Id, Now),
        ["scripts given"] = db => TrialStore.ScriptsGiven(db, Id, Id),
        ["admissions of an expert"] = db => AdmissionStore.OfCampaign(db, Id, Id),
        ["second looks"] = db => TaskStore.CallSecondLooks(db, Id, Id, "sum-1", Now, 2, "r"),
        ["places"] = db => AssignmentStore.PlacesTaken(db, Id),
        ["draft"] = db => AssignmentStore.LapsedDraft(db, Id, Id),
        ["claims in hand"] = db => AssignmentStore.InHands(db, Id, Now),
        ["benchmarks in hand"] = db => TrialStore.InHands(db, Id, Now),
        ["in hand"] = db => AssignmentStore.InHand(db, Id, Id, Now),
        ["trials of a campaign in hand"] = db => TrialStore.InHand(db, Id, Id, Now),
        ["claims"] = db => AssignmentStore.Live(db, Id, Now),
        ["overdue"] = db => AssignmentStore.AnyOverdue(db, Now),
        ["lapse"] = db => AssignmentStore.LapseOverdue(db, Now),
        ["lapse of slot"] = db => AssignmentStore.LapseOfSlot(db, Id, 1, "r", Now),
        ["complete"] = db => TaskStore.SetMarkedWhenComplete(db, Id, 2),
        ["rounds"] = db => RoundStore.OfSession(db, Id),
        ["standing"] = db => KeyReviewStore.Standing(db, Id, 1, "short_answer/ru-2"),
        ["given"] = db => KeyReviewStore.Given(db, "sum-1", 1, "пять"),
        ["pending"] = db => KeyReviewStore.Pending(db, new PendingFilter(), 10),
        ["appeals of campaign"] = db => AppealStore.OfCampaign(db, Id, new(null, null, DueState.Overdue, Now), Id, 10),
        ["appeals of session"] = db => AppealStore.OfSession(db, Id),
        ["appeals of person"] = db => AppealStore.OfParticipant(db, Id),
        ["disputed sessions"] = db => AppealStore.DisputedSessions(db, Id),
        ["publication of a session"] = db => AppealStore.PublishedAt(db, Id),
        ["entangled"] = db => VoteStore.Entangled(db, Id, Id),
        ["calibrations of a form"] = db => CalibrationStore.OfForm(db, Id, null, Id, 10),
        ["calibration that stands"] = db => CalibrationStore.Approved(db, Id),
        ["calibration that waits"] = db => CalibrationQueue.Next(db, Now),
        ["calibration to stop"] = db => CalibrationQueue.IsToStop(db, Id, Id),
        ["calibration's progress"] = db => CalibrationQueue.Report(db, Id, Id, new(CalibrationStep.Fitting, 0.5), Now),
        ["calibrated items"] = db => CalibrationResultStore.Curves(db, Id, 2),
        ["equating tables"] = db => CalibrationResultStore.Equatings(db, Id, 2, EquatingRule.Linear),
        ["sessions to calibrate"] = db => CalibrationInputStore.Sessions(db, Id, Id, Id, 10),
        ["entry session"] = db => ProfileStore.EntrySession(db, Id, Id, Id),
        ["late publications"] = PublicationStore.Late,
        ["short answers of a session"] = db => KeyReviewStore.OfSession(db, Id),
        ["last version of a profile"] = db => ProfileStore.Latest(db, Id),
        ["profiles of a campaign"] = db => ProfileStore.LatestOfCampaign(db, Id, Id, 10),
        ["profiles of a person"] = db => ProfileStore.OfParticipant(db, Id, Id, 10),
        ["account"] = db => AccountStore.Find(db, Id),
        ["happened"] = db =>
            EventStore.Append(
                db,
                Now,
                EventKind.SessionFinished,
                new()
                {
                    CampaignId = Id,
                    ParticipantId = Id,
                    SessionId = Id,
                }
            ),
        ["idempotency"] = db => IdempotencyStore.Record(db, "a", "k", "h", Now),
    };

    internal static TheoryData<string> Names() => [.. All.Keys];
}
