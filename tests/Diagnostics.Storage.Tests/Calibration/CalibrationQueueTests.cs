using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Calibration;
using NodaTime;

namespace Diagnostics.Storage.Tests.Calibration;

public abstract class CalibrationQueueTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : CalibrationQueueTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : CalibrationQueueTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : CalibrationQueueTests(Provider.SqlServer);

    private static readonly Instant Now = TestDatabase.Now;
    private static readonly Duration Lease = Duration.FromSeconds(60);
    private static readonly Guid Form = Guid.CreateVersion7(),
        Operator = Guid.CreateVersion7();

    private TestDatabase test = null!;

    public async Task InitializeAsync()
    {
        test = await TestDatabase.Migrated(provider);
        await test.Execute(
            """
            INSERT INTO access_accounts (id, user_name, normalized_user_name, security_stamp, created_at) VALUES (@Operator, 'o', 'O', 'x', 't');
            INSERT INTO frameworks (code, version, title, content, fingerprint, created_at) VALUES ('teacher', 1, 'Т', '{}', 'x', 't');
            INSERT INTO blueprints (code, version, title, content, fingerprint, created_at) VALUES ('b', 1, 'Б', '{}', 'x', 't');
            INSERT INTO forms (id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at)
            VALUES (@Form, 'Ф', 'b', 1, 'teacher', 1, 120, 't')
            """,
            new { Form, Operator }
        );
    }

    public async Task DisposeAsync() => await test.DisposeAsync();

    [ContractFact]
    public async Task Of_two_workers_that_saw_one_run_only_one_takes_it()
    {
        var run = await Queue();
        var seen = (await test.Database.Read(db => CalibrationQueue.Next(db, Now)))!;

        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => test.Database.Write(db => CalibrationQueue.Claim(db, seen, Guid.CreateVersion7(), Now, Now + Lease)))
        );

        claims.Count(taken => taken).Should().Be(1);
        ((await Find(run)).State, (await Find(run)).Attempts).Should().Be(("running", 1));
        (await test.Database.Read(db => CalibrationQueue.Next(db, Now))).Should().BeNull();
    }

    [ContractFact]
    public async Task A_run_whose_worker_is_silent_is_taken_up_and_the_silent_one_changes_nothing_any_more()
    {
        var run = await Queue();
        var dead = await Claim(run, Now);
        (await test.Database.Read(db => CalibrationQueue.Next(db, Now + Lease))).Should().BeNull("the lease holds to its last moment");
        var later = Now + Lease + Duration.FromSeconds(1);

        var alive = await Claim(run, later);

        (await Find(run)).Attempts.Should().Be(2);
        (await Write(db => CalibrationQueue.Report(db, run, dead, new(CalibrationStep.Fitting, 0.5), later + Lease))).Should().BeFalse();
        (await Write(db => CalibrationQueue.Complete(db, run, dead, Result(), later))).Should().BeFalse();
        (await Write(db => CalibrationQueue.Fail(db, run, dead, CalibrationFailure.NoScores, "п", null, null, later))).Should().BeFalse();
        (await Write(db => CalibrationQueue.Release(db, run, dead, later))).Should().BeFalse();
        (await test.Database.Read(db => CalibrationQueue.IsToStop(db, run, dead))).Should().BeNull();
        (await Write(db => CalibrationQueue.Report(db, run, alive, new(CalibrationStep.Fitting, 0.5), later + Lease))).Should().BeTrue();
        (await Write(db => CalibrationQueue.Complete(db, run, alive, Result(), later))).Should().BeTrue();
        ((await Find(run)).State, (await Find(run)).Progress).Should().Be(("completed", 1000));
    }

    [ContractFact]
    public async Task A_renewed_lease_is_not_taken()
    {
        var run = await Queue();
        var claim = await Claim(run, Now);

        await Write(db => CalibrationQueue.Report(db, run, claim, new(CalibrationStep.Classical, 0.2), Now + Lease + Lease));

        (await test.Database.Read(db => CalibrationQueue.Next(db, Now + Lease + Duration.FromSeconds(1)))).Should().BeNull();
    }

    [ContractFact]
    public async Task A_run_given_back_waits_again_and_the_attempt_does_not_count()
    {
        var run = await Queue();
        var claim = await Claim(run, Now);

        (await Write(db => CalibrationQueue.Release(db, run, claim, Now))).Should().BeTrue();

        ((await Find(run)).State, (await Find(run)).Attempts).Should().Be(("queued", 0));
        (await test.Database.Read(db => CalibrationQueue.Next(db, Now)))!.Id.Should().Be(run);
    }

    [ContractFact]
    public async Task What_was_asked_to_stop_neither_completes_nor_fails()
    {
        var run = await Queue();
        (await Write(db => CalibrationStore.AskToStop(db, run, Now, "o"))).Should().BeFalse("it does not run yet");
        var claim = await Claim(run, Now);
        (await Write(db => CalibrationStore.CancelQueued(db, run, Now, "o"))).Should().BeFalse("it runs already");
        (await Write(db => CalibrationQueue.EndCancelled(db, run, claim, Now))).Should().BeFalse("nobody asked");

        (await Write(db => CalibrationStore.AskToStop(db, run, Now, "o"))).Should().BeTrue();

        (await test.Database.Read(db => CalibrationQueue.IsToStop(db, run, claim))).Should().BeTrue();
        (await Write(db => CalibrationQueue.Complete(db, run, claim, Result(), Now))).Should().BeFalse();
        (await Write(db => CalibrationQueue.Fail(db, run, claim, CalibrationFailure.NoScores, "п", null, null, Now))).Should().BeFalse();
        (await Write(db => CalibrationQueue.EndCancelled(db, run, claim, Now))).Should().BeTrue();
        (await Find(run)).State.Should().Be("cancelled");
        (await test.Database.Read(db => CalibrationStore.Events(db, run)))
            .Select(happened => happened.Kind)
            .Should()
            .BeEquivalentTo("requested", "claimed", "cancel_asked", "cancelled");
    }

    [ContractFact]
    public async Task A_newer_approval_supersedes_and_only_what_is_completed_can_be_decided()
    {
        var (first, second) = (await Completed(), await Completed());

        (await Write(db => CalibrationStore.Approve(db, first, Form, Now, Operator, "п"))).Should().BeTrue();
        (await Write(db => CalibrationStore.Approve(db, second, Form, Now, Operator, null))).Should().BeTrue();

        (await test.Database.Read(db => CalibrationStore.Approved(db, Form)))!.Id.Should().Be(second);
        var old = await Find(first);
        (old.State, old.SupersededBy, old.Remarks).Should().Be(("superseded", second, "п"));
        (await Write(db => CalibrationStore.Reject(db, second, Now, Operator, null))).Should().BeFalse();
        var third = await Completed();
        (await Write(db => CalibrationStore.Reject(db, third, Now, Operator, null))).Should().BeTrue();
    }

    [ContractFact]
    public async Task A_run_on_the_same_inputs_names_the_first()
    {
        var (first, second) = (await Completed(), await Completed());

        (await Find(first)).Repeats.Should().BeNull();
        (await Find(second)).Repeats.Should().Be(first);
    }

    private async Task<Guid> Queue()
    {
        var id = Guid.CreateVersion7();
        await test.Database.Write(async db =>
        {
            await CalibrationStore.Add(
                db,
                new CalibrationRow
                {
                    Id = id,
                    FormId = Form,
                    Model = "pcm",
                    Options = "{}",
                    RequestedAt = Now,
                    RequestedBy = Operator,
                },
                []
            );
            return 0;
        });
        return id;
    }

    private async Task<Guid> Claim(Guid id, Instant now)
    {
        var claim = Guid.CreateVersion7();
        var seen = await test.Database.Read(db => CalibrationQueue.Next(db, now));
        seen!.Id.Should().Be(id);
        (await Write(db => CalibrationQueue.Claim(db, seen, claim, now, now + Lease))).Should().BeTrue();
        return claim;
    }

    private async Task<Guid> Completed()
    {
        var run = await Queue();
        var claim = await Claim(run, Now);
        (await Write(db => CalibrationQueue.Complete(db, run, claim, Result(), Now))).Should().BeTrue();
        return run;
    }

    private Task<bool> Write(Func<Db, Task<bool>> work) => test.Database.Write(work);

    private async Task<CalibrationRow> Find(Guid id) => (await test.Database.Read(db => CalibrationStore.Find(db, id)))!;

    private static CalibrationResult Result()
    {
        var none = Figure.Of(0);
        var model = new ModelReport(CalibrationModel.Pcm, 10, 3, -12.5, 31, 32, 1, null, 40, 5, none, none, none, [], none, []);
        var form = new FormReport(
            Form,
            "fingerprint",
            new(CalibrationModel.Pcm),
            null,
            null,
            10,
            new(0, 0, 0),
            [],
            [],
            model,
            new(null, "п", none, []),
            [],
            null
        );
        return new("fingerprint", null, null, form, [], model, [], []);
    }
}
