using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.TestKit;

namespace Diagnostics.Load;

/// <param name="Acknowledged">Saves that were answered with 200.</param>
/// <param name="Lost">Of those, not found after the restart with the same session, slot, revision and content; must be 0.</param>
internal sealed record KillReport(int Kills, int Acknowledged, int Lost, IReadOnlyList<string> Examples);

/// <summary>kill -9 of a real server process at random moments under concurrent saves: what was acknowledged must be there.</summary>
internal static class KillCampaign
{
    private const int Desks = 40;
    private const int Connections = 20;

    internal static async Task<KillReport> Run(int kills, long seed, TextWriter progress)
    {
        using var folder = new TemporaryFolder();
        var exam = await Exam.Prepare(folder.Path, Repository.Bank, Desks);
        var random = SeededRandom.For(seed, "kill");
        var acknowledged = new ConcurrentBag<KeptSave>();
        var revisions = new ConcurrentDictionary<(Guid, int), int>();
        for (var kill = 1; kill <= kills; kill++)
        {
            using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, "--Diagnostics:RequestsPerSecond=100000");
            var takers = Enumerable.Range(0, Connections).Select(place => Take(server.Port, exam, place, revisions, acknowledged)).ToList();
            await Task.Delay(100 + random.Next(900));
            server.Kill();
            await Task.WhenAll(takers);
            await progress.WriteLineAsync($"kill {kill}/{kills}: {acknowledged.Count} saves acknowledged so far");
        }
        var lost = await Missing(exam, acknowledged);
        return new(kills, acknowledged.Count, lost.Count, lost.Take(5).ToList());
    }

    /// <summary>Saves until the server is gone. A save whose answer never came may or may not be there: the next one asks.</summary>
    private static async Task Take(int port, Exam exam, int place, ConcurrentDictionary<(Guid, int), int> revisions, ConcurrentBag<KeptSave> acknowledged)
    {
        var mine = exam.Desks.Where((_, index) => index % Connections == place).ToList();
        try
        {
            using var wire = await Wire.Connect(port);
            for (var turn = 0; ; turn++)
            {
                var desk = mine[turn % mine.Count];
                const int Slot = 2;
                var known = revisions.GetValueOrDefault((desk.SessionId, Slot));
                var text = string.Create(CultureInfo.InvariantCulture, $"ответ {place}-{turn}-{known}");
                var (status, answer) = await wire.Send("PUT", $"/api/v1/sessions/{desk.SessionId}/responses/{Slot}", desk.Token,
                    $$"""{"baseRevision":{{known}},"response":{"type":"short_answer","text":"{{text}}"} }""");
                var body = JsonNode.Parse(answer)!;
                switch (status)
                {
                    case 200:
                        var revision = body["revision"]!.GetValue<int>();
                        revisions[(desk.SessionId, Slot)] = revision;
                        acknowledged.Add(new(desk.SessionId, Slot, revision, text));
                        break;
                    case 412:
                        revisions[(desk.SessionId, Slot)] = body["current"]!["revision"]!.GetValue<int>();
                        break;
                    default:
                        throw new InvalidOperationException($"Unexpected answer {status}: {answer}");
                }
            }
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException)
        {
            // Killed, as meant.
        }
    }

    private static async Task<List<string>> Missing(Exam exam, ConcurrentBag<KeptSave> acknowledged)
    {
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", exam.OperatorToken);
        var stored = new HashSet<KeptSave>();
        foreach (var desk in exam.Desks)
        {
            var history = JsonNode.Parse(await client.GetStringAsync($"/api/v1/sessions/{desk.SessionId}/responses"))!;
            foreach (var saved in history["saved"]!.AsArray())
                stored.Add(new(desk.SessionId, saved!["slot"]!.GetValue<int>(), saved["revision"]!.GetValue<int>(),
                    JsonNode.Parse(saved["content"]!.GetValue<string>())!["text"]!.GetValue<string>()));
        }
        return acknowledged.Where(each => !stored.Contains(each)).Select(each => each.ToString()).ToList();
    }

    private sealed record KeptSave(Guid SessionId, int Slot, int Revision, string Text);
}
