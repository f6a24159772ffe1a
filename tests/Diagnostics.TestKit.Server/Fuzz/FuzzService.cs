using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using NodaTime;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>
/// A service for the run, in a separate process. The demonstration has been played on it, with enough people for a
/// calibration, and the administrator has chosen a password.
/// </summary>
internal sealed partial class FuzzService : IDisposable
{
    /// <summary>Playing the demonstration takes twenty seconds on a machine without other work.</summary>
    private static readonly TimeSpan DemonstrationAtMost = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder folder;
    private readonly ServerProcess process;

    private FuzzService(TemporaryFolder folder, ServerProcess process, string password) =>
        (this.folder, this.process, Password) = (folder, process, password);

    internal string Password { get; }

    internal Uri Address => new($"http://127.0.0.1:{process.Port}");

    internal static async Task<FuzzService> Start()
    {
        var folder = new TemporaryFolder();
        var output = new StringWriter();
        await using (var app = Service.Build([$"--Diagnostics:Data={folder.Path}", $"--Diagnostics:Bank={Repository.Bank}"]))
            await Startup.Prepare(app.Services, output);
        var once = FirstPassword().Match(output.ToString()).Groups[1].Value;
        // An account may send as fast as it can, because the request limit has tests of its own.
        var process = await ServerProcess.Start(
            folder.Path,
            Repository.Bank,
            [.. ServerProcess.Unlimited, WebhookCampaign.ReceiverAllowed, "demo"]
        );
        var service = new FuzzService(folder, process, $"{once}-own");
        try
        {
            await process.Until(
                "the demonstration is over",
                () => process.LastOutput.Contains("Демонстрация сыграна"),
                DemonstrationAtMost
            );
            await service.Choose(once);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Runs the stories, then the given number of requests.</summary>
    /// <param name="stories">Paths of <c>.http</c> files.</param>
    internal static async Task<FuzzReport> Run(FuzzPlan plan, IReadOnlyList<string> stories, TextWriter log)
    {
        using var service = await Start();
        var contract = Contract.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json")));
        using var fuzzer = new Fuzzer(service.Address, contract, plan, service.process.ResidentMegabytes);
        await using var sink = await WebhookSink.Start();
        using var administrators = new Administrators(service.Address, "admin", service.Password, service.AddAdministrator);
        var text = string.Join('\n', await Task.WhenAll(stories.Select(story => File.ReadAllTextAsync(story))));
        await fuzzer.Tell(
            HttpFile.Parse(text),
            new Dictionary<string, string>
            {
                ["host"] = service.Address.ToString().TrimEnd('/'),
                ["password"] = service.Password,
                ["sink"] = sink.Url,
            }
        );
        log.WriteLine($"The stories have been told; {fuzzer.Known.Unreached.Count} operations are without a good answer.");
        return await fuzzer.Run(administrators.Token, log);
    }

    /// <summary>Tells the stories with canaries in them, and crawls after each of their steps.</summary>
    /// <param name="stories">Paths of <c>.http</c> files.</param>
    internal static async Task<Crawler> Crawl(CrawlPlan plan, IReadOnlyList<string> stories)
    {
        using var service = await Start();
        var contract = Contract.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json")));
        var crawler = new Crawler(service.Address, contract, plan);
        await using var sink = await WebhookSink.Start();
        var text = string.Join('\n', await Task.WhenAll(stories.Select(story => File.ReadAllTextAsync(story))));
        await HttpFile
            .Parse(text)
            .Run(
                new Dictionary<string, string>
                {
                    ["host"] = service.Address.ToString().TrimEnd('/'),
                    ["password"] = service.Password,
                    ["sink"] = sink.Url,
                },
                SystemClock.Instance,
                through: crawler
            );
        await crawler.End();
        crawler.Search("the log", service.process.LastOutput);
        return crawler;
    }

    public void Dispose()
    {
        process.Dispose();
        folder.Dispose();
    }

    private async Task Choose(string once)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var signedIn = await client.PostAsync(
            "/api/v1/auth/token",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "password",
                    ["username"] = "admin",
                    ["password"] = once,
                }
            )
        );
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!.GetValue<string>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var changed = await client.PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = once, newPassword = Password });
        changed.EnsureSuccessStatusCode();
    }

    private async Task<string> AddAdministrator(string userName)
    {
        var (code, output) = await ServerProcess.RunVerb(
            "add-account",
            userName,
            "--role",
            "administrator",
            $"--Diagnostics:Data={folder.Path}"
        );
        return code == 0 ? OncePassword().Match(output).Groups[1].Value : throw new InvalidOperationException(output);
    }

    [GeneratedRegex(@"пароль \(показывается один раз, при входе его нужно сменить\): (\S+)")]
    private static partial Regex OncePassword();

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex FirstPassword();
}
