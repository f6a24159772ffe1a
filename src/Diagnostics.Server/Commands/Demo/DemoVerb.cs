using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Demonstration;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Profiles;
using NodaTime;
using Spectre.Console;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>
/// The verb <c>demo</c>: calibrates a form on last year's campaign, plays two campaigns with simulated people, then
/// continues to serve.
/// </summary>
internal static class DemoVerb
{
    private const long Seed = 20260914;

    internal static Task<int> Run(string[] args, CancellationToken cancel) => Startup.Serve(args, Play, cancel);

    private static async Task Play(WebApplication app)
    {
        var clock = app.Services.GetRequiredService<IClock>();
        var subject =
            await app.Services.GetRequiredService<FirstAdministrator>().Subject()
            ?? throw new InvalidOperationException(
                $"The demonstration acts as «{FirstAdministrator.UserName}», and there is no such account."
            );
        var acting = new Impersonation(new Uri(app.Urls.First()), app.Services.GetRequiredService<TokenIssuer>());
        using var admin = acting.As(subject);
        if ((await admin.Get("campaigns"))!["items"]!.AsArray().Count > 0)
        {
            Console.WriteLine("В базе уже есть мероприятия: демонстрация не повторяется.");
            return;
        }
        Console.WriteLine(
            "Демонстрация идёт около двадцати секунд на свободной машине и несколько минут на занятой. Служба уже отвечает, "
                + $"пока можно посмотреть описание API на {app.Urls.First()}/swagger; мероприятия, сеансы и профили появляются по ходу."
        );
        var profiles = 0;
        await Output()
            .Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                void Report(DemoProgress progress)
                {
                    if (!tasks.TryGetValue(progress.Part, out var task))
                        tasks[progress.Part] = task = context.AddTask(Markup.Escape(progress.Part), maxValue: Math.Max(1, progress.Of));
                    task.Value = progress.Of == 0 ? 1 : progress.Done;
                }
                await Calibrate(app, admin, Report);
                var campaign = new DemoCampaign(
                    acting,
                    admin,
                    app.Services.GetRequiredService<FormCatalog>(),
                    clock,
                    SeededRandom.For(Seed, "demo"),
                    Report
                );
                profiles = await campaign.Play(
                    "Входная диагностика учителей математики",
                    "Учителя математики 5–9 классов",
                    await DemoMarking.AddPolicy(admin),
                    "teacher-mathematics-5-9",
                    "учитель математики",
                    people: 24,
                    complete: true
                );
                await campaign.Play(
                    "Входная диагностика руководителей",
                    "Руководители образовательных организаций",
                    new
                    {
                        kind = "marking",
                        code = "gia",
                        version = 1,
                    },
                    "school-head",
                    "директор",
                    people: 9,
                    complete: false
                );
            });
        Console.WriteLine(
            $"Демонстрация сыграна, опубликовано профилей: {profiles}; вторая диагностика идёт. Калибровка формы "
                + "утверждена, профили говорят, насколько они точны. Описание ресурсов — в Swagger UI."
        );
    }

    /// <summary>
    /// Output to a file or a pipe contains no terminal codes, whatever terminal the process was started from.
    /// </summary>
    private static IAnsiConsole Output() =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            }
        );

    /// <summary>
    /// Plays last year's campaign, calibrates its form and approves the calibration, on which this year's profiles are
    /// based.
    /// </summary>
    private static async Task Calibrate(WebApplication app, ApiClient admin, Action<DemoProgress> report)
    {
        const int people = 480;
        const string part = "Прошлогодняя диагностика и калибровка";
        var formId = (await admin.Get("forms?blueprint=teacher-mathematics-5-9"))!["items"]![0]!["id"]!.GetValue<Guid>();
        var expert = (
            await admin.Post(
                "accounts",
                new
                {
                    userName = "expert-of-last-year",
                    organisation = "ГБУ ДПО РД «ДИРО»",
                    grants = Array.Empty<object>(),
                }
            )
        )!["accountId"]!.GetValue<Guid>();
        var past = new PastCampaign(
            app.Services.GetRequiredService<Database>(),
            await app.Services.GetRequiredService<FormCatalog>().Get(formId),
            app.Services.GetRequiredService<IClock>(),
            SeededRandom.For(Seed, "past"),
            expert
        );
        var campaignId = await past.Write(
            "Входная диагностика учителей математики прошлого года",
            "Учителя математики 5–9 классов",
            "учитель математики",
            people,
            written => report(new(part, written / 2, people))
        );
        await app.Services.GetRequiredService<FinalProfiles>().Finish(campaignId);
        report(new(part, people * 3 / 4, people));
        var run = (
            await admin.Post(
                "calibrations",
                new
                {
                    formId,
                    model = "pcm",
                    campaignIds = new[] { campaignId },
                }
            )
        )!["id"]!.GetValue<Guid>();
        JsonNode calibration;
        while (
            !(calibration = (await admin.Get($"calibrations/{run}"))!)["state"]!
                .GetValue<string>()
                .Equals("completed", StringComparison.Ordinal)
        )
        {
            if (calibration["failureDetail"] is { } failure)
                throw new InvalidOperationException($"Calibration failed: {failure}");
            await Task.Delay(100);
        }
        await admin.Post($"calibrations/{run}/approval", new { remarks = "Просмотрены пометки заданий и сравнение вариантов." });
        report(new(part, people, people));
    }
}
