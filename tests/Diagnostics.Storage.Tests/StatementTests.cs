using System.Data.Common;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Every method of every store runs on every engine, with all arguments given, and with all optional arguments left
/// out. A word, a type or a null that an engine does not understand fails here, and not at its first use.
/// </summary>
public abstract class StatementTests(SceneFixture scene)
{
    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : StatementTests(scene), IClassFixture<SceneFixture.OnSqlite>;

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : StatementTests(scene), IClassFixture<SceneFixture.OnPostgres>;

    [NeedsSqlServer]
    public sealed class OnSqlServer(SceneFixture.OnSqlServer scene) : StatementTests(scene), IClassFixture<SceneFixture.OnSqlServer>;

    private const int SqliteConstraint = 19;

    public static TheoryData<string, bool> Methods() => StoreMethods.Names();

    [ContractTheory]
    [MemberData(nameof(Methods))]
    public async Task Every_statement_is_understood(string name, bool leaveOut)
    {
        var attempt = () =>
            scene.Test.Database.Write<int>(
                async db =>
                {
                    await StoreMethods.Call(name, db, leaveOut);
                    throw new UnderstoodException();
                },
                Isolation.Guarded
            );

        // The schema may refuse the sample values, but the engine must have understood the statement.
        (await attempt.Should().ThrowAsync<Exception>())
            .Which.Should()
            .Match(fault => fault is UnderstoodException || Refused((Exception)fault), name);
    }

    [ContractFact]
    public void These_are_the_stores() =>
        StoreMethods
            .All()
            .Select(method => method.DeclaringType!.Name)
            .Distinct()
            .Should()
            .HaveCountGreaterThan(25)
            .And.Contain([nameof(AccountStore), nameof(AuditStore), nameof(ResponseStore), nameof(SessionStore)]);

    private static bool Refused(Exception fault) =>
        fault switch
        {
            SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint,
            SqlException sqlServer => sqlServer.Number is 515 or 547 or 2601 or 2627 or 51000,
            DbException { SqlState: ['2', '3', ..] } => true,
            _ => false,
        };

    private sealed class UnderstoodException : Exception;
}
