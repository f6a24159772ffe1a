using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>A person of a given ability who answers as the partial credit model says.</summary>
/// <param name="ability">Logits; 0 is the average teacher.</param>
internal sealed class SimulatedTaker(double ability, SeededRandom random)
{
    private static readonly string[] Guesses = ["не помню", "0", "нет ответа", "100"];

    /// <summary>Standard normal by the sum of twelve uniform numbers: enough for people who do not exist.</summary>
    internal static double Ability(SeededRandom random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    /// <summary>A response in the author's ids that earns about what the model drew; null leaves the item blank.</summary>
    internal Response? Answer(Item item)
    {
        var maximum = (int)Math.Ceiling(item.MaxPoints.ToDecimal());
        var score = PartialCredit.Draw(ability, Steps(item, maximum), random.NextDouble());
        // Weak people leave some open items empty.
        if (score == 0 && random.NextDouble() < 0.25) return null;
        return item.Body switch
        {
            SingleChoice body => new SingleChoiceResponse(score == maximum ? body.Key : Other(body.Options, body.Key)),
            MultipleChoice body => new MultipleChoiceResponse(score == maximum ? body.Key : Spoil(body, score > 0 ? 1 : 2)),
            Matching body => new MatchingResponse(score == maximum ? body.Key : Spoil(body, score > 0 ? 1 : 3)),
            Ordering body => new OrderingResponse(score == maximum ? body.Key : Spoil(body, score > 0)),
            ShortAnswer body => new ShortAnswerResponse(score == maximum ? RightText(body) : Guesses[random.Next(Guesses.Length)]),
            ExtendedTask body => new ExtendedResponse(body.Exemplars.MinBy(exemplar => Math.Abs(exemplar.Points.Values.Sum().ToDecimal() - score))!.Text.Trim()),
            _ => throw new InvalidOperationException($"Unknown item body {item.Body.GetType().Name}."),
        };
    }

    // Difficulty 1, 2, 3 lie a logit apart; later steps of an item are harder; each item has a place of its own.
    private static double[] Steps(Item item, int maximum)
    {
        var place = SeededRandom.For(1, item.Code).NextDouble() - 0.5;
        return Enumerable.Range(0, maximum).Select(step => item.Difficulty - 2.2 + place + 0.7 * step).ToArray();
    }

    private string Other(IReadOnlyList<Entry> options, string key)
    {
        var wrong = options.Where(option => option.Id != key).ToList();
        return wrong[random.Next(wrong.Count)].Id;
    }

    private List<string> Spoil(MultipleChoice body, int errors)
    {
        var wrong = body.Options.Select(option => option.Id).Except(body.Key).ToList();
        var ticked = body.Key.Skip(errors - 1).ToList();
        ticked[^1] = wrong[random.Next(wrong.Count)];
        return ticked.Distinct().ToList();
    }

    private static Dictionary<string, string> Spoil(Matching body, int errors) =>
        body.Key.OrderBy(pair => pair.Key, StringComparer.Ordinal).Skip(errors).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static List<string> Spoil(Ordering body, bool little)
    {
        var order = body.Key.ToList();
        if (little) (order[0], order[1]) = (order[1], order[0]);
        else order.Reverse();
        return order;
    }

    private static string RightText(ShortAnswer body) =>
        body.Key.Texts.Count > 0 ? body.Key.Texts[0] : body.Key.Numbers[0].Value.ToString(CultureInfo.InvariantCulture);
}
