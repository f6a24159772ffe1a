using System.CommandLine;
using Diagnostics.Storage;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Hosting;

/// <summary>What a verb needs of the database.</summary>
internal enum Needs
{
    /// <summary>A database of this version.</summary>
    ThisVersion,

    /// <summary>A database that is there, of whatever version.</summary>
    AnyVersion,

    /// <summary>Nothing: the verb makes what is missing.</summary>
    Nothing,
}

/// <summary>Opens the database that the settings name.</summary>
internal static class Databases
{
    /// <summary>Exit code of a verb that could not begin.</summary>
    internal const int CannotRun = 2;

    /// <summary>
    /// Opens the database of <c>Database:Provider</c> and <c>Database:ConnectionString</c>; without these settings it
    /// opens a SQLite file in the data folder. Creates the folder and the file where they are missing. With a database
    /// server the folder holds only the heads of the audit trail, and is created once the server has answered.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The settings name no database that can be opened.</exception>
    internal static Database Open(IConfiguration configuration)
    {
        var open = Named(configuration);
        if (FileOf(configuration) is not null)
            DataFolder.Prepare(Folders.Data(configuration));
        return open();
    }

    /// <summary>Opens the database for verbs that do not need the service.</summary>
    /// <param name="settings">Settings as on the command line.</param>
    /// <returns>The result of the verb, or <see cref="CannotRun"/>.</returns>
    internal static Task<int> Use(string[] settings, Needs needs, Func<Database, Task<int>> run) =>
        Use(settings, needs, (database, _) => run(database));

    /// <summary>Runs a verb on the database of each region that it means, or on the only database.</summary>
    /// <returns>The worst result of all regions.</returns>
    internal static async Task<int> Use(ParseResult parsed, Needs needs, Func<Database, IConfiguration, Task<int>> run)
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
            return await Use(settings, needs, run);
        var worst = 0;
        foreach (var region in regions)
        {
            await Console.Out.WriteLineAsync($"Регион {region.Name}");
            worst = Math.Max(worst, await Use([.. settings, .. region.Settings], needs, run));
        }
        return worst;
    }

    /// <inheritdoc cref="Use(ParseResult, Needs, Func{Database, IConfiguration, Task{int}})"/>
    internal static Task<int> Use(ParseResult parsed, Needs needs, Func<Database, Task<int>> run) =>
        Use(parsed, needs, (database, _) => run(database));

    /// <inheritdoc cref="Use(string[], Needs, Func{Database, Task{int}})"/>
    internal static async Task<int> Use(string[] settings, Needs needs, Func<Database, IConfiguration, Task<int>> run)
    {
        try
        {
            var configuration = Settings.Read(settings);
            Settings.Check(configuration);
            await using var database = needs is Needs.Nothing ? Open(configuration) : OpenExisting(configuration);
            if (needs is Needs.ThisVersion)
                await Schema.Check(database);
            return await run(database, configuration);
        }
        catch (Exception fault) when (IsForOperators(fault))
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotRun;
        }
    }

    /// <summary>Whether the message of a fault says in Russian what the operator must change.</summary>
    internal static bool IsForOperators(Exception fault) =>
        fault is SettingException or DatabaseUnavailableException or DatabaseBusyException or PolicyFilesException;

    /// <exception cref="DatabaseUnavailableException">There is no such database.</exception>
    private static Database OpenExisting(IConfiguration configuration)
    {
        var open = Named(configuration);
        return FileOf(configuration) is { } file && !File.Exists(file)
            ? throw new DatabaseUnavailableException(
                $"Файла базы данных {file} нет; папку данных называет настройка {Folders.DataSetting}."
            )
            : open();
    }

    /// <summary>Reads the settings now, and opens the database when called.</summary>
    private static Func<Database> Named(IConfiguration configuration)
    {
        var connection = configuration["Database:ConnectionString"] ?? "";
        var gathers = GathersLog(configuration["Database:GatherLog"]);
        var region = configuration[Region.NameSetting] is { Length: > 0 } name ? name : null;
        if (FileOf(configuration) is { } file)
            return () => new Database(file, gathers) { Region = region };
        var server = configuration["Database:Provider"] switch
        {
            "postgres" => Database.OnPostgres(connection, region),
            "sqlserver" => Database.OnSqlServer(connection, region),
            var other => throw new DatabaseUnavailableException(
                $"Database:Provider — sqlite, postgres или sqlserver, а указано «{other}»."
            ),
        };
        return () => server;
    }

    /// <summary>The file of a SQLite database; null for a database server.</summary>
    private static string? FileOf(IConfiguration configuration) =>
        configuration["Database:Provider"] is not (null or "" or "sqlite") ? null
        : configuration["Database:ConnectionString"] is { Length: > 0 } connection ? Database.FileOf(connection)
        : Path.Combine(Folders.Data(configuration), "diagnostics.db");

    private static bool GathersLog(string? setting) =>
        string.IsNullOrEmpty(setting)
        || (
            bool.TryParse(setting, out var gathers)
                ? gathers
                : throw new DatabaseUnavailableException($"Database:GatherLog — true или false, а указано «{setting}».")
        );
}
