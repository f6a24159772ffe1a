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
    /// Adds a key. When several nodes start at the same time, each finds no key and makes one; only the first key is
    /// added, and the other nodes read it. Otherwise a node would not know another node's key until it reads the keys
    /// again, up to a day later, and would refuse valid tokens.
    /// </summary>
    /// <param name="known">Names of the keys that the node has read; null = add the key in any case.</param>
    /// <returns>False, without adding the key, when there is a key that the node has not read.</returns>
    internal static async Task<bool> Add(Db db, string name, string xml, IReadOnlyCollection<string>? known)
    {
        if (known is not null && (await All(db)).Any(row => !known.Contains(row.Name)))
            return false;
        return await db.Execute("INSERT INTO access_protection_keys (name, xml) VALUES (@name, @xml)", new { name, xml }) == 1;
    }
}
