using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Linting;

namespace Diagnostics.Engine.Forms.Linting;

/// <summary>Checks a bank against the regulation's requirements for test items (пп. 3.3, 3.6, 3.7 Положения).</summary>
public static class BankLint
{
    /// <summary>
    /// All findings, ordered by file and line. An item's waiver reduces a finding to <c>info</c> and cites the reason.
    /// </summary>
    public static IReadOnlyList<Finding> Run(WholeBank bank) => Waivers.Run(LintedForms.Of(bank), LintRules.Checks, LintRules.All);
}
