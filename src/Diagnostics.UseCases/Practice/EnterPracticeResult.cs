using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Practice;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Practice;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Practice;

/// <summary>What is said about a table besides its rows and its map.</summary>
/// <param name="Basis">Code of the basis; null for results of pupils or of the school, and in a correction, which keeps the
/// basis.</param>
/// <param name="Outcome">Code of the outcome; for an attestation only.</param>
internal sealed record PracticeHeader(string Title, DateOnly AssessedOn, string? Basis, string? AssessedBy, string? Outcome);

/// <summary>Checks a submitted table and makes a version of it. It is taken whole or refused with all its faults.</summary>
internal static class PracticeEntry
{
    private const int MaxTitle = 300;

    internal static readonly Refusal NotFound = Refusal.NotFound("practice-result-not-found", "Такого результата практики нет.");

    internal static readonly Refusal Withdrawn = Refusal.Conflict(
        "practice-result-withdrawn",
        "Этот результат отозван: внесите таблицу заново как новый результат."
    );

    internal static readonly Refusal InFuture = Refusal
        .Invalid("assessed-on-invalid", "assessedOn — день оценки, который уже наступил.")
        .With("field", "assessedOn");

    internal static readonly Refusal UnknownBasis = Refusal
        .Invalid("practice-basis-unknown", "basis — results, founder или attestation.")
        .With("field", "basis");

    internal static readonly Refusal UnknownOutcome = Refusal
        .Invalid("practice-outcome", "outcome — conforms или does_not_conform.")
        .With("field", "outcome");

    /// <param name="row">The version without what is submitted, but with its map.</param>
    internal static async Task<Result<PracticeResultRow>> Read(Db db, PracticeResultRow row, PracticeHeader header, SubmittedTable table)
    {
        if (Check(header, row.EnteredAt).Refused(out var wrong, out var assessment))
            return wrong;
        if (await new PracticeReader(db).Map(row.MapCode, row.MapVersion) is not var (map, _))
            return InstrumentRules.NotFound;
        if (table.Read().Refused(out var unreadable, out var rows))
            return unreadable;
        if (SkillTable.Read(rows, map).Refused(out var faults, out var results))
            return faults;
        var content = CanonicalJson.Of(results);
        return row with
        {
            Basis = Codes.Of(assessment.Basis),
            Title = header.Title.Trim(),
            AssessedOn = header.AssessedOn.ToString("O", CultureInfo.InvariantCulture),
            AssessedBy = assessment.AssessedBy?.Trim(),
            Outcome = assessment.Outcome is { } outcome ? Codes.Of(outcome) : null,
            Content = content,
            Fingerprint = Digest.Of(content),
        };
    }

    private static Result<PracticeAssessment> Check(PracticeHeader header, Instant now)
    {
        if (Codes.Find<PracticeBasis>(header.Basis) is not { } basis)
            return UnknownBasis;
        var outcome = Codes.Find<AttestationOutcome>(header.Outcome);
        if (header.Outcome is not null && outcome is null)
            return UnknownOutcome;
        var assessment = new PracticeAssessment(basis, header.AssessedBy, outcome);
        var wrong =
            TextRules.CheckLine("title", header.Title, MaxTitle)
            ?? assessment.Check()
            ?? (header.AssessedBy is { } body ? TextRules.CheckLine("assessedBy", body, MaxTitle) : null)
            // In the east of the country the day begins before it does in UTC.
            ?? (LocalDate.FromDateOnly(header.AssessedOn) > now.InUtc().Date.PlusDays(1) ? InFuture : null);
        return wrong is null ? assessment : wrong;
    }

    internal static Task Note(Db db, Caller caller, string action, PracticeResultRow row) =>
        AuditStore.Append(
            db,
            row.EnteredAt,
            caller.Id,
            action,
            $"participant:{row.ParticipantId:D}",
            new { result = row.ResultId.ToString("D"), row.Version }
        );
}

