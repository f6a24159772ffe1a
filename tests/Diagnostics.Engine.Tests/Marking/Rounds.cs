using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>Ledger entries of one slot; a test states only what matters to it.</summary>
internal static class Rounds
{
    internal static MarkingRound Round(int number, RoundKind kind, Outcome outcome = Outcome.Partial, decimal points = 1, int answer = 1) =>
        new()
        {
            SessionId = Guid.Empty,
            Slot = 1,
            Number = number,
            Kind = kind,
            ResponseRevision = answer,
            Outcome = outcome,
            Points = Points.From(points),
            Maximum = Points.From(4),
            Rule = "rubric/1",
            ItemCode = "demo-1",
            ItemVersion = 1,
            At = Instant.MinValue,
        };

    internal static MarkingRound Waiting(int number, int answer = 1) => Round(number, RoundKind.Auto, Outcome.AwaitingMarking, 0, answer);

    internal static MarkingRound Expert(int number, decimal points, int answer = 1) =>
        Round(number, RoundKind.Expert, Outcome.Partial, points, answer);
}
