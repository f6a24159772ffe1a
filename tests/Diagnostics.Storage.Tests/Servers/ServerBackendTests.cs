using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using NodaTime;

namespace Diagnostics.Storage.Tests.Servers;

/// <summary>What a unit of work may assume when several nodes write to one server.</summary>
public abstract class ServerBackendTests(Provider provider) : IAsyncLifetime
{
    [NeedsPostgres]
    public sealed class OnPostgres() : ServerBackendTests(Provider.Postgres)
    {
        /// <summary>Commits keep G1 of docs/promises.md, whatever default the server's operator has set.</summary>
        [ContractFact]
        public async Task Commits_are_flushed_even_where_the_servers_default_is_not_to()
        {
            await test.Execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$");
            await using var node = test.Open();

            (await node.Write(db => db.Value<string>("SHOW synchronous_commit"))).Should().Be("on");
        }

        /// <summary>
        /// The situation on the morning of the first exam: the tables are empty, and the server's statistics say so.
        /// </summary>
        [ContractFact]
        public async Task What_was_asked_while_a_table_was_empty_does_not_read_the_whole_of_it_once_it_has_grown()
        {
            var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromMinutes(10));
            await test.Execute("ANALYZE session_responses");

            var read = await test.Database.Write(
                async db =>
                {
                    for (var turn = 0; turn < 20; turn++)
                        await ResponseStore.Latest(db, session);
                    await db.Execute(
                        """
                        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
                        SELECT @session, slot, 1, 0, 'x', @Now FROM generate_series(1, 2000) AS slot
                        """,
                        new { session, TestDatabase.Now }
                    );
                    const string rows = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'session_responses'";
                    var before = await db.Value<long>(rows);
                    await ResponseStore.Latest(db, session);
                    return await db.Value<long>(rows) - before;
                },
                Isolation.Guarded
            );

            // All rows belong to this session, so the statement may read them once, but not once for every slot.
            read.Should().BeLessThanOrEqualTo(2000);
        }

        [ContractFact]
        public async Task A_database_that_does_not_exist_is_named_to_the_operator()
        {
            await using var missing = Database.OnPostgres(test.Source.Replace("Database=", "Database=no_", StringComparison.Ordinal));

            await FluentActions
                .Awaiting(() => missing.Read(db => db.Value<int>("SELECT 1")))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
                .WithMessage("*не знает базы данных «no_*");
        }

