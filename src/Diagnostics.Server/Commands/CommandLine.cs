using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Diagnostics.Server.Commands.Demo;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Commands;

/// <summary>The verbs of the executable; without a verb it serves.</summary>
internal static class CommandLine
{
    internal static ParseResult Parse(string[] args)
    {
        // The library's own texts, in help and in refusals, follow this culture.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ru");
        // Settings such as --Urls=… or --Diagnostics:Data=… pass through to the configuration.
        var root = new RootCommand("Diagnostics: диагностика профессиональных дефицитов") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction(
            (parsed, cancel) =>
                parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith("--", StringComparison.Ordinal)) is { } unknown
                    ? Refuse(unknown)
                    : Serve(args, cancel)
        );
        foreach (var verb in BankVerbs.All())
            root.Subcommands.Add(verb);
        root.Subcommands.Add(ExportScoresVerb.Make());
        root.Subcommands.Add(MigrateVerb.Make());
        root.Subcommands.Add(BackupVerb.Make());
        root.Subcommands.Add(VerifyVerb.Make());
        foreach (var verb in AccountVerbs.All())
            root.Subcommands.Add(verb);
        root.Subcommands.Add(HealthVerb.Make());
        root.Subcommands.Add(ApiDescriptionVerb());
        root.Subcommands.Add(Demo(args));
        root.Options.OfType<HelpOption>().Single().Action = new Help();
        return root.Parse(args);
    }

    /// <summary>
    /// An argument for a file or folder; a setting in its place means that the argument was left out.
    /// </summary>
    internal static Argument<string> Path(string name, string description)
    {
        var path = new Argument<string>(name) { Description = description };
        path.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: ['-', '-', ..] setting }])
                given.AddError($"Вместо «{name}» указано «{setting}». {description}.");
        });
        return path;
    }

    /// <summary>An id of a form or of a campaign.</summary>
    internal static Option<Guid?> Id(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "id",
            // The library lets several ids through, so that the parser below refuses them in Russian.
            Arity = ArgumentArity.OneOrMore,
            CustomParser = given =>
            {
                if (given.Tokens is not [{ Value: var text }])
                    given.AddError($"{name} указано не один раз.");
                else if (Guid.TryParse(text, out var id))
                    return id;
                else
                    given.AddError($"{name}: «{text}» — не идентификатор.");
                return null;
            },
        };

    private static Command Demo(string[] args)
    {
        var verb = new Command("demo", "Сыграть диагностику с вымышленными людьми и продолжить работу")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        verb.SetAction((_, cancel) => DemoVerb.Run(args.Where(arg => arg != "demo").ToArray(), cancel));
        return verb;
    }

    private static async Task<int> Serve(string[] args, CancellationToken cancel)
    {
        try
        {
            return Region.Read(Databases.Settings(args)) is { Count: > 0 } regions
                ? await Country.Serve(args, regions, cancel)
                : await Startup.Serve(args, _ => Task.CompletedTask, cancel);
        }
        catch (SettingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Databases.CannotRun;
        }
    }

    private static async Task<int> Refuse(string unknown)
    {
        await Console.Error.WriteLineAsync($"Команды «{unknown}» нет; список команд: --help.");
        return 2;
    }

    private static Command ApiDescriptionVerb()
    {
        var file = Path("файл", "Куда записать");
        var verb = new Command("openapi", "Записать описание API (OpenAPI 3.1) в файл") { file };
        verb.SetAction((parsed, _) => WriteApiDescription.Run(parsed.GetValue(file)!, parsed.InvocationConfiguration.Error));
        return verb;
    }
}
