using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.ItemBank;

internal static class ItemBankStage
{
    /// <summary>
    /// Everything here holds keys or leads to them: those who make and approve items, nobody else. The bank belongs to no
    /// campaign and no site: a right that is bound to one does not open the keys.
    /// </summary>
    internal static readonly AccessRule Staff =
        AccessRule.Of(Role.Author.OfEverything(), Role.Reviewer.OfEverything(), Role.Operator.OfEverything());

    internal static readonly Refusal NotForWholeBank = Refusal.Forbidden(
        "not-for-whole-bank", "Банк заданий открыт только тем, чья роль не ограничена мероприятием, площадкой или территорией.");
}

/// <summary>A use case of the bank: for those to whom the whole bank is open.</summary>
internal abstract class BankUseCase<TRequest, TResult>(Operation operation, Executor executor)
    : UseCase<TRequest, TResult>(operation, executor)
{
    protected sealed override Task<Result<TResult>> Handle(TRequest request, Caller caller) =>
        ItemBankStage.Staff.Covers(caller, default)
            ? HandleForBank(request, caller)
            : Task.FromResult<Result<TResult>>(ItemBankStage.NotForWholeBank);

    /// <summary>The use case itself; the bank is open to the caller.</summary>
    protected abstract Task<Result<TResult>> HandleForBank(TRequest request, Caller caller);
}
