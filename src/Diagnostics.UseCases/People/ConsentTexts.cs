using Diagnostics.Engine;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A text to which people consent; it can be read at <c>/policies/consent/{code}/{version}</c>.</summary>
public sealed record ConsentReference(string Code, int Version);

/// <summary>A person's consent.</summary>
/// <param name="Code">Code of the text, e.g. <c>participation</c>.</param>
/// <param name="Version">Version of the text that the person has read.</param>
/// <param name="Accepted">Whether the person has accepted the text; must be true.</param>
public sealed record ConsentGiven(string Code, int Version, bool Accepted);

/// <summary>
/// Records, in the caller's transaction, the consent to show the profile to portals and methodologists; a consent in
/// force is not recorded twice. The texts are policies, and the later stage that stores policies knows which text is in
/// force.
/// </summary>
internal delegate Task<Result<Done>> ShareProfile(Db db, Guid participantId, ConsentGiven given, Instant now);
