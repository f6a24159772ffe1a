using System.Xml.Linq;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Diagnostics.Server.Http;

/// <summary>
/// Gives ASP.NET Core the keys that sign and encrypt tokens. They are stored in the database, like everything that
/// nodes share.
/// </summary>
/// <param name="secret">Encrypts the keys; null when the operator has set no secret, so that the keys are stored
/// unencrypted.</param>
internal sealed class ProtectionKeyRepository(ProtectionKeys keys, KeySecret? secret) : IXmlRepository
{
    // The interface of ASP.NET Core is synchronous, but it is used only at start-up. A key that this service cannot
    // decrypt is left out; when no key is left, the service makes a new one.
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
        // When another node has just added a key, this node adds no key: ASP.NET Core then reads all keys again and
        // uses the other node's key. A revocation of keys is always added.
        keys.Add(friendlyName, secret?.Seal(key) ?? key, unlessOthers: element.Name.LocalName == "key").GetAwaiter().GetResult();
    }
}
