using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record ClientRow
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string SecretHash { get; init; } = "";

    /// <summary>Separated by blanks.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The only territory whose people it may see; null for all.</summary>
    public string? Territory { get; init; }

    public bool Disabled { get; init; }
    public Instant CreatedAt { get; init; }
}

internal static class ClientStore
{
    private const string Columns = "id, name, secret_hash, scopes, territory, disabled, created_at";

    internal static Task<ClientRow?> Find(Db db, string id) =>
        db.Find<ClientRow>($"SELECT {Columns} FROM access_clients WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<ClientRow>> List(Db db) =>
        db.Query<ClientRow>($"SELECT {Columns} FROM access_clients ORDER BY id");

    /// <summary>False when the id is taken.</summary>
    internal static async Task<bool> Add(Db db, ClientRow client) => await db.Execute("""
        INSERT INTO access_clients (id, name, secret_hash, scopes, territory, disabled, created_at)
        VALUES (@Id, @Name, @SecretHash, @Scopes, @Territory, @Disabled, @CreatedAt)
        ON CONFLICT (id) DO NOTHING
        """, client) == 1;

    internal static Task<int> SetDisabled(Db db, string id, bool disabled) =>
        db.Execute("UPDATE access_clients SET disabled = @disabled WHERE id = @id", new { id, disabled });
}
