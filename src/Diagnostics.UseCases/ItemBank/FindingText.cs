using Diagnostics.Engine.ItemBank;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>Prints a finding as one line for a terminal, in the form that editors make clickable.</summary>
internal static class FindingText
{
    internal static string Of(Finding finding) =>
        $"{Place(finding)} {finding.Severity.ToString().ToLowerInvariant()} {finding.Code}"
        + $"{(finding.Item is null ? "" : $" [{finding.Item}]")} ({finding.Clause}) {finding.Message} — {finding.Advice}";

    private static string Place(Finding finding) => finding.File.Length == 0 ? "банк:" : $"{finding.File}:{finding.Line}:";
}
