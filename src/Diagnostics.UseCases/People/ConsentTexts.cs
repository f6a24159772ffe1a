using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.People;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A text to which people consent; it can be read at <c>/policies/consent/{code}/{version}</c>.</summary>
public sealed record ConsentReference(string Code, int Version);

/// <summary>A person's consent.</summary>
/// <param name="Code">Code of the text, e.g. <c>participation</c>.</param>
/// <param name="Version">Version of the text that the person has read.</param>
/// <param name="Accepted">Whether the person has accepted the text; must be true.</param>
public sealed record ConsentGiven(string Code, int Version, bool Accepted);

/// <summary>The kinds of consents, as they are recorded.</summary>
internal static class ConsentKinds
{
    internal const string Participation = ConsentStore.Participation;
    internal const string DataProcessing = ConsentStore.DataProcessing;
    internal const string ProfileSharing = ConsentStore.ProfileSharing;

    internal static IReadOnlyList<string> All => ConsentStore.Kinds;
}

/// <summary>
/// Records a consent of the person in the caller's transaction; does nothing when a consent to the same text is already in force.
/// The texts are policies, and the later stage that stores policies knows which text is in force.
/// </summary>
/// <param name="kind">One of the kinds of <see cref="ConsentKinds"/>.</param>
internal delegate Task<Result<Done>> RecordConsent(Db db, Guid participantId, string kind, ConsentGiven given, Instant now);
