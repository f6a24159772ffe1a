using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <param name="Criteria">Criterion → points, for every criterion of the rubric.</param>
/// <param name="Comment">Up to 4,000 characters; stays with the round.</param>
/// <param name="NoAnswer">The item was not attempted («X»): every criterion is 0. If another expert has given marks,
/// this may call a third expert.</param>
/// <param name="AlsoAlike">Gives these marks also to the other waiting answers with the same wording, each in a
/// separate round.</param>
public sealed record MarksRequest(
    IReadOnlyDictionary<string, Points> Criteria,
    string? Comment = null,
    bool NoAnswer = false,
    bool AlsoAlike = false
);

/// <summary>The round as recorded in the ledger.</summary>
/// <param name="Criteria">As the expert gave them, before the gate.</param>
/// <param name="Points">After the gate.</param>
/// <param name="Alike">Number of answers with the same wording that got these marks.</param>
/// <param name="Agreed">Only in training: the agreed marks for this answer.</param>
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
/// Turns an expert's marks into a round of the ledger: an independent one, or the third that decides. The last round
/// that a session waits for gives it a profile.
/// </summary>
internal sealed class AwardMarks(Executor executor, OwnAssignments own, GiveMarks give)
    : UseCase<AwardMarks.Request, AwardedMarks>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AwardMarks), MarkingRights.Experts)
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
