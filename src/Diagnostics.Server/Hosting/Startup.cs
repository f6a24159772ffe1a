using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Connections;
using NodaTime;

namespace Diagnostics.Server.Hosting;

/// <summary>Turns an empty folder into a running service; a second start keeps everything.</summary>
internal static class Startup
{
    /// <param name="started">Runs once the service answers requests; after it has returned, the service goes on
    /// serving.</param>
    internal static async Task<int> Serve(string[] args, Func<WebApplication, Task> started, CancellationToken cancel)
    {
        try
        {
            var configuration = Settings.Read(args);
            Settings.Check(configuration);
            Folders.CheckBank(configuration);
            Addresses.Check(configuration);
            var drain = Drain.Setting(configuration);
            _ = SkewOf(configuration);
            await using var app = Service.Build(args);
            app.Services.GetRequiredService<Drain>().AtMost = drain;
            await Serve(app, started, cancel);
            return 0;
        }
        catch (Exception fault) when (Databases.IsForOperators(fault))
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Databases.CannotRun;
        }
    }

    private static async Task Serve(WebApplication app, Func<WebApplication, Task> started, CancellationToken cancel)
    {
        await Prepare(app, Console.Out);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            // Another program took the address after it was tried.
            throw Addresses.Taken(app.Configuration);
        }
        Tell(app);
        await started(app);
        await app.WaitForShutdownAsync(cancel);
    }

    private static void Tell(WebApplication app)
    {
        var operations = OperationsPort.Read(app.Configuration);
        foreach (var url in app.Urls)
        {
            if (operations is null || new Uri(url).Port != operations)
                Console.WriteLine($"Служба работает: {url}");
            if (operations is not null && new Uri(url).Port != operations)
                continue;
            Console.WriteLine($"Описание API:    {url}/openapi/v1.json");
            Console.WriteLine($"Swagger UI:      {url}/swagger");
        }
        TellOfKeys(app.Configuration);
    }

    internal static void TellOfKeys(IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[KeySecret.SettingName]))
            Console.WriteLine($"Ключи токенов лежат в базе открыто; перед работой с людьми задайте {KeySecret.SettingName} (SECURITY.md).");
    }

    /// <summary>Checks the clock, then prepares what the service needs.</summary>
    internal static async Task Prepare(WebApplication app, TextWriter output)
    {
        var clocks = app.Services.GetRequiredService<ClockSkew>();
        clocks.AtMost = SkewOf(app.Configuration);
        await clocks.Check();
        DataFolder.Prepare(Folders.Data(app.Configuration));
        await Prepare(app.Services, output);
    }

    /// <exception cref="SettingException">The setting is not a number.</exception>
    private static Duration SkewOf(IConfiguration configuration) =>
        ClockSkew.Bound(NumberSetting.Read(ClockSkew.SettingName, configuration[ClockSkew.SettingName], ClockSkew.UsualSeconds));

    /// <summary>Prepares the schema, loads the bank, creates the first administrator.</summary>
    internal static async Task Prepare(IServiceProvider services, TextWriter output)
    {
        var database = services.GetRequiredService<Database>();
        var clock = services.GetRequiredService<IClock>();
        var bank = Folders.Bank(services.GetRequiredService<IConfiguration>());
        await BankFolder.Import(database, clock, bank, "setup", output);
        if (await services.GetRequiredService<FirstAdministrator>().Make() is { } password)
            await output.WriteLineAsync($"Администратор:   {FirstAdministrator.UserName}, пароль (показывается один раз): {password}");
    }
}
