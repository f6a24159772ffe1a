using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A field of a form that a use case may refuse.</summary>
/// <param name="Name">Its name in the API, which a refusal gives.</param>
/// <param name="Label">Its name on the page.</param>
/// <param name="Id">Id of its element; by default the name in the API.</param>
internal readonly record struct FormField(string Name, string Label, string? Id = null);

/// <summary>Shows a refusal on the page of a form, where a field has another name than in the API.</summary>
internal static class FormErrors
{
    /// <summary>The line of the summary above the form: it links to the field and names it as its label does.</summary>
    internal static ErrorSummary.Line Of(Refusal refusal, params ReadOnlySpan<FormField> fields)
    {
        var name = refusal.Facts.GetValueOrDefault("field") as string;
        foreach (var field in fields)
            if (field.Name == name)
                return new(field.Id ?? field.Name, TextRules.Named(refusal.Detail, field.Name, field.Label));
        return new(name, refusal.Detail);
    }
}
