namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// The subject of a policy document; a campaign pins one version of each kind (docs/promises.md, campaigns).
/// </summary>
public enum PolicyKind
{
    LevelScale,
    Session,
    Marking,
    Scoring,
    Consent,
    Appeals,
    Calendar,
    Profile,
}

/// <summary>A versioned document. Versions never change; new ones are added.</summary>
/// <param name="Content">The document as JSON, in the shape of the record for its kind.</param>
public sealed record Policy(PolicyKind Kind, string Code, int Version, string Content);

/// <param name="Title">Heading of the consent.</param>
/// <param name="Text">The words to which the person agrees.</param>
/// <param name="ProcessingApart">Whether this consent to take part leaves the processing of personal data to a document of its
/// own, which the person accepts beside it (152-ФЗ, article 9); absent in texts that cover both.</param>
public sealed record ConsentText(string Title, string Text, bool? ProcessingApart = null)
{
    private const int MaxLength = 20_000;

    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (DocumentText.Fault("title", Title, 200) is { } title)
            yield return title;
        if (DocumentText.Fault("text", Text, MaxLength) is { } text)
            yield return text;
    }
}
