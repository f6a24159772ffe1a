using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>A person's way to the server: one connection that stays open, or a new one for every request.</summary>
/// <param name="browser">True when the token travels in a cookie, as from a browser; false when it travels in a header,
/// as from a program.</param>
internal sealed class Line(int port, string token, bool kept, bool browser = false) : IDisposable
{
    private Wire? wire;

    internal async Task<(int Status, string Body)> Send(string method, string path, string? body)
    {
        try
        {
            wire ??= await Wire.Connect(port);
            return browser
                ? await wire.SendAsBrowser(method, path, $"diagnostics={token}", body ?? "")
                : await wire.Send(method, path, token, body ?? "");
        }
        catch
        {
            Hang();
            throw;
        }
        finally
        {
            if (!kept)
                Hang();
        }
    }

    internal void Hang()
    {
        wire?.Dispose();
        wire = null;
    }

    public void Dispose() => Hang();
}

/// <param name="Text">The text that the stored content must contain; null for an answer that consists of ids, because
/// the ids stored differ from those sent.</param>
internal sealed record Acknowledgement(int Slot, int Revision, string? Text);

/// <summary>
/// One person in the exam, who comes within the first minute, thinks, answers, sometimes looks again, changes an answer
/// or loses the connection, and finishes.
/// </summary>
internal sealed class Taker(Desk desk, int port, string invigilatorToken, ExamPlan plan, SeededRandom random, Measures measures)
{
    private const double LooksAgain = 0.1,
        ChangesAnswer = 0.15,
        LosesLine = 0.05;

    private readonly Dictionary<int, int> revisions = [];

    internal Guid SessionId => desk.SessionId;

    internal List<Acknowledgement> Acknowledged { get; } = [];

    internal async Task Sit()
    {
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * plan.StartWithin));
        var session = $"/api/v1/sessions/{desk.SessionId}";
        using (var invigilator = new Line(port, invigilatorToken, kept: false))
            await measures.Send(invigilator, "other", "POST", $"{session}/admission", null);
        using var line = new Line(port, desk.Token, kept: random.NextDouble() < plan.Kept);
        await measures.Send(line, "start", "POST", $"{session}/start", "{}");
        var shown = await measures.Send(line, "other", "GET", $"{session}/items", null);
        if (shown.Length == 0)
            return;
        var items = JsonNode.Parse(shown)!["items"]!.AsArray().Take(plan.Items).ToList();
        for (var place = 0; place < items.Count; place++)
        {
            await Task.Delay(Think());
            if (random.NextDouble() < LosesLine)
                line.Hang();
            await Save(line, session, items[place]!);
            if (random.NextDouble() < LooksAgain)
                await measures.Send(line, "other", "GET", session, null);
            if (random.NextDouble() < ChangesAnswer)
                await Save(line, session, items[random.Next(place + 1)]!);
        }
        var manifest = new JsonObject(
            revisions.Select(pair => KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)pair.Value))
        );
        await measures.Send(line, "finish", "POST", $"{session}/finish", new JsonObject { ["manifest"] = manifest }.ToJsonString());
    }

    private async Task Save(Line line, string session, JsonNode item)
    {
        var slot = item["slot"]!.GetValue<int>();
        var known = revisions.GetValueOrDefault(slot);
        var (response, text) = Answer(item, $"Ответ {slot}-{known} {random.Next(1_000_000)}");
        var answer = await measures.Send(
            line,
            "save",
            "PUT",
            $"{session}/responses/{slot}",
            new JsonObject { ["baseRevision"] = known, ["response"] = response }.ToJsonString()
        );
        if (answer.Length == 0)
            return;
        var revision = JsonNode.Parse(answer)!["revision"]!.GetValue<int>();
        revisions[slot] = revision;
        Acknowledged.Add(new(slot, revision, text));
    }

    private (JsonObject Response, string? Text) Answer(JsonNode item, string text)
    {
        var type = item["type"]!.GetValue<string>();
        string[] Ids(string list) => [.. item[list]!.AsArray().Select(entry => entry!["id"]!.GetValue<string>())];
        var response = new JsonObject { ["type"] = type };
        switch (type)
        {
            case "single_choice":
                var options = Ids("options");
                response["option"] = options[random.Next(options.Length)];
                return (response, null);
            case "multiple_choice":
                response["options"] = new JsonArray([
                    .. Ids("options").Where(_ => random.NextDouble() < 0.5).DefaultIfEmpty(Ids("options")[0]).Select(id => (JsonNode)id),
                ]);
                return (response, null);
            case "matching":
                var right = Ids("right");
                response["pairs"] = new JsonObject(
                    Ids("left").Select((left, place) => KeyValuePair.Create(left, (JsonNode?)right[place % right.Length]))
                );
                return (response, null);
            case "ordering":
                response["order"] = new JsonArray([.. Ids("elements").Reverse().Select(id => (JsonNode)id)]);
                return (response, null);
            default:
                response["text"] = text;
                return (response, text);
        }
    }

    /// <summary>
    /// A log-normal time, with the plan's bounds as its 5th and 95th percentiles. It is capped at ten times the upper
    /// bound.
    /// </summary>
    private TimeSpan Think()
    {
        const double normal95 = 1.6449;
        var (low, high) = (Math.Log(plan.ThinkFrom), Math.Log(plan.ThinkTo));
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return TimeSpan.FromSeconds(Math.Min(Math.Exp((low + high) / 2 + normal * (high - low) / 2 / normal95), 10 * plan.ThinkTo));
    }
}
