using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// In an update, first <c>migrate</c> runs, then new nodes start one by one. Until the last new node has started, nodes
/// of the previous version work on the new schema. So a script may only add to the schema; a later script removes what
/// no node uses any more.
/// </summary>
public sealed partial class AdditiveMigrationsTests
{
    private const string OfNewColumn = "Speaks of a column that the previous version leaves empty.";

    private const string Wider = "Takes every code that the rule before it took, and one more.";

    private const string Narrower = "The rule before it says the same of more rows, and the previous version fills the new column in none.";

    private const string OnlyMistaken = "Refuses a role of staff for a participant's account, which nobody should be given by any version.";

    private const string LongEnough = "No version writes a subject or an actor of more than 250 characters.";

    private const string LongNames = "A name has at most 100 characters in every version.";

    private const string NeverDone = "No version changes the person of an account.";

    private const string BeginsWithTheKey = "Begins with the table's own key: no two rows can have the same.";

    /// <summary>
    /// Changes that are not purely additive, and why each was acceptable; a new exception needs an equally good reason.
    /// </summary>
    private static readonly Dictionary<string, string> Excused = new()
    {
        ["postgres/0003_commissions.sql: ADD CHECK ON access_grants"] = OfNewColumn,
        ["postgres/0003_commissions.sql: UNIQUE INDEX access_grants_live ON access_grants"] =
            "The previous version never gives the same live grant twice: its insert looks for one first.",
        ["postgres/0011_methodologist.sql: ADD CONSTRAINT ON access_grants"] = Wider,
        ["sqlserver/0011_methodologist.sql: ADD CONSTRAINT ON access_grants"] = Wider,
        ["sqlserver/0017_sign_ins.sql: ADD CHECK ON access_clients"] = OfNewColumn,
        ["postgres/0015_profile_policy.sql: ADD CONSTRAINT ON policies"] = Wider,
        ["sqlserver/0015_profile_policy.sql: ADD CONSTRAINT ON policies"] = Wider,
        ["postgres/0024_appeals_and_hearings.sql: UNIQUE INDEX appeals_one_of_session ON appeals"] = Narrower,
        ["sqlserver/0024_appeals_and_hearings.sql: UNIQUE INDEX appeals_one_of_session ON appeals"] = Narrower,
        ["postgres/0024_appeals_and_hearings.sql: UNIQUE INDEX appeals_one_of_decision ON appeals"] = OfNewColumn,
        ["sqlserver/0024_appeals_and_hearings.sql: UNIQUE INDEX appeals_one_of_decision ON appeals"] = OfNewColumn,
        ["sqlserver/0024_appeals_and_hearings.sql: ADD CHECK ON appeals"] = OfNewColumn,
        ["postgres/0019_feed.sql: UNIQUE INDEX events_position ON events"] = OfNewColumn,
        ["sqlserver/0019_feed.sql: UNIQUE INDEX events_position ON events"] = OfNewColumn,
        ["postgres/0022_sittings.sql: UNIQUE INDEX sessions_seat ON sessions"] = Narrower,
        ["sqlserver/0022_sittings.sql: UNIQUE INDEX sessions_seat ON sessions"] = Narrower,
        ["postgres/0022_sittings.sql: UNIQUE INDEX sessions_sitting_seat ON sessions"] = OfNewColumn,
        ["sqlserver/0022_sittings.sql: UNIQUE INDEX sessions_sitting_seat ON sessions"] = OfNewColumn,
        ["sqlserver/0022_sittings.sql: ADD CHECK ON campaigns"] = OfNewColumn,
        ["postgres/0025_site_days.sql: UNIQUE INDEX campaign_sittings_place ON campaign_sittings"] = BeginsWithTheKey,
        ["sqlserver/0025_site_days.sql: UNIQUE INDEX campaign_sittings_place ON campaign_sittings"] = BeginsWithTheKey,
        ["sqlserver/0023_day.sql: ADD CHECK ON sessions"] = OfNewColumn,
        ["postgres/0028_flag_rules.sql: ADD CONSTRAINT ON marking_flags"] = Wider,
        ["postgres/0028_flag_rules.sql: ADD CONSTRAINT ON marking_trial_flags"] = Wider,
        ["sqlserver/0028_flag_rules.sql: ADD CONSTRAINT ON marking_flags"] = Wider,
        ["sqlserver/0028_flag_rules.sql: ADD CONSTRAINT ON marking_trial_flags"] = Wider,
        ["postgres/0035_complex_profiles.sql: ADD CONSTRAINT ON policies"] = Wider,
        ["sqlserver/0035_complex_profiles.sql: ADD CONSTRAINT ON policies"] = Wider,
        ["postgres/0034_privacy.sql: TRIGGER access_grants_fit_account ON access_grants"] = OnlyMistaken,
        ["postgres/0034_privacy.sql: TRIGGER access_accounts_person_stays ON access_accounts"] = NeverDone,
        ["sqlserver/0034_privacy.sql: TRIGGER access_grants_fit_account ON access_grants"] = OnlyMistaken,
        ["sqlserver/0034_privacy.sql: TRIGGER access_accounts_person_stays ON access_accounts"] = NeverDone,
        ["postgres/0036_rights.sql: ADD CONSTRAINT ON access_grants"] = Wider,
        ["postgres/0036_rights.sql: ADD CHECK ON access_accounts"] = OfNewColumn,
        ["postgres/0036_rights.sql: ADD CONSTRAINT ON access_accounts"] = OfNewColumn,
        ["postgres/0036_rights.sql: ADD CONSTRAINT ON consents"] = Wider,
        ["postgres/0036_rights.sql: ADD CONSTRAINT ON events"] = Wider,
        ["sqlserver/0036_rights.sql: ADD CONSTRAINT ON access_grants"] = Wider,
        ["sqlserver/0036_rights.sql: ALTER COLUMN scope_id"] = "Makes the text longer.",
        ["sqlserver/0036_rights.sql: ADD CHECK ON access_accounts"] = OfNewColumn,
        ["sqlserver/0036_rights.sql: ADD CONSTRAINT ON consents"] = Wider,
        ["sqlserver/0036_rights.sql: ADD CONSTRAINT ON events"] = Wider,
        ["sqlserver/0037_trail.sql: ALTER COLUMN subject"] = LongEnough,
        ["sqlserver/0037_trail.sql: ALTER COLUMN actor"] = LongEnough,
        ["sqlserver/0041_people_names.sql: ALTER COLUMN surname"] = LongNames,
        ["sqlserver/0041_people_names.sql: ALTER COLUMN given_name"] = LongNames,
    };

