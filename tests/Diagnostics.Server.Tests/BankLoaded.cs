using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Instruments;
using NodaTime.Testing;

namespace Diagnostics.Server.Tests;

/// <summary>
/// A SQLite database right after the import of the bank and before the first administrator. A hundred services start on
/// copies of it, because reading and checking the bank for each service took half of the time of all tests.
/// </summary>
internal static class BankLoaded
{
    private static readonly Lazy<Task<string>> Made = new(Make);

    internal static async Task CopyTo(string folder) => File.Copy(await Made.Value, Path.Combine(folder, "diagnostics.db"));

    private static async Task<string> Make()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var file = folder.File("diagnostics.db");
        await using (var database = new Database(file))
            await BankFolder.Import(database, new FakeClock(TestService.Start), Repository.Bank, "setup", TextWriter.Null);
        return file;
    }
}
