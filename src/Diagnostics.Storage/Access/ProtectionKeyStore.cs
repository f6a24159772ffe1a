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

    internal static Task<int> Add(Db db, string name, string xml) => db.Execute("""
        INSERT INTO access_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml
        """, new { name, xml });
}
