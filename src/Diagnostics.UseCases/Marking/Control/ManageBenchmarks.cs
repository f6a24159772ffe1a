using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="ItemCode">Code of an open item of the campaign's form; the version is the one in the form.</param>
/// <param name="Answer">A text that a participant could have typed; it may be as long as a participant's
/// answer.</param>
/// <param name="Criteria">Agreed points for every criterion of the rubric, before the gate is applied.</param>
/// <param name="Comment">An explanation, up to 4,000 characters, which experts see after marking the answer in
/// training.</param>
public sealed record BenchmarkRequest(
    Guid CampaignId,
    string ItemCode,
    BenchmarkPurpose Purpose,
    string Answer,
    IReadOnlyDictionary<string, Points> Criteria,
    string Comment
);

/// <param name="Reason">Why the benchmark is no longer given out.</param>
public sealed record RetireRequest(string Reason);

/// <summary>An answer with agreed marks. Experts never receive it in this form.</summary>
/// <param name="Points">Agreed points, after the gate is applied.</param>
/// <param name="RetiredAt">When the benchmark was retired; absent while it is in use.</param>
public sealed record BenchmarkView(
    Guid Id,
    Guid CampaignId,
    string ItemCode,
    int ItemVersion,
    BenchmarkPurpose Purpose,
    string Answer,
    IReadOnlyDictionary<string, Points> Criteria,
    Points Points,
    string Comment,
    Instant CreatedAt,
    Guid CreatedBy,
    Instant? RetiredAt,
    string? RetiredWhy
)
{
    internal static BenchmarkView Of(BenchmarkRow row, FormContent form)
    {
        var criteria = MarkTrial.MarksOf(row.Criteria);
        var rubric = form.OfItem(row.ItemCode)!.Item.Rubric!;
        return new(
            Id: row.Id,
            CampaignId: row.CampaignId,
            ItemCode: row.ItemCode,
            ItemVersion: row.ItemVersion,
            Purpose: Codes.Parse<BenchmarkPurpose>(row.Purpose),
            Answer: row.Answer,
            Criteria: criteria,
            Points: rubric.Effective(criteria).Values.Sum(),
            Comment: row.Comment,
            CreatedAt: row.CreatedAt,
            CreatedBy: row.CreatedBy,
            RetiredAt: row.RetiredAt,
            RetiredWhy: row.RetiredWhy
        );
    }
}

internal static class BenchmarkRefusals
{
    internal static readonly Refusal NotFound = Refusal.NotFound("benchmark-not-found", "Такой эталонной работы нет.");

    internal static readonly Refusal Retired = Refusal.Conflict("benchmark-retired", "Эта эталонная работа уже выведена.");

    internal static readonly Refusal NoItem = Refusal
        .Invalid("not-an-open-item", "В форме мероприятия нет такого задания с развёрнутым ответом.")
        .With("field", "itemCode");
}

/// <summary>A use case on the benchmarks of a campaign; it needs the campaign's form.</summary>
internal abstract class BenchmarkUseCase<TRequest, TResult>(Operation operation, Executor executor, FormCatalog forms)
    : UseCase<TRequest, TResult>(operation, executor)
{
    protected async Task<Result<FormContent>> FormOf(Guid campaignId, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return MarkingRights.NotLeading;
        return await Fetch(db => CampaignStore.Find(db, campaignId)) is { } campaign
            ? await forms.Get(campaign.FormId)
            : MarkingRights.NoCampaign;
    }
}

