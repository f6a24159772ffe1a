using System.Text.Json;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.Audit;

/// <summary>
/// The people whom the details of an entry name. An index beside the trail repeats them, so that everything about a
/// person is found at once; because they follow from the entry, a changed index is noticed.
/// </summary>
public static partial class AuditPeople
{
    /// <summary>The member of the details that lists people.</summary>
    public const string Member = "people";

    /// <summary>
    /// The member that says that the index has them. Entries of versions without the index list people without it; the
    /// index has those that were there when it was made.
    /// </summary>
    public const string Mark = "indexed";

    /// <param name="details">The details as the hash covers them.</param>
    /// <returns>Ids of the people who must be in the index.</returns>
    public static IReadOnlySet<string> Of(string? details) => Read(details) is (true, var people) ? people : new SortedSet<string>();

    /// <summary>Whether the index of an entry agrees with its details.</summary>
    public static bool Agree(string? details, IReadOnlyCollection<string> index)
    {
        var (indexed, people) = Read(details);
        return indexed ? people.SetEquals(index) : people.IsSupersetOf(index);
    }

    private static (bool Indexed, SortedSet<string> People) Read(string? details)
    {
        var people = new SortedSet<string>(StringComparer.Ordinal);
        if (details?.Contains($"\"{Member}\":[", StringComparison.Ordinal) is not true)
            return (false, people);
        using var json = JsonDocument.Parse(details);
        if (
            json.RootElement is not { ValueKind: JsonValueKind.Object } fields
            || !fields.TryGetProperty(Member, out var list)
            || list.ValueKind is not JsonValueKind.Array
        )
            return (false, people);
        foreach (var each in list.EnumerateArray())
            if (each.ValueKind is JsonValueKind.String && Id().IsMatch(each.GetString()!))
                people.Add(each.GetString()!);
        return (fields.TryGetProperty(Mark, out _), people);
    }

    [GeneratedRegex("^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    private static partial Regex Id();
}
