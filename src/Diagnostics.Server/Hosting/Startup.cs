using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Hosting;

/// <summary>Turns an empty folder into a running service; a second start keeps everything.</summary>
internal static class Startup
{
    /// <param name="started">Runs once the service answers requests; after it has returned, the service goes on
    /// serving.</param>
    internal static async Task<int> Serve(string[] args, Func<WebApplication, Task> started, CancellationToken cancel)
    {
        if (Build(args) is not { } built)
            return 2;
        await using var app = built;
        try
        {
            await Prepare(app, Console.Out);
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or PolicyFilesException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        app.Services.GetRequiredService<Drain>().AtMost = Drain.Setting(app.Configuration);
        await app.StartAsync(cancel);
        Tell(app);
        await started(app);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <returns>Null when a setting is invalid; the operator has then seen a message.</returns>
    private static WebApplication? Build(string[] args)
    {
        try
        {
            return Service.Build(args);
        }
        catch (SettingException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return null;
        }
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
        var skew = app.Services.GetRequiredService<ClockSkew>();
        skew.AtMost = ClockSkew.Setting(app.Configuration[ClockSkew.SettingName]);
        await skew.Check();
        await Prepare(app.Services, output);
    }

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
