using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="ItemCode">An open item of the campaign's form; its version is the one in the form.</param>
/// <param name="Answer">As a participant might have typed it, and as long as theirs may be.</param>
/// <param name="Criteria">Agreed points for every criterion of the rubric, before the gate.</param>
/// <param name="Comment">Why, up to 4,000 characters: shown after marking in training.</param>
public sealed record BenchmarkRequest(
    Guid CampaignId, string ItemCode, BenchmarkPurpose Purpose, string Answer, IReadOnlyDictionary<string, Points> Criteria, string Comment);

/// <param name="Reason">Why it is not given any more.</param>
public sealed record RetireRequest(string Reason);

/// <summary>An answer with agreed marks. Never sent to experts as such.</summary>
/// <param name="Points">Agreed, after the gate.</param>
/// <param name="RetiredAt">Absent while it is given.</param>
public sealed record BenchmarkView(
    Guid Id, Guid CampaignId, string ItemCode, int ItemVersion, BenchmarkPurpose Purpose, string Answer, IReadOnlyDictionary<string, Points> Criteria,
    Points Points, string Comment, Instant CreatedAt, Guid CreatedBy, Instant? RetiredAt, string? RetiredWhy)
{
    internal static BenchmarkView Of(BenchmarkRow row, FormContent form)
    {
        var criteria = MarkTrial.MarksOf(row.Criteria);
        var rubric = form.OfItem(row.ItemCode)!.Item.Rubric!;
        return new(
            row.Id, row.CampaignId, row.ItemCode, row.ItemVersion, Codes.Parse<BenchmarkPurpose>(row.Purpose), row.Answer, criteria,
            rubric.Effective(criteria).Values.Sum(), row.Comment, row.CreatedAt, row.CreatedBy, row.RetiredAt, row.RetiredWhy);
    }
}

/// <summary>The chair's and the operator's work with benchmarks.</summary>
internal sealed class ManageBenchmarks(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static readonly Refusal NotFound = Refusal.NotFound("benchmark-not-found", "Такой эталонной работы нет.");

    internal static readonly Refusal Retired = Refusal.Conflict("benchmark-retired", "Эта эталонная работа уже выведена.");

    internal static readonly Refusal NoItem = Refusal.Invalid("not-an-open-item", "В форме мероприятия нет такого задания с развёрнутым ответом.").With("field", "itemCode");

    internal static void Map(IEndpointRouteBuilder marking)
    {
        marking.MapPost("/benchmarks", Make).WithName("MakeBenchmark").WithSummary("Завести эталонную работу с согласованными баллами").MayFindNothing().AllowedTo(MarkingRights.Leaders).Idempotent();
        marking.MapGet("/benchmarks", List).WithName("ListBenchmarks").WithSummary("Эталонные работы мероприятия").MayFindNothing().AllowedTo(MarkingRights.Leaders);
        marking.MapPost("/benchmarks/{benchmarkId:guid}/retire", Retire).WithName("RetireBenchmark").WithSummary("Вывести эталонную работу: больше она не выдаётся").AllowedTo(MarkingRights.Leaders).Idempotent();
    }

    private static Task<Results<Created<BenchmarkView>, ProblemHttpResult>> Make(BenchmarkRequest request, Caller caller, ManageBenchmarks useCase) =>
        useCase.Add(request, caller).Created(benchmark => $"/api/v1/marking/benchmarks?campaignId={benchmark.CampaignId:D}");

    private static Task<Results<Ok<Page<BenchmarkView>>, ProblemHttpResult>> List(Guid campaignId, Caller caller, ManageBenchmarks useCase, Guid? after, int? limit) =>
        useCase.Page(campaignId, caller, after, limit).Ok();

    private static Task<Results<Ok<BenchmarkView>, ProblemHttpResult>> Retire(Guid benchmarkId, RetireRequest request, Caller caller, ManageBenchmarks useCase) =>
        useCase.End(benchmarkId, request, caller).Ok();

    private async Task<Result<BenchmarkView>> Add(BenchmarkRequest request, Caller caller)
    {
        if ((await FormOf(request.CampaignId, caller)).Refused(out var refusal, out var form)) return refusal;
        if (form.OfItem(request.ItemCode) is not { Item.Rubric: not null } slot) return NoItem;
        if (TextRules.Check("answer", request.Answer, slot.Item.Body.MaxAnswerLength) is { } noAnswer) return noAnswer;
        if (RubricMarking.Score(slot.Item, request.Criteria).Refused(out var odd, out _)) return odd;
        if (TextRules.Check("comment", request.Comment, HoldAssignment.MaxText) is { } noComment) return noComment;
        return await transactions.Write<Result<BenchmarkView>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            var row = new BenchmarkRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                CampaignId = request.CampaignId,
                ItemCode = slot.Item.Code,
                ItemVersion = slot.ItemVersion,
                Purpose = Codes.Of(request.Purpose),
                Answer = request.Answer,
                Criteria = JsonSerializer.Serialize(request.Criteria, ItemJson.Options),
                Comment = request.Comment,
                CreatedAt = now,
                CreatedBy = caller.AccountId,
            };
            await BenchmarkStore.Add(db, row);
            await AuditStore.Append(db, now, caller.Id, "benchmark.made", $"benchmark:{row.Id:D}", new { request.CampaignId, request.ItemCode, request.Purpose });
            return BenchmarkView.Of(row, form);
        });
    }

    private async Task<Result<Page<BenchmarkView>>> Page(Guid campaignId, Caller caller, Guid? after, int? limit)
    {
        if ((await FormOf(campaignId, caller)).Refused(out var refusal, out var form)) return refusal;
        var rows = await transactions.Read(db => BenchmarkStore.OfCampaign(db, campaignId, after, Page<BenchmarkRow>.Take(limit)));
        var page = Page<BenchmarkRow>.Of(rows, limit, row => row.Id.ToString("D"));
        return new Page<BenchmarkView>(page.Items.Select(row => BenchmarkView.Of(row, form)).ToList(), page.Next);
    }

    private async Task<Result<BenchmarkView>> End(Guid id, RetireRequest request, Caller caller)
    {
        if (TextRules.Check("reason", request.Reason, HoldAssignment.MaxText) is { } wrong) return wrong;
        var found = await transactions.Read(db => BenchmarkStore.Find(db, id));
        // Of another campaign: that it exists is none of the caller's business.
        if (found is null || (await FormOf(found.CampaignId, caller)).Refused(out _, out var form)) return NotFound;
        return await transactions.Write<Result<BenchmarkView>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if (!await BenchmarkStore.Retire(db, id, caller.AccountId, request.Reason, now)) return Retired;
            await AuditStore.Append(db, now, caller.Id, "benchmark.retired", $"benchmark:{id:D}", new { request.Reason });
            return BenchmarkView.Of((await BenchmarkStore.Find(db, id))!, form);
        });
    }

    private async Task<Result<FormContent>> FormOf(Guid campaignId, Caller caller)
    {
        if (!MarkingRights.Leads(caller, campaignId)) return MarkingRights.NotLeading;
        return await transactions.Read(db => CampaignStore.Find(db, campaignId)) is { } campaign ? await forms.Get(campaign.FormId) : MarkingRights.NoCampaign;
    }
}
