using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.People;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>What a person asks to have corrected.</summary>
/// <param name="Value">How it should be.</param>
public sealed record CorrectionRequest(CorrectedField Field, string Value);

/// <summary>
/// The number of the request. This response does not repeat the value, because the service stores its responses in order
/// to answer repeated requests.
/// </summary>
public sealed record AskedCorrection(int Number);

/// <summary>A correction that a person has asked for.</summary>
/// <param name="Decision">Absent until an operator decides.</param>
/// <param name="Reason">Why the correction was refused; the operator may also explain an acceptance.</param>
public sealed record PersonCorrection(
    Guid ParticipantId,
    int Number,
    CorrectedField Field,
    string Value,
    Instant AskedAt,
    CorrectionDecision? Decision,
    string? Reason,
    Instant? DecidedAt
)
{
    internal static PersonCorrection Of(CorrectionRow row) =>
        new(
            ParticipantId: row.ParticipantId,
            Number: row.Number,
            Field: Codes.Parse<CorrectedField>(row.Field),
            Value: row.Value,
            AskedAt: row.AskedAt,
            Decision: Codes.Find<CorrectionDecision>(row.Decision),
            Reason: row.Reason,
            DecidedAt: row.DecidedAt
        );
}

/// <param name="Reason">Required for a refusal, up to 1000 characters.</param>
public sealed record CorrectionDecisionRequest(CorrectionDecision Decision, string? Reason = null);

internal static class Corrections
{
    internal const int MaxReason = 1000;

    internal static readonly Refusal NotFound = Refusal.NotFound("correction-not-found", "Такой просьбы нет.");

    internal static readonly Refusal Waits = Refusal
        .Conflict("correction-waits", "Об этом уже попросили: дождитесь решения оператора.")
        .With("field", "field");

    internal static readonly Refusal Decided = Refusal.Conflict("correction-decided", "По этой просьбе решение уже принято.");

    /// <summary>The person's data as they would be after the correction.</summary>
    internal static PersonRequest Corrected(PersonRow row, CorrectedField field, string value)
    {
        var person = new PersonRequest(
            Surname: row.Surname,
            GivenName: row.GivenName,
            Organisation: row.Organisation,
            Territory: row.Territory,
            Patronymic: row.Patronymic,
            Email: row.Email,
            Position: row.Position,
            ExternalId: row.ExternalId
        );
        return field switch
        {
            CorrectedField.Surname => person with { Surname = value },
            CorrectedField.GivenName => person with { GivenName = value },
            CorrectedField.Patronymic => person with { Patronymic = value },
            CorrectedField.Email => person with { Email = value },
            CorrectedField.Position => person with { Position = value },
            CorrectedField.Organisation => person with { Organisation = value },
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
        };
    }
}

/// <summary>People ask to have their data corrected (152-ФЗ, article 14).</summary>
internal sealed class AskCorrection(Executor executor) : UseCase<AskCorrection.Request, AskedCorrection>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AskCorrection),
        AccessRule.Of(Role.Participant.OfOwn()),
        Trail.Writes("correction.asked")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, CorrectionRequest Correction);

    protected override Task<Result<AskedCorrection>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, (field, value)) = request;
                if (
                    !Reaches(caller, new Target { Participant = participantId })
                    || await PersonStore.Find(db, participantId) is not { } person
                )
                    return PeopleRefusals.NotFound;
                if (TextRules.CheckLine("value", value, 300) is { } missing)
                    return missing;
                if (Corrections.Corrected(person, field, value).Faults().FirstOrDefault() is { } fault)
                    return fault.With("field", "value");
                var now = Now;
                var number = (await CorrectionStore.OfParticipant(db, participantId)).Count + 1;
                var row = new CorrectionRow
                {
                    ParticipantId = participantId,
                    Number = number,
                    Field = Codes.Of(field),
                    Value = value.Trim(),
                    AskedAt = now,
                };
                if (!await CorrectionStore.Ask(db, row))
                    return Corrections.Waits;
                await AuditStore.Append(db, now, caller.Id, "correction.asked", $"person:{participantId:D}", new { number, field });
                return new AskedCorrection(number);
            }
        );
}

