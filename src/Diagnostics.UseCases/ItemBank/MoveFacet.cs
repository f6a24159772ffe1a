using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.ItemBank;

/// <param name="To">The next status.</param>
/// <param name="Reason">The reason, up to 2,000 characters; required when a version goes back to draft or is
/// retired.</param>
public sealed record TransitionRequest(ItemStatus To, string? Reason = null);

/// <summary>
/// Moves a version of a facet through its lifecycle: the author sends it to review, a reviewer approves or returns it,
/// an operator puts it into use and later retires it.
/// </summary>
internal sealed class MoveFacet(Executor executor) : BankUseCase<MoveFacet.Request, FacetTransition>(Operation, executor)
{
    private const int MaxReason = 2000;

    internal static new readonly Operation Operation = new(nameof(MoveFacet), ItemBankStage.Staff, Trail.Writes("facet.*"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(string Code, int Version, TransitionRequest Transition);

    protected override async Task<Result<FacetTransition>> HandleForBank(Request request, Caller caller)
    {
        var (code, version, (to, reason)) = request;
        var movers = WhoMay(to);
        if (!movers.Covers(caller, default))
        {
            return Refusal.Forbidden(
                "transition-not-yours",
                $"В состояние «{to.Name()}» версию переводит {string.Join(" или ", movers.Roles.Select(Codes.Of))}."
            );
        }
        if (
            (reason is not null || to is ItemStatus.Draft or ItemStatus.Retired)
            && TextRules.Check("reason", reason, MaxReason) is { } unfit
        )
            return unfit;
        if (to is ItemStatus.Review or ItemStatus.Approved && await Errors(code, version) is { Count: > 0 } errors)
            return WriteFacet.WithFindings(
                $"Фасет «{code}» не проходит проверку, поэтому не может перейти в состояние «{to.Name()}».",
                errors
            );

        return await Write(
            caller,
            async db =>
            {
                if (await FacetStore.Find(db, code, version) is not { } row)
                    return FacetView.Unknown;
                var name = (await AccountStore.Find(db, caller.AccountId))!.UserName;
                var from = Codes.Parse<ItemStatus>(row.Status);
                // Names that differ only in case belong to the same person, because account names are unique regardless
                // of case.
                var (author, actor) = (Accounts.Normalise(row.Author), Accounts.Normalise(name));
                if (ItemLifecycle.Check(from, to, author, actor, await FacetStore.IsUsed(db, code, version)) is { } refusal)
                    return refusal;
                var now = Now;
                var move = new FacetMove
                {
                    Code = code,
                    Version = version,
                    From = from,
                    To = to,
                    Actor = caller.Id,
                    Reason = reason,
                    At = now,
                };
                var reviewer = to switch
                {
                    ItemStatus.Approved => name,
                    ItemStatus.Draft => null,
                    _ => row.Reviewer,
                };
                if (!await FacetVersions.Move(db, move, reviewer))
                {
                    return Refusal.Conflict(
                        "item-transition-not-allowed",
                        "Состояние версии только что сменил кто-то другой: прочитайте фасет заново."
                    );
                }
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    $"facet.{Codes.Of(to)}",
                    $"facet:{code}",
                    new
                    {
                        version,
                        from,
                        to,
                        request.Transition.Reason,
                    }
                );
                return new FacetTransition(version, from, to, caller.Id, reason, now);
            }
        );
    }

    /// <summary>
    /// Lints only this version, as part of the stored bank. Versions never change, so this may run before the
    /// transaction.
    /// </summary>
    private async Task<IReadOnlyList<Finding>> Errors(string code, int version)
    {
        var (stored, facet) = await Fetch(async db =>
            (await ExportBank.Run(db), await FacetStore.Find(db, code, version) is { } row ? await StoredFacets.Load(db, row) : null)
        );
        if (facet is null)
            return [];
        // Lint the version as a draft, because its status is still being decided, and a form may refer to a draft
        // without an error.
        var files = BankWriter.Write(facet.Facet with { Status = ItemStatus.Draft, Reviewer = null }, facet.Diagnostic);
        return UploadedBank
            .Over(stored, files)
            .Findings.Where(finding => finding.Severity is Severity.Error && finding.Code != "facet-status")
            .ToList();
    }

    private static AccessRule WhoMay(ItemStatus to) =>
        to switch
        {
            ItemStatus.Draft => AccessRule.Of(Role.Author.OfEverything(), Role.Reviewer.OfEverything()),
            ItemStatus.Review => AccessRule.Of(Role.Author.OfEverything()),
            ItemStatus.Approved => AccessRule.Of(Role.Reviewer.OfEverything()),
            ItemStatus.Active => AccessRule.Of(Role.Operator.OfEverything()),
            ItemStatus.Retired => AccessRule.Of(Role.Reviewer.OfEverything(), Role.Operator.OfEverything()),
            _ => throw new ArgumentOutOfRangeException(nameof(to), to, "No such status."),
        };
}
