using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.ItemBank;

internal static class ItemBankStage
{
    /// <summary>
    /// Everything here contains keys or leads to them, so it is open only to people who write and approve items. The
    /// bank belongs to no campaign or site, so a right that is limited to a campaign or a site does not give access to
    /// the keys.
    /// </summary>
    internal static readonly AccessRule Staff = AccessRule.Of(
        Role.Author.OfEverything(),
        Role.Reviewer.OfEverything(),
        Role.Operator.OfEverything()
    );

    internal static readonly Refusal NotForWholeBank = Refusal.Forbidden(
        "not-for-whole-bank",
        "Банк заданий открыт только тем, чья роль не ограничена мероприятием, площадкой или территорией."
    );
}

/// <summary>A use case of the bank, for people with access to the whole bank.</summary>
internal abstract class BankUseCase<TRequest, TResult>(Operation operation, Executor executor)
    : UseCase<TRequest, TResult>(operation, executor)
{
    protected sealed override Task<Result<TResult>> Handle(TRequest request, Caller caller) =>
        ItemBankStage.Staff.Covers(caller, default)
            ? HandleForBank(request, caller)
            : Task.FromResult<Result<TResult>>(ItemBankStage.NotForWholeBank);

    /// <summary>Does the work of the use case; the caller has access to the bank.</summary>
    protected abstract Task<Result<TResult>> HandleForBank(TRequest request, Caller caller);
}
