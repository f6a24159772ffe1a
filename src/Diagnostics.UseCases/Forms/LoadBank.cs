using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>
/// Loads the bank and the forms from a folder of files into the database, at start-up and by the command <c>import</c>.
/// </summary>
internal static class LoadBank
{
    private const int ShownErrors = 20;

    /// <summary>Loads the folder; does nothing when its files are the same as at the last import.</summary>
    /// <returns>Number of errors found in the files.</returns>
    internal static async Task<int> Run(Database database, Instant now, string folder, string actor, TextWriter output)
    {
        var files = BankFiles.Load(folder);
        var fingerprint = files.Fingerprint();
        var errors = 0;
        if (await database.Read(BankImportStore.LastFingerprint) != fingerprint)
        {
            var reading = ImportBank.Read(files);
            var (imported, refused) = await database.Write(async db =>
            {
                var bank = await ImportBank.Write(db, reading, fingerprint, actor, now);
                return (bank, (await ShippedForms.Make(db, actor, now)).Refused);
            });
            errors = imported.Errors;
            // Print only errors: authors see warnings with the command `lint`, but an operator who starts the service
            // needs to know what was left out.
            foreach (var finding in imported.Findings.Where(finding => finding.Severity is Severity.Error).Take(ShownErrors))
                await output.WriteLineAsync(FindingText.Of(finding));
            if (errors > ShownErrors)
                await output.WriteLineAsync($"… и ещё {errors - ShownErrors}; все замечания покажет команда lint.");
            foreach (var reason in refused)
                await output.WriteLineAsync(reason);
        }
        await output.WriteLineAsync($"Банк заданий: {Counted(await database.Read(FacetStore.Count))}");
        return errors;
    }

    private static string Counted(BankCounts counts) =>
        string.Join(
            ", ",
            Russian.Count(counts.Items, "задание", "задания", "заданий"),
            Russian.Count(counts.Facets, "фасет", "фасета", "фасетов"),
            Russian.Count(counts.Blueprints, "диагностика", "диагностики", "диагностик")
        );
}
