using System.Globalization;

namespace Diagnostics.UseCases.Execution;

/// <summary>One page of a list.</summary>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    internal const int DefaultLimit = 100;
    internal const int MaxLimit = 500;

    /// <param name="limit">The requested limit; the query should have fetched as many rows as <see cref="Take"/>
    /// returns for this limit.</param>
    internal static Page<T> Of(IReadOnlyList<T> fetched, int? limit, Func<T, string> key)
    {
        var size = Take(limit) - 1;
        return fetched.Count > size ? new(fetched.Take(size).ToList(), key(fetched[size - 1])) : new(fetched, null);
    }

    /// <summary>
    /// A page of a list that is short enough to be read whole; <paramref name="after"/> is the number of items before
    /// the page.
    /// </summary>
    internal static Page<T> Window(IReadOnlyList<T> all, int? after, int? limit)
    {
        var (from, size) = (Math.Max(0, after ?? 0), Take(limit) - 1);
        return new(
            all.Skip(from).Take(size).ToList(),
            all.Count - size > from ? (from + size).ToString(CultureInfo.InvariantCulture) : null
        );
    }

    /// <summary>
    /// The number of rows to fetch, one more than the page holds; the extra row shows that there is a next page.
    /// </summary>
    internal static int Take(int? limit) => Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit) + 1;
}
