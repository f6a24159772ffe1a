using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>Ledger entries of one slot; a test says only what it is about.</summary>
internal static class Rounds
{
    internal static MarkingRound Round(int number, RoundKind kind, Outcome outcome = Outcome.Partial, decimal points = 1, int answer = 1) => new(
        Guid.Empty, 1, number, kind, answer, outcome, Points.From(points), Points.From(4), "rubric/1", "demo-1", 1, null, null, null, null, Instant.MinValue);

    internal static MarkingRound Waiting(int number, int answer = 1) => Round(number, RoundKind.Auto, Outcome.AwaitingMarking, 0, answer);

    internal static MarkingRound Expert(int number, decimal points, int answer = 1) => Round(number, RoundKind.Expert, Outcome.Partial, points, answer);
}
