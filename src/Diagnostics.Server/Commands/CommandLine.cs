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
    /// <summary>
    /// Runs what was typed. A slip is answered with one line on the error output and <see cref="Databases.CannotRun"/>.
    /// </summary>
    internal static async Task<int> Run(string[] args)
    {
        var parsed = Parse(args);
        if (Fault(parsed) is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return Databases.CannotRun;
        }
        // The host handles signals, so that the service drains before it ends; the parser would end it after two seconds.
        return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }

    /// <summary>A sentence about what cannot be run as it was typed; null when it can.</summary>
    internal static string? Fault(ParseResult parsed)
    {
        if (parsed.Action is Help)
            return null;
        if (parsed.Errors.Count > 0)
            return parsed.Errors[0].Message;
        var verb = parsed.CommandResult.Command;
        return parsed
            .UnmatchedTokens.Select(token =>
                token.StartsWith("--", StringComparison.Ordinal) ? Settings.Fault(token)
                : token.StartsWith('-') ? $"Параметра «{token}» нет; список параметров показывает --help."
                : verb is RootCommand ? $"Команды «{token}» нет; список команд показывает --help."
                : $"Слово «{token}» лишнее; как вызывать команду, показывает {verb.Name} --help."
            )
            .FirstOrDefault(fault => fault is not null);
    }

    internal static ParseResult Parse(string[] typed)
    {
        var args = Joined(typed).ToArray();
        // The library's own texts, in help and in refusals, follow this culture.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ru");
        // Settings such as --Urls=… or --Diagnostics:Data=… pass through to the configuration.
        var root = new RootCommand("Diagnostics: диагностика профессиональных дефицитов") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction((_, cancel) => Serve(args, cancel));
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
        root.Subcommands.Add(AccessMapVerb());
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
            else if (given.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text))
                given.AddError($"Вместо «{name}» указана пустая строка. {description}.");
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
            return Region.Read(Settings.Read(args)) is { Count: > 0 } regions
                ? await Country.Serve(args, regions, cancel)
                : await Startup.Serve(args, _ => Task.CompletedTask, cancel);
        }
        catch (SettingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Databases.CannotRun;
        }
    }

    /// <summary>A setting may stand before its value with a blank, as in ASP.NET Core.</summary>
    private static IEnumerable<string> Joined(string[] typed)
    {
        for (var at = 0; at < typed.Length; at++)
        {
            var (name, value) = (typed[at], typed.ElementAtOrDefault(at + 1));
            var isPair =
                name.StartsWith("--", StringComparison.Ordinal)
                && !name.Contains('=')
                && Settings.IsSetting(name[2..])
                && value?.StartsWith('-') is false;
            yield return isPair ? $"{name}={typed[++at]}" : name;
        }
    }

    private static Command ApiDescriptionVerb()
    {
        var file = Path("файл", "Куда записать");
        var verb = new Command("openapi", "Записать описание API (OpenAPI 3.1) в файл") { file };
        verb.SetAction((parsed, _) => WriteApiDescription.Run(parsed.GetValue(file)!, parsed.InvocationConfiguration.Error));
        return verb;
    }

    private static Command AccessMapVerb()
    {
        var file = Path("файл", "Куда записать");
        var verb = new Command("access", "Записать карту прав (кто какую операцию вправе вызвать) в файл") { file };
        verb.SetAction((parsed, _) => WriteAccessMap.Run(parsed.GetValue(file)!));
        return verb;
    }
}
