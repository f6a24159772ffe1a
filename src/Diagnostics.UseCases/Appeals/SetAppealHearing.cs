using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="At">Time of the hearing: in the future, and before the decision is due unless the reason explains a
/// later day.</param>
/// <param name="Place">Address and room, or how to join remotely; up to 500 characters.</param>
/// <param name="Invitation">The invitation that the person will read, up to 4,000 characters.</param>
/// <param name="Reason">Why the hearing is moved, or takes place after the decision is due; up to 4,000 characters. The
/// person will read it.</param>
public sealed record AppealHearingRequest(Instant At, string Place, string? Invitation = null, string? Reason = null);

/// <summary>When and where the commission hears an appeal.</summary>
/// <param name="Number">Number of the hearing, from 1; a later hearing replaces an earlier one.</param>
/// <param name="Reason">Why the hearing was moved, or takes place after the decision is due.</param>
public sealed record AppealHearing(int Number, Instant At, string Place, string? Invitation, string? Reason, Instant SetAt)
{
    internal static AppealHearing Of(AppealHearingRow row) => new(row.Number, row.HeldAt, row.Place, row.Invitation, row.Reason, row.SetAt);
}

/// <summary>
/// The chair sets when and where an admitted appeal is heard, and invites the person. Setting another time moves the
/// hearing, and the earlier time stays on record.
/// </summary>
internal sealed class SetAppealHearing(Executor executor) : UseCase<SetAppealHearing.Request, AppealView>(Operation, executor)
{
    private static readonly Duration Latest = Duration.FromDays(366);

    internal static new readonly Operation Operation = new(
        nameof(SetAppealHearing),
        AppealRights.Chairs,
        Trail.Writes("appeal.hearing-set")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Past = Refusal
        .Invalid("hearing-time-invalid", "Заседание назначают на время в будущем, не дальше года.")
        .With("field", "at");

    internal sealed record Request(Guid AppealId, AppealHearingRequest Hearing);

    protected override Task<Result<AppealView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (appealId, asked) = request;
                if (CheckTexts(asked) is { } wrong)
                    return wrong;
                if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
                    return refusal;
                var appeal = own.Appeal;
                if (appeal.Standing.CheckHearable() is { } unfit)
                    return unfit;
                var now = Now;
                if (asked.At <= now || asked.At > now + Latest)
                    return Past;
                var number = (await AppealHearingStore.Of(db, appealId)).Count + 1;
                var beyondDue = !Deadlines.InTime(asked.At, appeal.DueAt);
                if (asked.Reason is null && (number > 1 || beyondDue))
                    return Unexplained(beyondDue, appeal.DueAt);
                var row = new AppealHearingRow
                {
                    AppealId = appealId,
                    Number = number,
                    HeldAt = asked.At,
                    Place = asked.Place.Trim(),
                    Invitation = asked.Invitation?.Trim(),
                    Reason = asked.Reason?.Trim(),
                    SetBy = caller.AccountId,
                    SetAt = now,
                };
                if (!await AppealHearingStore.Add(db, appeal, row))
                    return AppealRights.Changed;
                await AppealLog.Add(
                    db,
                    appealId,
                    "hearing-set",
                    now,
                    caller.Id,
                    new
                    {
                        row.Number,
                        at = row.HeldAt,
                        beyondDue,
                    }
                );
                return await AppealView.Read(db, appealId, now, anonymous: true);
            }
        );

    internal static Refusal Unexplained(bool beyondDue, Instant dueAt) =>
        Refusal
            .Invalid(
                "reason-missing",
                beyondDue
                    ? "Заседание назначено позже срока, к которому апелляцию надо решить: объясните почему."
                    : "Заседание уже назначено: объясните, почему его переносят."
            )
            .With("field", "reason")
            .With("dueAt", dueAt);

    private static Refusal? CheckTexts(AppealHearingRequest asked) =>
        TextRules.Check("place", asked.Place, AppealRights.MaxClause)
        ?? (asked.Invitation is null ? null : TextRules.Check("invitation", asked.Invitation, AppealRights.MaxText))
        ?? (asked.Reason is null ? null : TextRules.Check("reason", asked.Reason, AppealRights.MaxText));
}