        [ContractFact]
        public async Task A_text_that_the_server_cannot_hold_is_told_from_a_fault() =>
            await FluentActions
                .Awaiting(() => test.Database.Read(db => db.Find<Guid?>("SELECT id FROM sites WHERE code = @code", new { code = "\0" })))
                .Should()
                .ThrowAsync<UnstorableTextException>();
    }

    [NeedsSqlServer]
    public sealed class OnSqlServer() : ServerBackendTests(Provider.SqlServer)
    {
        /// <summary>
        /// A setting of the database lets commits wait in memory. No commit of ours can override it, so the service
        /// could not keep G1 of docs/promises.md.
        /// </summary>
        [ContractFact]
        public async Task A_database_whose_commits_wait_in_memory_is_refused()
        {
            await test.Database.ChangeSchema(db => db.Value<int>("SELECT 1"));
            await Administer("ALTER DATABASE CURRENT SET DELAYED_DURABILITY = FORCED");
            await using var node = test.Open();

            await FluentActions
                .Awaiting(() => node.Read(db => db.Value<int>("SELECT 1")))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
                .WithMessage("*DELAYED_DURABILITY = DISABLED*");
        }

        [ContractFact]
        public async Task A_database_that_does_not_exist_is_named_to_the_operator()
        {
            await using var missing = Database.OnSqlServer(
                new SqlConnectionStringBuilder(test.Source) { InitialCatalog = "no_such" }.ConnectionString
            );

            await FluentActions
                .Awaiting(() => missing.Read(db => db.Value<int>("SELECT 1")))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
                .WithMessage("*«no_such»*");
        }

        [ContractFact]
        public async Task A_text_too_long_for_a_key_is_told_from_a_fault() =>
            await FluentActions
                .Awaiting(() => test.Execute("UPDATE sites SET code = @code WHERE id = '#s'", new { code = new string('x', 101) }))
                .Should()
                .ThrowAsync<UnstorableTextException>();

        [ContractFact]
        public async Task Ids_come_in_the_order_in_which_they_were_made()
        {
            var ids = Enumerable.Range(0, 50).Select(turn => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(turn * 300))).ToList();
            foreach (var id in ids.AsEnumerable().Reverse())
                await test.Database.Write(db =>
                    db.Execute("INSERT INTO participants (id, created_at) VALUES (@id, @Now)", new { id, TestDatabase.Now })
                );

            (await test.Query<Guid>("SELECT id FROM participants ORDER BY id")).Where(ids.Contains).Should().Equal(ids);
        }

        private async Task Administer(string sql)
        {
            await using var connection = new SqlConnection(test.Source);
            await connection.OpenAsync();
            await using var command = new SqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private TestDatabase test = null!;
    private Database[] nodes = [];

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        nodes = [test.Database, test.Open()];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes.Skip(1))
            await node.DisposeAsync();
        await test.DisposeAsync();
    }

    /// <summary>
    /// Each unit changes a row that the other has only read. No row is changed by both units, but the units must run
    /// one after the other.
    /// </summary>
    [ContractFact]
    public async Task Of_two_units_that_looked_before_they_wrote_the_second_sees_what_the_first_has_written()
    {
        using var looked = new CountdownEvent(2);
        var last = await Task.WhenAll(
            nodes.Select(
                (node, place) =>
                    Task.Run(() =>
                        node.Write(async db =>
                        {
                            var others = await db.Value<int>(
                                "SELECT COUNT(*) FROM access_accounts WHERE disabled = FALSE AND id <> @id",
                                new { id = Account(place) }
                            );
                            // In the first run both units read before either continues; a second run waits for neither.
                            if (!looked.IsSet)
                                looked.Signal();
                            looked.Wait(TimeSpan.FromSeconds(30));
                            if (others > 1)
                                await db.Execute("UPDATE access_accounts SET disabled = TRUE WHERE id = @id", new { id = Account(place) });
                            return others;
                        })
                    )
            )
        );

        last.Order().Should().Equal(1, 2);
        (await test.Value<int>("SELECT COUNT(*) FROM access_accounts WHERE disabled = FALSE")).Should().Be(2);
    }

    [ContractFact]
    public async Task The_audit_trail_of_many_writers_on_two_nodes_is_one_unbroken_chain()
    {
        var triggers = provider is Provider.Postgres ? "USER" : "ALL";
        foreach (var table in (string[])["audit_people", "audit_entries"])
            await test.Execute(
                $"ALTER TABLE {table} DISABLE TRIGGER {triggers}; DELETE FROM {table}; ALTER TABLE {table} ENABLE TRIGGER {triggers}"
            );

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var turn = 0; turn < 10; turn++)
                            await nodes[writer % 2]
                                .Write(async db =>
                                {
                                    await db.Execute(
                                        "INSERT INTO access_clients (id, name, secret_hash, scopes, created_at) VALUES (@id, 'п', 'x', 'x', @Now)",
                                        new { id = $"{writer}-{turn}", TestDatabase.Now }
                                    );
                                    await AuditStore.Append(db, TestDatabase.Now, "a", "client.added", $"client:{writer}-{turn}");
                                    return 0;
                                });
                    })
                )
        );

        var check = await test.Database.Read(db => AuditStore.Verify(db, []));
        (check.Broken, check.Count).Should().Be((null, 200));
    }

    [ContractFact]
    public async Task A_refused_unit_leaves_nothing_and_a_unit_that_throws_neither()
    {
        (
            await test.Database.Write<Result<int>>(async db =>
            {
                await AddParticipant(db, "refused");
                return Refusal.Conflict("no", "Нет.");
            })
        ).Refusal!.Code.Should().Be("no");
        await FluentActions
            .Awaiting(() =>
                test.Database.Write<int>(async db =>
                {
                    await AddParticipant(db, "thrown");
                    throw new InvalidOperationException("a bug");
                })
            )
            .Should()
            .ThrowAsync<InvalidOperationException>()
            .WithMessage("a bug");

        (await test.Value<int>("SELECT COUNT(*) FROM participants WHERE id IN ('#refused', '#thrown')")).Should().Be(0);
    }

    [ContractFact]
    public async Task A_unit_that_another_keeps_coming_before_runs_again_until_it_is_through()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(turn =>
                    Task.Run(() =>
                        nodes[turn % 2]
                            .Write(async db =>
                            {
                                var revision = await db.Value<int>("SELECT revision FROM sites WHERE id = @id", new { id = Words.Id("s") });
                                return await db.Execute(
                                    "UPDATE sites SET revision = @next WHERE id = @id",
                                    new { id = Words.Id("s"), next = revision + 1 }
                                );
                            })
                    )
                )
        );

        (await test.Value<int>("SELECT revision FROM sites WHERE id = '#s'")).Should().Be(31, "no update may be lost");
    }

    /// <summary>
    /// A batch of saves in which some are stale, late, blank, sent twice for the same slot, or sent for a missing
    /// session.
    /// </summary>
    [ContractFact]
    public async Task In_one_batch_everybody_gets_an_answer_of_their_own()
    {
        var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromMinutes(10));
        Task<SaveOutcome> Save(Guid of, int slot, int baseRevision, string? content, Instant? at = null) =>
            ResponseSaves.Save(test.Database, new(of, slot, baseRevision, content, false, at ?? TestDatabase.Now));
        await Save(session, 1, 0, "answer");

        var outcomes = await Task.WhenAll(
            Save(session, 1, 0, "stale"),
            Save(session, 1, 1, null),
            Save(session, 2, 0, "late", TestDatabase.Now + Duration.FromHours(1)),
            Save(session, 3, 0, "first"),
            Save(Guid.CreateVersion7(), 1, 0, "nobody's"),
            Save(session, 1, 0, "answer")
        );

        outcomes
            .Should()
            .Equal(
                new SaveOutcome.Stale(1, "answer", TestDatabase.Now),
                new SaveOutcome.BlankRefused(1),
                new SaveOutcome.NotTaking(SessionState.InProgress, Late: true),
                new SaveOutcome.Saved(1, TestDatabase.Now, SessionState.InProgress, 600),
                new SaveOutcome.NoSession(),
                // A repeated save whose first answer was lost in transit.
                new SaveOutcome.Saved(1, TestDatabase.Now, SessionState.InProgress, 600)
            );
    }

    [ContractFact]
    public async Task A_save_that_had_to_wait_for_its_session_sees_what_was_saved_meanwhile_and_its_neighbour_is_saved()
    {
        var (raced, neighbour) = (
            await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromMinutes(10)),
            await Scene.AddSession(test, 2, TestDatabase.Now + Duration.FromMinutes(10))
        );
        ResponseToSave First(Guid session, string content) => new(session, 1, 0, content, false, TestDatabase.Now);
        Task<SaveOutcome[]> waiting = null!;

        await nodes[1]
            .Write(
                async db =>
                {
                    var earlier = await ResponseSaves.Save(db, First(raced, "earlier"));
                    waiting = Task.WhenAll(
                        ResponseSaves.Save(nodes[0], First(raced, "later")),
                        ResponseSaves.Save(nodes[0], First(neighbour, "neighbour"))
                    );
                    await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300)));
                    waiting.IsCompleted.Should().BeFalse("the other node holds the session until it commits");
                    return earlier;
                },
                Isolation.Guarded
            );

        (await waiting)
            .Should()
            .Equal(
                new SaveOutcome.Stale(1, "earlier", TestDatabase.Now),
                new SaveOutcome.Saved(1, TestDatabase.Now, SessionState.InProgress, 600)
            );
    }

    private static Guid Account(int place) => Words.Id(place == 0 ? "expert" : "second expert");

    private static Task AddParticipant(Db db, string word) =>
        db.Execute("INSERT INTO participants (id, created_at) VALUES (@id, @Now)", new { id = Words.Id(word), TestDatabase.Now });
}

