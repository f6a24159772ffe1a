using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>How serious a finding is. Errors keep a facet out of a form.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    [JsonStringEnumMemberName("info")]
    Info,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("error")]
    Error,
}

/// <summary>Something in the bank that its author should look at, with its place and advice.</summary>
/// <param name="Code">Code of the rule, kebab-case, e.g. <c>option-count</c>.</param>
/// <param name="File">Path inside the bank; empty when the item did not come from a file.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
/// <param name="Item">Code of the item or facet concerned, if there is one.</param>
/// <param name="Clause">The clause of the regulation («п. 3.6.3»), or the part of the format, on which the rule
/// rests.</param>
/// <param name="Message">The fault, in Russian.</param>
/// <param name="Advice">What to do, in Russian.</param>
public sealed record Finding(
    string Code,
    Severity Severity,
    string File,
    int Line,
    string? Item,
    string Clause,
    string Message,
    string Advice
);

/// <summary>A rule that produces findings, as the API shows it.</summary>
/// <param name="Title">In Russian.</param>
public sealed record BankRule(string Code, Severity Severity, string Clause, string Title);
