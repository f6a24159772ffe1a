using System.Xml.Linq;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Diagnostics.Server.Http;

/// <summary>Where the framework finds the keys that sign and encrypt tokens: in the database, like everything that nodes share.</summary>
/// <param name="secret">Seals them; null where the operator gave none, and they lie open.</param>
internal sealed class ProtectionKeyRepository(ProtectionKeys keys, KeySecret? secret) : IXmlRepository
{
    // The framework's interface is synchronous and is asked at start-up only. Keys that this service cannot open are as
    // good as none: it makes one of its own.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        keys.Read().GetAwaiter().GetResult()
            .Select(key => secret is not null ? secret.Open(key) : KeySecret.IsSealed(key) ? null : key)
            .OfType<string>().Select(key => XElement.Parse(key)).ToList();

    public void StoreElement(XElement element, string friendlyName)
    {
        var key = element.ToString(SaveOptions.DisableFormatting);
        keys.Add(friendlyName, secret?.Seal(key) ?? key).GetAwaiter().GetResult();
    }
}
