using Diagnostics.Engine.Calibration;
using static Diagnostics.Engine.Tests.Calibration.Inputs;

namespace Diagnostics.Engine.Tests.Calibration;

public sealed class CalibrationFingerprintTests
{
    private static readonly CalibrationOptions Options = new(CalibrationModel.Pcm);

    private static readonly CalibrationInputs Some = Of(
        (
            1,
            [
                [0, 1],
                [1, 1],
                [1, 0],
            ]
        ),
        (
            2,
            [
                [0, 0],
                [1, 1],
            ]
        )
    );

    [Fact]
    public void The_order_in_which_sessions_were_read_is_of_no_matter() =>
        CalibrationFingerprint
            .Of(Some with { Persons = Some.Persons.Reverse().ToList() }, Options)
            .Should()
            .Be(CalibrationFingerprint.Of(Some, Options))
            .And.MatchRegex("^[0-9a-f]{64}$");

    public static TheoryData<string> Changes() =>
        ["score", "choice", "item version", "model", "iterations", "scale", "group", "variant", "one person less", "form", "left out"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_changes_the_result_changes_it(string what)
    {
        var first = Some.Persons[0];
        CalibrationInputs With(CalibrationPerson person) => Some with { Persons = [person, .. Some.Persons.Skip(1)] };
        var (inputs, options) = what switch
        {
            "score" => (With(first with { Scores = [1, 1] }), Options),
            "choice" => (With(first with { Choices = [2, 1] }), Options),
            "group" => (With(first with { Territory = "05" }), Options),
            "variant" => (With(first with { Variant = 2 }), Options),
            "one person less" => (Some with { Persons = Some.Persons.Skip(1).ToList() }, Options),
            "item version" => (Some with { Items = [Some.Items[0] with { Version = 2 }, .. Some.Items.Skip(1)] }, Options),
            "model" => (Some, Options with { Model = CalibrationModel.Rasch }),
            "iterations" => (Some, Options with { MostIterations = 100 }),
            "scale" => (
                Some with
                {
                    Scale = Scale with { Levels = [Scale.Levels[0], Scale.Levels[1] with { FromPercent = 50 }, Scale.Levels[2]] },
                },
                Options
            ),
            "form" => (Some with { FormId = Id(5) }, Options),
            "left out" => (Some with { LeftOut = new(1, 0, 0) }, Options),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        CalibrationFingerprint.Of(inputs, options).Should().NotBe(CalibrationFingerprint.Of(Some, Options));
    }
}
