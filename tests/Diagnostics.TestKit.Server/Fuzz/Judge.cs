using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diagnostics.TestKit.Server.Fuzz;

internal enum FaultKind
{
    /// <summary>Any 5xx.</summary>
    ServerError,

    /// <summary>A status that the description does not list for the operation.</summary>
    UndeclaredStatus,

    /// <summary>A body of a media type that is not described, or a body where none is described.</summary>
    UndeclaredContent,

    /// <summary>A body that does not fit its schema.</summary>
    Schema,
    Slow,

    /// <summary>The connection broke although the body was within the limit.</summary>
    Broken,

    /// <summary>The same request with the same idempotency key got different answers.</summary>
    Repetition,
    Memory,
}

internal sealed record Fault(FaultKind Kind, string Text)
{
    public override string ToString() => $"{Kind}: {Text}";
}

/// <summary>Finds faults that no answer may have, whatever the request was.</summary>
/// <param name="atMost">Longest permitted time of an answer.</param>
internal sealed class Judge(Contract contract, TimeSpan atMost)
{
    internal static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    private const int BodyLimit = 1024 * 1024;

    internal IEnumerable<Fault> Faults(Sent sent, Received received)
    {
        if (received.Status == 0)
        {
            if ((sent.Body?.Length ?? 0) <= BodyLimit)
                yield return new(FaultKind.Broken, received.Broken ?? "");
            yield break;
        }
        if (received.Status >= 500)
            yield return new(FaultKind.ServerError, $"{received.Status} {Start(received.Body)}");
        if (received.Time > atMost)
            yield return new(FaultKind.Slow, $"{received.Time.TotalSeconds:F1} s");
        // The API description promises nothing for addresses and methods that it does not describe.
        if (contract.Of(sent.Method, sent.Path) is not { } operation)
            yield break;
        if (!operation.Answers.TryGetValue(received.Status, out var contents))
            yield return new(FaultKind.UndeclaredStatus, $"{operation.Id} {received.Status} {Start(received.Body)}");
        else if (contents.Count == 0 ? received.Body.Length > 0 : !contents.ContainsKey(received.MediaType ?? ""))
            yield return new(FaultKind.UndeclaredContent, $"{operation.Id} {received.Status} {received.MediaType}");
        else if (received.Body.Length > 0 && contents.GetValueOrDefault(received.MediaType ?? "") is { } schema)
            foreach (var misfit in Misfits(received, schema).Take(1))
                yield return new(FaultKind.Schema, $"{operation.Id} {received.Status} {misfit}");
    }

    /// <summary>
    /// Faults of a request that was sent several times at the same time with the same idempotency key.
    /// </summary>
    internal static IEnumerable<Fault> Faults(IReadOnlyList<Received> repeated)
    {
        var done = repeated
            .Where(received => received.Status is >= 200 and < 300)
            .Select(received => (received.Status, received.Body))
            .Distinct()
            .ToList();
        if (done.Count > 1)
            yield return new(FaultKind.Repetition, $"{Start(done[0].Body)} and {Start(done[1].Body)}");
    }

    private IEnumerable<string> Misfits(Received received, JsonObject schema)
    {
        if (received.MediaType?.EndsWith("json", StringComparison.Ordinal) != true)
            return [];
        try
        {
            return contract.Schemas.Faults(JsonNode.Parse(received.Body), schema);
        }
        catch (JsonException fault)
        {
            return [$"is no JSON: {fault.Message}"];
        }
    }

    private static string Start(string text) => text.Length > 300 ? text[..300] : text;
}
