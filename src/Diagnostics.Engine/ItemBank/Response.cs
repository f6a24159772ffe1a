using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>What a person answered; one shape for each item type. An absent response is null, never an empty object.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SingleChoiceResponse), "single_choice")]
[JsonDerivedType(typeof(MultipleChoiceResponse), "multiple_choice")]
[JsonDerivedType(typeof(MatchingResponse), "matching")]
[JsonDerivedType(typeof(OrderingResponse), "ordering")]
[JsonDerivedType(typeof(ShortAnswerResponse), "short_answer")]
[JsonDerivedType(typeof(ExtendedResponse), "extended_response")]
public abstract record Response
{
    private protected Response() { }

    /// <summary>The person left it empty; a blank never replaces an answer unless cleared on purpose (G4).</summary>
    [JsonIgnore]
    public abstract bool IsBlank { get; }
}
