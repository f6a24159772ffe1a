using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using NodaTime;

namespace Diagnostics.Storage.Calibration;

/// <summary>All data of a run except its reports.</summary>
internal sealed record CalibrationRow
{
    public Guid Id { get; init; }
    public Guid FormId { get; init; }
    public string Model { get; init; } = "";

    /// <summary>Canonical JSON.</summary>
    public string Options { get; init; } = "";

    public string State { get; init; } = "";
    public string? Step { get; init; }

    /// <summary>How much of the work is complete, in thousandths.</summary>
    public int Progress { get; init; }

    /// <summary>The claim of the worker that is carrying out the run.</summary>
    public Guid? Claim { get; init; }

    public Instant? LeaseUntil { get; init; }
    public int Attempts { get; init; }
    public Instant? CancelAskedAt { get; init; }
    public string? CancelAskedBy { get; init; }
    public Instant RequestedAt { get; init; }
    public Guid RequestedBy { get; init; }
    public Instant? StartedAt { get; init; }
    public Instant? EndedAt { get; init; }

    /// <summary>Fingerprint of the inputs.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>An earlier run whose inputs were the same.</summary>
    public Guid? Repeats { get; init; }

    public int? Persons { get; init; }
    public string? Failure { get; init; }
    public string? FailureDetail { get; init; }
    public int? Parameters { get; init; }
    public double? LogLikelihood { get; init; }
    public double? Aic { get; init; }
    public double? Bic { get; init; }
    public Instant? DecidedAt { get; init; }
    public Guid? DecidedBy { get; init; }
    public string? Remarks { get; init; }
    public Instant? SupersededAt { get; init; }
    public Guid? SupersededBy { get; init; }

    public CalibrationState StateCode => Codes.Parse<CalibrationState>(State);
}

internal sealed record CalibrationEventRow
{
    public Guid Id { get; init; }
    public Guid RunId { get; init; }
    public string Kind { get; init; } = "";
    public Instant At { get; init; }

    /// <summary>The account that acted; null when the service itself acted.</summary>
    public string? Actor { get; init; }

    public string? Details { get; init; }
}
