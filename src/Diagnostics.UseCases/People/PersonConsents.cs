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
/// <param name="Kind">Kind of the consent: <c>participation</c> or <c>profile_sharing</c>.</param>
/// <param name="Text">The text, which can be read at <c>/policies/consent/{code}/{version}</c>.</param>
/// <param name="WithdrawnAt">When the consent was withdrawn; absent while it is in force.</param>
public sealed record PersonConsent(string Kind, ConsentReference Text, Instant GivenAt, Instant? WithdrawnAt);

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
                .Select(row => new PersonConsent(row.Kind, new(row.TextCode, row.TextVersion), row.GivenAt, row.WithdrawnAt))
                .ToList();
        });
}

/// <summary>
/// Records the person's consent to the profile being shown to portals and methodologists; the person may give it at any
/// time.
/// </summary>
internal sealed class GiveProfileSharingConsent(Executor executor, ShareProfile share)
    : UseCase<GiveProfileSharingConsent.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GiveProfileSharingConsent),
        AccessRule.Of(Role.Participant.OfOwn()),
        Trail.Writes("consent.given")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ParticipantId, ConsentGiven Consent);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, consent) = request;
                if (!Reaches(caller, new Target { Participant = participantId }) || await PersonStore.Find(db, participantId) is null)
                    return PeopleRefusals.NotFound;
                var now = Now;
                if ((await share(db, participantId, consent, now)).Refused(out var refusal, out _))
                    return refusal;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "consent.given",
                    $"person:{participantId:D}",
                    new { kind = ConsentStore.ProfileSharing, consent.Version }
                );
                return default(Done);
            }
        );
}

/// <summary>Withdraws the consent to the profile being shown; the person may do so at any time.</summary>
internal sealed class WithdrawProfileSharingConsent(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(WithdrawProfileSharingConsent),
        AccessRule.Of(Role.Participant.OfOwn()),
        Trail.Writes("consent.withdrawn")
    );

    internal static readonly Refusal NoneToWithdraw = Refusal.NotFound(
        "consent-not-found",
        "Согласия на передачу профиля нет: отзывать нечего."
    );

    protected override Task<Result<Done>> Handle(Guid participantId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, new Target { Participant = participantId }))
                    return PeopleRefusals.NotFound;
                var now = Now;
                if (await ConsentStore.Withdraw(db, participantId, ConsentStore.ProfileSharing, now) == 0)
                    return NoneToWithdraw;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "consent.withdrawn",
                    $"person:{participantId:D}",
                    new { kind = ConsentStore.ProfileSharing }
                );
                var territory = (await PersonStore.Find(db, participantId))?.Territory;
                await EventStore.Append(
                    db,
                    now,
                    EventKind.ConsentWithdrawn,
                    new()
                    {
                        ParticipantId = participantId,
                        ConsentKind = ConsentStore.ProfileSharing,
                        Territory = territory,
                    }
                );
                return default(Done);
            }
        );
}
