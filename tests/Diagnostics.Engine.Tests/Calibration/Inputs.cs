using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Engine.Tests.Calibration;

/// <summary>Builds as many forms and people for a calibration as a test needs.</summary>
internal static class Inputs
{
    internal static readonly Guid Form = Guid.Parse("01995d4c-7a00-7000-8000-0000000000f0");

    internal static readonly MarkingPolicy Policy = new(1, 60);

    internal static readonly LevelScale Scale = new(
        [
            new(DeficitLevel.High, 0, "Высокий", "р"),
            new(DeficitLevel.Medium, 60, "Средний", "р"),
            new(DeficitLevel.Minimal, 81, "Минимальный", "р"),
        ],
        [],
        new Dictionary<string, IReadOnlyList<ScaleLevel>>(),
        new(2, Points.From(3)),
        "п"
    );

    /// <summary>
    /// A slot with four options, of which the second is right; it is worth one point unless the test says otherwise.
    /// </summary>
    internal static CalibrationItem Item(int variant, int slot, int maximum = 1, string block = "subject") =>
        new(variant, slot, $"item-{variant}-{slot}", 1, block, $"{block}.a", ItemType.SingleChoice, 1, maximum, ["1", "2", "3", "4"], [1]);

    /// <summary>Each row of a variant's scores is one person.</summary>
    internal static CalibrationInputs Of(params (int Variant, int[][] Scores)[] variants) => Of(1, variants);

    internal static CalibrationInputs Of(int maximum, params (int Variant, int[][] Scores)[] variants) =>
        new(
            Form,
            variants
                .SelectMany(variant => Enumerable.Range(1, variant.Scores[0].Length).Select(slot => Item(variant.Variant, slot, maximum)))
                .ToList(),
            variants.SelectMany(variant => variant.Scores.Select((scores, at) => Person(variant.Variant, at, scores))).ToList(),
            Scale,
            new(0, 0, 0),
            new([], [], [])
        );

    internal static CalibrationPerson Person(int variant, int number, int[] scores, string territory = "82") =>
        new(
            Id(variant * 100_000 + number),
            variant,
            scores,
            Array.ConvertAll(scores, _ => true),
            Array.ConvertAll(scores, score => score > 0 ? 1 : 0),
            territory,
            "Школа",
            "ppd-1"
        );

    internal static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>A single-choice item worth the given number of points.</summary>
    internal static Item Choice(string code, int variant, decimal points = 1) =>
        new(
            code,
            "facet",
            variant,
            "subject",
            "subject.a",
            1,
            Points.From(points),
            new ExactRule(),
            "Сколько?",
            null,
            new SingleChoice([new("1", "один"), new("2", "два"), new("3", "три"), new("4", "четыре")], "2"),
            "Два.",
            new Dictionary<string, string>()
        );

    internal static MarkingRound Auto(Guid session, int slot, decimal points, Outcome outcome = Outcome.Right, decimal maximum = 1) =>
        new()
        {
            SessionId = session,
            Slot = slot,
            Number = 1,
            Kind = RoundKind.Auto,
            ResponseRevision = 1,
            Outcome = outcome,
            Points = Points.From(points),
            Maximum = Points.From(maximum),
            Rule = "exact/1",
            ItemCode = $"item-{slot}",
            ItemVersion = 1,
            At = Instant.MinValue,
        };

    internal static CalibrationResult Run(CalibrationInputs inputs, CalibrationOptions options) =>
        CalibrationWork.Run(inputs, options, _ => { }, CancellationToken.None);
}