/// <summary>Lists what a person has asked to have corrected, and what was decided.</summary>
internal sealed class ListCorrections(Executor executor) : UseCase<Guid, IReadOnlyList<PersonCorrection>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListCorrections),
        AccessRule.Of(Role.Participant.OfOwn(), Role.Operator.OfTerritory()),
        Trail.Look<Guid, IReadOnlyList<PersonCorrection>>("corrections.viewed", (person, _) => new($"person:{person:D}"))
    );

    protected override Task<Result<IReadOnlyList<PersonCorrection>>> Handle(Guid participantId, Caller caller) =>
        Read(async db =>
        {
            if (
                await PersonStore.Find(db, participantId) is not { } person
                || !Reaches(caller, new Target { Participant = participantId, Territory = person.Territory })
            )
                return PeopleRefusals.NotFound;
            return (await CorrectionStore.OfParticipant(db, participantId)).Select(PersonCorrection.Of).ToList();
        });
}

/// <summary>Lists what waits for a decision of the operators of a territory, the oldest first.</summary>
internal sealed class ListWaitingCorrections(Executor executor) : UseCase<Done, IReadOnlyList<PersonCorrection>>(Operation, executor)
{
    /// <summary>An operator who decides on these sees the next ones.</summary>
    private const int Most = 500;

    internal static new readonly Operation Operation = new(
        nameof(ListWaitingCorrections),
        AccessRule.Of(Role.Operator),
        Trail.Look<Done, IReadOnlyList<PersonCorrection>>(
            "corrections.listed",
            (_, all) => Looked.List("people", all.Select(each => (Guid?)each.ParticipantId))
        )
    );

    protected override Task<Result<IReadOnlyList<PersonCorrection>>> Handle(Done request, Caller caller) =>
        Read(async db =>
            (Result<IReadOnlyList<PersonCorrection>>)
                (await CorrectionStore.Waiting(db, caller.Territories(), Most)).Select(PersonCorrection.Of).ToList()
        );
}

/// <summary>An operator accepts a correction, which is then made at once, or refuses it with a reason.</summary>
internal sealed class DecideCorrection(Executor executor) : UseCase<DecideCorrection.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(DecideCorrection),
        AccessRule.Of(Role.Operator.OfTerritory()),
        Trail.Writes("correction.accepted", "correction.refused", "person.changed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, int Number, CorrectionDecisionRequest Decision);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, number, (decision, reason)) = request;
                if (
                    await PersonStore.Find(db, participantId) is not { } person
                    || !Reaches(caller, new Target { Territory = person.Territory })
                )
                    return PeopleRefusals.NotFound;
                if (
                    (decision is CorrectionDecision.Refused || reason is not null)
                    && TextRules.Check("reason", reason, Corrections.MaxReason) is { } wrong
                )
                    return wrong;
                if ((await CorrectionStore.OfParticipant(db, participantId)).FirstOrDefault(row => row.Number == number) is not { } asked)
                    return Corrections.NotFound;
                var now = Now;
                var decided = asked with { Decision = Codes.Of(decision), Reason = reason, DecidedBy = caller.Id, DecidedAt = now };
                if (!await CorrectionStore.Decide(db, decided))
                    return Corrections.Decided;
                var subject = $"person:{participantId:D}";
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    $"correction.{Codes.Of(decision)}",
                    subject,
                    new
                    {
                        number,
                        asked.Field,
                        reason,
                    }
                );
                if (decision is CorrectionDecision.Accepted)
                {
                    var corrected = Corrections.Corrected(person, Codes.Parse<CorrectedField>(asked.Field), asked.Value);
                    if (corrected.Faults().FirstOrDefault() is { } fault)
                        return fault;
                    if (!await PersonStore.Update(db, corrected.RowOf(participantId), person.Revision))
                        return Revisions.Stale(person.Revision);
                    await AuditStore.Append(db, now, caller.Id, "person.changed", subject, new { revision = person.Revision + 1 });
                    await EventStore.Append(db, now, EventKind.PersonCorrected, new() { ParticipantId = participantId });
                }
                return default(Done);
            }
        );
}
