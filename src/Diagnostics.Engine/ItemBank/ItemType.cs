using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The six item types (regulation, clauses 3.3, 3.6.1, 3.7).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemType>))]
public enum ItemType
{
    [JsonStringEnumMemberName("single_choice")] SingleChoice,
    [JsonStringEnumMemberName("multiple_choice")] MultipleChoice,
    [JsonStringEnumMemberName("matching")] Matching,
    [JsonStringEnumMemberName("ordering")] Ordering,
    [JsonStringEnumMemberName("short_answer")] ShortAnswer,
    [JsonStringEnumMemberName("extended_response")] ExtendedResponse,
}
