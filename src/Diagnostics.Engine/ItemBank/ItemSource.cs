using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// What the key of an item rests on outside the item. Laws change: an item is right by an edition and until someone looks again.
/// </summary>
/// <param name="Act">Name, date and number of the act.</param>
/// <param name="Article">The place in the act; null for the act as a whole.</param>
/// <param name="Edition">The edition by which the item was written.</param>
/// <param name="CheckBy">The day by which the act is to be looked up again, <c>2027-09-01</c>.</param>
public sealed record ItemSource(
    string Act,
    string Edition,
    string CheckBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Article = null)
{
    public override string ToString() => $"{(Article is null ? Act : $"{Act}, {Article}")} (ред. {Edition})";
}
