using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Observation;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.UseCases.Observation;

/// <summary>An observation to be arranged.</summary>
/// <param name="Sheet">The sheet with which it is observed.</param>
/// <param name="Title">The observed event, for example «Урок геометрии, 8 „Б“».</param>
/// <param name="HeldOn">The day of the event; it may lie ahead.</param>
/// <param name="Experts">Accounts of up to five experts; empty for a self-observation.</param>
public sealed record ObservationRequest(SheetReference Sheet, string Title, DateOnly HeldOn, IReadOnlyList<Guid> Experts);

/// <summary>Arranges an observation of an open lesson, a talk, a contest, a meeting or an attestation.</summary>
internal sealed class ArrangeObservation(Executor executor) : UseCase<ArrangeObservation.Request, ObservationView>(Operation, executor)
{
    private const int MaxTitle = 300,
        MaxExperts = 5;

    internal static new readonly Operation Operation = new(
        nameof(ArrangeObservation),
        PersonEvidence.Enterers,
        Trail.Writes("observation.arranged")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal ExpertUnfit = Refusal
        .Invalid("observation-experts", $"experts — до {MaxExperts} разных действующих учётных записей сотрудников, не участников.")
        .With("field", "experts");

    internal sealed record Request(Guid ParticipantId, ObservationRequest Observation);

    protected override Task<Result<ObservationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<ObservationView>> (db) =>
            {
                var (participantId, asked) = request;
                if (await PersonEvidence.CheckEnterer(db, caller, participantId) is { } refusal)
                    return refusal;
                if (TextRules.CheckLine("title", asked.Title, MaxTitle) is { } wrong)
                    return wrong;
                if (!await AreFit(db, asked.Experts))
                    return ExpertUnfit;
                if (await LoadedObservation.Form(db, asked.Sheet.Code, asked.Sheet.Version) is null)
                    return InstrumentRules.NotFound;
                var now = Now;
                var row = new ObservationRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    ParticipantId = participantId,
                    SheetCode = asked.Sheet.Code,
                    SheetVersion = asked.Sheet.Version,
                    Title = asked.Title.Trim(),
                    HeldOn = asked.HeldOn.ToString("O", CultureInfo.InvariantCulture),
                    ArrangedBy = caller.Id,
                    ArrangedAt = now,
                };
                await ObservationStore.Add(db, row, asked.Experts);
                var arranged = (await LoadedObservation.Load(db, row.Id))!;
                await ObservationRights.Note(db, now, caller, "observation.arranged", arranged);
                return arranged.View(open: true);
            }
        );

    private static async Task<bool> AreFit(Db db, IReadOnlyList<Guid> experts)
    {
        if (experts.Count > MaxExperts || experts.Distinct().Count() < experts.Count)
            return false;
        foreach (var id in experts)
            if (await AccountStore.Find(db, id) is not { Disabled: false, ParticipantId: null })
                return false;
        return true;
    }
}

/// <summary>Withdraws an observation that did not take place or was entered by mistake.</summary>
internal sealed class WithdrawObservation(Executor executor, EvidenceChanged changed)
    : UseCase<WithdrawObservation.Request, ObservationView>(Operation, executor)
{
    private const int MaxReason = 1000;

    internal static new readonly Operation Operation = new(
        nameof(WithdrawObservation),
        PersonEvidence.Enterers,
        Trail.Writes("observation.withdrawn")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ObservationId, string Reason);

    protected override Task<Result<ObservationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<ObservationView>> (db) =>
            {
                if (
                    await LoadedObservation.Load(db, request.ObservationId) is not { } observation
                    || !await ObservationRights.Enters(db, caller, observation)
                )
                    return ObservationRights.NotFound;
                if (TextRules.Check("reason", request.Reason, MaxReason) is { } wrong)
                    return wrong;
                var now = Now;
                if (!await ObservationStore.Withdraw(db, request.ObservationId, request.Reason.Trim(), caller.Id, now))
                    return ObservationRights.Withdrawn;
                await ObservationRights.Note(db, now, caller, "observation.withdrawn", observation);
                await changed(db, observation.Row.ParticipantId, now);
                return (await LoadedObservation.Load(db, request.ObservationId))!.View(open: true);
            }
        );
}
