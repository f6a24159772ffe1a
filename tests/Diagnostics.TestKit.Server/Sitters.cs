using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Engine;

namespace Diagnostics.TestKit.Server;

/// <summary>A save that was answered with 200.</summary>
/// <param name="Text">The text of the answer, which no other save has.</param>
internal sealed record KeptSave(Guid SessionId, int Slot, int Revision, string Text);

/// <summary>A finish that was answered with 200.</summary>
/// <param name="FinishedAt">The time as written in the receipt.</param>
internal sealed record KeptFinish(Guid SessionId, string FinishedAt, IReadOnlyDictionary<int, int> Manifest);

/// <summary>What the service acknowledged to people during the run; all of it must be stored afterwards.</summary>
internal sealed class Promises
{
    private readonly Lock gate = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private TimeSpan last,
        longest;

    internal ConcurrentQueue<KeptSave> Saves { get; } = [];

    internal ConcurrentQueue<KeptFinish> Finishes { get; } = [];

    internal int Marks;

    /// <summary>The longest time in which no save was acknowledged.</summary>
    internal TimeSpan LongestSilence
    {
        get
        {
            lock (gate)
                return longest;
        }
    }

    internal void Saved(KeptSave save)
    {
        Saves.Enqueue(save);
        lock (gate)
        {
            var now = watch.Elapsed;
            if (last > TimeSpan.Zero && now - last > longest)
                longest = now - last;
            last = now;
        }
    }
}

/// <summary>
/// People whose sessions are saved, finished or left to expire, and experts who mark the answers, whatever happens to
/// the service.
/// </summary>
internal sealed class Sitters(Exam exam, IReadOnlyList<int> ports, Trouble trouble, Promises promises, long seed)
{
    /// <summary>
    /// Slots of the teachers' blueprint: one whose answer a key scores, and one whose answer an expert marks.
    /// </summary>
    private static readonly (int Slot, string Type)[] Answered = [(2, "short_answer"), (8, "extended_response")];

    private const int FewestSaves = 10,
        MostSaves = 50,
        LongestThought = 40;

    /// <summary>
    /// A person comes, answers, finishes and takes the next session until none is left or the run is over; a session
    /// that was begun is also finished.
    /// </summary>
    internal async Task Finish(ConcurrentQueue<Desk> waiting, int place, CancellationToken over)
    {
        var random = SeededRandom.For(seed, string.Create(CultureInfo.InvariantCulture, $"finish {place}"));
        while (!over.IsCancellationRequested && waiting.TryDequeue(out var desk))
            await Sit(desk, random);
    }

    /// <summary>Gives answers in these sessions in turn, in each session until its time is over.</summary>
    internal async Task Expire(IReadOnlyList<Desk> desks, int place)
    {
        var random = SeededRandom.For(seed, string.Create(CultureInfo.InvariantCulture, $"expire {place}"));
        var going = desks.Select(desk => new OwnSession(ports, trouble, promises, desk, random)).ToList();
        while (going.Count > 0)
        {
            for (var turn = going.Count - 1; turn >= 0; turn--)
            {
                if (await going[turn].Save(mayBeOver: true))
                    continue;
                going[turn].Dispose();
                going.RemoveAt(turn);
            }
            await Task.Delay(random.Next(LongestThought));
        }
    }

    /// <summary>
    /// Marks finished scripts. A claim whose answer was lost is found again in the list of the expert's own claims.
    /// </summary>
    internal async Task Mark(string token, int place, CancellationToken over)
    {
        using var line = new Roaming(ports, place, token, trouble);
        while (!over.IsCancellationRequested)
        {
            await MarkHeld(line);
            var (status, body) = await line.Send("POST", "/api/v1/marking/claims", $$"""{"campaignId":"{{exam.CampaignId}}"}""");
            if (status is not (201 or 204))
                trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"claim {status}"), body);
            try
            {
                await Task.Delay(status == 204 ? 500 : 50, over);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        await MarkHeld(line);
    }

