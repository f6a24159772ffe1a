using Diagnostics.UseCases.Forms;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Hosting;

/// <summary>From an empty folder to a running service; a second start keeps everything.</summary>
internal static class Startup
{
    /// <param name="started">Done once the service answers, before it goes on serving.</param>
    internal static async Task<int> Serve(string[] args, Func<WebApplication, Task> started, CancellationToken cancel)
    {
        await using var app = Service.Build(args);
        var skew = app.Services.GetRequiredService<ClockSkew>();
        skew.AtMost = ClockSkew.Setting(app.Configuration);
        try
        {
            await skew.Check();
            await Prepare(app.Services, Console.Out);
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or PolicyFilesException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        app.Services.GetRequiredService<Drain>().AtMost = Drain.Setting(app.Configuration);
        await app.StartAsync(cancel);
        foreach (var url in app.Urls)
        {
            Console.WriteLine($"Служба работает: {url}");
            Console.WriteLine($"Описание API:    {url}/openapi/v1.json");
            Console.WriteLine($"Swagger UI:      {url}/swagger");
        }
        await started(app);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <summary>Sees to the schema, loads the bank, makes the first administrator.</summary>
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
