using Diagnostics.Engine.Calibration;

namespace Diagnostics.Engine.Tests.Calibration;

public sealed class CalibrationStateTests
{
    [Theory]
    [InlineData(CalibrationState.Queued, CalibrationState.Cancelled, null, null)]
    [InlineData(CalibrationState.Running, CalibrationState.Running, null, null)]
    [InlineData(CalibrationState.Completed, null, CalibrationState.Approved, CalibrationState.Rejected)]
    [InlineData(CalibrationState.Failed, null, null, null)]
    [InlineData(CalibrationState.Cancelled, null, null, null)]
    [InlineData(CalibrationState.Approved, null, null, null)]
    [InlineData(CalibrationState.Rejected, null, null, null)]
    [InlineData(CalibrationState.Superseded, null, null, null)]
    public void Only_these_moves_are_possible(
        CalibrationState from,
        CalibrationState? cancelled,
        CalibrationState? approved,
        CalibrationState? rejected
    )
    {
        Of(from.Cancel()).Should().Be(cancelled);
        Of(from.Approve()).Should().Be(approved);
        Of(from.Reject()).Should().Be(rejected);

        static CalibrationState? Of(Result<CalibrationState> move) =>
            move.Refused(out var refusal, out var to)
                ? refusal.Code == "calibration-state"
                    ? null
                    : throw new InvalidOperationException(refusal.Code)
                : to;
    }

    [Fact]
    public void Every_state_step_and_failure_has_words_and_a_code()
    {
        foreach (var state in Enum.GetValues<CalibrationState>())
            state.Describe().Should().MatchRegex("^[а-я]", Codes.Of(state));
        foreach (var step in Enum.GetValues<CalibrationStep>())
            step.Describe().Should().MatchRegex("^[а-я]", Codes.Of(step));
        foreach (var reason in Enum.GetValues<Psychometrics.Undefined>())
            CalibrationWords.Why(reason).Should().MatchRegex("^[а-я]", reason.ToString());
    }

    [Theory]
    [InlineData(CalibrationModel.Pcm, 29, false, 500, "minPersons")]
    [InlineData(CalibrationModel.Rasch, null, true, 500, "slopePrior")]
    [InlineData(CalibrationModel.Gpcm, null, false, 0, "mostIterations")]
    [InlineData(CalibrationModel.Gpcm, 30, true, 10_000, null)]
    public void Options_out_of_range_are_refused_by_name(
        CalibrationModel model,
        int? minPersons,
        bool prior,
        int iterations,
        string? field
    ) => new CalibrationOptions(model, minPersons, prior, iterations).Check()?.Facts["field"].Should().Be(field);
}