    /// <summary>
    /// For each database server, the last script that ran before the first nodes started. A SQLite file has a single
    /// process, which migrates the file before serving, so no node of the previous version ever works on the new
    /// schema.
    /// </summary>
    public static TheoryData<string, string> Servers() =>
        new() { { "postgres", "0001_initial.sql" }, { "sqlserver", "0009_published_content.sql" } };

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_script_takes_nothing_away_from_the_nodes_that_are_running(string dialect, string first) =>
        Migrator
            .Scripts(dialect)
            .SkipWhile(script => script.Name != first)
            .Skip(1)
            .SelectMany(script => Breaks(script.Text).Select(what => $"{dialect}/{script.Name}: {what}"))
            .Should()
            .BeEquivalentTo(Excused.Keys.Where(key => key.StartsWith(dialect, StringComparison.Ordinal)));

    [Theory]
    [InlineData("ALTER TABLE sessions DROP COLUMN device;", "DROP COLUMN device")]
    [InlineData("DROP INDEX sessions_due;", null)]
    [InlineData("ALTER TABLE sessions RENAME COLUMN device TO phone;", "RENAME COLUMN device")]
    [InlineData("ALTER TABLE sessions ADD COLUMN a integer NOT NULL;", "ADD COLUMN a NOT NULL ON sessions")]
    [InlineData("ALTER TABLE sessions ADD COLUMN a integer NOT NULL DEFAULT 0;", null)]
    [InlineData("ALTER TABLE sessions ADD COLUMN a integer; -- NOT NULL one day", null)]
    [InlineData("ALTER TABLE sessions ALTER COLUMN device SET NOT NULL;", "ALTER COLUMN device")]
    [InlineData("CREATE UNIQUE INDEX a ON sessions (device);", "UNIQUE INDEX a ON sessions")]
    [InlineData("CREATE TABLE a (b integer NOT NULL); CREATE UNIQUE INDEX c ON a (b);", null)]
    [InlineData("DELETE FROM sessions;", "DELETE FROM sessions")]
    [InlineData("ALTER TABLE sessions ADD a int NOT NULL;", "ADD COLUMN a NOT NULL ON sessions")]
    [InlineData(
        "CREATE TRIGGER sessions_slow BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION f();",
        "TRIGGER sessions_slow ON sessions"
    )]
    [InlineData(
        "GO\nCREATE TRIGGER sessions_slow ON sessions AFTER UPDATE AS THROW 51000, N'no', 1;\nGO",
        "TRIGGER sessions_slow ON sessions"
    )]
    [InlineData(
        "CREATE TRIGGER sites_keep_update BEFORE UPDATE ON sites FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');",
        null
    )]
    public void What_would_break_a_running_node_is_seen(string script, string? what) =>
        Breaks(script).Should().Equal(what is null ? [] : [what]);

