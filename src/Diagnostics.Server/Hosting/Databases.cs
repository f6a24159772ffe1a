using System.CommandLine;
using Diagnostics.Server.Commands;
using Diagnostics.Storage;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Hosting;

/// <summary>Opens the database that the settings name.</summary>
internal static class Databases
{
    /// <summary>Exit code of a verb that could not begin.</summary>
    internal const int CannotRun = 2;

    /// <summary>
    /// Opens the database of <c>Database:Provider</c> and <c>Database:ConnectionString</c>; without these settings it
    /// opens a SQLite file in the data folder.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The settings name no database that can be opened.</exception>
    internal static Database Open(IConfiguration configuration)
    {
        // The folder is also needed with a database server: it holds the heads of the audit trail.
        var folder = Folders.Data(configuration);
        DataFolder.Prepare(folder);
        var connection = configuration["Database:ConnectionString"];
        var region = configuration[Region.NameSetting] is { Length: > 0 } name ? name : null;
        return configuration["Database:Provider"] switch
        {
            null or "" or "sqlite" => new Database(
                string.IsNullOrEmpty(connection) ? Path.Combine(folder, "diagnostics.db") : Database.FileOf(connection),
                GathersLog(configuration["Database:GatherLog"])
            )
            {
                Region = region,
            },
            "postgres" => Database.OnPostgres(connection ?? "", region),
            "sqlserver" => Database.OnSqlServer(connection ?? "", region),
            var other => throw new DatabaseUnavailableException(
                $"Database:Provider — sqlite, postgres или sqlserver, а указано «{other}»."
            ),
        };
    }

    /// <summary>Opens the database for verbs that do not need the service.</summary>
    /// <param name="settings">Settings as on the command line.</param>
    /// <returns>The result of the verb, or <see cref="CannotRun"/>.</returns>
    internal static Task<int> Use(string[] settings, Func<Database, Task<int>> run) => Use(settings, (database, _) => run(database));

    /// <summary>Runs a verb on the database of each region that it means, or on the only database.</summary>
    /// <returns>The worst result of all regions.</returns>
    internal static async Task<int> Use(ParseResult parsed, Func<Database, IConfiguration, Task<int>> run)
    {
        IReadOnlyList<Region> regions;
        try
        {
            regions = RegionOptions.Choose(parsed);
        }
        catch (SettingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotRun;
        }
        string[] settings = [.. parsed.UnmatchedTokens];
        if (regions.Count == 0)
            return await Use(settings, run);
        var worst = 0;
        foreach (var region in regions)
        {
            await Console.Out.WriteLineAsync($"Регион {region.Name}");
            worst = Math.Max(worst, await Use([.. settings, .. region.Settings], run));
        }
        return worst;
    }

    /// <inheritdoc cref="Use(ParseResult, Func{Database, IConfiguration, Task{int}})"/>
    internal static Task<int> Use(ParseResult parsed, Func<Database, Task<int>> run) => Use(parsed, (database, _) => run(database));

    /// <inheritdoc cref="Use(string[], Func{Database, Task{int}})"/>
    internal static async Task<int> Use(string[] settings, Func<Database, IConfiguration, Task<int>> run)
    {
        var configuration = Settings(settings);
        try
        {
            await using var database = Open(configuration);
            return await run(database, configuration);
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or PolicyFilesException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotRun;
        }
    }

    private static bool GathersLog(string? setting) =>
        string.IsNullOrEmpty(setting)
        || (
            bool.TryParse(setting, out var gathers)
                ? gathers
                : throw new DatabaseUnavailableException($"Database:GatherLog — true или false, а указано «{setting}».")
        );

    /// <summary>
    /// Reads a verb's settings as the service does: file, environment, command line; the last one wins.
    /// </summary>
    internal static IConfiguration Settings(string[] settings) =>
        new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
}
