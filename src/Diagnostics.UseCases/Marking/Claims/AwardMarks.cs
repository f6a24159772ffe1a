using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <param name="Criteria">The points for every criterion of the rubric.</param>
/// <param name="Comment">A comment, up to 4,000 characters; it is stored with the round.</param>
/// <param name="NoAnswer">Whether the item was not attempted («X»); every criterion is then 0. If another expert has
/// given marks, a third expert may be called.</param>
/// <param name="AlsoAlike">Whether to give these marks also to the other waiting answers with the same wording, each in
/// a separate round.</param>
public sealed record MarksRequest(
    IReadOnlyDictionary<string, Points> Criteria,
    string? Comment = null,
    bool NoAnswer = false,
    bool AlsoAlike = false
);

/// <summary>The marks as the ledger has recorded them.</summary>
/// <param name="Criteria">The marks as the expert gave them, before the gate is applied.</param>
/// <param name="Points">The points after the gate is applied.</param>
/// <param name="Alike">Number of other answers with the same wording that got these marks.</param>
/// <param name="Agreed">The agreed marks for this answer; only in training.</param>
public sealed record AwardedMarks(
    Guid AssignmentId,
    string Code,
    Points Points,
    Points Maximum,
    IReadOnlyDictionary<string, Points> Criteria,
    int Alike,
    AgreedMarks? Agreed = null
);

/// <summary>
/// Turns an expert's marks into a round of the ledger: an independent round, or the third one, which decides. When the
/// last round for which a session waits is given, the session gets its profile.
/// </summary>
internal sealed class AwardMarks(Executor executor, OwnAssignments own, GiveMarks give)
    : UseCase<AwardMarks.Request, AwardedMarks>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AwardMarks),
        MarkingRights.Experts,
        Trail.Writes("benchmark.marked", "expert.admitted", "expert.paused", "script.marked")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AssignmentId, MarksRequest Marks);

    protected override async Task<Result<AwardedMarks>> Handle(Request request, Caller caller)
    {
        var (id, given) = request;
        if (MarkingComment.Check(given.Comment) is { } wrong)
            return wrong;
        var form = await own.FormOf(id);
        return await Write(caller, db => give.Run(db, id, form, given, caller, Now));
    }
}
