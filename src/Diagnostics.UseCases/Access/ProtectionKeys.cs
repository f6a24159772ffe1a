using Diagnostics.Storage;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Keeps the keys that protect tokens in the database, so that a token stays valid after a restart and on other nodes.
/// </summary>
internal sealed class ProtectionKeys(Database database)
{
    /// <returns>The keys as XML.</returns>
    internal async Task<IReadOnlyList<string>> Read() => (await database.Read(ProtectionKeyStore.All)).Select(row => row.Xml).ToList();

    internal Task Add(string name, string xml) => database.Write(db => ProtectionKeyStore.Set(db, name, xml));
}
