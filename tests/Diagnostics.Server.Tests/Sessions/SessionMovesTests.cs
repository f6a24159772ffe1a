using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Sessions;
using Diagnostics.TestKit.Server;
using NodaTime;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>
/// Tries, over HTTP, every session move that has a route, in every state. The table that the code uses says what must
/// happen.
/// </summary>
public sealed class SessionMovesTests : IAsyncLifetime
{
    private static readonly StateTable Table = StateTables.All.Single(table => table.Title == "Сеанс");

    /// <summary>
    /// Moves with a route below the session, each with the last part of the route and the body. The worker makes the
    /// move <c>expire</c>; other tests cover <c>reassign</c>.
    /// </summary>
    private static readonly Dictionary<string, (string Action, object? Body)> Routes = new()
    {
        ["admit"] = ("/admission", null),
        ["undo_admission"] = ("/admission/withdrawal", Because),
        ["mark_absent"] = ("/absence", new { reason = "не пришёл", excused = false }),
        ["undo_absence"] = ("/absence/withdrawal", Because),
        ["start"] = ("/start", null),
        ["pause"] = ("/pause", Because),
        ["resume"] = ("/resumption", null),
        ["extend"] = ("/extra-time", new { minutes = 10, reason = "сбой" }),
        ["finish"] = ("/finish", new { manifest = new Dictionary<string, int>() }),
        ["finish_by_site"] = ("/finish-by-site", new { act = "ушёл" }),
        ["undo_finish"] = ("/finish/withdrawal", Because),
        ["reopen"] = ("/reopening", new { minutes = 10, reason = "сбой" }),
        ["annul"] = ("/annulment", Because),
        ["undo_annulment"] = ("/annulment/withdrawal", Because),
    };

    private readonly TestService service = new() { More = ["--Diagnostics:RequestsPerSecond=100000"] };

    private static object Because => new { reason = "так надо" };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Every_move_from_every_state_is_made_over_HTTP_or_refused_with_the_named_problem()
    {
        Table.Rows.Select(row => row.Move).Except(Routes.Keys).Should().BeEquivalentTo("expire", "reassign", "withdraw");
        var cells = Routes.Keys.SelectMany(move => Table.States.Select(state => (Move: move, State: state))).ToList();
        // Sessions that are to be expired have only one second left, which is over when the test begins its moves.
        var exam = await Exam.Populate(
            service.Services,
            service.DataFolder,
            [.. cells.Select(cell => cell.State == "expired" ? new Sitting(Duration.FromSeconds(1)) : Sitting.Scheduled)],
            experts: 0
        );
        var scene = new SessionScene(service, exam);
        service.Clock.Advance(Duration.FromMinutes(1));
        await scene.Expire();
        var wrong = new List<string>();
        for (var desk = 0; desk < cells.Count; desk++)
        {
            var (move, state) = cells[desk];
            foreach (var step in Way(state))
                await Do(scene, step, desk).Json();
            if (move == "undo_absence" && state is "scheduled" or "open")
                await Do(scene, "mark_absent", desk).Json();
            (await scene.State(desk)).Should().Be(state);

            using var answer = await Do(scene, move, desk);
            var row = Table.Rows.Single(one => one.Move == move);
            var place = Table.States.ToList().IndexOf(state);
            var after = await scene.State(desk);
            var code = answer.IsSuccessStatusCode
                ? null
                : JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.GetValue<string>();
            // A person who finishes again gets the first receipt, and a person who begins again continues, perhaps on
            // another device, so no state changes.
            var right =
                (move, state) is ("finish", "finished") or ("start", "in_progress") ? (code, after) == (null, state)
                : row.Leads[place].Count > 0 ? code is null && row.Leads[place].Contains(after)
                : (code, after) == (row.Problems[place], state);
            if (!right)
                wrong.Add($"{move} from {state}: {(int)answer.StatusCode} {code}, then {after}");
        }
        wrong.Should().BeEmpty();
        cells.Should().HaveCount(14 * 7);
    }

    private static string[] Way(string state) =>
        Codes.Parse<SessionState>(state) switch
        {
            SessionState.Scheduled or SessionState.Expired => [],
            SessionState.Open => ["admit"],
            SessionState.InProgress => ["admit", "start"],
            SessionState.Paused => ["admit", "start", "pause"],
            SessionState.Finished => ["admit", "start", "finish"],
            SessionState.Annulled => ["annul"],
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    private static Task<HttpResponseMessage> Do(SessionScene scene, string move, int desk)
    {
        var (action, body) = Routes[move];
        return move is "start" or "finish"
            ? scene.Taker(desk).PostAsJsonAsync(scene.Path(action, desk), body ?? new { })
            : scene.Do(action, body, desk);
    }
}
