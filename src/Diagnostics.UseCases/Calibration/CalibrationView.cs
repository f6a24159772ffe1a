using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>The person who decided on a calibration.</summary>
/// <param name="Name">User name of the account.</param>
public sealed record CalibrationDecision(Guid AccountId, string Name, Instant At, string? Remarks);

/// <summary>A calibration and its state.</summary>
/// <param name="CampaignIds">Campaigns whose sessions are included.</param>
/// <param name="StateText">The state in words.</param>
/// <param name="Step">The current step, while the calibration runs.</param>
/// <param name="StepText">The step in words.</param>
/// <param name="Progress">Completed share of the work, from 0 to 1.</param>
/// <param name="StopAsked">Whether the calibration was cancelled but its worker has not stopped yet.</param>
/// <param name="Fingerprint">SHA-256 of the inputs: equal inputs have equal fingerprints.</param>
/// <param name="Repeats">The first other run on the same inputs; absent when there is none.</param>
/// <param name="Persons">Number of people whose scores were used.</param>
/// <param name="Parameters">Number of free parameters of the model; this value and the next three are absent without a
/// model.</param>
/// <param name="FailureDetail">Why there is no model, in words; absent otherwise.</param>
/// <param name="Decision">A person's decision; profiles use only approved calibrations.</param>
/// <param name="SupersededBy">The approved calibration that replaced this one.</param>
public sealed record CalibrationView(
    Guid Id,
    Guid FormId,
    IReadOnlyList<Guid> CampaignIds,
    CalibrationOptions Options,
    CalibrationState State,
    string StateText,
    CalibrationStep? Step,
    string? StepText,
    double Progress,
    bool StopAsked,
    Instant RequestedAt,
    Guid RequestedBy,
    Instant? StartedAt,
    Instant? EndedAt,
    string? Fingerprint,
    Guid? Repeats,
    int? Persons,
    int? Parameters,
    double? LogLikelihood,
    double? Aic,
    double? Bic,
    CalibrationFailure? Failure,
    string? FailureDetail,
    CalibrationDecision? Decision,
    Guid? SupersededBy
)
{
    internal static async Task<CalibrationView> Of(Db db, CalibrationRow row)
    {
        var decidedBy = row.DecidedBy is { } account ? await AccountStore.Find(db, account) : null;
        CalibrationStep? step = row.Step is null ? null : Codes.Parse<CalibrationStep>(row.Step);
        return new(
            Id: row.Id,
            FormId: row.FormId,
            CampaignIds: await CalibrationStore.Campaigns(db, row.Id),
            Options: OptionsOf(row),
            State: row.StateCode,
            StateText: row.StateCode.Describe(),
            Step: step,
            StepText: step?.Describe(),
            Progress: row.Progress / 1000d,
            StopAsked: row is { CancelAskedAt: not null, State: "running" },
            RequestedAt: row.RequestedAt,
            RequestedBy: row.RequestedBy,
            StartedAt: row.StartedAt,
            EndedAt: row.EndedAt,
            Fingerprint: row.Fingerprint,
            Repeats: row.Repeats,
            Persons: row.Persons,
            Parameters: row.Parameters,
            LogLikelihood: row.LogLikelihood,
            Aic: row.Aic,
            Bic: row.Bic,
            Failure: row.Failure is null ? null : Codes.Parse<CalibrationFailure>(row.Failure),
            FailureDetail: row.FailureDetail,
            Decision: decidedBy is null ? null : new(decidedBy.Id, decidedBy.UserName, row.DecidedAt!.Value, row.Remarks),
            SupersededBy: row.SupersededBy
        );
    }

    internal static CalibrationOptions OptionsOf(CalibrationRow row) =>
        JsonSerializer.Deserialize<CalibrationOptions>(row.Options, Json.Options)!;
}
