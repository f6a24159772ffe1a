using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

/// <summary>
/// Whatever happens to a session in whatever order, the stores and the model agree, and nothing acknowledged is lost.
/// </summary>
public abstract class ResponseModelTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : ResponseModelTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : ResponseModelTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : ResponseModelTests(Provider.SqlServer);

    private static readonly Duration TimeLimit = Duration.FromMinutes(10);

    private TestDatabase test = null!;
    private int seat;

    public async Task InitializeAsync() => test = await Scene.Make(provider);

    public async Task DisposeAsync() => await test.DisposeAsync();

    [ContractFact]
    public void Stores_and_model_agree_on_any_story_of_a_session() =>
        Prop.ForAll(Stories(), story => Play(story).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    /// <summary>Plays a story on a session of its own; throws when the store and the model differ.</summary>
    private async Task<bool> Play(Step[] story)
    {
        var model = new SessionModel(TestDatabase.Now, TimeLimit, Scene.Grace);
        var session = await Scene.AddSession(test, ++seat, TestDatabase.Now + TimeLimit);
        var acknowledged = new List<(int Slot, int Revision, string? Content)>();
        var (refused, blanks) = (0, 0);
        foreach (var step in story)
        {
            // Every step takes a moment, so that no two things happen at the same instant.
            model.Wait(step is Step.Wait wait ? wait.Seconds : 1);
            switch (step)
            {
                case Step.Wait:
                    break;
                case Step.Save save:
                    var baseRevision = Math.Max(0, model.Last(save.Slot) - save.Behind);
                    var outcome = await ResponseSaves.Save(
                        test.Database,
                        new(session, save.Slot, baseRevision, save.Content, save.Cleared, model.Now)
                    );
                    outcome.Should().Be(model.Save(save.Slot, baseRevision, save.Content, save.Cleared));
                    if (outcome is SaveOutcome.Saved saved)
                        acknowledged.Add((save.Slot, saved.Revision, save.Content));
                    else if (outcome is SaveOutcome.BlankRefused or SaveOutcome.NotKept)
                        blanks++;
                    else
                        refused++;
                    break;
                default:
                    (await Move(session, step, model.Now)).Should().Be(model.Move(step), $"{step} at {model.Now} in {model.State}");
                    break;
            }
        }
        await Compare(session, model, acknowledged, refused);
        blanks.Should().Be(story.OfType<Step.Save>().Count() - acknowledged.Count - refused);
        return true;
    }

    private async Task Compare(Guid session, SessionModel model, List<(int Slot, int Revision, string? Content)> acknowledged, int refused)
    {
        var history = await test.Database.Read(db => ResponseStore.History(db, session));
        var latest = await test.Database.Read(db => ResponseStore.Latest(db, session));
        var kept = await test.Database.Read(db => ResponseStore.Rejected(db, session));
        var row = (await test.Database.Read(db => SessionStore.Find(db, session)))!;

        // The next checks compare the store with the model.
        row.Clock.State.Should().Be(model.State);
        history
            .Select(answer => (answer.Slot, answer.Revision, answer.BaseRevision, answer.Content, answer.SavedAt))
            .Should()
            .Equal(
                model
                    .Saved.OrderBy(slot => slot.Key)
                    .SelectMany(slot => slot.Value.Select((answer, place) => (slot.Key, place + 1, place, answer.Content, answer.At)))
            );
        latest.Should().BeEquivalentTo(history.GroupBy(answer => answer.Slot).Select(slot => slot.Last()));
        kept.Select(each => new KeptResponse(each.Slot, each.BaseRevision, each.Reason, each.Content)).Should().BeEquivalentTo(model.Kept);

        // These checks do not use the model, in case the model shares a mistake with the store.
        acknowledged.Should().BeSubsetOf(history.Select(answer => (answer.Slot, answer.Revision, answer.Content)));
        foreach (var slot in history.GroupBy(answer => answer.Slot))
            slot.Select(answer => answer.Revision).Should().Equal(Enumerable.Range(1, slot.Count()));
        kept.Should().HaveCount(refused);
        if (row.Manifest is { } manifest)
            JsonSerializer
                .Deserialize<Dictionary<int, int>>(manifest)
                .Should()
                .BeEquivalentTo(latest.ToDictionary(answer => answer.Slot, answer => answer.Revision));
    }

    /// <summary>
    /// Works as the service does: reads, decides, and saves unless somebody else has saved in between.
    /// </summary>
    private Task<bool> Move(Guid session, Step step, Instant now) =>
        test.Database.Write(async db =>
        {
            var row = (await SessionStore.Find(db, session))!;
            Result<SessionClock> moved = step switch
            {
                Step.Pause => row.Clock.Pause(now),
                Step.Resume => row.Clock.Resume(now),
                Step.Extend extend => row.Clock.Extend(now, Duration.FromSeconds(extend.Seconds)),
                Step.Finish => row.Clock.Finish(now, row.Grace),
                Step.Expire => row.Clock.Expire(now, row.Grace),
                _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
            };
            if (moved.Refused(out _, out var next))
                return false;
            var manifest =
                step is Step.Finish
                    ? JsonSerializer.Serialize(
                        (await ResponseStore.Latest(db, session)).ToDictionary(answer => answer.Slot, answer => answer.Revision)
                    )
                    : null;
            return await SessionStore.Move(db, row, next, manifest);
        });

    /// <summary>
    /// Generates stories that are mostly saves on the right base. A failing story is repeated with ever fewer steps.
    /// </summary>
    private static Arbitrary<Step[]> Stories()
    {
        var save =
            from slot in Gen.Choose(1, 2)
            from behind in Gen.Frequency((6, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Choose(2, 3)), (1, Gen.Choose(-2, -1)))
            from content in Gen.Frequency((3, Gen.Constant<string?>(null)), (7, Gen.Elements<string?>("a", "b", "c")))
            from cleared in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (Step)new Step.Save(slot, behind, content, cleared);
        var step = Gen.Frequency(
            (16, save),
            (2, Gen.Choose(1, 240).Select(seconds => (Step)new Step.Wait(seconds))),
            (1, Gen.Constant<Step>(new Step.Pause())),
            (2, Gen.Constant<Step>(new Step.Resume())),
            (1, Gen.Choose(1, 120).Select(seconds => (Step)new Step.Extend(seconds))),
            (1, Gen.Constant<Step>(new Step.Expire())),
            // Nothing is accepted after a finish, so finishes must be rare enough for stories to become long.
            (1, Gen.Frequency((2, save), (1, Gen.Constant<Step>(new Step.Finish()))))
        );
        var story = from length in Gen.Choose(1, 40) from steps in step.ArrayOf(length) select steps;
        return Arb.From(
            story,
            steps => Enumerable.Range(0, steps.Length).Select(left => steps.Where((_, place) => place != left).ToArray())
        );
    }
}
