using Diagnostics.Storage.Sqlite;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>The message that the operator gets when something is wrong with the file.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private static readonly Instant Now = TestDatabase.Now;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_is_no_database_is_named_and_left_as_it_is()
    {
        var path = folder.File("notes.txt");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("Это не база данных. ", 500)));
        var before = await File.ReadAllBytesAsync(path);

        await Start(path).Should().ThrowAsync<DatabaseUnavailableException>().WithMessage($"*{path}*не является базой данных*");

        (await File.ReadAllBytesAsync(path)).Should().Equal(before);
    }

    [Fact]
    public async Task A_damaged_file_is_named_when_its_damage_is_met_by_a_read_or_a_write()
    {
        var path = folder.File("damaged.db");
        await Make(path);
        // Spoil every page but the first, so that the file still opens.
        var bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan(4096).Fill(0xA5);
        await File.WriteAllBytesAsync(path, bytes);
        await using var database = new Database(path);

        await FluentActions
            .Awaiting(() => database.Read(db => db.Query<string>("SELECT code FROM policies")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage($"*{path}*повреждён*");
        await FluentActions
            .Awaiting(() => database.Write(db => db.Execute("INSERT INTO participants (id, created_at) VALUES ('a', 'b')")))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage($"*{path}*повреждён*");
    }

    [Fact]
    public async Task A_file_cut_short_is_named()
    {
        var path = folder.File("short.db");
        await Make(path);
        await using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(4096 * 3);

        await Start(path).Should().ThrowAsync<DatabaseUnavailableException>().WithMessage($"*{path}*повреждён*");
    }

    [Fact]
    public async Task A_file_in_a_folder_that_is_not_there_is_named()
    {
        var path = folder.File(Path.Combine("missing", "diagnostics.db"));

        await Start(path).Should().ThrowAsync<DatabaseUnavailableException>().WithMessage($"*{path}*проверьте, что папка существует*");
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_named() =>
        await Start(folder.Path).Should().ThrowAsync<DatabaseUnavailableException>().WithMessage($"*{folder.Path}*не открывается*");

    [Fact]
    public async Task A_database_that_may_only_be_read_is_refused_when_it_is_opened()
    {
        var path = folder.File("read-only.db");
        await Make(path);

        // SQLite silently opens a file in read-only mode when it may not write the file.
        FluentActions
            .Invoking(() => SqliteConnections.Open(SqliteConnections.ConnectionString(path) + ";Mode=ReadOnly"))
            .Should()
            .Throw<DatabaseUnavailableException>()
            .WithMessage($"*{path}*только для чтения*");
    }

    [FactForOrdinaryUsers]
    public async Task A_file_without_the_right_to_write_is_named()
    {
        var path = folder.File("protected.db");
        await Make(path);
        File.SetAttributes(path, FileAttributes.ReadOnly);

        await Start(path).Should().ThrowAsync<DatabaseUnavailableException>().WithMessage($"*{path}*только для чтения*");

        File.SetAttributes(path, FileAttributes.Normal);
    }

    private static async Task Make(string path)
    {
        await using var database = new Database(path);
        await Migrator.Migrate(database, Now);
    }

    private static Func<Task> Start(string path) =>
        async () =>
        {
            await using var database = new Database(path);
            await Migrator.Migrate(database, Now);
        };
}

/// <summary>
/// A test that root cannot run: file permissions do not restrict root, and containers often run as root.
/// </summary>
internal sealed class FactForOrdinaryUsersAttribute : FactAttribute
{
    public FactForOrdinaryUsersAttribute()
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            Skip = "Runs as root, whom no file right stops.";
    }
}
