namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// The subject of a policy document. A campaign pins one version of each kind in <see cref="PolicyKinds.OfCampaigns"/>
/// (docs/promises.md, campaigns).
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

    /// <summary>
    /// How a complex profile joins its sources. It belongs to a person and not to a campaign, so it is chosen when the
    /// profile is made.
    /// </summary>
    ComplexProfile,
}

public static class PolicyKinds
{
    /// <summary>The kinds of which a campaign pins a version.</summary>
    public static readonly IReadOnlyList<PolicyKind> OfCampaigns = Enum.GetValues<PolicyKind>()
        .Except([PolicyKind.ComplexProfile])
        .ToList();
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
