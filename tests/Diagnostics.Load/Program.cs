using System.CommandLine;
using System.Text.Json;
using Diagnostics.Load;
using Diagnostics.Server.Http;
using Diagnostics.TestKit;
using NodaTime;

var sessions = new Option<int>("--sessions") { DefaultValueFactory = _ => 500, Description = "open sessions" };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 128, Description = "requests in flight" };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 8, Description = "length of one measurement" };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "measurements; the median is reported" };
var saves = new Command("saves", "durable saves a second over HTTP, beside their ceiling and floor") { sessions, connections, seconds, rounds };
saves.SetAction(async (parsed, _) =>
{
    Environment.SetEnvironmentVariable(Wire.InlineCompletions, "1");
    var report = await SaveBenchmark.Run(parsed.GetValue(sessions), parsed.GetValue(connections), parsed.GetValue(seconds), parsed.GetValue(rounds), Console.Error);
    Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions(Json.Options) { WriteIndented = true }));
    return report.Refused == 0 ? 0 : 1;
});

var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 30, Description = "how often" };
var seed = new Option<long>("--seed") { DefaultValueFactory = _ => 1, Description = "of the moments" };
var kill = new Command("kill", "kill -9 of the server at random moments under saves: nothing acknowledged may be lost") { kills, seed };
kill.SetAction(async (parsed, _) =>
{
    var report = await KillCampaign.Run(parsed.GetValue(kills), parsed.GetValue(seed), Console.Error);
    Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions(Json.Options) { WriteIndented = true }));
    return report.Lost == 0 ? 0 : 1;
});

var takers = new Option<int>("--takers") { DefaultValueFactory = _ => 2000, Description = "people" };
var within = new Option<int>("--start-within") { DefaultValueFactory = _ => 60, Description = "seconds in which everybody starts" };
var items = new Option<int>("--items") { DefaultValueFactory = _ => 16, Description = "items that each answers" };
var thinkFrom = new Option<double>("--think-from") { DefaultValueFactory = _ => 30, Description = "seconds a quick answer takes" };
var thinkTo = new Option<double>("--think-to") { DefaultValueFactory = _ => 90, Description = "seconds a slow answer takes" };
var kept = new Option<double>("--kept") { DefaultValueFactory = _ => 0.4, Description = "share of people whose connection lives between answers" };
var experts = new Option<int>("--experts") { DefaultValueFactory = _ => 5, Description = "experts who mark meanwhile" };
var day = new Command("exam", "an exam day: people start within a minute, think, answer, reconnect and finish; invigilators and experts beside them")
{
    takers, within, items, thinkFrom, thinkTo, kept, experts, seed,
};
day.SetAction(async (parsed, _) =>
{
    var report = await ExamDay.Run(
        new(parsed.GetValue(takers), parsed.GetValue(within), parsed.GetValue(items), parsed.GetValue(thinkFrom), parsed.GetValue(thinkTo), parsed.GetValue(kept), parsed.GetValue(experts), parsed.GetValue(seed)),
        Console.Error);
    Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions(Json.Options) { WriteIndented = true }));
    return report.Lost == 0 && report.Errors.Count == 0 ? 0 : 1;
});

var host = new Option<string>("--host") { DefaultValueFactory = _ => "http://localhost:5080", Description = "the running service" };
var password = new Option<string>("--password") { Required = true, Description = "of the administrator" };
var walk = new Command("walk", "run openapi/walkthrough.http against a running service") { host, password };
walk.SetAction(async (parsed, cancel) =>
{
    var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http"), cancel));
    try
    {
        await file.Run(
            new Dictionary<string, string> { ["host"] = parsed.GetValue(host)!, ["password"] = parsed.GetValue(password)!, ["run"] = $"{Environment.TickCount64}" },
            SystemClock.Instance, (request, status) => Console.WriteLine($"{status} {request.Title}"));
        return 0;
    }
    catch (HttpRequestException fault)
    {
        Console.Error.WriteLine(fault.Message);
        return 1;
    }
});

return await new RootCommand("Load and failure campaigns of Diagnostics, on loopback only") { saves, kill, day, walk }.Parse(args).InvokeAsync();
