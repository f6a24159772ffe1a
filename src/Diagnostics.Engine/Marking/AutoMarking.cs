using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <summary>The last saved answer of a slot.</summary>
/// <param name="Content">JSON in the author's ids; null when the answer was cleared or left blank.</param>
/// <param name="Scanned">Whether scans of a sheet on paper belong to the answer; experts mark them, typed text or
/// not.</param>
public sealed record SavedAnswer(int Revision, string? Content, bool Scanned = false);

/// <summary>The first round of every slot: the item's own rule applied to the saved answer.</summary>
public static class AutoMarking
{
    /// <param name="answer">Null when no answer was ever saved.</param>
    /// <exception cref="BrokenItemException">The item cannot be scored, or the stored content is not an answer to it:
    /// this is an error, never a zero.</exception>
    public static Score Score(Item item, SavedAnswer? answer, KeyDecisions decisions)
    {
        var response = Read(item, answer);
        if (response is not null && item.Check(response) is { } misfit)
            throw new BrokenItemException(item.Code, $"сохранённый ответ не подходит заданию: {misfit.Detail}");
        return answer is { Scanned: true } && response is null or { IsBlank: true } ? item.ScoreScanned() : item.Score(response, decisions);
    }

    /// <summary>
    /// The text of an answer to an open item, as typed; null for other types of item and when there is no answer.
    /// </summary>
    public static string? TextOf(Item item, SavedAnswer? answer) => Read(item, answer)?.Typed;

    private static Response? Read(Item item, SavedAnswer? answer)
    {
        if (answer is null)
            return null;
        if (answer.Content is null)
            return item.Body.Cleared;
        try
        {
            return JsonSerializer.Deserialize<Response>(answer.Content, ItemJson.Options)
                ?? throw new BrokenItemException(item.Code, "сохранённый ответ пуст");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            throw new BrokenItemException(item.Code, "сохранённый ответ не читается", fault);
        }
    }
}
