using Diagnostics.Storage;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Keeps in the database the keys that protect tokens, so that a token stays valid after a restart and on other nodes.
/// </summary>
internal sealed class ProtectionKeys(Database database)
{
    private IReadOnlyCollection<string> known = [];

    /// <returns>The keys as XML.</returns>
    internal async Task<IReadOnlyList<string>> Read()
    {
        var rows = await database.Read(ProtectionKeyStore.All);
        known = rows.Select(row => row.Name).ToHashSet();
        return rows.Select(row => row.Xml).ToList();
    }

    /// <param name="unlessOthers">Whether to add nothing when another node has added a key since this one read the
    /// keys.</param>
    internal Task Add(string name, string xml, bool unlessOthers) =>
        database.Write(db => ProtectionKeyStore.Add(db, name, xml, unlessOthers ? known : null));
}
