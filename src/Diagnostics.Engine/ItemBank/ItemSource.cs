using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// A legal act behind the key of an item. Laws change: an item is right for one edition of the act, and somebody must
/// check it again by a set day.
/// </summary>
/// <param name="Act">Name, date and number of the act.</param>
/// <param name="Article">The place in the act; null for the act as a whole.</param>
/// <param name="Edition">The edition for which the item was written.</param>
/// <param name="CheckBy">The day by which somebody must check the act again, for example <c>2027-09-01</c>.</param>
public sealed record ItemSource(
    string Act,
    string Edition,
    string CheckBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Article = null
)
{
    public override string ToString() => $"{(Article is null ? Act : $"{Act}, {Article}")} (ред. {Edition})";
}
