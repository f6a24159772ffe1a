using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Observation;
using Diagnostics.Storage.Observation;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Observation;

/// <summary>A filled-in sheet.</summary>
/// <param name="Header">Code of a field → text.</param>
/// <param name="Ratings">Code of a criterion → rating; null where the observation gave no occasion to see it.</param>
/// <param name="Conclusions">What was found.</param>
/// <param name="Recommendations">What the observed person is advised to do.</param>
/// <param name="ExpertId">The invited expert whose paper sheet is entered; absent where the observer enters it.</param>
/// <param name="Self">Whether the observed person's own paper sheet is entered.</param>
public sealed record SheetRequest(
    IReadOnlyDictionary<string, string> Header,
    IReadOnlyDictionary<string, int?> Ratings,
    string Conclusions,
    string Recommendations,
    Guid? ExpertId = null,
    bool Self = false
);

/// <summary>
/// Takes a sheet: of an invited expert, of the person (самоэкспертиза), or from paper by those who arrange observations. An
/// observer fills in one sheet, and it never changes.
/// </summary>
internal sealed class FillObservationSheet(Executor executor, EvidenceChanged changed)
    : UseCase<FillObservationSheet.Request, ObservationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(FillObservationSheet),
        ObservationRights.Observers,
        Trail.Writes("observation.sheet-filled")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotInvited = Refusal.Forbidden(
        "observer-not-invited",
        "Лист заполняют приглашённые эксперты и сам человек; с бумаги — за кого-то из них."
    );

    internal static readonly Refusal FilledAlready = Refusal.Conflict(
        "sheet-filled-already",
        "Этот человек уже заполнил лист этого наблюдения."
    );

    internal static readonly Refusal NotHeldYet = Refusal.Conflict("observation-ahead", "День наблюдения ещё не наступил.");

    internal sealed record Request(Guid ObservationId, SheetRequest Sheet);

    protected override Task<Result<ObservationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<ObservationView>> (db) =>
            {
                if (await LoadedObservation.Load(db, request.ObservationId) is not { } observation)
                    return ObservationRights.NotFound;
                var own = caller.ParticipantId == observation.Row.ParticipantId;
                var (invited, enters) = (
                    ObservationRights.IsInvited(caller, observation),
                    await ObservationRights.Enters(db, caller, observation)
                );
                if (!own && !invited && !enters)
                    return ObservationRights.NotFound;
                if (ObserverOf(request.Sheet, caller, observation, (own, invited, enters)) is not var (observer, role))
                    return NotInvited;
                if (observation.Row.WithdrawnAt is not null)
                    return ObservationRights.Withdrawn;
                if (await PersonEvidence.CheckTakesPart(db, observation.Row.ParticipantId) is { } refusal)
                    return refusal;
                var (now, given) = (Now, request.Sheet);
                var heldOn = DateOnly.ParseExact(observation.Row.HeldOn, "O", CultureInfo.InvariantCulture);
                // In the east of the country the day begins before it does in UTC.
                if (LocalDate.FromDateOnly(heldOn) > now.InUtc().Date.PlusDays(1))
                    return NotHeldYet;
                var sheet = new FilledSheet(observer, role, given.Header, given.Ratings, given.Conclusions, given.Recommendations);
                if (sheet.Check(observation.Sheet, observation.Filled.Select(filled => filled.Sheet).ToList()) is { } fault)
                    return fault;
                var content = CanonicalJson.Of(sheet);
                var row = new FilledSheetRow
                {
                    ObservationId = request.ObservationId,
                    ObserverId = observer,
                    Role = Codes.Of(role),
                    Content = content,
                    Fingerprint = Digest.Of(content),
                    FilledBy = caller.Id,
                    FilledAt = now,
                };
                if (!await ObservationStore.AddSheet(db, row))
                    return FilledAlready;
                await ObservationRights.Note(db, now, caller, "observation.sheet-filled", observation);
                await changed(db, observation.Row.ParticipantId, now);
                return (await LoadedObservation.Load(db, request.ObservationId))!.View(open: true);
            }
        );

    /// <returns>Whose sheet it is; null when the caller may not enter it.</returns>
    private static (Guid Observer, ObserverRole Role)? ObserverOf(
        SheetRequest sheet,
        Caller caller,
        LoadedObservation observation,
        (bool Own, bool Invited, bool Enters) may
    ) =>
        sheet switch
        {
            { ExpertId: { } expert, Self: false } when (may.Enters || expert == caller.AccountId) && observation.Experts.Contains(expert) =>
                (expert, ObserverRole.Expert),
            { ExpertId: null, Self: true } when may.Own || may.Enters => (observation.Row.ParticipantId, ObserverRole.Self),
            { ExpertId: null, Self: false } when may.Own => (observation.Row.ParticipantId, ObserverRole.Self),
            { ExpertId: null, Self: false } when may.Invited => (caller.AccountId, ObserverRole.Expert),
            _ => null,
        };
}

/// <param name="Ratings">Code of a criterion that awaits agreement → the rating on which the experts agree.</param>
public sealed record AgreementRequest(IReadOnlyDictionary<string, int> Ratings);

/// <summary>Records the ratings on which experts whose ratings were far apart have agreed after the observation.</summary>
internal sealed class AgreeOnRatings(Executor executor, EvidenceChanged changed)
    : UseCase<AgreeOnRatings.Request, ObservationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AgreeOnRatings),
        AccessRule.Of(Role.Operator.OfTerritory(), Role.Methodologist.OfTerritory(), Role.Expert),
        Trail.Writes("observation.agreed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotAsked = Refusal
        .Invalid("agreement-not-asked", "ratings — согласованные оценки только тех критериев, которые ждут согласования, в пределах шкалы.")
        .With("field", "ratings");

    internal sealed record Request(Guid ObservationId, AgreementRequest Agreement);

    protected override Task<Result<ObservationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<ObservationView>> (db) =>
            {
                if (await LoadedObservation.Load(db, request.ObservationId) is not { } observation)
                    return ObservationRights.NotFound;
                var filled = observation.Filled.Any(one => caller.IsAccount && one.Sheet.Observer == caller.AccountId);
                if (!filled && !await ObservationRights.Enters(db, caller, observation))
                    return ObservationRights.NotFound;
                if (observation.Row.WithdrawnAt is not null)
                    return ObservationRights.Withdrawn;
                var (ratings, scale) = (request.Agreement.Ratings, observation.Sheet.Scale);
                var open = observation.Filled.Count == 0 ? [] : observation.Result().Open.ToList();
                if (
                    ratings.Count == 0
                    || ratings.Any(one => !open.Contains(one.Key) || one.Value < scale.Lowest() || one.Value > scale.Highest())
                )
                    return NotAsked;
                var now = Now;
                if (
                    !await ObservationStore.AddAgreement(
                        db,
                        request.ObservationId,
                        observation.Agreements.Count + 1,
                        CanonicalJson.Of(ratings),
                        caller.Id,
                        now
                    )
                )
                    return NotAsked;
                await ObservationRights.Note(db, now, caller, "observation.agreed", observation);
                await changed(db, observation.Row.ParticipantId, now);
                return (await LoadedObservation.Load(db, request.ObservationId))!.View(open: true);
            }
        );
}
