namespace Diagnostics.Storage.Access;

internal sealed record ProtectionKeyRow
{
    public string Name { get; init; } = "";
    public string Xml { get; init; } = "";
}

/// <summary>Keys that sign and encrypt tokens; all nodes share them.</summary>
internal static class ProtectionKeyStore
{
    internal static Task<IReadOnlyList<ProtectionKeyRow>> All(Db db) =>
        db.Query<ProtectionKeyRow>("SELECT name, xml FROM access_protection_keys");

    /// <summary>
    /// Adds or replaces a key. No key is ever removed, so a key that makes the first statement fail is there for the
    /// second.
    /// </summary>
    internal static async Task<bool> Set(Db db, string name, string xml) =>
        await db.Execute(
            "INSERT INTO access_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO NOTHING",
            new { name, xml }
        ) == 1
        || await db.Execute("UPDATE access_protection_keys SET xml = @xml WHERE name = @name", new { name, xml }) == 1;
}
