using System.CommandLine;
using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.ItemBank;
using Diagnostics.UseCases.Operations;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Commands;

/// <summary>
/// Verbs for authors: <c>lint</c>, <c>sources</c>, <c>import</c> and <c>export</c> of a bank in a folder.
/// </summary>
internal static class BankVerbs
{
    private const int Fine = 0;
    private const int HasErrors = 1;

    internal static IEnumerable<Command> All()
    {
        yield return Verb("lint", "Проверить банк заданий в папке; база данных не нужна", (folder, _, _) => Lint(folder, Console.Out));
        yield return Verb(
            "sources",
            "Перечислить акты, на которых стоят задания банка, и дни их сверки",
            (folder, _, _) => Sources(folder, new NodeClock(TimeProvider.System).GetCurrentInstant().InUtc().Date, Console.Out)
        );
        yield return Verb(
                "import",
                "Загрузить банк заданий из папки в базу данных",
                async (folder, parsed, _) =>
                    await IsUnreadable(folder)
                        ? Databases.CannotRun
                        : await Databases.Use(parsed, Needs.Nothing, database => Import(database, folder, Console.Out))
            )
            .WithRegions();
        yield return Verb(
                "export",
                "Выгрузить банк заданий из базы данных в папку",
                (folder, parsed, cancel) =>
                    Databases.Use(parsed, Needs.ThisVersion, database => Export(database, folder, Console.Out, cancel))
            )
            .WithRegions(every: false);
    }

    /// <summary>
    /// Prints one line for each source, starting with the one to check next; returns 1 when a date has passed.
    /// </summary>
    internal static async Task<int> Sources(string folder, LocalDate today, TextWriter output)
    {
        if (await IsUnreadable(folder))
            return Databases.CannotRun;
        var sources = CheckedBank
            .Of(BankFiles.Load(folder))
            .Bank.Facets.SelectMany(facet => facet.Items)
            .SelectMany(item => (item.Sources ?? []).Select(source => (source.CheckBy, Text: source.ToString(), item.Code)))
            .GroupBy(source => (source.CheckBy, source.Text), source => source.Code)
            .OrderBy(same => same.Key.CheckBy, StringComparer.Ordinal)
            .ThenBy(same => same.Key.Text, StringComparer.Ordinal)
            .ToList();
        foreach (var same in sources)
            await output.WriteLineAsync($"{same.Key.CheckBy}  {same.Key.Text}: {string.Join(", ", same)}");
        var due = sources.Count(same => string.CompareOrdinal(same.Key.CheckBy, LocalDatePattern.Iso.Format(today)) < 0);
        await output.WriteLineAsync($"Источников: {sources.Count}, срок сверки прошёл: {due}.");
        return due > 0 ? HasErrors : Fine;
    }

    /// <summary>Prints one line for each finding; returns 1 when there are errors.</summary>
    internal static async Task<int> Lint(string folder, TextWriter output)
    {
        if (await IsUnreadable(folder))
            return Databases.CannotRun;
        var files = BankFiles.Load(folder);
        var (bank, findings) = CheckedBank.Of(files);
        findings = [.. findings, .. EngineHooks.Instruments.Read(files, bank.Frameworks).Findings];
        foreach (var finding in findings)
            await output.WriteLineAsync(FindingText.Of(finding));
        int Count(Severity severity) => findings.Count(finding => finding.Severity == severity);
        await output.WriteLineAsync(
            $"Ошибок: {Count(Severity.Error)}, предупреждений: {Count(Severity.Warning)}, к сведению: {Count(Severity.Info)}."
        );
        return Count(Severity.Error) > 0 ? HasErrors : Fine;
    }

    internal static async Task<int> Import(Database database, string folder, TextWriter output)
    {
        return await BankFolder.Import(database, new NodeClock(TimeProvider.System), folder, "import", output) > 0 ? HasErrors : Fine;
    }

    internal static async Task<int> Export(Database database, string folder, TextWriter output, CancellationToken cancel)
    {
        int written;
        try
        {
            written = await BankFolder.Export(database, new NodeClock(TimeProvider.System), folder, cancel);
        }
        catch (Exception fault) when (GivenPath.UnwritableFolder(folder, fault) is { } text)
        {
            await Console.Error.WriteLineAsync(text);
            return Databases.CannotRun;
        }
        await output.WriteLineAsync($"Выгружено: {Russian.Count(written, "файл", "файла", "файлов")} в {Path.GetFullPath(folder)}");
        return Fine;
    }

    private static Command Verb(string name, string description, Func<string, ParseResult, CancellationToken, Task<int>> run)
    {
        var folder = CommandLine.Path("папка", "Папка банка, например item-bank");
        // Settings such as --Diagnostics:Data=… pass through to the configuration, as they do without a verb. The
        // folder must not pass through: the configuration reads a path that starts with a slash as the name of a
        // setting.
        var verb = new Command(name, description) { folder };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction((parsed, cancel) => run(parsed.GetRequiredValue(folder), parsed, cancel));
        return verb;
    }

    private static async Task<bool> IsUnreadable(string folder)
    {
        var fault = GivenPath.Unreadable(Path.GetFullPath(folder));
        if (fault is null && BankFiles.IsEmpty(folder))
            fault = $"в папке {Path.GetFullPath(folder)} нет ни одного файла YAML";
        if (fault is not null)
            await Console.Error.WriteLineAsync($"Банк не читается, {fault}.");
        return fault is not null;
    }
}
