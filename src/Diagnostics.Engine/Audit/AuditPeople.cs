using System.Text.Json;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.Audit;

/// <summary>
/// The people whom the details of an entry name. An index beside the trail repeats them, so that everything about a
/// person is found at once; because they follow from the entry, a changed index is noticed.
/// </summary>
public static partial class AuditPeople
{
    /// <summary>The name under which the details list people who are in the index.</summary>
    public const string Indexed = "persons";

    /// <summary>The name that entries used before there was an index. It holds most of them, but need not hold all.</summary>
    private const string Older = "people";

    /// <param name="details">The details as the hash covers them.</param>
    /// <returns>Ids of people.</returns>
    public static IReadOnlySet<string> Of(string? details) => Under(Indexed, details);

    /// <summary>Whether the index of an entry agrees with its details.</summary>
    public static bool Agree(string? details, IReadOnlyCollection<string> index)
    {
        var named = Of(details);
        return named.Count > 0 ? named.SetEquals(index) : index.Count == 0 || Under(Older, details).IsSupersetOf(index);
    }

    private static SortedSet<string> Under(string name, string? details)
    {
        var people = new SortedSet<string>(StringComparer.Ordinal);
        if (details?.Contains($"\"{name}\":[", StringComparison.Ordinal) is not true)
            return people;
        using var json = JsonDocument.Parse(details);
        if (
            json.RootElement is { ValueKind: JsonValueKind.Object } fields
            && fields.TryGetProperty(name, out var list)
            && list.ValueKind is JsonValueKind.Array
        )
            foreach (var each in list.EnumerateArray())
                if (each.ValueKind is JsonValueKind.String && Id().IsMatch(each.GetString()!))
                    people.Add(each.GetString()!);
        return people;
    }

    [GeneratedRegex("^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    private static partial Regex Id();
}
