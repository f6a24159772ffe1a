using System.CommandLine;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server.Fuzz;

// dotnet run -c Release --project tools/Fuzz -- --requests 200000 --seed 1
var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 5_000, Description = "after the stories" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "the same seed asks the same" };
var atMost = new Option<double>("--at-most")
{
    DefaultValueFactory = _ => 2,
    Description = "seconds of one answer; more on a busy machine",
};
var findingsOnly = new Option<bool>("--findings-only")
{
    Description = "ends with 0 also when operations had no good answer: a short run does not reach all",
};
var root = new RootCommand("Asks the service for everything that its description describes, rightly and wrongly")
{
    requests,
    seed,
    atMost,
    findingsOnly,
    new DiagramDirective(), // [diagram]: reads a command line without running it
};
root.SetAction(
    async (parsed, _) =>
    {
        var report = await FuzzService.Run(
            new(parsed.GetValue(requests), parsed.GetValue(seed), TimeSpan.FromSeconds(parsed.GetValue(atMost))),
            [
                Path.Combine(Repository.Root, "openapi", "walkthrough.http"),
                Path.Combine(Repository.Root, "tools", "Fuzz", "operations.http"),
            ],
            Console.Error
        );
        foreach (var (operation, statuses) in report.Known.Seen)
            Console.WriteLine($"{operation, -32} {string.Join("  ", statuses.Select(status => $"{status.Key}: {status.Value}"))}");
        foreach (var operation in report.Known.Unreached)
            Console.WriteLine($"No good answer: {operation.Id} {operation.Method} {operation.Template}");
        foreach (var finding in report.Findings)
            Console.WriteLine(
                $"\n{finding.Fault} ({finding.Number})\n{finding.Sent}\n→ {finding.Received.Status} "
                    + $"{finding.Received.MediaType} {finding.Received.Time.TotalMilliseconds:F0} ms\n{finding.Received.Body}"
            );
        if (report.Memory is var (before, after))
            Console.WriteLine($"\nMemory: {before:F0} → {after:F0} MB");
        Console.WriteLine(
            $"{report.Sent} requests, {report.Findings.Count} findings, {report.Known.Unreached.Count} operations without a good answer"
        );
        return report.Findings.Count == 0 && (parsed.GetValue(findingsOnly) || report.Known.Unreached.Count == 0) ? 0 : 1;
    }
);

// dotnet run -c Release --project tools/Fuzz -- crawl --at-each 2000 --at-end 50000
var atEach = new Option<int>("--at-each") { DefaultValueFactory = _ => 500, Description = "requests after each step of the stories" };
var atEnd = new Option<int>("--at-end") { DefaultValueFactory = _ => 10_000, Description = "requests after the stories" };
var crawl = new Command("crawl", "Plants canaries in what only some may see, and looks for them as everybody, in every state")
{
    atEach,
    atEnd,
    seed,
};
crawl.SetAction(
    async (parsed, _) =>
    {
        var crawler = await FuzzService.Crawl(
            new(parsed.GetValue(seed), parsed.GetValue(atEach), parsed.GetValue(atEnd)),
            [
                Path.Combine(Repository.Root, "openapi", "walkthrough.http"),
                Path.Combine(Repository.Root, "tools", "Fuzz", "operations.http"),
            ]
        );
        foreach (var leak in crawler.Leaks)
            Console.WriteLine(leak);
        foreach (var (step, times) in crawler.States)
            Console.WriteLine($"{step, -32} {times}");
        Console.WriteLine(
            $"{crawler.Planted.Count} canaries, {crawler.Viewers.Count} viewers, {crawler.Asked} requests ("
                + string.Join(", ", crawler.Statuses.Select(status => $"{status.Key}: {status.Value}"))
                + $"), {crawler.Leaks.Count} leaks"
        );
        return crawler.Leaks.Count == 0 ? 0 : 1;
    }
);
root.Subcommands.Add(crawl);
return await root.Parse(args).InvokeAsync();
