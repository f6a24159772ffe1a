using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Diagnostics.Server.Commands;

/// <summary>Help in one language, because the library's own help is partly Russian and partly English.</summary>
internal sealed class Help : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var (command, output) = (parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        var call = command is RootCommand ? "" : $" {NameOf(command)}";
        output.WriteLine($"{command.Description}.");
        output.WriteLine();
        output.WriteLine($"Вызов: {RootCommand.ExecutableName}{call} [параметры] [настройки]");
        Write(output, "Команды", command.Subcommands.Select(verb => (NameOf(verb), verb.Description)));
        Write(output, "Аргументы", command.Arguments.Select(argument => (NameOf(argument), argument.Description)));
        var options = command.Options.Where(option => option is not HelpOption);
        Write(output, "Параметры", [.. options.Select(option => (NameOf(option), option.Description)), ("--help", "Показать эту справку")]);
        output.WriteLine();
        output.WriteLine("Настройки: --Имя=значение, например --Diagnostics:Data=папка; все перечислены в docs/operations/settings.md.");
        return 0;
    }

    private static string NameOf(Command verb) => string.Join(' ', verb.Arguments.Select(NameOf).Prepend(verb.Name));

    private static string NameOf(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : $"<{argument.Name}>";

    private static string NameOf(Option option) => option.HelpName is { } value ? $"{option.Name} <{value}>" : option.Name;

    private static void Write(TextWriter output, string title, IEnumerable<(string Name, string? Description)> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
            return;
        var width = lines.Max(line => line.Name.Length);
        output.WriteLine();
        output.WriteLine($"{title}:");
        foreach (var (name, description) in lines)
            output.WriteLine($"  {name.PadRight(width)}  {description}");
    }
}
