using System.Globalization;
using Diagnostics.Engine.Observation;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Profiles;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Observation;
using Diagnostics.Storage.Practice;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Questionnaires;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Observation;
using Diagnostics.UseCases.Practice;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Questionnaires;
using NodaTime;

namespace Diagnostics.UseCases.ComplexProfiles;

/// <summary>
/// Everything valid that the forms of diagnostics have found about a person: nothing that was annulled, withdrawn or is not
/// finished.
/// </summary>
internal static class PersonFindings
{
    internal static async Task<IReadOnlyList<PersonFinding>> Of(Db db, Guid participantId) =>
        [
            .. await Tests(db, participantId),
            .. await Observations(db, participantId),
            .. await Practice(db, participantId),
            .. await Questionnaires(db, participantId),
        ];

    /// <summary>
    /// The published profiles say what counts: a score that has changed since waits for the approval of the chair and is in
    /// no profile yet. Their elements hold the points before equating.
    /// </summary>
    private static async Task<IReadOnlyList<PersonFinding>> Tests(Db db, Guid participantId)
    {
        var found = new List<PersonFinding>();
        foreach (var row in await ProfileStore.ResultsOf(db, participantId))
        {
            var profile = IssueProfile.Read(row);
            var subject = profile.Subject;
            var framework = (await FrameworkCatalog.Find(db, subject.FrameworkCode, subject.FrameworkVersion))!;
            found.Add(
                new(
                    Evidence.OfTest,
                    row.Id,
                    row.Version,
                    (await CampaignStore.Find(db, row.CampaignId))!.Title,
                    new(framework.Code, framework.Version),
                    subject.TakenAt,
                    profile
                        .Elements.Where(element => element.Items > 0)
                        .Select(element => new Evidence(
                            Evidence.OfTest,
                            subject.TakenAt,
                            element.Block,
                            framework.CompetencyOf(element.Code)!.Code,
                            element.Earned,
                            element.Maximum,
                            element.Code,
                            Items: element.Items
                        ))
                        .ToList()
                )
            );
        }
        return found;
    }

    private static async Task<IReadOnlyList<PersonFinding>> Observations(Db db, Guid participantId)
    {
        var found = new List<PersonFinding>();
        foreach (var row in await ObservationStore.OfParticipant(db, participantId, after: null, int.MaxValue))
        {
            if (row.WithdrawnAt is not null || await LoadedObservation.Load(db, row.Id) is not { Filled.Count: > 0 } observation)
                continue;
            var (at, framework) = (Day(row.HeldOn), observation.Framework);
            var evidence = observation.Result().Evidence(observation.Sheet, framework, at);
            // While the experts have yet to agree, or only the person has filled in a sheet, there may be no rating.
            if (evidence.Count > 0)
                found.Add(
                    new(
                        ObservationResult.Source,
                        row.Id,
                        observation.Filled.Count + observation.Agreements.Count,
                        row.Title,
                        new(framework.Code, framework.Version),
                        at,
                        evidence
                    )
                );
        }
        return found;
    }

    private static async Task<IReadOnlyList<PersonFinding>> Practice(Db db, Guid participantId)
    {
        var (found, reader) = (new List<PersonFinding>(), new PracticeReader(db));
        foreach (var row in await PracticeStore.OfParticipant(db, participantId, after: null, int.MaxValue))
        {
            if (await reader.Findings(row) is not { } results)
                continue;
            var (at, (_, framework)) = (Day(row.AssessedOn), (await reader.Map(row.MapCode, row.MapVersion))!.Value);
            found.Add(
                new(
                    PracticeResults.Source,
                    row.ResultId,
                    row.Version,
                    row.Title,
                    new(framework.Code, framework.Version),
                    at,
                    results.Evidence(framework, at)
                )
            );
        }
        return found;
    }

    private static async Task<IReadOnlyList<PersonFinding>> Questionnaires(Db db, Guid participantId)
    {
        var found = new List<PersonFinding>();
        foreach (var row in await QuestionnaireSessionStore.OfParticipant(db, participantId, finishedOnly: true, after: null, int.MaxValue))
        {
            if (row.WithdrawnAt is not null)
                continue;
            var session = (await LoadedQuestionnaire.Load(db, row.Id))!;
            var evidence = session.Result().Evidence;
            // Open answers alone are a sign of reflection and say nothing about a competency.
            if (evidence.Count > 0)
                found.Add(
                    new(
                        SelfDiagnosis.Source,
                        row.Id,
                        1,
                        session.Questionnaire.Title,
                        new(session.Framework.Code, session.Framework.Version),
                        session.AnsweredAt,
                        evidence
                    )
                );
        }
        return found;
    }

    private static Instant Day(string day) =>
        LocalDate.FromDateOnly(DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture)).AtMidnight().InUtc().ToInstant();
}
