using System.Text.Json;

namespace Diagnostics.Engine.Audit;

/// <summary>
/// The entry that says that a person was erased, and with the person the words in entries about these subjects. It is
/// how a lawful erasure differs from words that somebody deleted in the database.
/// </summary>
/// <param name="Subjects">What belonged to the person, as entries name it.</param>
public sealed record AuditErasure(IReadOnlyList<string> Subjects)
{
    public const string Action = "person.erased";

    /// <returns>Null when the entry does not say whose words were erased.</returns>
    internal static IReadOnlyList<string>? SubjectsOf(string? details)
    {
        if (details is null)
            return null;
        using var json = JsonDocument.Parse(details);
        return json.RootElement is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty("subjects", out var subjects)
            ? subjects.EnumerateArray().Select(subject => subject.GetString()!).ToList()
            : null;
    }
}