/// <summary>Faults that can be tested without a server.</summary>
public sealed class PostgresUnreachableTests
{
    [Fact]
    public async Task A_server_that_does_not_answer_is_named_to_the_operator()
    {
        await using var nowhere = Database.OnPostgres("Host=127.0.0.1;Port=1;Database=d;Username=u");

        await FluentActions
            .Awaiting(() => nowhere.Read(db => db.Value<int>("SELECT 1")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage("*127.0.0.1:1*не отвечает*");
    }

    [Fact]
    public void A_connection_string_that_does_not_read_is_refused_at_once() =>
        FluentActions
            .Invoking(() => Database.OnPostgres("Host=a;Portt=1"))
            .Should()
            .Throw<DatabaseUnavailableException>()
            .WithMessage("*Database:ConnectionString*");
}

public sealed class SqlServerUnreachableTests
{
    [Fact]
    public async Task A_server_that_does_not_answer_is_named_to_the_operator()
    {
        await using var nowhere = Database.OnSqlServer("Server=127.0.0.1,1;Database=d;User Id=u;Password=p;Connect Timeout=5");

        await FluentActions
            .Awaiting(() => nowhere.Read(db => db.Value<int>("SELECT 1")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage("*127.0.0.1,1*не отвечает*");
    }

    [Theory]
    [InlineData("Server=a;Databasse=b")]
    [InlineData("Server=a")]
    [InlineData("Database=b")]
    [InlineData("Server=a;Database=b;Max Pool Size=many")]
    public void A_connection_string_that_does_not_read_is_refused_at_once(string connectionString) =>
        FluentActions
            .Invoking(() => Database.OnSqlServer(connectionString))
            .Should()
            .Throw<DatabaseUnavailableException>()
            .WithMessage("*Database:ConnectionString*");

    [Fact]
    public void What_a_connection_string_says_stands_and_what_it_leaves_open_is_ours()
    {
        var (theirs, ours) = (
            SqlServerSettings.Of("Server=a;Database=b;Max Pool Size=7;Application Name=own"),
            SqlServerSettings.Of("Server=a;Database=b")
        );

        (theirs.MaxPoolSize, theirs.ApplicationName).Should().Be((7, "own"));
        (ours.MaxPoolSize, ours.ApplicationName, ours.PoolBlockingPeriod).Should().Be((40, "diagnostics", PoolBlockingPeriod.NeverBlock));
        new[] { theirs, ours }
            .Should()
            .OnlyContain(settings => settings.ConnectRetryCount == 0 && !settings.Enlist, "a connection never changes under a transaction");
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named_with_what_to_do_about_it()
    {
        using var key = RSA.Create(2048);
        using var own = new CertificateRequest("CN=database", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(client.GetStream());
            // The client refuses the connection; how it does so does not matter.
            await FluentActions
                .Awaiting(() =>
                    stream.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = own, ApplicationProtocols = [new("tds/8.0")] }
                    )
                )
                .Should()
                .ThrowAsync<Exception>();
        });
        // Strict encryption starts with the first byte, so a plain listener can play the server.
        await using var database = Database.OnSqlServer(
            $"Server=127.0.0.1,{((IPEndPoint)listener.LocalEndpoint).Port};Database=d;User Id=u;Password=p;Encrypt=Strict;Connect Timeout=20"
        );

        await FluentActions
            .Awaiting(() => database.Read(db => db.Value<int>("SELECT 1")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage("*сертификат*TrustServerCertificate=true*");
    }

    /// <summary>The error numbers come from the table of errors that SQL Server itself has.</summary>
    [Theory]
    [InlineData(18456, 14, "не принимает имя или пароль")]
    [InlineData(4060, 11, "не знает базы данных «b»")]
    [InlineData(229, 14, "не даёт службе нужных прав")]
    [InlineData(3906, 16, "доступен только для чтения")]
    [InlineData(9002, 17, "нет места")]
    [InlineData(1105, 17, "нет места")]
    [InlineData(3952, 16, "выполните команду migrate")]
    [InlineData(10928, 16, "не даёт больше подключений")]
    [InlineData(40613, 17, "не работает")]
    [InlineData(10054, 20, "не отвечает")]
    [InlineData(20, 20, "не шифрует соединение")]
    [InlineData(233, 20, "не отвечает")]
    [InlineData(0, 20, "не отвечает")]
    public void A_fault_of_the_server_is_told_in_an_operators_words(int number, byte severity, string words) =>
        Explain(number, severity).Should().BeOfType<DatabaseUnavailableException>().Which.Message.Should().Contain(words);

    [Theory]
    [InlineData(-2)]
    [InlineData(1222)]
    [InlineData(SqlServerFaults.TurnTimeout)]
    [InlineData(3961)]
    public void What_was_waited_for_too_long_may_be_tried_again(int number) =>
        Explain(number, 16).Should().BeOfType<DatabaseBusyException>();

    [Theory]
    [InlineData(1205, 12, true)]
    [InlineData(SqlServerFaults.TurnDeadlock, 12, true)]
    [InlineData(2627, 3, false)]
    [InlineData(2601, 3, false)]
    [InlineData(547, 1, false)]
    public void What_another_came_between_runs_again_and_is_no_fault_of_the_server(int number, int attempts, bool conflict)
    {
        (SqlServerFaults.MostAttempts(number), SqlServerFaults.IsConflict(number)).Should().Be((attempts, conflict));
        Explain(number, 14).Should().BeNull();
    }

    [Theory]
    [InlineData(1, true, 0, 150, "")]
    [InlineData(0, true, 0, 150, "ALTER DATABASE [b] SET ALLOW_SNAPSHOT_ISOLATION ON;")]
    [InlineData(1, false, 1, 150, "ALTER DATABASE [b] SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;")]
    [InlineData(1, true, 2, 150, "ALTER DATABASE [b] SET DELAYED_DURABILITY = DISABLED;")]
    [InlineData(1, true, 0, 120, "ALTER DATABASE [b] SET COMPATIBILITY_LEVEL = 130;")]
    public void What_a_database_lacks_is_named_as_the_statement_that_gives_it(
        int snapshots,
        bool versions,
        int delay,
        int level,
        string missing
    ) =>
        string.Concat(
                SqlServerBackend.Missing(
                    new()
                    {
                        SnapshotIsolationState = snapshots,
                        IsReadCommittedSnapshotOn = versions,
                        DelayedDurability = delay,
                        CompatibilityLevel = level,
                    },
                    "b"
                )
            )
            .Should()
            .Be(missing);

    private static Exception? Explain(int number, byte severity) =>
        SqlServerFaults.Explain(number, severity, new InvalidOperationException("why"), SqlServerSettings.Of("Server=a;Database=b"));
}
