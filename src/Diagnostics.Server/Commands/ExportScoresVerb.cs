using System.CommandLine;
using System.Text;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands;

/// <summary>The verb <c>export-scores</c>: writes the files of <see cref="ScoreFiles"/> into a folder.</summary>
internal static class ExportScoresVerb
{
    internal static Command Make()
    {
        var folder = CommandLine.Path("папка", "Куда записать");
        var form = CommandLine.Id("--form", "Форма: сеансы всех её мероприятий");
        var campaign = CommandLine.Id("--campaign", "Одно мероприятие");
        var verb = new Command("export-scores", "Выгрузить баллы без имён для расчётов в R") { folder, form, campaign };
        verb.SetAction(
            (parsed, cancel) =>
                Databases.Use(
                    parsed,
                    Needs.ThisVersion,
                    database =>
                        Run(
                            database,
                            parsed.GetRequiredValue(folder),
                            parsed.GetValue(form),
                            parsed.GetValue(campaign),
                            Console.Out,
                            cancel
                        )
                )
        );
        return verb.WithRegions(every: false);
    }

    internal static async Task<int> Run(
        Database database,
        string folder,
        Guid? form,
        Guid? campaign,
        TextWriter output,
        CancellationToken cancel
    )
    {
        if (form is null == campaign is null)
        {
            await Console.Error.WriteLineAsync("Назовите форму (--form) или мероприятие (--campaign), одно из двух.");
            return Databases.CannotRun;
        }
        if (
            (await ScoreExport.Run(database, new NodeClock(TimeProvider.System), form, campaign, cancel)).Refused(
                out var refusal,
                out var files
            )
        )
        {
            await Console.Error.WriteLineAsync(refusal.Detail);
            return Databases.CannotRun;
        }
        try
        {
            Directory.CreateDirectory(folder);
            var withoutMark = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            foreach (var (name, text) in files)
                await File.WriteAllTextAsync(Path.Combine(folder, name), text, withoutMark, cancel);
        }
        catch (Exception fault) when (GivenPath.UnwritableFolder(folder, fault) is { } text)
        {
            await Console.Error.WriteLineAsync(text);
            return Databases.CannotRun;
        }
        var people = files["persons.csv"].Count(letter => letter == '\n') - 1;
        await output.WriteLineAsync(
            $"Выгружено: {Russian.Count(people, "участник", "участника", "участников")} в {Path.GetFullPath(folder)}"
        );
        return 0;
    }
}
