using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

// The only list of types. Codes, JSON, reading, writing and lint follow from it; README.md explains how to add a type.
/// <summary>The six item types (regulation, clauses 3.3, 3.6.1, 3.7).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemType>))]
public enum ItemType
{
    [ItemTypeOf<SingleChoice, SingleChoiceResponse>, JsonStringEnumMemberName("single_choice")]
    SingleChoice,

    [ItemTypeOf<MultipleChoice, MultipleChoiceResponse>, JsonStringEnumMemberName("multiple_choice")]
    MultipleChoice,

    [ItemTypeOf<Matching, MatchingResponse>, JsonStringEnumMemberName("matching")]
    Matching,

    [ItemTypeOf<Ordering, OrderingResponse>, JsonStringEnumMemberName("ordering")]
    Ordering,

    [ItemTypeOf<ShortAnswer, ShortAnswerResponse>, JsonStringEnumMemberName("short_answer")]
    ShortAnswer,

    [ItemTypeOf<ExtendedTask, ExtendedResponse>, JsonStringEnumMemberName("extended_response")]
    ExtendedResponse,
}
