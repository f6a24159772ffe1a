using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// Lifecycle of an item version: <c>draft → review → approved → active → retired</c> (docs/promises.md, items).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemStatus>))]
public enum ItemStatus
{
    [JsonStringEnumMemberName("draft")]
    Draft,

    [JsonStringEnumMemberName("review")]
    Review,

    [JsonStringEnumMemberName("approved")]
    Approved,

    [JsonStringEnumMemberName("active")]
    Active,

    [JsonStringEnumMemberName("retired")]
    Retired,
}

public static class ItemLifecycle
{
    private static readonly Dictionary<ItemStatus, ItemStatus[]> Steps = new()
    {
        [ItemStatus.Draft] = [ItemStatus.Review, ItemStatus.Retired],
        [ItemStatus.Review] = [ItemStatus.Draft, ItemStatus.Approved],
        [ItemStatus.Approved] = [ItemStatus.Active, ItemStatus.Draft, ItemStatus.Retired],
        [ItemStatus.Active] = [ItemStatus.Retired],
        [ItemStatus.Retired] = [],
    };

    /// <summary>The state in Russian, as the end of «фасет …» or «версия …».</summary>
    public static string InWords(this ItemStatus status) => status is ItemStatus.Draft ? "— черновик" : $"в состоянии «{Name(status)}»";

    /// <summary>The state in Russian.</summary>
    public static string Name(this ItemStatus status) =>
        status switch
        {
            ItemStatus.Draft => "черновик",
            ItemStatus.Review => "на рецензии",
            ItemStatus.Approved => "утверждено",
            ItemStatus.Active => "действует",
            ItemStatus.Retired => "выведено",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    /// <summary>Whether a form may contain the item.</summary>
    public static bool IsUsable(this ItemStatus status) => status is ItemStatus.Approved or ItemStatus.Active;

    /// <summary>
    /// The shortest path of allowed steps, without the status from which it starts; empty when there is nothing to do,
    /// null when there is no path.
    /// </summary>
    public static IReadOnlyList<ItemStatus>? Path(ItemStatus from, ItemStatus to)
    {
        var ways = new Queue<ItemStatus[]>([
            [from],
        ]);
        var seen = new HashSet<ItemStatus> { from };
        while (ways.TryDequeue(out var way))
        {
            if (way[^1] == to)
                return way[1..];
            foreach (var next in Steps[way[^1]].Where(seen.Add))
                ways.Enqueue([.. way, next]);
        }
        return null;
    }

    /// <summary>Null when <paramref name="actor"/> may move the item from one status to the next.</summary>
    /// <param name="used">Whether a form uses this version; if one does, the version never goes back to draft.</param>
    public static Refusal? Check(ItemStatus from, ItemStatus to, string author, string actor, bool used)
    {
        if (!Steps[from].Contains(to))
            return Refusal.Conflict(
                "item-transition-not-allowed",
                $"Версия {from.InWords()}; перейти в состояние «{to.Name()}» отсюда нельзя."
            );
        if (to is ItemStatus.Approved && author == actor)
            return Refusal.Forbidden(
                "author-approves-own-item",
                "Автор не утверждает собственное задание: это делает другой член комиссии."
            );
        return used && to is ItemStatus.Draft
            ? Refusal.Conflict("item-version-in-use", "Эта версия задания уже входит в форму и не меняется: создайте новую версию.")
            : null;
    }
}
