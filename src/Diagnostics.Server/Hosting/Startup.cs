using Diagnostics.UseCases.Forms;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Identity;
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
        await Migrator.Prepare(database, clock.GetCurrentInstant());
        var bank = Folders.Bank(services.GetRequiredService<IConfiguration>());
        await PolicyFiles.Import(database, bank, clock.GetCurrentInstant());
        if (Directory.Exists(bank)) await LoadBank.Run(database, clock.GetCurrentInstant(), bank, "setup", output);
        await MakeAdministrator(services, database, clock, output);
    }

    private static async Task MakeAdministrator(IServiceProvider services, Database database, IClock clock, TextWriter output)
    {
        if (await database.Read(AccountStore.Any)) return;
        var password = Accounts.NewPassword();
        var hash = services.GetRequiredService<IPasswordHasher<AccountRow>>().Hash(password);
        // Asked again inside: of two nodes that start at once on an empty database one makes the account and shows its password.
        var made = await database.Write(async db => !await AccountStore.Any(db) && (await Accounts.Add(db, clock.GetCurrentInstant(), "admin", hash,
            [new Grant(Role.Administrator, GrantScope.All, null), new Grant(Role.Operator, GrantScope.All, null)], "setup")).Value is not null);
        if (made) await output.WriteLineAsync($"Администратор:   admin, пароль (показывается один раз): {password}");
    }
}
