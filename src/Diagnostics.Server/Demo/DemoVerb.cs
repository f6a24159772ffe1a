using Diagnostics.Engine;
using Diagnostics.Server.Access;
using Diagnostics.Server.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using NodaTime;
using Spectre.Console;

namespace Diagnostics.Server.Demo;

/// <summary>The verb <c>demo</c>: plays two campaigns with simulated people, then goes on serving.</summary>
internal static class DemoVerb
{
    private const long Seed = 20260914;

    internal static Task<int> Run(string[] args, CancellationToken cancel) => Startup.Serve(args, Play, cancel);

    private static async Task Play(WebApplication app)
    {
        var database = app.Services.GetRequiredService<Database>();
        var clock = app.Services.GetRequiredService<IClock>();
        await using var scope = app.Services.CreateAsyncScope();
        var account = (await database.Read(db => AccountStore.FindByName(db, "ADMIN")))!;
        using var admin = new ApiClient(new Uri(app.Urls.First()), scope.ServiceProvider.GetRequiredService<Tokens>().Issue(account, clock.GetCurrentInstant()).AccessToken);
        if ((await admin.Get("campaigns"))!["items"]!.AsArray().Count > 0)
        {
            Console.WriteLine("В базе уже есть мероприятия: демонстрация не повторяется.");
            return;
        }
        var profiles = 0;
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            void Report(DemoProgress progress)
            {
                if (!tasks.TryGetValue(progress.Part, out var task)) tasks[progress.Part] = task = context.AddTask(Markup.Escape(progress.Part), maxValue: Math.Max(1, progress.Of));
                task.Value = progress.Of == 0 ? 1 : progress.Done;
            }
            var campaign = new DemoCampaign(new Uri(app.Urls.First()), admin, app.Services.GetRequiredService<FormCatalog>(), clock, SeededRandom.For(Seed, "demo"), Report);
            profiles = await campaign.Play("Входная диагностика учителей математики", "Учителя математики 5–9 классов", await DemoMarking.AddPolicy(admin), "teacher-mathematics-5-9", "учитель математики", people: 24, complete: true);
            await campaign.Play("Входная диагностика руководителей", "Руководители образовательных организаций", new { kind = "marking", code = "gia", version = 1 }, "school-head", "директор", people: 9, complete: false);
        });
        Console.WriteLine($"Демонстрация сыграна: опубликовано профилей: {profiles}; вторая диагностика идёт. Описание ресурсов — в Swagger UI.");
    }
}