/// <summary>
/// Enters a table of results: of a teacher's pupils or of a head's school, or a head's assessment by the founder or
/// attestation.
/// </summary>
internal sealed class EnterPracticeResult(Executor executor, EvidenceChanged changed)
    : UseCase<EnterPracticeResult.Request, PracticeResult>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(EnterPracticeResult),
        PersonEvidence.Enterers,
        Trail.Writes("practice.entered")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, string MapCode, int MapVersion, PracticeHeader Header, SubmittedTable Table);

    protected override Task<Result<PracticeResult>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<PracticeResult>> (db) =>
            {
                var now = Now;
                if (await PersonEvidence.CheckEnterer(db, caller, request.ParticipantId) is { } refusal)
                    return refusal;
                var entered = new PracticeResultRow
                {
                    ResultId = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    Version = 1,
                    ParticipantId = request.ParticipantId,
                    MapCode = request.MapCode,
                    MapVersion = request.MapVersion,
                    EnteredBy = caller.Id,
                    EnteredAt = now,
                };
                var header = request.Header with { Basis = request.Header.Basis ?? Codes.Of(PracticeBasis.Results) };
                if ((await PracticeEntry.Read(db, entered, header, request.Table)).Refused(out var fault, out var row))
                    return fault;
                await PracticeStore.Add(db, row);
                await PracticeEntry.Note(db, caller, "practice.entered", row);
                await changed(db, row.ParticipantId, now);
                return await new PracticeReader(db).View(row);
            }
        );
}

/// <summary>Replaces a table of results by a corrected one; the earlier version stays readable.</summary>
internal sealed class ReplacePracticeResult(Executor executor, EvidenceChanged changed)
    : UseCase<ReplacePracticeResult.Request, PracticeResult>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ReplacePracticeResult),
        PersonEvidence.Enterers,
        Trail.Writes("practice.replaced")
    )
    {
        NeedsRevision = true,
    };

    internal sealed record Request(Guid ResultId, int Revision, int MapVersion, PracticeHeader Header, SubmittedTable Table);

    protected override Task<Result<PracticeResult>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<PracticeResult>> (db) =>
            {
                var now = Now;
                if ((await PracticeChange.Find(db, caller, request.ResultId)).Refused(out var refusal, out var last))
                    return refusal;
                if (last.Version != request.Revision)
                    return Revisions.Stale(last.Version);
                var next = PracticeChange.Next(last, caller, now) with { MapVersion = request.MapVersion };
                var header = request.Header with { Basis = last.Basis };
                if ((await PracticeEntry.Read(db, next, header, request.Table)).Refused(out var fault, out var row))
                    return fault;
                return await PracticeChange.Save(db, caller, row, changed, "practice.replaced");
            }
        );
}

/// <summary>Withdraws a table of results that was entered by mistake.</summary>
internal sealed class WithdrawPracticeResult(Executor executor, EvidenceChanged changed)
    : UseCase<WithdrawPracticeResult.Request, PracticeResult>(Operation, executor)
{
    private const int MaxReason = 1000;

    internal static new readonly Operation Operation = new(
        nameof(WithdrawPracticeResult),
        PersonEvidence.Enterers,
        Trail.Writes("practice.withdrawn")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ResultId, string Reason);

    protected override Task<Result<PracticeResult>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<PracticeResult>> (db) =>
            {
                if ((await PracticeChange.Find(db, caller, request.ResultId)).Refused(out var refusal, out var last))
                    return refusal;
                if (TextRules.Check("reason", request.Reason, MaxReason) is { } wrong)
                    return wrong;
                var row = PracticeChange.Next(last, caller, Now) with
                {
                    Content = null,
                    Fingerprint = null,
                    WithdrawalReason = request.Reason.Trim(),
                };
                return await PracticeChange.Save(db, caller, row, changed, "practice.withdrawn");
            }
        );
}

/// <summary>What replacing and withdrawing a result have in common.</summary>
internal static class PracticeChange
{
    /// <returns>The last version of a result that the caller may change.</returns>
    internal static async Task<Result<PracticeResultRow>> Find(Db db, Caller caller, Guid resultId)
    {
        if (await PracticeStore.Find(db, resultId) is not { } last)
            return PracticeEntry.NotFound;
        // Withdrawing consent to take part must not keep a mistake from being corrected.
        if (await PersonEvidence.CheckEnterer(db, caller, last.ParticipantId) is { } refusal && refusal != PersonEvidence.NotTakingPart)
            return PracticeEntry.NotFound;
        return last.Content is null ? PracticeEntry.Withdrawn : last;
    }

    internal static PracticeResultRow Next(PracticeResultRow last, Caller caller, Instant now) =>
        last with
        {
            Version = last.Version + 1,
            EnteredBy = caller.Id,
            EnteredAt = now,
        };

    internal static async Task<Result<PracticeResult>> Save(
        Db db,
        Caller caller,
        PracticeResultRow row,
        EvidenceChanged changed,
        string action
    )
    {
        if (!await PracticeStore.Add(db, row))
            return Revisions.Stale(row.Version);
        await PracticeEntry.Note(db, caller, action, row);
        await changed(db, row.ParticipantId, row.EnteredAt);
        return await new PracticeReader(db).View(row);
    }
}