    private async Task MarkHeld(Roaming line)
    {
        if (await line.Expect(200, "GET", "/api/v1/marking/claims") is not { } held)
            return;
        foreach (var script in JsonNode.Parse(held)!["items"]!.AsArray())
        {
            var criteria = new JsonObject();
            foreach (var criterion in script!["rubric"]!["criteria"]!.AsArray())
                criteria[criterion!["code"]!.GetValue<string>()] = criterion["levels"]!
                    .AsArray()
                    .Min(level => level!["points"]!.GetValue<decimal>());
            var (status, body) = await line.Send(
                "POST",
                $"/api/v1/marking/assignments/{script["assignmentId"]}/marks",
                new JsonObject { ["criteria"] = criteria, ["comment"] = "нагрузка" }.ToJsonString()
            );
            if (status == 200)
                Interlocked.Increment(ref promises.Marks);
            // The script is already marked: the answer to the first request was lost in transit.
            else if (status is not (404 or 409))
                trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"marks {status}"), body);
        }
    }

    private async Task Sit(Desk desk, SeededRandom random)
    {
        using var staff = new Roaming(ports, random.Next(ports.Count), exam.OperatorToken, trouble);
        using var sitting = new OwnSession(ports, trouble, promises, desk, random);
        var (admitted, refusal) = await staff.Send("POST", $"{sitting.Path}/admission");
        // The person is already admitted: the answer to the first request was lost in transit.
        if (admitted is not (200 or 409))
            trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"admission {admitted}"), refusal);
        if (await sitting.Line.Expect(200, "POST", $"{sitting.Path}/start", "{}") is null)
            return;
        for (var saves = FewestSaves + random.Next(MostSaves - FewestSaves); saves > 0; saves--)
        {
            await Task.Delay(random.Next(LongestThought));
            if (!await sitting.Save(mayBeOver: false))
                return;
        }
        var body = new JsonObject
        {
            ["manifest"] = new JsonObject(
                sitting.Revisions.Select(pair =>
                    KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)pair.Value)
                )
            ),
        }.ToJsonString();
        // Some people press the button twice, and the second finish reaches another node.
        using var again = new Roaming(ports, random.Next(ports.Count), desk.Token, trouble);
        var receipts = await Task.WhenAll(
            (random.Next(3) == 0 ? (Roaming[])[sitting.Line, again] : [sitting.Line]).Select(line =>
                line.Expect(200, "POST", $"{sitting.Path}/finish", body)
            )
        );
        foreach (var receipt in receipts.OfType<string>())
        {
            var read = JsonNode.Parse(receipt)!;
            promises.Finishes.Enqueue(
                new(
                    desk.SessionId,
                    read["finishedAt"]!.GetValue<string>(),
                    read["manifest"]!
                        .AsObject()
                        .ToDictionary(pair => int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value!.GetValue<int>())
                )
            );
        }
        if (random.Next(4) == 0)
            await sitting.SaveTooLate();
    }

    /// <summary>A session, and what its taker knows of it.</summary>
    private sealed class OwnSession(IReadOnlyList<int> ports, Trouble trouble, Promises promises, Desk desk, SeededRandom random)
        : IDisposable
    {
        private int turn;

        internal string Path { get; } = $"/api/v1/sessions/{desk.SessionId}";

        internal Roaming Line { get; } = new(ports, random.Next(ports.Count), desk.Token, trouble);

        internal Dictionary<int, int> Revisions { get; } = [];

        /// <returns>False when nothing more can be saved.</returns>
        internal async Task<bool> Save(bool mayBeOver)
        {
            var (slot, text, status, body) = await Send();
            if (status == 200)
            {
                Revisions[slot] = JsonNode.Parse(body)!["revision"]!.GetValue<int>();
                promises.Saved(new(desk.SessionId, slot, Revisions[slot], text));
                return true;
            }
            if (
                !(mayBeOver && status == 409 && JsonNode.Parse(body)!["code"]!.GetValue<string>() is "session-time-over" or "session-state")
            )
                trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"save {status}"), body);
            return false;
        }

        internal async Task SaveTooLate()
        {
            var (_, _, status, body) = await Send();
            if (status != 409)
                trouble.Wrong(string.Create(CultureInfo.InvariantCulture, $"save after the finish {status}"), body);
        }

        private async Task<(int Slot, string Text, int Status, string Body)> Send()
        {
            var (slot, type) = Answered[turn++ % Answered.Length];
            var text = string.Create(CultureInfo.InvariantCulture, $"ответ {turn} {random.Next(1_000_000)}");
            var (status, body) = await Line.Send(
                "PUT",
                string.Create(CultureInfo.InvariantCulture, $"{Path}/responses/{slot}"),
                new JsonObject
                {
                    ["baseRevision"] = Revisions.GetValueOrDefault(slot),
                    ["response"] = new JsonObject { ["type"] = type, ["text"] = text },
                }.ToJsonString()
            );
            return (slot, text, status, body);
        }

        public void Dispose() => Line.Dispose();
    }
}
