using Diagnostics.Engine;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Instruments;
using Diagnostics.UseCases.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.Instruments;

/// <summary>
/// Loads the instruments of a bank's folder into the database. The import may be repeated: known versions stay, new ones
/// are added, and a changed version is left out and reported.
/// </summary>
internal static class InstrumentFolder
{
    /// <returns>Number of errors found in the files.</returns>
    internal static async Task<int> Import(Database database, Instant now, string folder, string actor, TextWriter output)
    {
        var files = BankFiles.Load(folder);
        var frameworks = (await database.Read(VersionStore.Frameworks.List)).Select(row => BankJson.ReadFramework(row.Content)).ToList();
        var (instruments, findings) = EngineHooks.Instruments.Read(files, frameworks);
        var changed = await database.Write(async db =>
        {
            var changed = new List<Instrument>();
            foreach (var instrument in instruments)
            {
                if (await InstrumentStore.Add(db, instrument, now))
                    await AuditStore.Append(
                        db,
                        now,
                        actor,
                        "instrument.imported",
                        $"instrument:{Codes.Of(instrument.Kind)}/{instrument.Code}/{instrument.Version}"
                    );
                else if (
                    (await InstrumentStore.Find(db, instrument.Kind, instrument.Code, instrument.Version))!.Content != instrument.Content
                )
                    changed.Add(instrument);
            }
            return changed;
        });
        var errors = findings.Where(finding => finding.Severity is Severity.Error).ToList();
        foreach (var finding in errors)
            await output.WriteLineAsync(FindingText.Of(finding));
        foreach (var instrument in changed)
            await output.WriteLineAsync(
                $"Версия {instrument.Version} инструмента «{instrument.Title}» уже есть с другим содержанием, а версии не меняются. "
                    + "Верните прежний текст или поставьте следующий номер версии."
            );
        return errors.Count + changed.Count;
    }
}
