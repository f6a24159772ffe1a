using System.CommandLine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// The options <c>--region</c> and <c>--all</c> of verbs. Where the settings have regions, a verb must say which of
/// them it means: without that it would open a database of no region.
/// </summary>
internal static class RegionOptions
{
    private static readonly Option<string?> One = new("--region") { Description = "Один регион из настройки Regions", HelpName = "имя" };

    private static readonly Option<bool> Every = new("--all")
    {
        Description = "Все регионы из настройки Regions, один за другим",
        Arity = ArgumentArity.Zero,
    };

    /// <param name="every">Whether the verb makes sense for all regions at once.</param>
    internal static Command WithRegions(this Command verb, bool every = true)
    {
        verb.Options.Add(One);
        if (every)
            verb.Options.Add(Every);
        // Settings such as --Diagnostics:Data=… pass through to the configuration.
        verb.TreatUnmatchedTokensAsErrors = false;
        return verb;
    }

    internal static bool MeansAll(ParseResult parsed) => parsed.GetValue(Every);

    /// <returns>The regions meant; empty where the settings have none.</returns>
    /// <exception cref="SettingException">The settings and the options contradict each other.</exception>
    internal static IReadOnlyList<Region> Choose(ParseResult parsed, bool allByDefault = false)
    {
        var regions = Region.Read(Settings.Read([.. parsed.UnmatchedTokens]));
        var (one, every) = (parsed.GetValue(One), parsed.GetValue(Every) || allByDefault);
        if (one is not null)
            return regions.FirstOrDefault(region => region.Name.Equals(one, StringComparison.OrdinalIgnoreCase)) is { } found
                ? [found]
                : throw new SettingException(Region.Section, $"региона «{one}» нет, {Known(regions)}");
        if (regions.Count > 0 && !every)
            throw new SettingException(Region.Section, $"скажите, о каком регионе речь: --region имя или --all; {Known(regions)}");
        if (regions.Count == 0 && parsed.GetValue(Every))
            throw new SettingException(Region.Section, "регионов в настройках нет, команда с --all ничего бы не сделала");
        return regions;
    }

    private static string Known(IReadOnlyList<Region> regions) =>
        regions.Count == 0 ? "и других тоже" : $"есть {string.Join(", ", regions.Select(region => region.Name))}";
}
