using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Forms.Linting;

/// <summary>
/// A bank that has been read and linted. The import, the command line and the API all get their findings here.
/// </summary>
public static class CheckedBank
{
    /// <summary>Findings of reading and of lint, ordered by file and line.</summary>
    public static BankReading Of(BankFiles files)
    {
        var (bank, findings) = BankReader.Read(files);
        return new(
            bank,
            findings
                .Concat(BankLint.Run(bank))
                .OrderBy(finding => finding.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Line)
                .ToList()
        );
    }
}
