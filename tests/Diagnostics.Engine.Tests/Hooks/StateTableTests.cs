using System.Reflection;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Jobs;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Engine.Tests.Hooks;

/// <summary>Tests every move from every state against the table that the code itself uses.</summary>
public sealed class StateTableTests
{
    private const string Begin = "<!-- state tables -->\n";
    private const string End = "<!-- end of state tables -->";

    private static readonly Instant Nine = Instant.FromUtc(2026, 9, 14, 9, 0);
    private static readonly Duration Grace = Duration.FromSeconds(30);

    /// <summary>The problem code with which this state refuses this move. The list is written by hand.</summary>
    private static string Problem(string title, string move, string state) =>
        (title, move, state) switch
        {
            ("Мероприятие", "edit" or "publish", _) => "campaign-published",
            ("Мероприятие", _, "cancelled") => "campaign-cancelled",
            ("Мероприятие", "publish_results", _) => "campaign-not-published",
            ("Мероприятие", _, "closed") => "campaign-closed",
            ("Мероприятие", _, _) => "campaign-draft",
            ("Заявление", _, _) => "application-status",
            ("Сеанс", "reassign" or "withdraw", _) => "session-started",
            ("Сеанс", _, _) => "session-state",
            ("Работа на проверке", _, _) => "task-state",
            ("Фоновая работа", _, _) => "job-state",
            _ => "appeal-state",
        };

