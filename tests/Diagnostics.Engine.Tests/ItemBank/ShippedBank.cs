using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>The bank that ships with the repository.</summary>
internal static class ShippedBank
{
    internal static BankFiles Files { get; } = BankFiles.Load(Repository.Bank);

    internal static BankReading Reading { get; } = BankReader.Read(Files);
}
