namespace Diagnostics.Storage.Tests;

/// <summary>
/// Statements that run for every save, every second or every script must find their rows by an index: a scan costs
/// nothing in a test's database, but minutes in the database of a region.
/// </summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    public static TheoryData<string> Names() => HotStatements.Names();

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await Plan.Scene();

    public async Task DisposeAsync() => await test.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_are_found_by_an_index(string name)
    {
        var plans = await Plans(name);

        plans.Should().NotBeEmpty();
        plans
            .SelectMany(plan => plan.Steps)
            .Where(step => step.StartsWith("SCAN", StringComparison.Ordinal) && !Harmless(step))
            .Should()
            .BeEmpty(string.Join('\n', plans));
    }

    [Theory]
    [InlineData("save", "s USING INDEX sqlite_autoindex_sessions_1 (id=?)")]
    [InlineData("save", "b USING INDEX sqlite_autoindex_session_responses_1 (session_id=? AND slot=? AND revision=?)")]
    [InlineData("due", "sessions USING INDEX sessions_due (accept_until<?)")]
    [InlineData("unscored", "sessions USING INDEX sessions_unscored")]
    [InlineData("next", "t USING INDEX marking_tasks_queue (campaign_id=?)")]
    [InlineData("overdue", "marking_assignments USING COVERING INDEX marking_assignments_due (lease_until<?)")]
    [InlineData("latest", "r USING INDEX sqlite_autoindex_session_responses_1 (session_id=?)")]
    [InlineData("late publications", "a USING COVERING INDEX appeals_given (new_session_id>?)")]
    [InlineData("late publications", "s USING INDEX sessions_restored (restored_at>?)")]
    // With the index on campaigns, publishing a campaign would read all profiles of the campaign once for each profile.
    [InlineData("last version of a profile", "l USING COVERING INDEX sqlite_autoindex_profiles_2 (session_id=?)")]
    [InlineData("complete", "marking_assignments USING INDEX marking_assignments_one_holder (task_id=?)")]
    [InlineData("feed", "e USING INDEX events_position (position>?)")]
    [InlineData("feed since", "events USING INDEX events_position (position=?)")]
    [InlineData("who has seen a person", "audit_people USING COVERING INDEX sqlite_autoindex_audit_people_1 (person=? AND number<?)")]
    [InlineData("who has seen a person", "audit_entries USING COVERING INDEX audit_entries_subject (subject=? AND number<?)")]
    [InlineData("what an actor did", "audit_entries USING INDEX audit_entries_actor (actor=? AND number>?)")]
    [InlineData("what was done to a thing", "audit_entries USING INDEX audit_entries_subject (subject=? AND number<?)")]
    [InlineData("pending", "r USING INDEX marking_rounds_review (item_code=? AND item_version=? AND normalised=?)")]
    public async Task The_index_meant_for_a_statement_serves_it(string name, string index) =>
        (await Plans(name)).SelectMany(plan => plan.Steps).Should().Contain(step => step.EndsWith(index, StringComparison.Ordinal));

    [Theory]
    [InlineData("due")]
    [InlineData("unscored")]
    [InlineData("latest")]
    [InlineData("feed")]
    [InlineData("feed since")]
    public async Task The_index_gives_the_order_too_so_that_a_limit_ends_the_search(string name) =>
        (await Plans(name))
            .SelectMany(plan => plan.Steps)
            .Should()
            .NotContain(step => step.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal));

    private static bool Harmless(string step) =>
        step
            is "SCAN CONSTANT ROW"
                // This index contains only the sessions that wait for scoring, so a scan of the index reads nothing
                // else.
                or "SCAN sessions USING INDEX sessions_unscored"
                // This index contains only the calibrations that wait or run.
                or "SCAN calibration_runs USING INDEX calibration_runs_due"
                // This index contains only the events that wait for their position.
                or "SCAN events USING INDEX events_unplaced"
                // The table of key decisions is small, because people make decisions one by one; the answers that a
                // decision affects are found by index.
                or "SCAN marking_key_decisions"
                or "SCAN l";

    private Task<List<Plan>> Plans(string name) => Plan.Of(test, name);
}
