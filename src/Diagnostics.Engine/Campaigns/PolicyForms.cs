using System.Text.Json;

namespace Diagnostics.Engine.Campaigns;

/// <summary>The forms of all kinds of policy. They check every document before it is stored.</summary>
public sealed class PolicyForms
{
    private readonly Dictionary<PolicyKind, PolicyForm> forms;

    /// <exception cref="ArgumentException">A kind has no form, or has two of them.</exception>
    public PolicyForms(IReadOnlyCollection<PolicyForm> forms)
    {
        this.forms = forms.ToDictionary(form => form.Kind);
        if (Enum.GetValues<PolicyKind>().Except(this.forms.Keys).ToList() is { Count: > 0 } missing)
            throw new ArgumentException($"No stage says what these policies are like: {string.Join(", ", missing)}.", nameof(forms));
    }

    /// <summary>The canonical JSON of a document, or its faults.</summary>
    /// <param name="content">The document as JSON, in the shape of the record for its kind.</param>
    public Result<string> Check(PolicyKind kind, string content)
    {
        try
        {
            if (NullAt(content) is { } at)
                return Unreadable(kind, at);
            var (document, faults) = forms[kind].Read(content);
            if (faults.Count > 0)
                return Refusal.Invalid("policy-invalid", string.Join(" ", faults)).With("faults", faults);
            return CanonicalJson.Of(document);
        }
        catch (JsonException fault)
        {
            return Unreadable(kind, fault.Path ?? "$");
        }
    }

    private static Refusal Unreadable(PolicyKind kind, string path) =>
        Refusal
            .Invalid(
                "policy-invalid",
                $"Содержимое — не документ вида «{Codes.Of(kind)}»: место {path}. Сравните поля с описанием этого вида."
            )
            .With("path", path);

    /// <summary>
    /// Finds a null in a document. No field may be null, and the JSON reader itself does not look for nulls inside
    /// lists.
    /// </summary>
    private static string? NullAt(string content)
    {
        using var document = JsonDocument.Parse(content);
        return NullIn(document.RootElement, "$");
    }

    private static string? NullIn(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => path,
            JsonValueKind.Object => element
                .EnumerateObject()
                .Select(field => NullIn(field.Value, $"{path}.{field.Name}"))
                .FirstOrDefault(found => found is not null),
            JsonValueKind.Array => element
                .EnumerateArray()
                .Select((one, index) => NullIn(one, $"{path}[{index}]"))
                .FirstOrDefault(found => found is not null),
            _ => null,
        };
}
