using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A recorded consent.</summary>
/// <param name="Kind">Kind of the consent: <c>participation</c>, <c>data_processing</c> or <c>profile_sharing</c>.</param>
/// <param name="Text">The text, which can be read at <c>/policies/consent/{code}/{version}</c>.</param>
/// <param name="WithdrawnAt">When the consent was withdrawn; absent while it is in force.</param>
/// <param name="Operator">Name of the operator to whom the consent was given; absent when no name was set.</param>
public sealed record PersonConsent(string Kind, ConsentReference Text, Instant GivenAt, Instant? WithdrawnAt, string? Operator = null);

internal sealed class ListConsents(Executor executor) : UseCase<Guid, IReadOnlyList<PersonConsent>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListConsents),
        PeopleRights.Readers,
        Trail.Look<Guid, IReadOnlyList<PersonConsent>>("consents.viewed", (person, _) => new($"participant:{person:D}"))
    );

    protected override Task<Result<IReadOnlyList<PersonConsent>>> Handle(Guid participantId, Caller caller) =>
        Read(async db =>
        {
            var own = participantId == caller.ParticipantId;
            if (
                !own
                && !(
                    await PersonStore.Find(db, participantId) is { } person && Reaches(caller, new Target { Territory = person.Territory })
                )
            )
                return PeopleRefusals.NotFound;
            return (await ConsentStore.OfParticipant(db, participantId))
                .Select(row => new PersonConsent(row.Kind, new(row.TextCode, row.TextVersion), row.GivenAt, row.WithdrawnAt, row.Operator))
                .ToList();
        });
}

/// <summary>Records a consent that people give for themselves, at any time; nobody gives it for them.</summary>
internal abstract class GiveConsent(Operation operation, Executor executor, RecordConsent record, string kind)
    : UseCase<GiveConsent.Request, Done>(operation, executor)
{
    internal sealed record Request(Guid ParticipantId, ConsentGiven Consent);

    private protected static Operation Declare(string name) =>
        new(name, AccessRule.Of(Role.Participant.OfOwn()), Trail.Writes("consent.given")) { Repetition = Repetition.GivesResultAgain };

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, consent) = request;
                if (!Reaches(caller, new Target { Participant = participantId }) || await PersonStore.Find(db, participantId) is null)
                    return PeopleRefusals.NotFound;
                var now = Now;
                if ((await record(db, participantId, kind, consent, now)).Refused(out var refusal, out _))
                    return refusal;
                await AuditStore.Append(db, now, caller.Id, "consent.given", $"person:{participantId:D}", new { kind, consent.Version });
                return default(Done);
            }
        );
}

/// <summary>
/// Records the consent to take part outside of an application, for somebody who only answers the questions of a self-diagnosis.
/// </summary>
internal sealed class GiveParticipationConsent(Executor executor, RecordConsent record)
    : GiveConsent(Operation, executor, record, ConsentStore.Participation)
{
    internal static new readonly Operation Operation = Declare(nameof(GiveParticipationConsent));
}

/// <summary>Records the consent to the processing of personal data (152-ФЗ, article 9).</summary>
internal sealed class GiveDataProcessingConsent(Executor executor, RecordConsent record)
    : GiveConsent(Operation, executor, record, ConsentStore.DataProcessing)
{
    internal static new readonly Operation Operation = Declare(nameof(GiveDataProcessingConsent));
}

/// <summary>Records the consent to the profile being shown to portals and methodologists.</summary>
internal sealed class GiveProfileSharingConsent(Executor executor, RecordConsent record)
    : GiveConsent(Operation, executor, record, ConsentStore.ProfileSharing)
{
    internal static new readonly Operation Operation = Declare(nameof(GiveProfileSharingConsent));
}

/// <summary>Withdraws a consent; only the person may do so.</summary>
internal abstract class WithdrawConsent(Operation operation, Executor executor, string kind) : UseCase<Guid, Done>(operation, executor)
{
    private static readonly Refusal Needed = Refusal.Conflict(
        "application-stands",
        "На этом согласии держится заявление: сначала отзовите заявление или закончите сеанс."
    );

    private protected abstract Refusal NoneInForce { get; }

    private protected static Operation Declare(string name) =>
        new(name, AccessRule.Of(Role.Participant.OfOwn()), Trail.Writes("consent.withdrawn"));

    protected override Task<Result<Done>> Handle(Guid participantId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, new Target { Participant = participantId }))
                    return PeopleRefusals.NotFound;
                if (!await ConsentStore.Has(db, participantId, kind))
                    return NoneInForce;
                if (kind != ConsentStore.ProfileSharing && await ConsentStore.IsNeeded(db, participantId))
                    return Needed;
                var now = Now;
                if (await ConsentStore.Withdraw(db, participantId, kind, now) == 0)
                    return NoneInForce;
                await AuditStore.Append(db, now, caller.Id, "consent.withdrawn", $"person:{participantId:D}", new { kind });
                var territory = (await PersonStore.Find(db, participantId))?.Territory;
                await EventStore.Append(
                    db,
                    now,
                    EventKind.ConsentWithdrawn,
                    new()
                    {
                        ParticipantId = participantId,
                        ConsentKind = kind,
                        Territory = territory,
                    }
                );
                return default(Done);
            }
        );
}

/// <summary>Withdraws the consent to take part: nothing more is entered about the person.</summary>
internal sealed class WithdrawParticipationConsent(Executor executor) : WithdrawConsent(Operation, executor, ConsentStore.Participation)
{
    internal static new readonly Operation Operation = Declare(nameof(WithdrawParticipationConsent));

    private protected override Refusal NoneInForce { get; } =
        Refusal.NotFound("consent-not-found", "Согласия на участие нет: отзывать нечего.");
}

/// <summary>Withdraws the consent to the processing of personal data; the operator then erases them.</summary>
internal sealed class WithdrawDataProcessingConsent(Executor executor) : WithdrawConsent(Operation, executor, ConsentStore.DataProcessing)
{
    internal static new readonly Operation Operation = Declare(nameof(WithdrawDataProcessingConsent));

    private protected override Refusal NoneInForce { get; } =
        Refusal.NotFound("consent-not-found", "Согласия на обработку персональных данных нет: отзывать нечего.");
}

/// <summary>Withdraws the consent to the profile being shown; the person may do so at any time.</summary>
internal sealed class WithdrawProfileSharingConsent(Executor executor) : WithdrawConsent(Operation, executor, ConsentStore.ProfileSharing)
{
    internal static new readonly Operation Operation = Declare(nameof(WithdrawProfileSharingConsent));

    internal static readonly Refusal NoneToWithdraw = Refusal.NotFound(
        "consent-not-found",
        "Согласия на передачу профиля нет: отзывать нечего."
    );

    private protected override Refusal NoneInForce => NoneToWithdraw;
}
