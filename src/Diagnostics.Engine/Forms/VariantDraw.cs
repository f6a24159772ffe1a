using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>
/// Draws a person's variant: never one already seen while another is left, unlike the seat neighbours' where possible,
/// keeping the site's counts balanced, random within these bounds (docs/promises.md, forms). Equating the variants rests on this.
/// </summary>
public static class VariantDraw
{
    /// <param name="seen">Variants of this form that the person has had, in any campaign, oldest first.</param>
    /// <param name="counts">How many sessions of this campaign and site have each variant.</param>
    /// <param name="neighbours">Variants at the neighbouring seats.</param>
    /// <param name="seed">Recorded with the session, so that the draw can be repeated.</param>
    public static int Draw(IReadOnlyList<int> seen, IReadOnlyDictionary<int, int> counts, IReadOnlyCollection<int> neighbours, long seed)
    {
        var all = Enumerable.Range(1, Facet.Variants).ToList();
        var unseen = all.Except(seen).ToList();
        // All four seen: the one seen longest ago.
        var allowed = unseen.Count > 0 ? unseen : [all.MinBy(variant => seen.ToList().LastIndexOf(variant))];
        var apart = allowed.Except(neighbours).ToList();
        var candidates = apart.Count > 0 ? apart : allowed;
        var fewest = candidates.Min(variant => counts.GetValueOrDefault(variant));
        var even = candidates.Where(variant => counts.GetValueOrDefault(variant) == fewest).ToList();
        return even[SeededRandom.For(seed, "variant").Next(even.Count)];
    }
}