/// <summary>Stores an answer with the marks on which the leaders of marking have agreed.</summary>
internal sealed class MakeBenchmark(Executor executor, FormCatalog forms)
    : BenchmarkUseCase<BenchmarkRequest, BenchmarkView>(Operation, executor, forms)
{
    internal static new readonly Operation Operation = new(nameof(MakeBenchmark), MarkingRights.Leaders, Trail.Writes("benchmark.made"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<BenchmarkView>> Handle(BenchmarkRequest request, Caller caller)
    {
        if ((await FormOf(request.CampaignId, caller)).Refused(out var refusal, out var form))
            return refusal;
        if (form.OfItem(request.ItemCode) is not { Item.Rubric: not null } slot)
            return BenchmarkRefusals.NoItem;
        if (TextRules.Check("answer", request.Answer, slot.Item.Body.MaxAnswerLength) is { } noAnswer)
            return noAnswer;
        if (RubricMarks.Of(slot.Item, request.Criteria).Refused(out var odd, out var marks))
            return odd;
        if (TextRules.Check("comment", request.Comment, MarkingComment.MaxLength) is { } noComment)
            return noComment;
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                var row = new BenchmarkRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    CampaignId = request.CampaignId,
                    ItemCode = slot.Item.Code,
                    ItemVersion = slot.ItemVersion,
                    Purpose = Codes.Of(request.Purpose),
                    Answer = request.Answer,
                    Criteria = JsonSerializer.Serialize(marks.Criteria, ItemJson.Options),
                    Comment = request.Comment,
                    CreatedAt = now,
                    CreatedBy = caller.AccountId,
                };
                await BenchmarkStore.Add(db, row);
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "benchmark.made",
                    $"benchmark:{row.Id:D}",
                    new
                    {
                        request.CampaignId,
                        request.ItemCode,
                        request.Purpose,
                    }
                );
                return BenchmarkView.Of(row, form);
            }
        );
    }
}

/// <summary>Lists a campaign's benchmarks, for people who lead marking.</summary>
internal sealed class ListBenchmarks(Executor executor, FormCatalog forms)
    : BenchmarkUseCase<ListBenchmarks.Request, Page<BenchmarkView>>(Operation, executor, forms)
{
    internal static new readonly Operation Operation = new(
        nameof(ListBenchmarks),
        MarkingRights.Leaders,
        Trail.Look<ListBenchmarks.Request, Page<BenchmarkView>>(
            "benchmarks.listed",
            (asked, page) => Looked.Rows($"campaign:{asked.CampaignId:D}", page.Items.Count)
        )
    );

    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit);

    protected override async Task<Result<Page<BenchmarkView>>> Handle(Request request, Caller caller)
    {
        if ((await FormOf(request.CampaignId, caller)).Refused(out var refusal, out var form))
            return refusal;
        var (campaignId, after, limit) = request;
        var rows = await Fetch(db => BenchmarkStore.OfCampaign(db, campaignId, after, Page<BenchmarkRow>.Take(limit)));
        var page = Page<BenchmarkRow>.Of(rows, limit, row => row.Id.ToString("D"));
        return new Page<BenchmarkView>(page.Items.Select(row => BenchmarkView.Of(row, form)).ToList(), page.Next);
    }
}

/// <summary>Retires a benchmark: it is no longer given out, and marks given on it later have no effect.</summary>
internal sealed class RetireBenchmark(Executor executor, FormCatalog forms)
    : BenchmarkUseCase<RetireBenchmark.Request, BenchmarkView>(Operation, executor, forms)
{
    internal static new readonly Operation Operation = new(
        nameof(RetireBenchmark),
        MarkingRights.Leaders,
        Trail.Writes("benchmark.retired")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid BenchmarkId, RetireRequest Retirement);

    protected override async Task<Result<BenchmarkView>> Handle(Request request, Caller caller)
    {
        var (id, reason) = (request.BenchmarkId, request.Retirement.Reason);
        if (MarkingComment.CheckReason(reason) is { } wrong)
            return wrong;
        var found = await Fetch(db => BenchmarkStore.Find(db, id));
        // The caller must not learn that a benchmark of another campaign exists.
        if (found is null || (await FormOf(found.CampaignId, caller)).Refused(out _, out var form))
            return BenchmarkRefusals.NotFound;
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                if (!await BenchmarkStore.Retire(db, id, caller.AccountId, reason, now))
                    return BenchmarkRefusals.Retired;
                await AuditStore.Append(db, now, caller.Id, "benchmark.retired", $"benchmark:{id:D}", new { request.Retirement.Reason });
                return BenchmarkView.Of((await BenchmarkStore.Find(db, id))!, form);
            }
        );
    }
}
