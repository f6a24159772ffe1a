using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Sqlite;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// Checks the statements that SQLite itself reports, from the mark that completes a session to the profile.
/// </summary>
public sealed class ReadOnceTests(TestService service) : IClassFixture<TestService>
{
    private readonly List<string> told = [];

    [SqliteFact]
    public async Task The_mark_that_completes_a_session_reads_its_rounds_and_its_policies_once()
    {
        var scene = await Scene.Make(service, new MarkingPolicy(Experts: 2, LeaseMinutes: 30));
        var slot = scene.First(ItemType.ExtendedResponse).Slot;
        await scene.Scored(Answer.Right.With(slot, new ExtendedResponse("Один ответ")));
        using var first = await scene.Staff(Role.Expert);
        await Marks.Give(first, scene, full: true);
        var (client, second) = await scene.StaffAccount(Role.Expert);
        using var signedIn = client;
        var script = await Marks.Claim(client, scene);
        var criteria = Marks.Of(script, full: true).ToDictionary(mark => mark.Key, mark => Points.From(mark.Value));
        await using var node = await Observed();
        var forms = service.Services.GetRequiredService<FormCatalog>();
        var award = new AwardMarks(
            new Executor(node, new Gate(node), service.Clock, new Looks(node, service.Clock)),
            new OwnAssignments(node, forms),
            new GiveMarks(new IssueProfile([], forms, (_, _, _) => Task.CompletedTask).AfterScores)
        );

        var awarded = await award.Run(
            new(script["assignmentId"]!.GetValue<Guid>(), new MarksRequest(criteria)),
            Caller.Account(second.ToString("D"), null)
        );

        awarded.Refusal.Should().BeNull();
        (Times("INSERT INTO profiles"), Times("INSERT INTO marking_rounds"))
            .Should()
            .Be((1, 2), "the mark, and the round that joins it with the first");
        (Times("FROM marking_rounds WHERE"), Times("FROM campaign_policies")).Should().Be((1, 1));
    }

    private int Times(string words)
    {
        lock (told)
            return told.Count(statement => statement.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>Another node on the service's database; the statements of its writer are recorded.</summary>
    private async Task<Database> Observed()
    {
        var file = Directory.EnumerateFiles(service.DataFolder, "*.db").Single();
        // The node's writer gets the connection that was last returned to the pool, and SQLite keeps reporting its
        // statements.
        using (var connection = SqliteConnections.Open(SqliteConnections.ConnectionString(file)))
            raw.sqlite3_trace(
                connection.Handle,
                (_, statement) =>
                {
                    lock (told)
                        told.Add(statement);
                },
                null
            );
        var node = new Database(file);
        await node.Write(_ => Task.FromResult(0));
        lock (told)
            told.Clear();
        return node;
    }
}
