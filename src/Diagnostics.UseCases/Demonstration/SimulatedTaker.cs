using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.UseCases.Demonstration;

/// <summary>A person of a given ability whose answers follow the partial credit model.</summary>
/// <param name="ability">The ability in logits; 0 is the average teacher.</param>
internal sealed class SimulatedTaker(double ability, SeededRandom random)
{
    /// <summary>
    /// Draws an ability that is nearly standard normal: the sum of twelve uniform numbers is good enough for invented
    /// people.
    /// </summary>
    internal static double Ability(SeededRandom random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    /// <summary>
    /// A response, in the author's ids, that earns about the score drawn from the model; null for an item left blank.
    /// </summary>
    internal Response? Answer(Item item)
    {
        var maximum = (int)Math.Ceiling(item.MaxPoints.ToDecimal());
        var score = PartialCredit.Draw(ability, Steps(item, maximum), random.NextDouble());
        // Weak people leave some open items blank.
        if (score == 0 && random.NextDouble() < 0.25)
            return null;
        return item.Imitate(score, maximum, random);
    }

    // The difficulties 1, 2 and 3 are one logit apart, each further step of an item is harder, and each item has a
    // shift of its own.
    private static double[] Steps(Item item, int maximum)
    {
        var place = SeededRandom.For(1, item.Code).NextDouble() - 0.5;
        return Enumerable.Range(0, maximum).Select(step => item.Difficulty - 2.2 + place + 0.7 * step).ToArray();
    }
}
