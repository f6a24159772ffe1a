using System.Xml.Linq;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Diagnostics.Server.Http;

/// <summary>Where the framework finds the keys that sign and encrypt tokens: in the database, like everything that nodes share.</summary>
internal sealed class ProtectionKeyRepository(ProtectionKeys keys) : IXmlRepository
{
    // The framework's interface is synchronous and is asked at start-up only.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        keys.Read().GetAwaiter().GetResult().Select(key => XElement.Parse(key)).ToList();

    public void StoreElement(XElement element, string friendlyName) =>
        keys.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting)).GetAwaiter().GetResult();
}
