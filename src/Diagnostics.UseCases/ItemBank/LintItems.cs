using Diagnostics.Engine;
using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>What a check of a bank or of a file found.</summary>
/// <param name="Errors">Number of findings that keep a facet out of forms.</param>
/// <param name="Warnings">Number of findings that a person should judge.</param>
/// <param name="Findings">By file and line.</param>
public sealed record LintReport(int Errors, int Warnings, IReadOnlyList<Finding> Findings)
{
    internal static LintReport Of(IReadOnlyList<Finding> findings) => new(
        findings.Count(finding => finding.Severity is Severity.Error), findings.Count(finding => finding.Severity is Severity.Warning), findings);
}

/// <summary>Every rule that findings come from.</summary>
/// <param name="Items">By code.</param>
public sealed record LintRuleList(IReadOnlyList<BankRule> Items);

/// <summary>Checks files against the format and the regulation without storing anything.</summary>
internal sealed class LintItems(Transactions transactions)
{
    internal static void Map(IEndpointRouteBuilder items)
    {
        BankUpload.Describe(items.MapPost("/lint", Check)).WithName("LintItems").WithSummary("Проверить файл фасета (или несколько файлов) среди хранимого банка, ничего не сохраняя").AllowedTo(ItemBankStage.Staff);
        items.MapGet("/lint", CheckStored).WithName("LintStoredItems").WithSummary("Проверить хранимый банк").AllowedTo(ItemBankStage.Staff);
        items.MapGet("/lint/rules", Rules).WithName("ListLintRules").WithSummary("Правила проверки банка с пунктами Положения").AllowedTo(ItemBankStage.Staff);
    }

    /// <summary>Reads an upload in the midst of the stored bank.</summary>
    /// <param name="diagnostic">Folder of a facet that is not stored yet.</param>
    /// <param name="facet">Code of the facet that a single file must be; null takes the code that the file says.</param>
    internal async Task<Result<(UploadedBank Bank, IReadOnlyDictionary<string, string> Files)>> Read(BankUpload upload, string diagnostic, string? facet = null)
    {
        var (stored, folders) = await transactions.Read(async db => (await ExportBank.Run(db), (await FacetStore.AllLatest(db)).ToDictionary(row => row.Code, row => row.Diagnostic)));
        return upload.At("facet", facet, code => $"{folders.GetValueOrDefault(code, diagnostic)}/facets/{code}.yaml").Refused(out var refusal, out var files)
            ? refusal
            : (UploadedBank.Over(stored, files), files);
    }

    private static async Task<Results<Ok<LintReport>, ProblemHttpResult>> Check(BankUpload upload, LintItems lint) =>
        (await lint.Read(upload, "new")).Map(read => LintReport.Of(read.Bank.Findings)).Ok();

    private static async Task<Ok<LintReport>> CheckStored(Transactions transactions) =>
        TypedResults.Ok(LintReport.Of(CheckedBank.Of(await transactions.Read(ExportBank.Run)).Findings));

    private static Ok<LintRuleList> Rules() =>
        TypedResults.Ok(new LintRuleList(ReadingRules.All.Concat(LintRules.All).Concat(ImportRules.All).OrderBy(rule => rule.Code, StringComparer.Ordinal).ToList()));
}
