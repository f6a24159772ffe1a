using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>The person withdraws an appeal, without a reason, at any time before the decision.</summary>
internal sealed class WithdrawAppeal(Executor executor) : UseCase<Guid, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(WithdrawAppeal), AppealRights.Person, Trail.Writes("appeal.withdrawn"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<AppealView>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (
                    await AppealStore.Find(db, appealId) is not { } appeal
                    || !Reaches(caller, new Target { Participant = appeal.ParticipantId })
                )
                    return AppealRights.NotFound;
                if (appeal.Standing.Withdraw().Refused(out var refusal, out var next))
                    return refusal;
                var now = Now;
                if (!await AppealStore.Close(db, appeal, new(next), caller.Id, now))
                    return AppealRights.Changed;
                await AppealLog.Add(db, appealId, "withdrawn", now, caller.Id);
                return await AppealView.Read(db, appealId, now, anonymous: false);
            }
        );

    /// <summary>
    /// Ends the open appeals of an erased person, and erases the person's texts and files; decisions stay.
    /// </summary>
    internal static async Task AfterErasure(Db db, Guid participantId, Instant now, string actor)
    {
        foreach (var appeal in await AppealStore.OfParticipant(db, participantId))
        {
            if (!appeal.Standing.Withdraw().Refused(out _, out var next) && await AppealStore.Close(db, appeal, new(next), actor, now))
                await AppealLog.Add(db, appeal.Id, "withdrawn", now, actor, new { cause = "person_erased" });
        }
        await AppealStore.EraseStatements(db, participantId);
        await AttachmentStore.Erase(db, participantId);
    }
}
