using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class RubricMarkingTests
{
    // K1 and K2, 0–2 points each; K1 is the gate.
    [Theory]
    [InlineData(2, 2, 4, Outcome.Right)]
    [InlineData(1, 2, 3, Outcome.Partial)]
    [InlineData(1, 0, 1, Outcome.Partial)]
    [InlineData(0, 0, 0, Outcome.Wrong)]
    [InlineData(0, 2, 0, Outcome.Wrong)]
    public void Points_are_the_sum_of_the_criteria_behind_the_gate(int k1, int k2, int points, Outcome outcome) =>
        RubricMarking
            .Score(Items.Extended(), Marks(("K1", k1), ("K2", k2)))
            .Value.Should()
            .Be(new Score(outcome, Points.From(points), "rubric/1"));

    [Fact]
    public void Marks_must_name_every_criterion_and_no_other_and_only_described_points()
    {
        RubricMarking.Score(Items.Extended(), Marks(("K1", 1))).Refusal!.Code.Should().Be("criterion-missing");
        RubricMarking.Score(Items.Extended(), Marks(("K1", 1), ("K2", 1), ("K3", 1))).Refusal!.Code.Should().Be("unknown-criterion");
        RubricMarking.Score(Items.Extended(), Marks(("K1", 1), ("K2", 1.5m))).Refusal!.Code.Should().Be("points-not-in-rubric");
        RubricMarking.Score(Items.Extended(), Marks(("K1", 1), ("K2", 3))).Refusal!.Code.Should().Be("points-not-in-rubric");
        RubricMarking.Score(Items.Extended(), Marks(("K1", -1), ("K2", 1))).Refusal!.Code.Should().Be("points-not-in-rubric");
    }

    // K1 of 0 makes the sum 0 whatever the others are, so nobody has to give them.
    [Fact]
    public void Behind_a_closed_gate_criteria_may_be_left_out_and_count_as_0()
    {
        var marks = RubricMarks.Of(Items.Extended(), Marks(("K1", 0))).Value;

        marks.Criteria.Should().BeEquivalentTo(Marks(("K1", 0), ("K2", 0)));
        marks.Score.Should().Be(new Score(Outcome.Wrong, Points.Zero, "rubric/1"));
        RubricMarks.Of(Items.Extended(), Marks(("K1", 0), ("K2", 2))).Value.Criteria["K2"].Should().Be(Points.From(2), "it was given");
        RubricMarks.Of(Items.Extended(), Marks(("K1", 1))).Refusal!.Code.Should().Be("criterion-missing", "the gate is open");
        RubricMarks.Of(Items.Extended(), Marks(("K2", 0))).Refusal!.Code.Should().Be("criterion-missing", "the gate itself is missing");
        RubricMarks.Of(Items.Extended(), Marks(("K1", 0), ("K3", 1))).Refusal!.Code.Should().Be("unknown-criterion");
    }

    [Fact]
    public void A_draft_may_leave_criteria_out_but_names_no_others()
    {
        RubricMarking.CheckDraft(Items.Extended(), Marks(("K2", 1))).Should().BeNull();
        RubricMarking.CheckDraft(Items.Extended(), Marks()).Should().BeNull();
        RubricMarking.CheckDraft(Items.Extended(), Marks(("K9", 1)))!.Code.Should().Be("unknown-criterion");
        RubricMarking.CheckDraft(Items.Extended(), Marks(("K1", 9)))!.Code.Should().Be("points-not-in-rubric");
    }

    [Theory]
    [InlineData(new int[0], 1, 1)]
    [InlineData(new[] { 1 }, 1, null)]
    [InlineData(new[] { 1 }, 2, 2)]
    [InlineData(new[] { 2 }, 2, 1)]
    [InlineData(new[] { 3, 1 }, 3, 2)]
    [InlineData(new[] { 1, 2, 3 }, 3, null)]
    public void A_place_given_back_is_the_next_to_be_taken(int[] taken, int experts, int? free) =>
        MarkingPlaces.Free(taken, experts).Should().Be(free);

    private static Dictionary<string, Points> Marks(params (string Code, decimal Points)[] marks) =>
        marks.ToDictionary(mark => mark.Code, mark => Points.From(mark.Points));
}
