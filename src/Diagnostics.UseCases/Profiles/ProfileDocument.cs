using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// A stored profile as it is read. What was issued never changes; that its session was annulled since is said beside it,
/// so that nobody builds a route on a result that does not stand.
/// </summary>
internal static class ProfileDocument
{
    /// <returns>The JSON and its entity tag.</returns>
    internal static (string Content, string Tag) Of(ProfileRow row)
    {
        if (AnnulmentOf(row) is not { } annulled) return (row.Content, row.Fingerprint);
        var document = JsonNode.Parse(row.Content)!.AsObject();
        document["annulled"] = JsonSerializer.SerializeToNode(annulled, Json.Options);
        return (document.ToJsonString(Json.Options), $"{row.Fingerprint}-annulled");
    }

    /// <returns>Null while the session stands.</returns>
    internal static Annulment? AnnulmentOf(ProfileRow row) => row switch
    {
        { AnnulledAt: null } => null,
        { AnnulledAt: { } at, NewSessionId: { } given } => new(
            at, AnnulmentCause.AppealUpheld, "Апелляция о нарушении порядка удовлетворена: сеанс аннулирован, результат не действует. Назначен новый сеанс на другом варианте.", given),
        { AnnulledAt: { } at } => new(at, AnnulmentCause.OperatorDecision, "Сеанс аннулирован оператором диагностики: результат не действует.", null),
    };
}
