namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>Reasons why a correct file may still not enter the stored bank as it is.</summary>
public static class ImportRules
{
    internal static readonly BankRule FrameworkChanged = new(
        "framework-changed",
        Severity.Error,
        "README банка",
        "Рамка изменилась под прежним номером версии"
    );
    internal static readonly BankRule StatusStep = new(
        "status-step",
        Severity.Error,
        "README банка",
        "Состояние версии нельзя сменить на указанное в файле"
    );

    public static IReadOnlyList<BankRule> All { get; } = [FrameworkChanged, StatusStep];
}
