using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.UseCases.Demonstration;

/// <summary>A person of a given ability whose answers follow the partial credit model.</summary>
/// <param name="ability">Logits; 0 is the average teacher.</param>
internal sealed class SimulatedTaker(double ability, SeededRandom random)
{
    /// <summary>
    /// A standard normal ability: the sum of twelve uniform numbers is good enough for invented people.
    /// </summary>
    internal static double Ability(SeededRandom random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    /// <summary>
    /// A response in the author's ids that earns about the score drawn from the model; null leaves the item blank.
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

    // Difficulties 1, 2, 3 are a logit apart; later steps of an item are harder; each item has its own shift.
    private static double[] Steps(Item item, int maximum)
    {
        var place = SeededRandom.For(1, item.Code).NextDouble() - 0.5;
        return Enumerable.Range(0, maximum).Select(step => item.Difficulty - 2.2 + place + 0.7 * step).ToArray();
    }
}
