namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>Rules by which the stored bank refuses a file that is correct in itself.</summary>
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
