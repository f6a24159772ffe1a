namespace Diagnostics.Psychometrics.Classical;

/// <param name="Item">0-based.</param>
/// <param name="Presented">Number of persons who sat the form.</param>
/// <param name="Omitted">Share of these persons who left the item blank and answered a later one, 0…1.</param>
/// <param name="NotReached">Share of these persons who answered neither the item nor any later one, 0…1.</param>
public sealed record OmissionStatistics(int Item, int Presented, double Omitted, double NotReached);

/// <summary>Classifies each blank, by its place in the form, as omitted or as not reached for lack of time.</summary>
/// <remarks>
/// A blank after the last answered item is not reached; a blank before it is omitted: Lord, F. M. (1974). Estimation of
/// latent ability and item parameters when there are omitted responses. Psychometrika, 39, 247–264, p. 247. A person
/// who answered nothing reached nothing.
/// </remarks>
public static class Omissions
{
    /// <param name="answered">[person, item], items in the order they were presented; all persons sat the same
    /// form.</param>
    public static Estimate<IReadOnlyList<OmissionStatistics>> Of(bool[,] answered)
    {
        ArgumentNullException.ThrowIfNull(answered);
        var (persons, items) = (answered.GetLength(0), answered.GetLength(1));
        if (persons == 0)
            return Estimate<IReadOnlyList<OmissionStatistics>>.None(Undefined.TooFewPersons);
        var (omitted, notReached) = (new int[items], new int[items]);
        for (var person = 0; person < persons; person++)
        {
            var reached = false;
            for (var item = items - 1; item >= 0; item--)
            {
                reached |= answered[person, item];
                if (answered[person, item])
                    continue;
                if (reached)
                    omitted[item]++;
                else
                    notReached[item]++;
            }
        }
        return Estimate<IReadOnlyList<OmissionStatistics>>.Of([
            .. Enumerable
                .Range(0, items)
                .Select(item => new OmissionStatistics(item, persons, (double)omitted[item] / persons, (double)notReached[item] / persons)),
        ]);
    }
}
