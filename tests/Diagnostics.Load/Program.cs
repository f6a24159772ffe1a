using System.CommandLine;
using System.Text.Json;
using Diagnostics.Load;
using Diagnostics.Server.Http;

var sessions = new Option<int>("--sessions") { DefaultValueFactory = _ => 500, Description = "open sessions" };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 64, Description = "requests in flight" };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 8, Description = "length of one measurement" };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "measurements; the median is reported" };
var saves = new Command("saves", "durable saves a second over HTTP, beside their ceiling and floor") { sessions, connections, seconds, rounds };
saves.SetAction(async (parsed, _) =>
{
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

return await new RootCommand("Load and failure campaigns of Diagnostics, on loopback only") { saves, kill }.Parse(args).InvokeAsync();
