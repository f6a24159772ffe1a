using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>What a person answered; one shape for each item type. An absent response is null, never an empty object.</summary>
public abstract record Response
{
    private protected Response() { }

    /// <summary>The person left it empty; a blank never replaces an answer unless cleared on purpose (docs/promises.md, G4).</summary>
    [JsonIgnore]
    public abstract bool IsBlank { get; }

    /// <summary>Ids of the chosen options; none where nothing is chosen.</summary>
    internal virtual IReadOnlyList<string> Chosen => [];

    /// <summary>The text as typed, of open items; null for other types.</summary>
    internal virtual string? Typed => null;
}
