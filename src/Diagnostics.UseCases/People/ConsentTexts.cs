using Diagnostics.Engine;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A text to which people consent: read it at <c>/policies/consent/{code}/{version}</c>.</summary>
public sealed record ConsentReference(string Code, int Version);

/// <summary>A person's consent.</summary>
/// <param name="Code">Code of the text, e.g. <c>participation</c>.</param>
/// <param name="Version">Version of the text that the person has read.</param>
/// <param name="Accepted">Must be true: the person's own yes.</param>
public sealed record ConsentGiven(string Code, int Version, bool Accepted);

/// <summary>
/// Records in the caller's transaction the consent to show the profile to portals and methodologists; a consent in
/// force is not recorded twice. The texts are policies: the later stage that stores them knows which one is in force.
/// </summary>
internal delegate Task<Result<Done>> ShareProfile(Db db, Guid participantId, ConsentGiven given, Instant now);
