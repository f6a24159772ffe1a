using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Profiles;

/// <summary>A profile as the service returns it.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Tag">Changes when the content does.</param>
/// <param name="Schema">Schema of the issued profile; null for 1.0.</param>
internal sealed record ProfileText(string Content, string Tag, string? Schema);

/// <summary>
/// A stored profile as it is read. An issued text never changes. When the session is annulled afterwards, the service
/// adds the annulment to the text, so that nobody builds a route on a void result.
/// </summary>
internal static class ProfileDocument
{
    internal static ProfileText Of(ProfileRow row)
    {
        var schema = IssueProfile.Read(row).Schema;
        if (AnnulmentOf(row) is not { } annulled)
            return new(row.Content, row.Fingerprint, schema);
        var document = JsonNode.Parse(row.Content)!.AsObject();
        document["annulled"] = JsonSerializer.SerializeToNode(annulled, Json.Options);
        return new(document.ToJsonString(Json.Options), $"{row.Fingerprint}-annulled", schema);
    }

    /// <returns>Null for a valid session.</returns>
    internal static Annulment? AnnulmentOf(ProfileRow row) =>
        row switch
        {
            { AnnulledAt: null } => null,
            { AnnulledAt: { } at, NewSessionId: { } given } => new(
                at,
                AnnulmentCause.AppealUpheld,
                "Апелляция о нарушении порядка удовлетворена: сеанс аннулирован, результат не действует. "
                    + "Назначен новый сеанс на другом варианте.",
                given
            ),
            { AnnulledAt: { } at } => new(
                at,
                AnnulmentCause.OperatorDecision,
                "Сеанс аннулирован оператором диагностики: результат не действует.",
                null
            ),
        };
}
