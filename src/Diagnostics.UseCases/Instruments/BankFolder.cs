using Diagnostics.Storage;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.Instruments;

/// <summary>
/// Moves content between the folder of the item bank and a database, at start-up and by the commands <c>import</c> and
/// <c>export</c>. The class is in Instruments rather than ItemBank because the folder also contains the policies of
/// campaigns and the instruments of the other forms of diagnostics.
/// </summary>
internal static class BankFolder
{
    /// <summary>
    /// Prepares the schema, then imports policies, items, blueprints, the forms made from them, and instruments.
    /// </summary>
    /// <param name="folder">The folder; nothing is imported when it does not exist.</param>
    /// <returns>Number of errors found in the files of the bank.</returns>
    /// <exception cref="PolicyFilesException">A policy cannot be read, changes an existing version, or is
    /// missing.</exception>
    internal static async Task<int> Import(Database database, IClock clock, string folder, string actor, TextWriter output)
    {
        await Migrator.Prepare(database, clock.GetCurrentInstant());
        await PolicyFiles.Import(database, folder, clock.GetCurrentInstant());
        if (!Directory.Exists(folder))
            return 0;
        // Instruments refer to the frameworks of the bank.
        var errors = await LoadBank.Run(database, clock.GetCurrentInstant(), folder, actor, output);
        return errors + await InstrumentFolder.Import(database, clock.GetCurrentInstant(), folder, actor, output);
    }

    /// <summary>
    /// Writes the stored bank as the files that authors edit, without policies; other files in the folder stay.
    /// </summary>
    /// <returns>Number of files written.</returns>
    internal static async Task<int> Export(Database database, IClock clock, string folder, CancellationToken cancel)
    {
        await Migrator.Prepare(database, clock.GetCurrentInstant());
        var files = await database.Read(ExportBank.Run);
        await ExportBank.Save(files, folder, cancel);
        return files.Texts.Count;
    }
}
