
namespace Diagnostics.Engine.Campaigns;

/// <summary>What a policy document rules; a campaign pins one version of each kind (docs/promises.md, campaigns).</summary>
public enum PolicyKind { LevelScale, Session, Marking, Scoring, Consent, Appeals, Calendar, Profile }

/// <summary>A versioned document. Versions are never changed, only added.</summary>
/// <param name="Content">JSON of the kind's record.</param>
public sealed record Policy(PolicyKind Kind, string Code, int Version, string Content);

/// <param name="Title">Heading of the consent.</param>
/// <param name="Text">What the person agrees to, word for word.</param>
public sealed record ConsentText(string Title, string Text)
{
    private const int MaxLength = 20_000;

    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (DocumentText.Fault("title", Title, 200) is { } title) yield return title;
        if (DocumentText.Fault("text", Text, MaxLength) is { } text) yield return text;
    }
}
