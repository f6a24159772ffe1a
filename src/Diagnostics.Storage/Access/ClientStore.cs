using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record ClientRow
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string SecretHash { get; init; } = "";

    /// <summary>Scopes separated by blanks.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The only territory whose people the client may see; null = all territories.</summary>
    public string? Territory { get; init; }

    public bool Disabled { get; init; }

    /// <summary>The hash of the previous secret, which is valid until <see cref="PreviousSecretUntil"/>.</summary>
    public string? PreviousSecretHash { get; init; }

    public Instant? PreviousSecretUntil { get; init; }

    /// <summary>Whether the client still has the secret under which a token was issued.</summary>
    internal bool Knows(string secretName) =>
        NameOf(SecretHash) == secretName || (PreviousSecretHash is { } previous && NameOf(previous) == secretName);

    /// <summary>
    /// A name for a secret: a part of its hash that is long enough to distinguish two secrets of the same client, and
    /// too short to recover a secret.
    /// </summary>
    internal static string NameOf(string secretHash) => secretHash[..12];

    public Instant CreatedAt { get; init; }
}

internal static class ClientStore
{
    private const string Columns =
        "id, name, secret_hash, scopes, territory, disabled, previous_secret_hash, previous_secret_until, created_at";

    internal static Task<ClientRow?> Find(Db db, string id) =>
        db.Find<ClientRow>($"SELECT {Columns} FROM access_clients WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<ClientRow>> List(Db db) => db.Query<ClientRow>($"SELECT {Columns} FROM access_clients ORDER BY id");

    /// <summary>Returns false when the id is taken.</summary>
    internal static async Task<bool> Add(Db db, ClientRow client) =>
        await db.Execute(
            """
            INSERT INTO access_clients (id, name, secret_hash, scopes, territory, disabled, created_at)
            VALUES (@Id, @Name, @SecretHash, @Scopes, @Territory, @Disabled, @CreatedAt)
            ON CONFLICT (id) DO NOTHING
            """,
            client
        ) == 1;

    /// <summary>
    /// Makes the present secret the previous one, which works until <paramref name="until"/>, or stops working at once
    /// when <paramref name="until"/> is null.
    /// </summary>
    /// <returns>False when another call has replaced the secret in the meantime.</returns>
    internal static async Task<bool> Rotate(Db db, ClientRow from, string secretHash, Instant? until) =>
        await db.Execute(
            """
            UPDATE access_clients
            SET secret_hash = @secretHash, previous_secret_hash = @previous, previous_secret_until = @until
            WHERE id = @id AND secret_hash = @present
            """,
            new
            {
                secretHash,
                previous = until is null ? null : from.SecretHash,
                until,
                id = from.Id,
                present = from.SecretHash,
            }
        ) == 1;

    internal static Task<int> SetDisabled(Db db, string id, bool disabled) =>
        db.Execute("UPDATE access_clients SET disabled = @disabled WHERE id = @id", new { id, disabled });
}
