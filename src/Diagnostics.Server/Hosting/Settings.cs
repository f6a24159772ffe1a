using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Webhooks;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// The settings that exist. A name that no code reads is refused: the operator must have meant another setting, and the
/// service would silently run without it.
/// </summary>
internal static class Settings
{
    private const string Where = "все перечислены в docs/operations/settings.md";

    private static readonly string[] Own = ["Diagnostics", "Database", Region.Section];

    /// <summary>Sections of ASP.NET Core and .NET that an operator may also set on the command line.</summary>
    private static readonly string[] OfTheFramework =
    [
        Addresses.SettingName,
        "Http_Ports",
        "Https_Ports",
        "Kestrel",
        "Logging",
        "AllowedHosts",
        "Environment",
        "ContentRoot",
    ];

    internal static readonly IReadOnlySet<string> Known = new HashSet<string>(
        [
            Folders.DataSetting,
            Folders.BankSetting,
            "Database:Provider",
            "Database:ConnectionString",
            "Database:GatherLog",
            KeySecret.SettingName,
            Proxies.SettingName,
            OperationsPort.SettingName,
            Region.NameSetting,
            "Diagnostics:Contact",
            DataOperator.SettingName,
            SecondFactorPolicy.SettingName,
            TokenEndpoint.PasswordGrantSetting,
            Limits.RequestsSetting,
            Limits.SavesSetting,
            ClockSkew.SettingName,
            Drain.SettingName,
            FeedRetention.SettingName,
            WebhookPolicy.ExceptionsSetting,
            WebhookPolicy.TimeoutSetting,
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>
    /// Reads settings as the service does: default values, the file, environment variables, the command line. A later
    /// source overrides an earlier one.
    /// </summary>
    internal static IConfiguration Read(string[] line)
    {
        var builder = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory);
        AddUsual(builder);
        return builder
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(line)
            .Build();
    }

    /// <summary>
    /// Adds default values before all other sources, so that even <c>ASPNETCORE_URLS</c> overrides them.
    /// </summary>
    internal static void AddUsual(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(
            0,
            new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
            {
                InitialData = [new(Addresses.SettingName, Addresses.Usual)],
            }
        );

    /// <exception cref="SettingException">There is no such setting, or no such log level.</exception>
    internal static void Check(IConfiguration configuration)
    {
        foreach (var setting in Own.SelectMany(section => Leaves(configuration.GetSection(section))))
            if (!IsKnown(setting.Path))
                throw new SettingException(setting.Path, $"такой нет; {Where}");
        foreach (var level in configuration.GetSection("Logging:LogLevel").GetChildren())
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
                throw new SettingException(
                    level.Path,
                    $"«{level.Value}» — не уровень журнала, бывают {string.Join(", ", Enum.GetNames<LogLevel>())}"
                );
        if (configuration[TokenEndpoint.PasswordGrantSetting] is { Length: > 0 } grant && !bool.TryParse(grant, out _))
            throw new SettingException(TokenEndpoint.PasswordGrantSetting, $"нужно true или false, а не «{grant}»");
    }

    /// <summary>Whether a name on the command line can be a setting, either our own or one of ASP.NET Core.</summary>
    internal static bool IsSetting(string name) =>
        name.Split(':')[0] is var section
        && Own.Concat(OfTheFramework).Any(known => known.Equals(section, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The message about a command-line argument that is not a setting; null when the argument is a setting or does not
    /// begin with <c>--</c>.
    /// </summary>
    internal static string? Fault(string token)
    {
        if (!token.StartsWith("--", StringComparison.Ordinal))
            return null;
        var name = token[2..].Split('=')[0];
        return !IsSetting(name) ? $"Параметра «--{name}» нет; параметры показывает --help, настройки — docs/operations/settings.md."
            : !token.Contains('=') ? $"У настройки «--{name}» нет значения; пишут --{name}=значение."
            : null;
    }

    private static bool IsKnown(string path) =>
        Region.WithoutName(path) is { } ofRegion
            ? Region.IsHosts(ofRegion) || !Own.Contains(ofRegion.Split(':')[0]) || IsKnown(ofRegion)
            : Known.Contains(path) || path.StartsWith(OutsideSignIn.SettingName + ":", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child]);
}
