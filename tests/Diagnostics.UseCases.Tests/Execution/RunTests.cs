using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Integration;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.UseCases.Tests.Execution;

/// <summary>
/// A use case that a page or a worker runs without HTTP passes the same checks as over HTTP. A repeated call of the use
/// case has only one effect, as over HTTP.
/// </summary>
public sealed class RunTests : IAsyncLifetime
{
    private static readonly Instant Start = Instant.FromUtc(2026, 9, 14, 6, 0);

    private readonly TemporaryFolder folder = new();
    private Database database = null!;
    private Executor executor = null!;

    public async Task InitializeAsync()
    {
        database = new Database(Path.Combine(folder.Path, "diagnostics.db"));
        await Migrator.Migrate(database, Start);
        executor = new Executor(database, new Gate(database), new FakeClock(Start), new Looks(database, new FakeClock(Start)));
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Nobody_passes_who_has_not_signed_in()
    {
        var counting = new AddOne(executor);

        (await counting.Run("a", Caller.Nobody())).Refusal!.Code.Should().Be("not-signed-in");
        counting.Runs.Should().Be(0);
    }

    [Fact]
    public async Task Nobody_passes_whose_grants_have_another_role()
    {
        var counting = new AddOne(executor);

        (await counting.Run("a", await Staff(Role.Auditor))).Refusal!.Code.Should().Be("not-allowed");
        counting.Runs.Should().Be(0);
    }

    [Fact]
    public async Task A_right_that_ended_lets_nobody_in()
    {
        var (account, grant) = await Granted(Role.Operator);
        await database.Write(db => AccountStore.EndGrant(db, account, grant, Start));

        (await new AddOne(executor).Run("a", Caller.Account(account.ToString("D"), null))).Refusal!.Code.Should().Be("not-allowed");
    }

    [Fact]
    public async Task The_same_key_gives_the_first_result_again_and_does_nothing()
    {
        var counting = new AddOne(executor);
        var caller = await Staff(Role.Operator);
        caller.Repeat = new Repeat("key", "hash");
        var first = (await counting.Run("a", caller)).Value;

        var again = await Staff(caller, new Repeat("key", "hash"));
        (await counting.Run("a", again)).Value.Should().Be(first);

        counting.Runs.Should().Be(1);
        again.Repeat!.Replayed.Should().BeTrue();
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        var counting = new AddOne(executor);
        var caller = await Staff(Role.Operator);
        caller.Repeat = new Repeat("key", "hash");
        await counting.Run("a", caller);

        (await counting.Run("b", await Staff(caller, new Repeat("key", "another")))).Refusal!.Code.Should().Be("idempotency-key-reused");
        counting.Runs.Should().Be(1);
    }

    [Fact]
    public async Task A_refused_call_leaves_its_key_free()
    {
        var counting = new AddOne(executor);
        var caller = await Staff(Role.Operator);
        caller.Repeat = new Repeat("key", "hash");
        (await counting.Run("", caller)).Refusal!.Code.Should().Be("empty");

        (await counting.Run("a", await Staff(caller, new Repeat("key", "hash")))).Value.Text.Should().Be("a");
    }

    [Fact]
    public async Task Of_fifty_calls_at_once_with_one_key_one_is_carried_out()
    {
        var counting = new AddOne(executor);
        var caller = await Staff(Role.Operator);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(async _ => await counting.Run("a", await Staff(caller, new Repeat("key", "hash"))))
        );

        counting.Done.Should().Be(1);
        results.Should().OnlyContain(result => result.Refusal == null || result.Refusal.Code == "already-done");
        results.Where(result => result.Refusal is null).Should().NotBeEmpty().And.OnlyContain(result => result.Value.Text == "a");
    }

    [Fact]
    public async Task A_secret_is_shown_once()
    {
        var secret = new ShowSecret(executor);
        var caller = await Staff(Role.Operator);
        caller.Repeat = new Repeat("key", "hash");
        (await secret.Run(default, caller)).Refusal.Should().BeNull();

        (await secret.Run(default, await Staff(caller, new Repeat("key", "hash")))).Refusal!.Code.Should().Be("already-done");
    }

    [Fact]
    public async Task After_three_days_a_repetition_is_told_that_it_was_done_and_the_answer_is_gone()
    {
        var counting = new AddOne(executor);
        var caller = await Staff(Role.Operator);
        caller.Repeat = new Repeat("key", "hash");
        await counting.Run("a", caller);

        await Forget(Duration.FromHours(72));
        (await counting.Run("a", await Staff(caller, new Repeat("key", "hash")))).Value.Text.Should().Be("a", "72 hours it is kept");

        await Forget(Duration.FromHours(72) + Duration.FromSeconds(1));
        (await counting.Run("a", await Staff(caller, new Repeat("key", "hash")))).Refusal!.Code.Should().Be("already-done");
        counting.Runs.Should().Be(1);
        (await database.Read(db => IdempotencyStore.Find(db, caller.Id, "key")))!.Body.Should().BeNull();

        Task Forget(Duration later) =>
            new AnswerForgetter(database, new FakeClock(Start + later), NullLogger<AnswerForgetter>.Instance).Forget();
    }

    private static Task<Caller> Staff(Caller same, Repeat repeat)
    {
        var caller = Caller.Account(same.Id, null);
        caller.Repeat = repeat;
        return Task.FromResult(caller);
    }

    private async Task<Caller> Staff(Role role) => Caller.Account((await Granted(role)).Account.ToString("D"), null);

    private async Task<(Guid Account, Guid Grant)> Granted(Role role)
    {
        var (account, grant) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.Write(async db =>
        {
            var name = account.ToString("N");
            await AccountStore.Add(
                db,
                new AccountRow
                {
                    Id = account,
                    UserName = name,
                    NormalizedUserName = name,
                    SecurityStamp = "stamp",
                    CreatedAt = Start,
                }
            );
            await AccountStore.AddGrant(db, grant, account, new Grant(role, GrantScope.All, null), "test", Start);
            return 0;
        });
        return (account, grant);
    }

    internal sealed record Counted(string Text, int Number);

    /// <summary>
    /// A use case that counts its runs; its only write sets the password hash of an account that does not exist.
    /// </summary>
    private sealed class AddOne(Executor executor)
        : UseCase<string, Counted>(
            new Operation(nameof(AddOne), AccessRule.Of(Role.Operator), Trail.None) { Repetition = Repetition.GivesResultAgain },
            executor
        )
    {
        private int done;

        internal int Runs { get; private set; }

        internal int Done => done;

        protected override Task<Result<Counted>> Handle(string request, Caller caller)
        {
            Runs++;
            return Write(
                caller,
                async db =>
                {
                    if (request.Length == 0)
                        return Refusal.Invalid("empty", "Пусто.");
                    await AccountStore.Rehash(db, Guid.CreateVersion7(), "", "");
                    return new Counted(request, Interlocked.Increment(ref done));
                }
            );
        }
    }

    private sealed class ShowSecret(Executor executor)
        : UseCase<Done, string>(
            new Operation(nameof(ShowSecret), AccessRule.Of(Role.Operator), Trail.None) { Repetition = Repetition.TellsThatItWasDone },
            executor
        )
    {
        protected override Task<Result<string>> Handle(Done request, Caller caller) =>
            Write(
                caller,
                async db =>
                {
                    await AccountStore.Rehash(db, Guid.CreateVersion7(), "", "");
                    return "secret";
                }
            );
    }
}
