namespace Diagnostics.Engine.Practice;

/// <summary>What a table of results rests on.</summary>
public enum PracticeBasis
{
    /// <summary>Results of pupils or of the school, analysed by an expert (clauses 5.1 and 7.3).</summary>
    Results,

    /// <summary>The founder's assessment of a head (clause 5.2).</summary>
    Founder,

    /// <summary>The attestation of a head for the position held (clause 5.2).</summary>
    Attestation,
}

/// <summary>What the attestation of a head has found.</summary>
public enum AttestationOutcome
{
    Conforms,
    DoesNotConform,
}

/// <summary>Who has assessed, and what an attestation has found.</summary>
/// <param name="AssessedBy">The body with the functions of the founder, or the attestation commission; null for results of
/// pupils or of the school.</param>
/// <param name="Outcome">Present for an attestation only.</param>
public sealed record PracticeAssessment(PracticeBasis Basis, string? AssessedBy, AttestationOutcome? Outcome)
{
    /// <summary>Everything that contradicts the basis; null when nothing does.</summary>
    public Refusal? Check() =>
        (Basis is PracticeBasis.Results) != (AssessedBy is null)
            ? Refusal
                .Invalid("practice-assessor", "assessedBy называют для оценки учредителя и аттестации и не называют для результатов.")
                .With("field", "assessedBy")
        : (Basis is PracticeBasis.Attestation) != (Outcome is not null)
            ? Refusal.Invalid("practice-outcome", "outcome называют для аттестации и только для неё.").With("field", "outcome")
        : null;
}