    private static IEnumerable<string> Breaks(string script)
    {
        var text = EndOfBatch().Replace(Comment().Replace(script, ""), ";");
        var made = Made().Matches(text).Select(match => match.Groups["table"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var statement in text.Split(';').Select(part => Blanks().Replace(part, " ").Trim()))
        {
            if (Removal().Match(statement) is { Success: true } removal)
                yield return removal.Groups["what"].Value;
            else if (Rule().Match(statement) is { Success: true } rule)
            {
                if (!made.Contains(rule.Groups["table"].Value))
                    yield return $"ADD {rule.Groups["what"].Value} ON {rule.Groups["table"].Value}";
            }
            else if (Added().Match(statement) is { Success: true } column && !statement.Contains(" DEFAULT ", StringComparison.Ordinal))
                yield return $"ADD COLUMN {column.Groups["column"].Value} NOT NULL ON {column.Groups["table"].Value}";
            else if (Unique().Match(statement) is { Success: true } unique && !made.Contains(unique.Groups["table"].Value))
                yield return $"{unique.Groups["what"].Value} ON {unique.Groups["table"].Value}";
        }
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^GO\r?$", RegexOptions.Multiline)]
    private static partial Regex EndOfBatch();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"CREATE TABLE (?<table>\w+)")]
    private static partial Regex Made();

    [GeneratedRegex(@"^(ALTER TABLE \w+ )?(?<what>(DROP (TABLE|VIEW|COLUMN)|RENAME (TO|COLUMN)|ALTER COLUMN|DELETE FROM|TRUNCATE) \w+)")]
    private static partial Regex Removal();

    [GeneratedRegex(@"^ALTER TABLE (?<table>\w+) ADD (COLUMN )?(?<column>\w+) .*NOT NULL")]
    private static partial Regex Added();

    [GeneratedRegex(@"^ALTER TABLE (?<table>\w+) ADD (?<what>CHECK|CONSTRAINT|UNIQUE|FOREIGN KEY|PRIMARY KEY)")]
    private static partial Regex Rule();

    // Triggers that protect history refuse only statements that no version of the service runs.
    [GeneratedRegex(
        @"^CREATE (?<what>UNIQUE INDEX \w+|TRIGGER (?!\w+_keep_(?:update|delete|truncate)\b)\w+)"
            + @"( BEFORE| AFTER)?( INSERT| UPDATE| DELETE| TRUNCATE)?( OF [\w, ]+?)? ON (?<table>\w+)"
    )]
    private static partial Regex Unique();
}
