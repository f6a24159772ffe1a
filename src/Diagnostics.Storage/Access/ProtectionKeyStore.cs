namespace Diagnostics.Storage.Access;

internal sealed record ProtectionKeyRow
{
    public string Name { get; init; } = "";
    public string Xml { get; init; } = "";
}

/// <summary>Keys that sign and encrypt tokens, shared by all nodes.</summary>
internal static class ProtectionKeyStore
{
    internal static Task<IReadOnlyList<ProtectionKeyRow>> All(Db db) => db.Query<ProtectionKeyRow>("SELECT name, xml FROM access_protection_keys");

    /// <summary>Adds a key or replaces it. No key is ever removed, so what stood in the way of the first statement is there for the second.</summary>
    internal static async Task<bool> Set(Db db, string name, string xml) =>
        await db.Execute("INSERT INTO access_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO NOTHING", new { name, xml }) == 1
        || await db.Execute("UPDATE access_protection_keys SET xml = @xml WHERE name = @name", new { name, xml }) == 1;
}
