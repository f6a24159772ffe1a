using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Criteria">Criterion → points, for every criterion of the rubric.</param>
/// <param name="Comment">Up to 4,000 characters; stays with the round.</param>
/// <param name="NoAnswer">The item was not attempted («X»): every criterion is 0.</param>
/// <param name="AlsoAlike">Gives these marks also to the other waiting answers with the same wording.</param>
/// <param name="Revision">The revision of the draft that these marks continue; without it they replace any
/// draft.</param>
public sealed record HoldRequest(
    IReadOnlyDictionary<string, Points> Criteria,
    string? Comment = null,
    bool NoAnswer = false,
    bool AlsoAlike = false,
    int? Revision = null
);

/// <param name="Points">After the gate.</param>
/// <param name="Given">Number of marks held before that have become rounds now.</param>
public sealed record MarksHeld(Guid AssignmentId, Points Points, Instant HeldAt, int Given);

/// <summary>
/// Gives marks that can still be taken back. They are a draft until the expert holds the next marks or the lease is
/// about to end (<see cref="HeldMarksWorker"/>), and only then become a round: no round is ever removed.
/// </summary>
internal sealed class HoldMarks(Executor executor, OwnAssignments own, GiveMarks give)
    : UseCase<HoldMarks.Request, MarksHeld>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(HoldMarks), MarkingRights.Experts, Trail.Own)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AssignmentId, HoldRequest Marks);

    protected override async Task<Result<MarksHeld>> Handle(Request request, Caller caller)
    {
        var (id, marks) = request;
        if (MarkingComment.Check(marks.Comment) is { } wrong)
            return wrong;
        var form = await own.FormOf(id);
        var earlier = new List<(Guid Id, FormContent? Form)>();
        foreach (var other in await Fetch(db => OwnAssignments.WithMarks(db, caller.AccountId, Now)))
            if (other != id)
                earlier.Add((other, await own.FormOf(other)));
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var held))
                    return refusal;
                if (RubricMarks.Of(held.Item, marks.Criteria, marks.NoAnswer).Refused(out var odd, out var scored))
                    return odd;
                if (!await held.Hold(db, marks, now))
                    return OwnAssignments.WhyNotChanged(await held.Show(db), marks.Revision);
                var given = 0;
                foreach (var (other, itsForm) in earlier)
                    if (await GiveHeld(db, other, itsForm, caller, now))
                        given++;
                return (Result<MarksHeld>)new MarksHeld(id, scored.Score.Points, now, given);
            }
        );
    }

    /// <summary>
    /// A refusal leaves the marks as they are: the script was withdrawn meanwhile, or the marks were taken back.
    /// </summary>
    private async Task<bool> GiveHeld(Db db, Guid id, FormContent? form, Caller caller, Instant now) =>
        !(await OwnAssignments.Show(db, id, form, caller, now)).Refused(out _, out var script)
        && Of(script) is { } marks
        && (await give.Run(db, id, form, marks, caller, now)).Refusal is null;

    /// <summary>The marks that a claim holds; null when it holds none.</summary>
    internal static MarksRequest? Of(ClaimedScript script) =>
        script is { HeldAt: not null, Draft: { } draft } ? new(draft.Criteria, draft.Comment, draft.NoAnswer, script.AlsoAlike) : null;
}

/// <summary>Takes held marks back: they are a draft again.</summary>
internal sealed class TakeBackMarks(Executor executor, OwnAssignments own) : HoldAssignment<Guid, Done>(Operation, executor, own)
{
    internal static new readonly Operation Operation = new(nameof(TakeBackMarks), MarkingRights.Experts, Trail.Own)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(Guid assignmentId, Caller caller) =>
        Move(assignmentId, caller, async (db, held, now) => await held.TakeBack(db, now) ? default(Done) : (Result<Done>)NotHeld);

    internal static readonly Refusal NotHeld = Refusal.Conflict(
        "marks-not-held",
        "Баллы за эту работу ещё не выставлены: возвращать нечего."
    );
}
