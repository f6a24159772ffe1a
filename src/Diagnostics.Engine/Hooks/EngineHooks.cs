using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Observation;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Profiles;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Engine.Sessions;

namespace Diagnostics.Engine.Hooks;

/// <summary>
/// All hooks through which later stages reach into earlier ones, in one place; a stage is a folder of this project,
/// such as Marking. This class refers to every stage, so no stage may use it: the code that runs a stage passes the
/// hooks in.
/// </summary>
public static class EngineHooks
{
    /// <summary>Everything that gives evidence about a person's competencies.</summary>
    public static readonly IReadOnlyList<string> EvidenceSources =
    [
        Evidence.OfTest,
        ObservationResult.Source,
        PracticeResults.Source,
        SelfDiagnosis.Source,
    ];

    /// <summary>
    /// The Campaigns stage stores the policies of all stages; each stage declares the form of its own documents.
    /// </summary>
    public static readonly PolicyForms Policies = new([
        PolicyForm.Of<LevelScale>(PolicyKind.LevelScale, scale => scale.Faults()),
        PolicyForm.Of<ConsentText>(PolicyKind.Consent, consent => consent.Faults()),
        PolicyForm.Of<SessionPolicy>(PolicyKind.Session, policy => policy.Faults()),
        PolicyForm.Of<MarkingPolicy>(PolicyKind.Marking, policy => policy.Faults()),
        PolicyForm.Of<ScoringPolicy>(PolicyKind.Scoring, policy => policy.Faults()),
        PolicyForm.Of<AppealsPolicy>(PolicyKind.Appeals, policy => policy.Faults()),
        PolicyForm.Of<CalendarDocument>(PolicyKind.Calendar, calendar => calendar.Faults()),
        PolicyForm.Of<ProfilePolicy>(PolicyKind.Profile, policy => policy.Faults()),
        PolicyForm.Of<ComplexPolicy>(PolicyKind.ComplexProfile, policy => policy.Faults(EvidenceSources)),
    ]);

    /// <summary>
    /// The Instruments stage stores the documents of the other forms of diagnostics; each form declares how its own are
    /// read.
    /// </summary>
    public static readonly InstrumentForms Instruments = new([QuestionnaireFiles.Form, ObservationSheetFiles.Form, SkillMapFiles.Form]);
}
