using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// A person's answer; each item type has its own form. An absent response is null, never an empty object.
/// </summary>
public abstract record Response
{
    private protected Response() { }

    /// <summary>
    /// Whether the person left the answer empty. A blank replaces an earlier answer only when the person cleared that
    /// answer on purpose (docs/promises.md, G4).
    /// </summary>
    [JsonIgnore]
    public abstract bool IsBlank { get; }

    /// <summary>Ids of the chosen options; empty for types without choices.</summary>
    internal virtual IReadOnlyList<string> Chosen => [];

    /// <summary>The text of an open item, as typed; null for other types.</summary>
    internal virtual string? Typed => null;
}
