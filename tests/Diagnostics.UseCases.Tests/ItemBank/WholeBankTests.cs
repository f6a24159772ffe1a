using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;

namespace Diagnostics.UseCases.Tests.ItemBank;

/// <summary>
/// Every use case of the bank gives access to keys, so each must check that the whole bank is open to the caller.
/// </summary>
public sealed class WholeBankTests
{
    [Fact]
    public void No_use_case_of_the_bank_goes_past_the_question_whether_the_bank_is_open()
    {
        var ofBank = UseCaseCatalog.All.Where(useCase => useCase.Namespace == typeof(ItemBankStage).Namespace).ToList();

        ofBank.Should().HaveCountGreaterThan(10);
        ofBank
            .Where(useCase =>
                useCase.BaseType is not { IsGenericType: true } basis || basis.GetGenericTypeDefinition() != typeof(BankUseCase<,>)
            )
            .Should()
            .BeEmpty();
    }
}
