using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Handles the applications of an erased person.</summary>
internal static class ErasedPeople
{
    /// <summary>
    /// Withdraws the person's applications, because nobody is left to take the session. An application whose session is
    /// over stays.
    /// </summary>
    internal static async Task<Refusal?> WithdrawApplications(Db db, Guid participantId, Instant now, string actor)
    {
        foreach (var application in await ApplicationStore.OfParticipant(db, participantId))
        {
            if (!application.State.IsLive())
                continue;
            var session = await SessionStore.LiveOf(db, application.Id);
            if (session?.Clock.State is SessionState.InProgress or SessionState.Paused)
            {
                return Refusal
                    .Conflict("person-sitting", "У этого человека идёт сеанс: удалить его данные можно после окончания сеанса.")
                    .With("sessionId", session.Id);
            }
            if (session is not null && session.Clock.State.IsOver())
                continue;
            if ((await WithdrawApplication.Run(db, application, now, actor)).Refused(out var refusal, out _))
                return refusal;
        }
        return null;
    }

    internal static Task ForgetAccommodations(Db db, Guid participantId, Instant now, string actor) =>
        AccommodationStore.Forget(db, participantId);
}
