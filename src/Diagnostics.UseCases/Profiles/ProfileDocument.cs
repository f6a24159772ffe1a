using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Profiles;

/// <summary>A profile as the service returns it.</summary>
/// <param name="Content">The document as JSON.</param>
/// <param name="Tag">The ETag, which changes when the content does.</param>
/// <param name="Schema">Version of the schema of the issued profile; null for 1.0.</param>
internal sealed record ProfileText(string Content, string Tag, string? Schema);

/// <summary>
/// A stored profile as readers get it. An issued text never changes in the database. When the session was annulled
/// afterwards, the annulment is added to the text that is read, so that nobody builds a route on an invalid result.
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
