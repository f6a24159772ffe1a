using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Equating;

/// <summary>
/// Compares the errors of links with those from tools/r/marginal_models.R, which calibrates both halves of the verbal
/// aggression data and differentiates the links independently.
/// </summary>
public sealed class LinkingErrorsTests
{
    private static CalibratedCurves Half(int remainder)
    {
        var whole = ReferenceScores.Read("verbagg_dich", 3);
        var part = new int[whole.Persons / 2, 6];
        for (var person = 0; person < part.GetLength(0); person++)
        for (var item = 0; item < 6; item++)
            part[person, item] = whole[2 * person + remainder, item];
        return CalibratedCurves.Of(MarginalMaximumLikelihood.Fit(new(part)).Value, [0, 1, 2, 3, 4, 5]).Value;
    }

    [Theory]
    [InlineData(LinkingMethod.MeanMean, 1.182372, 0.198538, 0.453384, 0.275537, 0.099916)]
    [InlineData(LinkingMethod.MeanSigma, 0.658908, -0.062718, 0.194139, 0.141103, 0.014110)]
    [InlineData(LinkingMethod.Haebara, 0.829002, 0.050602, 0.153463, 0.135534, 0.007599)]
    [InlineData(LinkingMethod.StockingLord, 0.894440, 0.025047, 0.153421, 0.134668, 0.006478)]
    public void Errors_are_those_of_brute_force(
        LinkingMethod method,
        double multiplier,
        double constant,
        double multiplierError,
        double constantError,
        double covariance
    )
    {
        var (x, y) = (Half(0), Half(1));

        var link = IrtLinking.Link(method, x.Curves, y.Curves).Value;
        var errors = IrtLinking.StandardErrors(method, x, y).Value;

        new[] { link.Multiplier, link.Constant }.ShouldMatch([multiplier, constant], 1e-4);
        new[] { errors.Multiplier, errors.Constant, errors.Covariance }.ShouldMatch([multiplierError, constantError, covariance], 2e-4);
        errors.At(0).Should().BeApproximately(errors.Constant, 1e-12);
    }

    // Each of four methods has 60 replications, so a method's coverage has a standard error of three percentage points.
    [Fact]
    public void Intervals_cover_the_true_link()
    {
        var random = new Random(53);
        var known = Simulation.Items(15, 1, true, random);
        // In group X, θ = 0.5 + 1.2 z, so the calibration of X in terms of z links to Y by A = 1.2 and B = 0.5.
        var inZ = Array.ConvertAll(known, item => ItemParameters.FromSteps(1.2 * item.Slope, [(item.Steps[0] - 0.5) / 1.2]));
        int[] columns = [.. Enumerable.Range(0, 15)];
        var inside = new int[4];
        for (var time = 0; time < 60; time++)
        {
            CalibratedCurves Calibrated(ItemParameters[] items) =>
                CalibratedCurves.Of(MarginalMaximumLikelihood.Fit(Simulation.Answers(items, 1_000, 1, random)).Value, columns).Value;
            var (x, y) = (Calibrated(inZ), Calibrated(known));
            foreach (var method in Enum.GetValues<LinkingMethod>())
            {
                var grid = AbilityGrid.Uniform(count: 17);
                var (link, errors) = (
                    IrtLinking.Link(method, x.Curves, y.Curves, grid, grid).Value,
                    IrtLinking.StandardErrors(method, x, y, grid, grid).Value
                );
                inside[(int)method] += Math.Abs(link.Multiplier - 1.2) < 1.96 * errors.Multiplier ? 1 : 0;
                inside[(int)method] += Math.Abs(link.Constant - 0.5) < 1.96 * errors.Constant ? 1 : 0;
            }
        }
        inside.Should().OnlyContain(count => count >= 0.88 * 120 && count <= 120);
    }

    [Fact]
    public void A_calibration_without_errors_and_a_covariance_of_another_size_are_refused()
    {
        var scores = ReferenceScores.Read("lsat6");
        CalibratedCurves
            .Of(MarginalMaximumLikelihood.Fit(scores, new(StandardErrors: false)).Value, [0])
            .Reason.Should()
            .Be(Undefined.NotConverged);
        var x = CalibratedCurves.Of(MarginalMaximumLikelihood.Fit(scores).Value, [0, 1, 2]).Value;
        FluentActions
            .Invoking(() => IrtLinking.StandardErrors(LinkingMethod.MeanMean, x, x with { Covariance = new double[5, 5] }))
            .Should()
            .Throw<BadDataException>();
    }
}
