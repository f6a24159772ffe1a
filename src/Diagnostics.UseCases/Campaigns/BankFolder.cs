using Diagnostics.Storage;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// The folder of the item bank and a database, at start-up and by the verbs <c>import</c> and <c>export</c>. It stands here
/// because the folder also holds the policies of campaigns.
/// </summary>
internal static class BankFolder
{
    /// <summary>Sees to the schema, then takes in policies, items, blueprints and the forms made of them.</summary>
    /// <param name="folder">One that does not exist brings nothing.</param>
    /// <returns>Number of errors found in the files of the bank.</returns>
    /// <exception cref="PolicyFilesException">A policy does not read, changes a version that exists, or is missing.</exception>
    internal static async Task<int> Import(Database database, IClock clock, string folder, string actor, TextWriter output)
    {
        await Migrator.Prepare(database, clock.GetCurrentInstant());
        await PolicyFiles.Import(database, folder, clock.GetCurrentInstant());
        return Directory.Exists(folder) ? await LoadBank.Run(database, clock.GetCurrentInstant(), folder, actor, output) : 0;
    }

    /// <summary>Writes the stored bank as an author's files; policies stay out, and so do other files of the folder.</summary>
    /// <returns>Number of files.</returns>
    internal static async Task<int> Export(Database database, IClock clock, string folder, CancellationToken cancel)
    {
        await Migrator.Prepare(database, clock.GetCurrentInstant());
        var files = await database.Read(ExportBank.Run);
        await ExportBank.Save(files, folder, cancel);
        return files.Texts.Count;
    }
}
