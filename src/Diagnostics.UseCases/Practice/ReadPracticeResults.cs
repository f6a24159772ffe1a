using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Practice;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.UseCases.Practice;

/// <summary>Lists a person's results of practice, the last version of each.</summary>
internal sealed class ListPracticeResults(Executor executor) : ListEvidence<PracticeResult>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPracticeResults),
        PersonEvidence.Readers,
        Trail.Shows("practice.viewed")
    );

    protected override async Task<Page<PracticeResult>> List(Db db, Request request, Caller caller)
    {
        var (participantId, after, limit) = request;
        var rows = await PracticeStore.OfParticipant(db, participantId, after, Page<PracticeResultRow>.Take(limit));
        return await PracticeLook.PageOf(db, rows, limit, row => row.ResultId.ToString("D"));
    }
}

/// <summary>Returns the last version of a result.</summary>
internal sealed class GetPracticeResult(Executor executor) : UseCase<Guid, PracticeResult>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetPracticeResult),
        PersonEvidence.Readers,
        Trail.Shows("practice.viewed")
    );

    protected override Task<Result<PracticeResult>> Handle(Guid resultId, Caller caller) =>
        Write(
            caller,
            async Task<Result<PracticeResult>> (db) =>
                (await PracticeLook.At(db, Now, caller, resultId)).Refused(out var refusal, out var row)
                    ? refusal
                    : await new PracticeReader(db).View(row)
        );
}

/// <summary>Lists all versions of a result, from the first.</summary>
internal sealed class ListPracticeVersions(Executor executor)
    : UseCase<ListPracticeVersions.Request, Page<PracticeResult>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPracticeVersions),
        PersonEvidence.Readers,
        Trail.Shows("practice.viewed")
    );

    internal sealed record Request(Guid ResultId, int? After, int? Limit);

    protected override Task<Result<Page<PracticeResult>>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<Page<PracticeResult>>> (db) =>
            {
                var (resultId, after, limit) = request;
                if ((await PracticeLook.At(db, Now, caller, resultId)).Refused(out var refusal, out _))
                    return refusal;
                return await PracticeLook.PageOf(
                    db,
                    await PracticeStore.Versions(db, resultId, after ?? 0, Page<PracticeResultRow>.Take(limit)),
                    limit,
                    row => row.Version.ToString(CultureInfo.InvariantCulture)
                );
            }
        );
}

/// <summary>Lists the rows of the last version of a result, with what each skill points to.</summary>
internal sealed class ListPracticeSkills(Executor executor) : UseCase<ListPracticeSkills.Request, Page<PracticeSkill>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPracticeSkills),
        PersonEvidence.Readers,
        Trail.Shows("practice.viewed")
    );

    /// <param name="Deficient">True for deficient skills only, false for the others; null for all.</param>
    internal sealed record Request(Guid ResultId, bool? Deficient, int? After, int? Limit);

    protected override Task<Result<Page<PracticeSkill>>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<Page<PracticeSkill>>> (db) =>
            {
                if ((await PracticeLook.At(db, Now, caller, request.ResultId)).Refused(out var refusal, out var row))
                    return refusal;
                var skills = (await new PracticeReader(db).Findings(row))?.Skills ?? [];
                return Page<PracticeSkill>.Window(
                    skills
                        .Where(skill => request.Deficient is not { } wanted || skill.IsDeficient == wanted)
                        .Select(PracticeSkill.Of)
                        .ToList(),
                    request.After,
                    request.Limit
                );
            }
        );
}

internal static class PracticeLook
{
    /// <summary>The last version of a result that the caller may read; the audit trail records the reading.</summary>
    internal static async Task<Result<PracticeResultRow>> At(Db db, NodaTime.Instant now, Caller caller, Guid resultId)
    {
        if (await PracticeStore.Find(db, resultId) is not { } row)
            return PracticeEntry.NotFound;
        if (await PersonEvidence.CheckReader(db, caller, row.ParticipantId) is { } refusal)
            return refusal == ProfileAccess.NoPerson ? PracticeEntry.NotFound : refusal;
        await PersonEvidence.NoteLook(db, now, caller, row.ParticipantId, "practice.viewed");
        return row;
    }

    internal static async Task<Page<PracticeResult>> PageOf(
        Db db,
        IReadOnlyList<PracticeResultRow> fetched,
        int? limit,
        Func<PracticeResultRow, string> key
    )
    {
        var (page, reader, views) = (Page<PracticeResultRow>.Of(fetched, limit, key), new PracticeReader(db), new List<PracticeResult>());
        foreach (var row in page.Items)
            views.Add(await reader.View(row));
        return new(views, page.Next);
    }
}
