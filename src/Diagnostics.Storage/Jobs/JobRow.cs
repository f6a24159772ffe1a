using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using NodaTime;

namespace Diagnostics.Storage.Jobs;

/// <summary>Everything about a job except what it works through and its report.</summary>
internal sealed record JobRow
{
    public Guid Id { get; init; }

    /// <summary>Code of the kind; the stage that does the work declares it.</summary>
    public string Kind { get; init; } = "";

    /// <summary>What the job is about, e.g. <c>campaign:…</c>.</summary>
    public string Subject { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>Canonical JSON: what was asked for.</summary>
    public string Request { get; init; } = "";

    /// <summary>Where the next slice begins, in the words of the kind; null before the first slice.</summary>
    public string? Place { get; init; }

    public int Done { get; init; }
    public int Total { get; init; }
    public int Faults { get; init; }
    public Guid? Claim { get; init; }
    public Instant? LeaseUntil { get; init; }

    /// <summary>How often the job was taken since the last slice that was done.</summary>
    public int Attempts { get; init; }

    public Instant RequestedAt { get; init; }

    /// <summary>Id of the caller who asked: an account, or <c>client:…</c>.</summary>
    public string RequestedBy { get; init; } = "";

    public Instant? CancelAskedAt { get; init; }
    public string? CancelAskedBy { get; init; }
    public Instant? StartedAt { get; init; }
    public Instant? EndedAt { get; init; }
    public string? Failure { get; init; }
    public string? FailureDetail { get; init; }

    /// <summary>JSON: how the job ended; null before its end and after <see cref="KeptUntil"/>.</summary>
    public string? Result { get; init; }

    public Instant? KeptUntil { get; init; }

    /// <summary>Rises with every change that somebody who watches the job can see.</summary>
    public int Revision { get; init; }

    internal JobState StateCode => Codes.Parse<JobState>(State);
}

/// <summary>A line of the report of a job.</summary>
internal sealed record JobLineRow
{
    public int Number { get; init; }

    /// <summary>Number of the row in what was sent; null where the work has no rows.</summary>
    public int? SourceRow { get; init; }

    /// <summary><c>done</c>, <c>unchanged</c> or <c>fault</c>.</summary>
    public string Outcome { get; init; } = "";

    public string? Subject { get; init; }

    /// <summary>The person whom the line is about; null when it is about something else.</summary>
    internal Guid? PersonId => Subject?.Split(':') is ["person", var id] && Guid.TryParse(id, out var person) ? person : null;

    public string? Field { get; init; }
    public string? Code { get; init; }
    public string? Detail { get; init; }
}

internal sealed record JobOutcomeRow
{
    public string Outcome { get; init; } = "";
    public int Lines { get; init; }
}
