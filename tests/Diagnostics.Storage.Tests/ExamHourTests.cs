using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Everything that runs during an exam finds its rows by the session, as SQLite's plans show, so its cost does not grow
/// with the number of sessions; the few statements that look across sessions are known. This does not divide a region
/// among servers by session: docs/operations/country.md says why.
/// </summary>
public sealed partial class ExamHourTests : IAsyncLifetime
{
    /// <summary>The tables whose rows belong to a session, and the column that names it.</summary>
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["sessions"] = "id",
        ["session_responses"] = "session_id",
        ["session_rejected_responses"] = "session_id",
        ["session_events"] = "session_id",
        ["marking_rounds"] = "session_id",
    };

    /// <summary>Other tables that are read or written during an exam, and why this does no harm.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["access_accounts"] = "read by its own key when a person signs in; a token is checked without the database",
        ["application_accommodations"] = "read by its own key for a start and when the site looks",
        ["idempotency_keys"] = "a row by its own key for a start and for a finish, none for a save",
        ["events"] = "a row by its own key for a finish, none for a save; its place is given when a portal reads",
    };

    private static readonly string[] HourOfExam =
    [
        "save",
        "stale save",
        "latest",
        "history",
        "rejected",
        "session",
        "hold",
        "move",
        "counts",
        "events",
        "event",
        "details",
        "scored",
        "rounds",
        "account",
        "idempotency",
        "happened",
        "granted",
    ];

    private static readonly string[] AfterIt = ["publication of a session", "short answers of a session"];

    /// <summary>
    /// Statements that look across sessions: who sends each of them, and how often.
    /// </summary>
    private static readonly Dictionary<string, string> LooksAcrossSessions = new()
    {
        ["due"] = "a node, once in a few seconds",
        ["unscored"] = "a node, when a session ends and once in a few seconds",
        ["late publications"] = "a node, once in a minute",
        ["of campaign"] = "an invigilator, a page of the list",
        ["roster"] = "the site, a page of the day's list",
        ["roster of a day"] = "the site, a page of the day's list",
        ["sessions of a sitting"] = "the site, once for the act of the day",
        ["events of a sitting"] = "the site, once for the act of the day",
        ["of site"] = "the site, when the light goes out",
        ["of interruption"] = "the site, when the light is back",
        ["live"] = "a person, once on coming",
        ["seats"] = "once for an enrolment",
        ["seats of a sitting"] = "once for an enrolment",
        ["sittings of a campaign"] = "once for an enrolment",
        ["sittings of a site at a time"] = "an operator, once for a sitting",
        ["seen"] = "once for an enrolment",
        ["next"] = "an expert, once for a script",
        ["next of item"] = "an expert, once for a script",
        ["still available"] = "an expert, once for a script",
        ["alike"] = "an expert, once for a script",
        ["equal answers as typed"] = "an expert, on opening a script whose answer others have given too",
        ["claims in hand"] = "an expert, on looking at the own queue",
        ["experts' rounds"] = "a chair, a page",
        ["ledger in numbers"] = "a chair, a page",
        ["readings in numbers"] = "a chair, a page",
        ["given"] = "once for a decision on a key",
        ["pending"] = "a methodologist, a page",
        ["entangled"] = "once for an appeal",
        ["entry session"] = "once for a final profile",
        ["profiles of a person"] = "a person, a page",
        ["profiles of a campaign"] = "an operator or a portal, a page",
        ["last version of a profile"] = "once for a version that follows another",
        ["sessions to calibrate"] = "once for a few hundred sessions of a calibration",
    };

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await Plan.Scene();

    public async Task DisposeAsync() => await test.DisposeAsync();

    [Fact]
    public async Task Tables_of_the_exams_hour_carry_the_session_first_in_their_key()
    {
        var tables = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in HourOfExam)
        foreach (var plan in await Plan.Of(test, name))
            tables.UnionWith(TablesIn(plan.Sql).SelectMany(each => each));

        tables.Should().BeEquivalentTo(Keys.Keys.Concat(Exceptions.Keys));
        foreach (var (table, key) in Keys)
            (await test.Value<string>("SELECT name FROM pragma_table_info(@table) WHERE pk = 1", new { table })).Should().Be(key, table);
    }

    [Fact]
    public async Task Statements_of_the_exams_hour_find_their_rows_by_session()
    {
        foreach (var name in HourOfExam.Concat(AfterIt))
        foreach (var plan in await Plan.Of(test, name))
            plan.Steps.Where(step => !IsBySession(step, plan.Sql)).Should().BeEmpty(plan.ToString());
    }

    [Fact]
    public async Task Whatever_looks_across_sessions_is_known()
    {
        var asking = new List<string>();
        foreach (var name in HotStatements.All.Keys.Except(HourOfExam.Concat(AfterIt)))
            if ((await Plan.Of(test, name)).Exists(plan => IsOfSession(plan.Sql)))
                asking.Add(name);

        asking.Should().BeEquivalentTo(LooksAcrossSessions.Keys);
    }

    /// <summary>
    /// Every table of a statement, by the name that the plan uses for the table: its alias if it has one.
    /// </summary>
    private static ILookup<string, string> TablesIn(string sql) =>
        Mention()
            .Matches(sql)
            .ToLookup(
                match => match.Groups["alias"] is { Success: true, Value: var alias } ? alias : match.Groups["table"].Value,
                match => match.Groups["table"].Value
            );

    private static bool IsOfSession(string sql) => TablesIn(sql).Any(tables => tables.Any(Keys.ContainsKey));

    private static bool IsBySession(string step, string sql) =>
        Search().Match(step) is not { Success: true } search
        || TablesIn(sql)[search.Groups["name"].Value]
            .All(table =>
                !Keys.TryGetValue(table, out var key) || search.Groups["by"].Value.StartsWith($"{key}=?", StringComparison.Ordinal)
            );

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?<table>[a-z_]+)(?:\s+AS\s+(?<alias>\w+))?")]
    private static partial Regex Mention();

    [GeneratedRegex(@"^(?:SEARCH|SCAN) (?<name>\w+)(?:.*\((?<by>[^)]*)\))?")]
    private static partial Regex Search();
}
