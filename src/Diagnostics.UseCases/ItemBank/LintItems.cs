using Diagnostics.Engine;
using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>What a check of a bank or a file has found.</summary>
/// <param name="Errors">Number of findings that keep a facet out of forms.</param>
/// <param name="Warnings">Number of findings that a person should judge.</param>
/// <param name="Findings">The findings, sorted by file and line.</param>
public sealed record LintReport(int Errors, int Warnings, IReadOnlyList<Finding> Findings)
{
    internal static LintReport Of(IReadOnlyList<Finding> findings) =>
        new(
            findings.Count(finding => finding.Severity is Severity.Error),
            findings.Count(finding => finding.Severity is Severity.Warning),
            findings
        );
}

/// <summary>
/// Checks an author's files, as part of the stored bank, against the format and the regulation, without storing
/// anything.
/// </summary>
internal sealed class LintItems(Executor executor) : BankUseCase<SubmittedFiles, LintReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(LintItems), ItemBankStage.Staff, Trail.None);

    protected override async Task<Result<LintReport>> HandleForBank(SubmittedFiles sent, Caller caller) =>
        (await Fetch(ExportedBank.Read)).With(sent, ExportedBank.NewFolder).Map(uploaded => LintReport.Of(uploaded.Findings));
}

/// <summary>Checks the stored bank.</summary>
internal sealed class LintStoredItems(Executor executor) : BankUseCase<Done, LintReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(LintStoredItems),
        ItemBankStage.Staff,
        Trail.Look<Done, LintReport>("items.checked", (_, _) => new("bank"))
    );

    protected override async Task<Result<LintReport>> HandleForBank(Done request, Caller caller) =>
        LintReport.Of(CheckedBank.Of(await Fetch(ExportBank.Run)).Findings);
}

internal sealed class ListLintRules(Executor executor) : BankUseCase<Done, IReadOnlyList<BankRule>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListLintRules), ItemBankStage.Staff, Trail.None);

    protected override Task<Result<IReadOnlyList<BankRule>>> HandleForBank(Done request, Caller caller) =>
        Task.FromResult<Result<IReadOnlyList<BankRule>>>(
            ReadingRules
                .All.Concat(LintRules.All)
                .Concat(ImportRules.All)
                .Concat(EngineHooks.Instruments.Rules)
                .OrderBy(rule => rule.Code, StringComparer.Ordinal)
                .ToList()
        );
}
