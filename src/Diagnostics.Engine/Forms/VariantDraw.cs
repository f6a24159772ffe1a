using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>
/// Draws a person's variant at random under three rules (docs/promises.md, forms): a variant that the person has seen
/// is not drawn while an unseen one is left; the variant differs from the neighbours' variants where possible; and one
/// of the remaining variants with the fewest sessions at the site is drawn. The equating of variants relies on this
/// draw.
/// </summary>
public static class VariantDraw
{
    /// <param name="seen">Variants of this form that the person has already had, in any campaign, oldest first.</param>
    /// <param name="counts">Variant → number of sessions with it in this campaign at this site.</param>
    /// <param name="neighbours">Variants at the neighbouring seats.</param>
    /// <param name="seed">Seed recorded with the session, so that the draw can be repeated.</param>
    public static int Draw(IReadOnlyList<int> seen, IReadOnlyDictionary<int, int> counts, IReadOnlyCollection<int> neighbours, long seed)
    {
        var all = Enumerable.Range(1, Facet.Variants).ToList();
        var unseen = all.Except(seen).ToList();
        // When all four have been seen, take the one seen longest ago.
        var allowed = unseen.Count > 0 ? unseen : [all.MinBy(variant => seen.ToList().LastIndexOf(variant))];
        var apart = allowed.Except(neighbours).ToList();
        var candidates = apart.Count > 0 ? apart : allowed;
        var fewest = candidates.Min(variant => counts.GetValueOrDefault(variant));
        var even = candidates.Where(variant => counts.GetValueOrDefault(variant) == fewest).ToList();
        return even[SeededRandom.For(seed, "variant").Next(even.Count)];
    }
}
