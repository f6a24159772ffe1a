using System.Globalization;
using System.Text.RegularExpressions;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// A region of the settings' section <c>Regions</c>. Each key below its name is a setting of the region's own service,
/// such as <c>Regions:77:Database:ConnectionString</c>; <c>Hosts</c> lists the names by which people reach it.
/// </summary>
/// <param name="Name">The code in the settings, the data folder and the measurements.</param>
/// <param name="Settings">The settings in which the region differs from the process, as on the command line.</param>
internal sealed partial record Region(string Name, IReadOnlyList<string> Hosts, string[] Settings)
{
    internal const string Section = "Regions";

    /// <summary>The setting with a region's name, which a service of one region may also have.</summary>
    internal const string NameSetting = "Diagnostics:Region";

    private const string HostsSetting = "Hosts";
    private const string Connection = "Database:ConnectionString";
    private const string DataFolder = "Diagnostics:Data";

    /// <summary>Settings of the process as a whole, which a region cannot have for itself.</summary>
    private static readonly string[] OfProcess = ["Urls", "Kestrel", OperationsPort.SettingName, "OTEL_EXPORTER_OTLP_ENDPOINT"];

    /// <returns>The regions in the order of their names; empty when the service has no such section.</returns>
    /// <exception cref="SettingException">A region has no host, or two regions have the same host, database or data
    /// folder.</exception>
    internal static IReadOnlyList<Region> Read(IConfiguration configuration)
    {
        var regions = configuration
            .GetSection(Section)
            .GetChildren()
            .OrderBy(section => section.Key, StringComparer.Ordinal)
            .Select(section => Of(section, configuration))
            .ToList();
        Distinct(regions.SelectMany(region => region.Hosts.Select(host => (region.Name, host))), HostsSetting);
        Distinct(regions.Select(region => (region.Name, region.Value(DataFolder))), DataFolder);
        Distinct(regions.Select(region => (region.Name, region.Value(Connection))).Where(pair => pair.Item2.Length > 0), Connection);
        return regions;
    }

    private static Region Of(IConfigurationSection section, IConfiguration configuration)
    {
        if (!Code().IsMatch(section.Key))
            throw new SettingException(section.Path, "имя региона — до 40 латинских букв, цифр, «-» и «_»");
        var own = section
            .AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null && pair.Key != HostsSetting)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase);
        if (own.Keys.FirstOrDefault(IsOfProcess) is { } misplaced)
            throw new SettingException($"{section.Path}:{misplaced}", "она одна на всю службу и пишется вне Regions");
        var hosts = (section[HostsSetting] ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (hosts.Length == 0)
            throw new SettingException($"{section.Path}:{HostsSetting}", "нужно хотя бы одно имя узла");
        if (Array.Find(hosts, host => Uri.CheckHostName(host) is UriHostNameType.Unknown) is { } broken)
            throw new SettingException($"{section.Path}:{HostsSetting}", $"«{broken}» — не имя узла; порт здесь не пишут");
        // A browser sends a Cyrillic name in its ASCII form.
        hosts = Array.ConvertAll(hosts, new IdnMapping().GetAscii);
        own[NameSetting] = section.Key;
        own.TryAdd(DataFolder, Path.Combine(Folders.Data(configuration), section.Key));
        own[DataFolder] = Path.GetFullPath(own[DataFolder]);
        // The process's own connection string would open the same database for every region.
        own.TryAdd(Connection, "");
        return new(section.Key, hosts, [.. own.Select(pair => $"--{pair.Key}={pair.Value}")]);
    }

    /// <returns>The setting below a region's name; null for a setting outside of <see cref="Section"/>.</returns>
    internal static string? WithoutName(string path) =>
        path.Split(':', 3) is [var section, _, var setting] && section.Equals(Section, StringComparison.OrdinalIgnoreCase) ? setting : null;

    internal static bool IsHosts(string setting) => setting.Equals(HostsSetting, StringComparison.OrdinalIgnoreCase);

    private static bool IsOfProcess(string key) =>
        Array.Exists(
            OfProcess,
            name => key.Equals(name, StringComparison.OrdinalIgnoreCase) || key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)
        );

    private static void Distinct(IEnumerable<(string Region, string Value)> given, string setting)
    {
        if (given.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new SettingException(
                $"{Section}:{same.Last().Region}:{setting}",
                $"то же значение уже у региона {same.First().Region}; у каждого региона оно своё"
            );
    }

    private string Value(string setting) =>
        Settings.First(pair => pair.StartsWith($"--{setting}=", StringComparison.OrdinalIgnoreCase))[(setting.Length + 3)..];

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}$")]
    private static partial Regex Code();
}
