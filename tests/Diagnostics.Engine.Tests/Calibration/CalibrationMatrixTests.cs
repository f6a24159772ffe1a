using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using static Diagnostics.Engine.Tests.Calibration.Inputs;

namespace Diagnostics.Engine.Tests.Calibration;

public sealed class CalibrationMatrixTests
{
    private static readonly (int Variant, int Slot, Item Item, int Version)[] Places =
    [
        (1, 1, Choice("item-1", 1), 1),
        (1, 2, Choice("item-2", 1, 2), 3),
        (2, 1, Choice("item-3", 2), 1),
        (2, 2, Choice("item-4", 2, 2), 1),
    ];

    [Fact]
    public void A_session_becomes_a_row_of_its_own_variant_with_what_was_chosen()
    {
        var matrix = Make();
        matrix.Add(Session(1, 2, [1, 0], [new SingleChoiceResponse("2"), null]));

        var inputs = matrix.Inputs();

        inputs
            .Items.Select(item => (item.Variant, item.Slot, item.Code, item.Version, item.Maximum))
            .Should()
            .Equal((1, 1, "item-1", 1, 1), (1, 2, "item-2", 3, 2), (2, 1, "item-3", 1, 1), (2, 2, "item-4", 1, 2));
        var person = inputs.Persons.Single();
        person.Variant.Should().Be(2);
        person.Scores.Should().Equal(1, 0);
        person.Answered.Should().Equal(true, false);
        person.Choices.Should().Equal(1, -1);
        inputs.Variants.Should().Equal(2);
    }

    [Fact]
    public void A_session_with_an_open_score_is_left_out_and_counted()
    {
        var matrix = Make();
        matrix.Add(Session(1, 1, [1, 0]) with { Rounds = [Auto(Id(1), 1, 1), Auto(Id(1), 2, 0, Outcome.AwaitingMarking, 2)] });

        var inputs = matrix.Inputs();

        inputs.Persons.Should().BeEmpty();
        inputs.LeftOut.Should().Be(new SessionsLeftOut(1, 0, 0));
    }

    [Fact]
    public void Of_a_persons_sessions_the_first_complete_one_counts()
    {
        var matrix = Make();
        matrix.Add(Session(1, 1, [1, 0]) with { Rounds = [], ParticipantId = Id(7) });
        matrix.Add(Session(2, 1, [1, 1]) with { ParticipantId = Id(7) });
        matrix.Add(Session(3, 2, [0, 0]) with { ParticipantId = Id(7) });

        var inputs = matrix.Inputs();

        inputs.Persons.Select(person => person.SessionId).Should().Equal(Id(2));
        inputs.LeftOut.Should().Be(new SessionsLeftOut(1, 1, 0));
    }

    [Fact]
    public void A_part_of_a_point_is_rounded_half_up_and_counted()
    {
        var matrix = Make();
        matrix.Add(Session(1, 1, [1, 1.5m]));
        matrix.Add(Session(2, 1, [0, 0.499m]));

        var inputs = matrix.Inputs();

        inputs.Persons.SelectMany(person => person.Scores).Should().Equal(1, 2, 0, 0);
        inputs.LeftOut.Rounded.Should().Be(2);
    }

    [Fact]
    public void An_item_worth_a_part_of_a_point_cannot_be_calibrated() =>
        CalibrationMatrix.For(Form, [(1, 1, Choice("item-1", 1, 1.5m), 1)], Scale).Refusal!.Code.Should().Be("points_not_whole");

    [Fact]
    public void Independent_marks_are_kept_for_the_experts_agreement_and_thirds_are_not()
    {
        var (first, second) = (Id(101), Id(102));
        var marks = new[]
        {
            Auto(Id(1), 2, 0, Outcome.AwaitingMarking, 2),
            Mark(2, RoundKind.Expert, 2, first),
            Mark(3, RoundKind.Expert, 1, second),
            Mark(4, RoundKind.Adjudication, 2, first),
        };
        var matrix = Make();
        matrix.Add(Session(1, 1, [1, 0]) with { Rounds = [Auto(Id(1), 1, 1), .. marks], Policy = Policy with { Experts = 2 } });

        var given = matrix.Inputs().Marks;

        given.Answers.Should().Equal(0, 0);
        given.Experts.Should().Equal(0, 1);
        given.Points.Should().Equal(2, 1);

        static MarkingRound Mark(int number, RoundKind kind, decimal points, Guid by) =>
            Auto(Id(1), 2, points, Outcome.Partial, 2) with
            {
                Number = number,
                Kind = kind,
                MarkedBy = by,
            };
    }

    private static CalibrationMatrix Make() => CalibrationMatrix.For(Form, Places, Scale).Value;

    private static LedgerOfSession Session(int number, int variant, decimal[] points, Response?[]? answers = null) =>
        new(
            Id(number),
            Id(number + 1000),
            variant,
            "ppd-1",
            "82",
            "Школа",
            points.Select((each, at) => Auto(Id(number), at + 1, each, maximum: 2)).ToList(),
            (answers ?? [null, null]).Select((answer, at) => (at, answer)).ToDictionary(pair => pair.at + 1, pair => pair.answer),
            Policy
        );
}
