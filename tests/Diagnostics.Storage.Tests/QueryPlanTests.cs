using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Integration;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// What runs for every save, every second or every script must find its rows by an index: a scan costs nothing in a
/// test's database and minutes in a region's.
/// </summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    private static readonly Guid Id = Guid.Parse("01995d4c-7a00-7000-8000-000000000001");
    private static readonly Instant Now = TestDatabase.Now;

    private static readonly Dictionary<string, Func<Db, Task>> Hot = new()
    {
        ["save"] = db => ResponseStore.Save(db, new(Id, 1, 1, "{}", false, Now)),
        ["stale save"] = db => ResponseStore.Save(db, new(Id, 1, 7, "{}", false, Now)),
        ["latest"] = db => ResponseStore.Latest(db, Id),
        ["history"] = db => ResponseStore.History(db, Id),
        ["rejected"] = db => ResponseStore.Rejected(db, Id),
        ["session"] = db => SessionStore.Find(db, Id),
        ["move"] = db => SessionStore.Move(db, new SessionRow { Id = Id }, SessionClock.Scheduled),
        ["counts"] = db => SessionStore.Counts(db, Id),
        ["events"] = db => SessionStore.Events(db, Id),
        ["seats"] = db => SessionStore.Seats(db, Id, Id),
        ["seen"] = db => SessionStore.VariantsSeen(db, Id, Id),
        ["live"] = db => SessionStore.LiveOf(db, Id),
        ["of campaign"] = db => SessionStore.OfCampaign(db, Id, Id, "open", Id, 10),
        ["due"] = db => SessionStore.Due(db, Now, 10),
        ["unscored"] = db => SessionStore.Unscored(db, 10),
        ["scored"] = db => SessionStore.SetScored(db, Id, 1, Now),
        ["next"] = db => TaskStore.Candidates(db, new(Id, Id, "школа", ["methods"], 7, true, 2, Now), 20),
        ["next of item"] = db => TaskStore.Candidates(db, new(Id, Id, "школа", ["methods"], 7, true, 2, Now, "sum-1"), 20),
        ["still available"] = db => TaskStore.IsAvailable(db, new(Id, Id, "школа", [], 7, false, 2, Now), Id),
        ["alike"] = db => TaskStore.Alike(db, new(Id, Id, "школа", [], 7, false, 2, Now), new TaskRow { ItemCode = "sum-1", ItemVersion = 1, Likeness = "x" }, 20),
        ["tasks of a session"] = db => TaskStore.OfSession(db, Id),
        ["experts' rounds"] = db => RoundStore.ByExperts(db, Id),
        ["ledger in numbers"] = db => ProtocolStore.Counts(db, Id),
        ["readings in numbers"] = db => ProtocolStore.Readings(db, Id, 2),
        ["how long scripts took"] = db => AssignmentStore.Times(db, Id),
        ["flags"] = db => FlagStore.OfCampaign(db, Id, Id, 10),
        ["member"] = db => CommissionStore.LiveMember(db, Id, "marking", Id),
        ["benchmarks"] = db => BenchmarkStore.OfCampaign(db, Id),
        ["trials of an expert"] = db => TrialStore.OfCampaign(db, Id, Id),
        ["trials in hand"] = db => TrialStore.Live(db, Id, Now),
        ["trials overdue"] = db => TrialStore.LapseOverdue(db, Id, Now),
        ["scripts given"] = db => TrialStore.ScriptsGiven(db, Id, Id),
        ["admissions of an expert"] = db => AdmissionStore.OfCampaign(db, Id, Id),
        ["second looks"] = db => TaskStore.CallSecondLooks(db, Id, Id, "sum-1", Now, 2, "r"),
        ["places"] = db => AssignmentStore.PlacesTaken(db, Id),
        ["draft"] = db => AssignmentStore.LapsedDraft(db, Id, Id),
        ["in hand"] = db => AssignmentStore.InHand(db, Id, Id, Now),
        ["trials of a campaign in hand"] = db => TrialStore.InHand(db, Id, Id, Now),
        ["claims"] = db => AssignmentStore.Live(db, Id, Now),
        ["overdue"] = db => AssignmentStore.AnyOverdue(db, Now),
        ["lapse"] = db => AssignmentStore.LapseOverdue(db, Now),
        ["lapse of slot"] = db => AssignmentStore.LapseOfSlot(db, Id, 1, "r", Now),
        ["complete"] = db => TaskStore.SetMarkedWhenComplete(db, Id, 2),
        ["rounds"] = db => RoundStore.OfSession(db, Id),
        ["standing"] = db => KeyReviewStore.Standing(db, Id, 1),
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
        ["profiles of a person"] = db => ProfileStore.OfParticipant(db, Id, Id, 10),
        ["account"] = db => AccountStore.Find(db, Id),
        ["idempotency"] = db => IdempotencyStore.Record(db, "a", "k", "h", Now),
    };

    public static TheoryData<string> Names() => [.. Hot.Keys];

    private readonly TestDatabase test = new();

    public async Task InitializeAsync()
    {
        await Migrator.Migrate(test.Database, Now);
        await using var connection = test.Connect();
        await using var session = connection.CreateCommand();
        // One session with one answer, so that a stale save goes all the way; what it refers to is of no matter here.
        session.CommandText = """
            PRAGMA foreign_keys = OFF;
            INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
                                  grace_seconds, state, created_at, started_at, deadline, accept_until)
            VALUES (@id, @id, @id, @id, @id, @id, 1, 1, 1, 1, 30, 'in_progress', @now, @now, @now, @now);
            INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES (@id, 1, 1, 0, '{}', @now);
            """;
        session.Parameters.AddWithValue("@id", Id.ToString());
        session.Parameters.AddWithValue("@now", "2026-09-14T06:00:00.000000Z");
        await session.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await test.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_are_found_by_an_index(string name)
    {
        var plans = await Plans(name);

        plans.Should().NotBeEmpty();
        plans.SelectMany(plan => plan.Steps).Where(step => step.StartsWith("SCAN", StringComparison.Ordinal) && !Harmless(step))
            .Should().BeEmpty(string.Join('\n', plans));
    }

    [Theory]
    [InlineData("save", "s USING INDEX sqlite_autoindex_sessions_1 (id=?)")]
    [InlineData("save", "b USING PRIMARY KEY (session_id=? AND slot=? AND revision=?)")]
    [InlineData("due", "sessions USING INDEX sessions_due (accept_until<?)")]
    [InlineData("unscored", "sessions USING INDEX sessions_unscored")]
    [InlineData("next", "t USING INDEX marking_tasks_queue (campaign_id=?)")]
    [InlineData("overdue", "marking_assignments USING COVERING INDEX marking_assignments_due (lease_until<?)")]
    [InlineData("latest", "r USING PRIMARY KEY (session_id=?)")]
    [InlineData("late publications", "a USING COVERING INDEX appeals_given (new_session_id>?)")]
    [InlineData("complete", "marking_assignments USING INDEX marking_assignments_one_holder (task_id=?)")]
    [InlineData("pending", "r USING INDEX marking_rounds_review (item_code=? AND item_version=? AND normalised=?)")]
    public async Task The_index_meant_for_a_statement_serves_it(string name, string index) =>
        (await Plans(name)).SelectMany(plan => plan.Steps).Should().Contain(step => step.EndsWith(index, StringComparison.Ordinal));

    [Theory]
    [InlineData("due")]
    [InlineData("unscored")]
    [InlineData("latest")]
    public async Task The_index_gives_the_order_too_so_that_a_limit_ends_the_search(string name) =>
        (await Plans(name)).SelectMany(plan => plan.Steps).Should().NotContain(step => step.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal));

    private static bool Harmless(string step) => step is "SCAN CONSTANT ROW"
        // An index of only the sessions that wait to be scored holds nothing that is not wanted.
        or "SCAN sessions USING INDEX sessions_unscored"
        // Likewise of only the calibrations that wait or run.
        or "SCAN calibration_runs USING INDEX calibration_runs_due"
        // Decisions that people made one by one; the answers they touch are found by index.
        or "SCAN marking_key_decisions" or "SCAN l";

    private async Task<List<Plan>> Plans(string name)
    {
        var inner = test.Connect();
        await using var connection = new RecordingConnection(inner);
        await using var transaction = inner.BeginTransaction();
        await Hot[name](new Db(connection, transaction));
        return connection.Commands.Select(command => new Plan(name, command.CommandText, Explain(inner, transaction, command))).ToList();
    }

    private static List<string> Explain(SqliteConnection connection, SqliteTransaction transaction, SqliteCommand ran)
    {
        using var explain = connection.CreateCommand();
        explain.Transaction = transaction;
        explain.CommandText = "EXPLAIN QUERY PLAN " + ran.CommandText;
        foreach (SqliteParameter parameter in ran.Parameters) explain.Parameters.AddWithValue(parameter.ParameterName, parameter.Value);
        using var reader = explain.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read()) steps.Add(reader.GetString(3));
        return steps;
    }

    private sealed record Plan(string Name, string Sql, List<string> Steps)
    {
        public override string ToString() => $"{Name}:\n{Sql}\n  {string.Join("\n  ", Steps)}";
    }
}
