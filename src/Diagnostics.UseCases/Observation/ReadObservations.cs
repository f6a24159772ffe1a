using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Observation;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.UseCases.Observation;

/// <summary>Lists the observations of a person.</summary>
internal sealed class ListObservations(Executor executor) : ListEvidence<ObservationSummary>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListObservations),
        PersonEvidence.Readers,
        Trail.Shows("observation.viewed")
    );

    protected override async Task<Page<ObservationSummary>> List(Db db, Request request, Caller caller)
    {
        var (participantId, after, limit) = request;
        var rows = await ObservationStore.OfParticipant(db, participantId, after, Page<ObservationRow>.Take(limit));
        return Page<ObservationSummary>.Of(rows.Select(ObservationSummary.Of).ToList(), limit, one => one.Id.ToString("D"));
    }
}

/// <summary>Lists the observations to which the caller is invited as an expert.</summary>
internal sealed class ListMyObservations(Executor executor)
    : UseCase<ListMyObservations.Request, Page<ObservationSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyObservations), ObservationRights.Experts, Trail.Own);

    internal sealed record Request(Guid? After, int? Limit);

    protected override Task<Result<Page<ObservationSummary>>> Handle(Request request, Caller caller) =>
        Read(
            async Task<Result<Page<ObservationSummary>>> (db) =>
            {
                var (after, limit) = request;
                var rows = await ObservationStore.OfExpert(db, caller.AccountId, after, Page<ObservationRow>.Take(limit));
                return Page<ObservationSummary>.Of(rows.Select(ObservationSummary.Of).ToList(), limit, one => one.Id.ToString("D"));
            }
        );
}

/// <summary>Returns an observation with its sheets, the joint ratings and the agreement of the experts.</summary>
internal sealed class GetObservation(Executor executor) : UseCase<Guid, ObservationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetObservation),
        ObservationRights.Readers,
        Trail.Shows("observation.viewed")
    );

    protected override Task<Result<ObservationView>> Handle(Guid observationId, Caller caller) =>
        Write(
            caller,
            async Task<Result<ObservationView>> (db) =>
            {
                if (await LoadedObservation.Load(db, observationId) is not { } observation)
                    return ObservationRights.NotFound;
                var invited = ObservationRights.IsInvited(caller, observation);
                if (!invited && await PersonEvidence.CheckReader(db, caller, observation.Row.ParticipantId) is { } refusal)
                    return refusal == ProfileAccess.NoPerson ? ObservationRights.NotFound : refusal;
                await PersonEvidence.NoteLook(db, Now, caller, observation.Row.ParticipantId, "observation.viewed");
                return observation.View(open: !invited || observation.Filled.Any(one => one.Sheet.Observer == caller.AccountId));
            }
        );
}
