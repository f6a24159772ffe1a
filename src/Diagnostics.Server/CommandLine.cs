using System.CommandLine;

namespace Diagnostics.Server;

/// <summary>The verbs of the executable; without one it serves.</summary>
internal static class CommandLine
{
    internal static ParseResult Parse(string[] args)
    {
        // Settings such as --Urls=… or --Diagnostics:Data=… pass through to the configuration.
        var root = new RootCommand("Diagnostics: диагностика профессиональных дефицитов") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction((_, cancel) => Startup.Serve(args, cancel));
        foreach (var verb in BankVerbs.All()) root.Subcommands.Add(verb);
        return root.Parse(args);
    }
}
