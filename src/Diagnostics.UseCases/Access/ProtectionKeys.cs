using System.Xml.Linq;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Diagnostics.UseCases.Access;

/// <summary>Keeps the data-protection keys in the database, so that a restart or another node still knows a token.</summary>
internal sealed class ProtectionKeys(Database database) : IXmlRepository
{
    // The framework's interface is synchronous and is asked at start-up only.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        database.Read(ProtectionKeyStore.All).GetAwaiter().GetResult().Select(row => XElement.Parse(row.Xml)).ToList();

    public void StoreElement(XElement element, string friendlyName) =>
        database.Write(db => ProtectionKeyStore.Set(db, friendlyName, element.ToString(SaveOptions.DisableFormatting))).GetAwaiter().GetResult();
}
