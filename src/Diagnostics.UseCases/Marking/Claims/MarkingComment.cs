using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <summary>Checks the texts that people write along with marks and decisions.</summary>
internal static class MarkingComment
{
    internal const int MaxLength = 4000;

    /// <summary>Checks a comment, which may be missing.</summary>
    internal static Refusal? Check(string? comment) =>
        VisibleText.ShowsNothing(comment) ? null : TextRules.Check("comment", comment, MaxLength);

    /// <summary>Checks a reason, which is required.</summary>
    internal static Refusal? CheckReason(string reason) => TextRules.Check("reason", reason, MaxLength);
}
