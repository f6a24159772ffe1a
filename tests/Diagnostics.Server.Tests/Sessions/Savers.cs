using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Server.Tests.Sessions;

/// <param name="Text">The text of the answer, which no other save has.</param>
internal sealed record SentSave(Guid SessionId, int Revision, string Text);

/// <summary>
/// People who save one answer after the other for as long as the server accepts them. Every save is recorded as
/// acknowledged, refused with a status, or sent and never answered.
/// </summary>
internal sealed class Savers(Exam exam)
{
    private const int Slot = 2;

    private readonly ConcurrentQueue<SentSave> acknowledged = new();
    private readonly ConcurrentBag<SentSave> unanswered = [];
    private readonly ConcurrentBag<string> refused = [];
    private int closing;

    internal IReadOnlyCollection<SentSave> Acknowledged => acknowledged;

    /// <summary>Saves that were sent, but whose connection ended before the first byte of an answer.</summary>
    internal IReadOnlyCollection<SentSave> Unanswered => unanswered;

    /// <summary>Answers other than 200, and incomplete answers.</summary>
    internal IReadOnlyCollection<string> Refused => refused;

    /// <summary>Answers that announced the end of their connection.</summary>
    internal int Closing => Volatile.Read(ref closing);

    /// <summary>
    /// At each desk, saves one answer after the other, until <paramref name="cancel"/> is signalled or the server
    /// accepts no more connections.
    /// </summary>
    internal Task Run(int port, CancellationToken cancel) =>
        Task.WhenAll(exam.Desks.Select((desk, place) => Task.Run(() => Save(port, desk, place, cancel), CancellationToken.None)));

    private async Task Save(int port, Desk desk, int place, CancellationToken cancel)
    {
        for (var revision = 0; !cancel.IsCancellationRequested; )
        {
            Wire wire;
            try
            {
                wire = await Wire.Connect(port);
            }
            catch (SocketException)
            {
                return;
            }
            using (wire)
            {
                while (!cancel.IsCancellationRequested && !wire.Closing)
                {
                    var save = new SentSave(
                        desk.SessionId,
                        revision + 1,
                        string.Create(CultureInfo.InvariantCulture, $"ответ {place}-{revision}")
                    );
                    try
                    {
                        var (status, answer) = await wire.Send(
                            "PUT",
                            $"/api/v1/sessions/{desk.SessionId}/responses/{Slot}",
                            desk.Token,
                            $$"""{"baseRevision":{{revision}},"response":{"type":"short_answer","text":"{{save.Text}}"} }"""
                        );
                        if (status != 200)
                        {
                            refused.Add($"{status} {answer}");
                            return;
                        }
                        acknowledged.Enqueue(save);
                        revision++;
                    }
                    catch (Exception gone) when (gone is IOException or SocketException)
                    {
                        if (wire.Answering)
                            refused.Add($"broken off: {save}");
                        else
                            unanswered.Add(save);
                        return;
                    }
                }
                if (wire.Closing)
                    Interlocked.Increment(ref closing);
            }
        }
    }

    /// <summary>All saved answers of the exam, as an operator reads them.</summary>
    internal static async Task<HashSet<SentSave>> Stored(int port, Exam exam)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", exam.OperatorToken);
        var stored = new HashSet<SentSave>();
        foreach (var desk in exam.Desks)
        {
            string? next = null;
            do
            {
                var after = next is null ? "" : $"&after={Uri.EscapeDataString(next)}";
                var history = JsonNode.Parse(await client.GetStringAsync($"/api/v1/sessions/{desk.SessionId}/responses?limit=500{after}"))!;
                next = history["next"]?.GetValue<string>();
                foreach (var saved in history["saved"]!.AsArray())
                    stored.Add(
                        new(
                            desk.SessionId,
                            saved!["revision"]!.GetValue<int>(),
                            JsonNode.Parse(saved["content"]!.GetValue<string>())!["text"]!.GetValue<string>()
                        )
                    );
            } while (next is not null);
        }
        return stored;
    }
}
