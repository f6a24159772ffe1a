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

/// <param name="Option">Id of the chosen option.</param>
public sealed record SingleChoiceResponse(string? Option) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrEmpty(Option);
}

/// <param name="Options">Ids of the ticked options, in any order.</param>
public sealed record MultipleChoiceResponse(IReadOnlyList<string> Options) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Options is null or { Count: 0 };
}

/// <param name="Pairs">Left id → right id; a missing left id is a pair not made.</param>
public sealed record MatchingResponse(IReadOnlyDictionary<string, string> Pairs) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Pairs is null or { Count: 0 };
}

/// <param name="Order">All element ids in the person's order. An order never touched is no response at all.</param>
public sealed record OrderingResponse(IReadOnlyList<string> Order) : Response
{
    [JsonIgnore]
    public override bool IsBlank => Order is null or { Count: 0 };
}

/// <param name="Text">As typed.</param>
public sealed record ShortAnswerResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrWhiteSpace(Text);
}

/// <param name="Text">As typed.</param>
public sealed record ExtendedResponse(string? Text) : Response
{
    [JsonIgnore]
    public override bool IsBlank => string.IsNullOrWhiteSpace(Text);
}
