using System.Xml.Linq;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Diagnostics.Server.Http;

/// <summary>
/// Gives the framework the keys that sign and encrypt tokens, from the database, like everything that nodes share.
/// </summary>
/// <param name="secret">Seals the keys; null when the operator has set none, and the keys are unsealed.</param>
internal sealed class ProtectionKeyRepository(ProtectionKeys keys, KeySecret? secret) : IXmlRepository
{
    // The framework's interface is synchronous and used only at start-up. Keys that this service cannot open count as
    // none: it makes a new one.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        keys.Read()
            .GetAwaiter()
            .GetResult()
            .Select(key =>
                secret is not null ? secret.Open(key)
                : KeySecret.IsSealed(key) ? null
                : key
            )
            .OfType<string>()
            .Select(key => XElement.Parse(key))
            .ToList();

    public void StoreElement(XElement element, string friendlyName)
    {
        var key = element.ToString(SaveOptions.DisableFormatting);
        // When another node has just added a key, this node adds none: the framework then reads all keys again and uses
        // the other node's. A revocation is always added.
        keys.Add(friendlyName, secret?.Seal(key) ?? key, unlessOthers: element.Name.LocalName == "key").GetAwaiter().GetResult();
    }
}
