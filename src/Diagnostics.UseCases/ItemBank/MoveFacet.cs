using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <param name="To">The next status.</param>
/// <param name="Reason">Why; required when a version goes back to draft or is retired, up to 2,000 characters.</param>
public sealed record TransitionRequest(ItemStatus To, string? Reason = null);

/// <summary>Takes a version of a facet through its life: author sends to review, reviewer approves or returns, operator puts in use and retires.</summary>
internal sealed class MoveFacet(Transactions transactions, IClock clock)
{
    private const int MaxReason = 2000;

    internal static void Map(IEndpointRouteBuilder facets) => facets.MapPost("/{code}/versions/{version:int}/transitions", Handle)
        .WithName("MoveFacet")
        .WithSummary("Сменить состояние версии фасета: draft → review → approved → active → retired")
        .WithDescription("В review отправляет автор, утверждает рецензент (не автор этой версии), в draft возвращает автор или рецензент, вводит в действие оператор, выводит рецензент или оператор. Версия, которая входит в форму, в draft не возвращается.")
        .AllowedTo(ItemBankStage.Staff)
        .Idempotent();

    private static Task<Results<Created<FacetTransition>, ProblemHttpResult>> Handle(string code, int version, TransitionRequest request, Caller caller, MoveFacet move) =>
        move.Run(code, version, request, caller).Created(_ => $"/api/v1/facets/{code}");

    private async Task<Result<FacetTransition>> Run(string code, int version, TransitionRequest request, Caller caller)
    {
        var to = request.To;
        if (!ItemBankStage.HasWhole(caller, WhoMay(to)))
            return Refusal.Forbidden("transition-not-yours", $"В состояние {Codes.Of(to)} версию переводит: {string.Join(" или ", WhoMay(to).Select(Codes.Of))}.");
        if ((request.Reason is not null || to is ItemStatus.Draft or ItemStatus.Retired) && TextRules.Check("reason", request.Reason, MaxReason) is { } unfit) return unfit;
        if (to is ItemStatus.Review or ItemStatus.Approved && await Errors(code, version) is { Count: > 0 } errors)
            return WriteFacet.WithFindings($"Фасет «{code}» не проходит проверку, поэтому не может перейти в {Codes.Of(to)}.", errors);

        return await transactions.Write<Result<FacetTransition>>(async db =>
        {
            if (await FacetStore.Find(db, code, version) is not { } row) return ReadFacets.Unknown;
            var name = (await AccountStore.Find(db, caller.AccountId))!.UserName;
            var from = Codes.Parse<ItemStatus>(row.Status);
            // Names that differ only in case are one person (accounts are unique that way).
            if (ItemLifecycle.Check(from, to, Accounts.Normalise(row.Author), Accounts.Normalise(name), await FacetStore.IsUsed(db, code, version)) is { } refusal) return refusal;
            var now = clock.GetCurrentInstant();
            var reviewer = to switch
            {
                ItemStatus.Approved => name,
                ItemStatus.Draft => null,
                _ => row.Reviewer,
            };
            if (!await FacetVersions.Move(db, code, version, from, to, reviewer, caller.Id, request.Reason, now))
                return Refusal.Conflict("item-transition-not-allowed", "Состояние версии только что сменил кто-то другой: прочитайте фасет заново.");
            await AuditStore.Append(db, now, caller.Id, $"facet.{Codes.Of(to)}", $"facet:{code}", new { version, from, to, request.Reason });
            return new FacetTransition(version, from, to, caller.Id, request.Reason, now);
        });
    }

    /// <summary>Lint of just this version in the midst of the stored bank; versions never change, so it may run before the transaction.</summary>
    private async Task<IReadOnlyList<Finding>> Errors(string code, int version)
    {
        var (stored, facet) = await transactions.Read(async db => (await ExportBank.Run(db), await FacetStore.Find(db, code, version) is { } row ? await StoredFacets.Load(db, row) : null));
        if (facet is null) return [];
        // The status is what is being decided: a draft is no error of the form that waits for it.
        var files = BankWriter.Write(facet.Facet with { Status = ItemStatus.Draft, Reviewer = null }, facet.Diagnostic);
        return UploadedBank.Over(stored, files).Findings.Where(finding => finding.Severity is Severity.Error && finding.Code != "facet-status").ToList();
    }

    private static Role[] WhoMay(ItemStatus to) => to switch
    {
        ItemStatus.Draft => [Role.Author, Role.Reviewer],
        ItemStatus.Review => [Role.Author],
        ItemStatus.Approved => [Role.Reviewer],
        ItemStatus.Active => [Role.Operator],
        ItemStatus.Retired => [Role.Reviewer, Role.Operator],
        _ => throw new ArgumentOutOfRangeException(nameof(to), to, "No such status."),
    };
}
