using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>The bank that ships with the repository.</summary>
internal static class ShippedBank
{
    internal static BankFiles Files { get; } = BankFiles.Load(Path.Combine(Root(), "item-bank"));

    internal static BankReading Reading { get; } = BankReader.Read(Files);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Diagnostics.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests must run inside the repository.");
        return folder.FullName;
    }
}
