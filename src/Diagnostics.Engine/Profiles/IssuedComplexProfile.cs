using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>Why a version of a complex profile was issued.</summary>
public enum ComplexProfileCause
{
    /// <summary>Somebody asked for it, or for another policy.</summary>
    Made,

    /// <summary>One of its sources has changed.</summary>
    SourceChanged,
}

/// <summary>What became of a finding in the complex profile.</summary>
public enum FindingUse
{
    /// <summary>It counts.</summary>
    Joined,

    /// <summary>Later findings of the same source have replaced all of it.</summary>
    Replaced,

    /// <summary>It is about competencies that the framework does not have.</summary>
    OtherFramework,

    /// <summary>The policy does not join its source.</summary>
    NotInPolicy,
}

/// <summary>One result that a form of diagnostics has found: a profile, a questionnaire, a table or an observation.</summary>
/// <param name="Version">Version of the result; 1 where the form knows no versions.</param>
/// <param name="Title">What it was, in words.</param>
public sealed record PersonFinding(
    string Source,
    Guid Id,
    int Version,
    string Title,
    FrameworkReference Framework,
    Instant At,
    IReadOnlyList<Evidence> Evidence
);

/// <summary>A finding as the complex profile names it.</summary>
public sealed record NamedFinding(string Source, Guid Id, int Version, string Title, Instant At, FindingUse Use);

/// <summary>Whose complex profile it is, and by which documents it is made.</summary>
public sealed record ComplexSubject(
    Guid ParticipantId,
    string FrameworkCode,
    int FrameworkVersion,
    string PolicyCode,
    int PolicyVersion,
    string LevelScaleCode,
    int LevelScaleVersion
);

/// <summary>A source that gave nothing, or nothing that counts.</summary>
public sealed record MissingSource(string Source, string Title);

/// <summary>
/// A version of a person's complex profile (clauses 2.4 and 7.4). A version never changes; a change of a source or of the
/// policy issues the next one.
/// </summary>
/// <param name="Version">From 1, for the person and the framework.</param>
/// <param name="Schema">Version of the published schema.</param>
/// <param name="Explanation">How the policy joins the sources, in a sentence that everybody can read.</param>
/// <param name="Findings">Everything that the forms of diagnostics have found, the oldest first.</param>
/// <param name="Missing">Sources of the policy without evidence that counts.</param>
/// <param name="Notice">The permitted and forbidden uses of the profile.</param>
public sealed record IssuedComplexProfile(
    Guid Id,
    int Version,
    ComplexProfileCause Cause,
    Instant IssuedAt,
    string Schema,
    ComplexSubject Subject,
    JoinRule Rule,
    string Explanation,
    IReadOnlyList<NamedFinding> Findings,
    IReadOnlyList<MissingSource> Missing,
    IReadOnlyList<JointBlock> Blocks,
    string Notice
)
{
    /// <summary>The schema version that this version of the service issues.</summary>
    public const string CurrentSchema = "1.0";

    /// <returns>What the profile says; its id, number, cause and time are for the caller to give.</returns>
    public static IssuedComplexProfile Of(
        ComplexSubject subject,
        (Framework Framework, LevelScale Scale, ComplexPolicy Policy) by,
        IReadOnlyList<PersonFinding> findings
    )
    {
        var joined = findings.Where(one => UseOf(one, by.Framework, by.Policy) is null).ToList();
        var evidence = joined.SelectMany(one => one.Evidence).ToList();
        var valid = by.Policy.Sources.SelectMany(terms => terms.Valid(evidence)).ToHashSet<Evidence>(ReferenceEqualityComparer.Instance);
        var profile = ComplexProfile.Of(by.Framework, by.Scale, by.Policy, evidence);
        return new(
            Id: Guid.Empty,
            Version: 0,
            Cause: ComplexProfileCause.Made,
            IssuedAt: Instant.MinValue,
            Schema: CurrentSchema,
            Subject: subject,
            Rule: by.Policy.Rule,
            Explanation: by.Policy.InWords(),
            Findings: findings
                .OrderBy(one => one.At)
                .ThenBy(one => one.Id)
                .Select(one => new NamedFinding(
                    one.Source,
                    one.Id,
                    one.Version,
                    one.Title,
                    one.At,
                    UseOf(one, by.Framework, by.Policy) ?? (one.Evidence.Any(valid.Contains) ? FindingUse.Joined : FindingUse.Replaced)
                ))
                .ToList(),
            Missing: by.Policy.Sources.Where(terms => profile.Missing.Contains(terms.Source))
                .Select(terms => new MissingSource(terms.Source, terms.Title))
                .ToList(),
            Blocks: profile.Blocks,
            Notice: by.Scale.Notice
        );
    }

    /// <summary>Whether the two say the same, whenever and for whatever cause they were issued.</summary>
    public bool SaysTheSameAs(IssuedComplexProfile other) => CanonicalJson.Of(Substance) == CanonicalJson.Of(other.Substance);

    private IssuedComplexProfile Substance => this with { Id = default, Version = 0, Cause = default, IssuedAt = Instant.MinValue };

    /// <returns>Null when the finding may count.</returns>
    private static FindingUse? UseOf(PersonFinding finding, Framework framework, ComplexPolicy policy) =>
        policy.Sources.All(terms => terms.Source != finding.Source) ? FindingUse.NotInPolicy
        : finding.Framework.Code != framework.Code || finding.Evidence.Any(one => one.FaultIn(framework) is not null)
            ? FindingUse.OtherFramework
        : null;
}