    /// <summary>For the name of each move, the code that makes the move on a session's clock.</summary>
    private static readonly Dictionary<string, Func<SessionClock, Result<SessionClock>>> OfClock = new()
    {
        ["admit"] = clock => clock.Admit(),
        ["undo_admission"] = clock => clock.UndoAdmission(),
        ["mark_absent"] = clock => SessionMoves.MarkAbsent.From(clock.State).Map(next => clock with { State = next }),
        ["undo_absence"] = clock => SessionMoves.UndoAbsence.From(clock.State).Map(next => clock with { State = next }),
        ["reassign"] = clock => SessionMoves.Reassign.From(clock.State).Map(next => clock with { State = next }),
        ["withdraw"] = clock => SessionMoves.Withdraw.From(clock.State).Map(next => clock with { State = next }),
        ["start"] = clock => clock.Start(Nine, Duration.FromMinutes(90)),
        ["pause"] = clock => clock.Pause(Nine),
        ["resume"] = clock => clock.Resume(Nine),
        ["extend"] = clock => clock.Extend(Nine, Duration.FromMinutes(10)),
        ["finish"] = clock => clock.Finish(Nine, Grace),
        ["finish_by_site"] = clock => clock.FinishBySite(Nine, Grace),
        ["undo_finish"] = clock => clock.UndoFinish(Nine),
        ["expire"] = clock => clock.Expire(Nine + Duration.FromDays(1), Grace),
        ["reopen"] = clock => clock.Reopen(Nine, Duration.FromMinutes(10)),
        ["annul"] = clock => clock.Annul(Nine),
        ["undo_annulment"] = clock => clock.UndoAnnulment(SessionClock.Scheduled),
    };

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var table in StateTables.All)
        foreach (var row in table.Rows)
        foreach (var state in table.States)
            cells.Add(table.Title, row.Move, state);
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_move_from_every_state_is_made_or_refused_with_the_named_problem(string title, string move, string state)
    {
        var table = StateTables.All.Single(one => one.Title == title);
        var row = table.Rows.Single(one => one.Move == move);
        var place = table.States.ToList().IndexOf(state);

        if (row.Leads[place].Count > 0)
            row.Problems[place].Should().BeNull();
        else
            row.Problems[place].Should().Be(Problem(title, move, state));
        if (title == "Сеанс")
        {
            var result = OfClock[move](In(Codes.Parse<SessionState>(state)));
            if (row.Leads[place].Count > 0)
                row.Leads[place].Should().Contain(Codes.Of(result.Value.State));
            else
                result.Refusal!.Code.Should().Be(Problem(title, move, state));
        }
    }

    [Fact]
    public void A_refused_move_says_in_Russian_words_why()
    {
        Says(SessionMoves.Admit.Check(SessionState.InProgress), "Нельзя допустить: сеанс идёт. Это можно, если он ждёт допуска.");
        Says(
            SessionMoves.UndoAbsence.Check(SessionState.Expired),
            "Нельзя снять отметку о неявке: сеанс закончился по времени. Это можно, если он ждёт допуска или допущен и не начат."
        );
        Says(ApplicationMoves.ToApprove.Check(ApplicationStatus.Rejected), "Нельзя одобрить: заявление отклонено.");
        Says(TaskMoves.Mark.Check(TaskState.Withdrawn), "Нельзя проверить: работа снята с проверки.");
        Says(JobMoves.ToCancel.Check(JobState.Finished), "Нельзя отменить фоновую работу: она выполнена.");
        Says(AppealMoves.ToAdmit.Check(AppealState.Withdrawn), "Нельзя принять: апелляция отозвана.");
        Refusals(SessionMoves.All)
            .Concat(Refusals(ApplicationMoves.All))
            .Concat(Refusals(TaskMoves.All))
            .Concat(Refusals(AppealMoves.All))
            .Concat(Refusals(CampaignMoves.All))
            .Concat(Refusals(JobMoves.All))
            .Should()
            .OnlyContain(text => !text.Any(char.IsAsciiLetter));

        static void Says(Refusal? refusal, string text) => refusal!.Detail.Should().Be(text);

        static IEnumerable<string> Refusals<TState>(IEnumerable<Move<TState>> moves)
            where TState : struct, Enum =>
            moves.SelectMany(move => Enum.GetValues<TState>().Select(move.Check)).OfType<Refusal>().Select(refusal => refusal.Detail);
    }

    [Fact]
    public void Every_move_that_a_stage_has_is_in_its_table()
    {
        Type[] stages =
        [
            typeof(CampaignMoves),
            typeof(ApplicationMoves),
            typeof(SessionMoves),
            typeof(TaskMoves),
            typeof(AppealMoves),
            typeof(JobMoves),
        ];

        stages
            .Sum(stage =>
                stage
                    .GetFields(BindingFlags.Public | BindingFlags.Static)
                    .Count(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(Move<>))
            )
            .Should()
            .Be(StateTables.All.Sum(table => table.Rows.Count));
        StateTables.All.Should().OnlyContain(table => table.Rows.Select(row => row.Move).Distinct().Count() == table.Rows.Count);
        StateTables.All.Single(table => table.Title == "Сеанс").Rows.Select(row => row.Move).Should().BeEquivalentTo(OfClock.Keys);
    }

    /// <summary>Every state can be reached from the first state, so no state exists in name only.</summary>
    [Fact]
    public void Every_state_is_reached_from_the_first() =>
        StateTables.All.Should().OnlyContain(table => Reached(table) == table.States.Count);

    /// <summary>
    /// After a table has changed, a run with <c>DIAGNOSTICS_PRINT_TABLES=1</c> writes the tables into
    /// <c>docs/procedure.md</c> again, so that people can read the difference.
    /// </summary>
    [Fact]
    public void The_procedure_prints_the_tables_that_the_code_asks()
    {
        var path = Path.Combine(Repository.Root, "docs", "procedure.md");
        var page = File.ReadAllText(path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var tables = string.Concat(StateTables.All.Select(Print));
        if (Environment.GetEnvironmentVariable("DIAGNOSTICS_PRINT_TABLES") == "1")
            File.WriteAllText(path, page[..begin] + tables + page[end..]);

        page[begin..end]
            .Should()
            .Be(tables, "the page is printed anew with DIAGNOSTICS_PRINT_TABLES=1; the run after that finds it as it should be");
    }

    private static string Print(StateTable table) =>
        $"""
        **{table.Title}**

        | переход | {string.Join(" | ", table.States.Select(state => $"`{state}`"))} |
        |---{string.Concat(table.States.Select(_ => "|---"))}|
        {string.Join('\n', table.Rows.Select(row =>
            $"| {row.Title} `{row.Move}` | {string.Join(" | ", row.Leads.Select(leads => leads.Count == 0 ? "" : string.Join(", ", leads)))} |"))}


        """;

    private static int Reached(StateTable table)
    {
        var reached = new HashSet<string> { table.States[0] };
        var growing = true;
        while (growing)
        {
            growing = false;
            foreach (var row in table.Rows)
            foreach (var (state, leads) in table.States.Zip(row.Leads))
                if (reached.Contains(state))
                    foreach (var next in leads)
                        growing |= reached.Add(next);
        }
        return reached.Count;
    }

    private static SessionClock In(SessionState state)
    {
        var running = SessionClock.Scheduled.Admit().Value.Start(Nine, Duration.FromMinutes(90)).Value;
        return state switch
        {
            SessionState.Scheduled => SessionClock.Scheduled,
            SessionState.Open => SessionClock.Scheduled.Admit().Value,
            SessionState.InProgress => running,
            SessionState.Paused => running.Pause(Nine).Value,
            SessionState.Finished => running.Finish(Nine, Grace).Value,
            SessionState.Expired => running.Expire(Nine + Duration.FromHours(3), Grace).Value,
            SessionState.Annulled => running.Annul(Nine).Value,
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
    }
}
