using Diagnostics.Engine;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A text that people consent to: read it at <c>/policies/consent/{code}/{version}</c>.</summary>
public sealed record ConsentReference(string Code, int Version);

/// <summary>What the person agrees to.</summary>
/// <param name="Code">Of the text, e.g. <c>participation</c>.</param>
/// <param name="Version">Of the text that the person has read.</param>
/// <param name="Accepted">Must be true: the person's own yes.</param>
public sealed record ConsentGiven(string Code, int Version, bool Accepted);

/// <summary>
/// Records in the caller's transaction the consent to show the profile to portals and methodists; one that stands is not
/// given twice. The texts are policies: the later stage that keeps them knows which is in force.
/// </summary>
internal delegate Task<Result<Done>> ShareProfile(Db db, Guid participantId, ConsentGiven given, Instant now);
