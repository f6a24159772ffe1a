using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Instruments;

/// <summary>The documents with which the forms of diagnostics other than the test work (clause 2.3).</summary>
public enum InstrumentKind
{
    /// <summary>A questionnaire for self-diagnosis (clause 4).</summary>
    Questionnaire,

    /// <summary>An expert sheet for an observation (clause 6).</summary>
    ObservationSheet,

    /// <summary>A map from pupils' skills to deficits of their teacher (clause 5).</summary>
    SkillMap,
}

/// <summary>A version of an instrument; it never changes.</summary>
/// <param name="Framework">The framework whose competencies it asks about.</param>
/// <param name="Content">The document as canonical JSON, of the record type that belongs to its kind.</param>
public sealed record Instrument(InstrumentKind Kind, string Code, int Version, string Title, FrameworkReference Framework, string Content);
