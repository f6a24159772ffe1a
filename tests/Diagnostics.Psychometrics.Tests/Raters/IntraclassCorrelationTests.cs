using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.Tests.Raters;

public sealed class IntraclassCorrelationTests
{
    private static double[,] Published()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "shrout_fleiss_1979.csv"))
            .Skip(1)
            .Select(line => line.Split(',').Select(SharedReference.Number).ToArray())
            .ToArray();
        var ratings = new double[rows.Length, rows[0].Length];
        for (var unit = 0; unit < rows.Length; unit++)
        for (var rater = 0; rater < rows[0].Length; rater++)
            ratings[unit, rater] = rows[unit][rater];
        return ratings;
    }

    private static void Hold(
        double[,] ratings,
        IccForm form,
        double value,
        double f,
        double df1,
        double df2,
        double p,
        double lower,
        double upper
    )
    {
        var icc = IntraclassCorrelation.Of(ratings).Value[form].Value;
        icc.Value.Should().BeApproximately(value, 1e-10);
        icc.F.Value.Ratio.Should().BeApproximately(f, 1e-9);
        (icc.F.Value.Numerator, icc.F.Value.Denominator).Should().Be((df1, df2));
        icc.F.Value.P.Should().BeApproximately(p, 1e-9);
        icc.Interval.Value.Lower.Should().BeApproximately(lower, 1e-6);
        icc.Interval.Value.Upper.Should().BeApproximately(upper, 1e-6);
    }

    // Shrout & Fleiss (1979), table 4, print .17 .29 .71 .44 .62 .91. Further digits, F, p and intervals come from
    // psych 2.2.9 (expected/icc.json).
    [Theory]
    [InlineData(IccForm.OneWaySingle, 0.165741768405476, 1.79467849223947, 5, 18, 0.16476880834464, -0.132932324874751, 0.722560062328121)]
    [InlineData(
        IccForm.AgreementSingle,
        0.289763779527559,
        11.0272479564033,
        5,
        15,
        0.000134566516484337,
        0.018786513374712,
        0.761084369648953
    )]
    [InlineData(
        IccForm.ConsistencySingle,
        0.714840714840715,
        11.0272479564033,
        5,
        15,
        0.000134566516484337,
        0.342464765033925,
        0.94585825995536
    )]
    [InlineData(IccForm.OneWayMean, 0.442797133679269, 1.79467849223947, 5, 18, 0.16476880834464, -0.884442155238119, 0.912415420340776)]
    [InlineData(
        IccForm.AgreementMean,
        0.620050547598989,
        11.0272479564033,
        5,
        15,
        0.000134566516484337,
        0.0711368153025035,
        0.927232040167722
    )]
    [InlineData(
        IccForm.ConsistencyMean,
        0.909315542377069,
        11.0272479564033,
        5,
        15,
        0.000134566516484337,
        0.675674713816305,
        0.985891678169062
    )]
    public void Six_forms_are_those_of_the_paper(
        IccForm form,
        double value,
        double f,
        double df1,
        double df2,
        double p,
        double lower,
        double upper
    ) => Hold(Published(), form, value, f, df1, df2, p, lower, upper);

    [ReferenceFact("irr_anxiety.csv")]
    public void Six_forms_are_those_of_psych()
    {
        var rows = SharedReference.Rows("irr_anxiety.csv");
        var ratings = new double[rows.Length, 3];
        for (var unit = 0; unit < rows.Length; unit++)
        for (var rater = 0; rater < 3; rater++)
            ratings[unit, rater] = SharedReference.Number(rows[unit][rater]);

        Hold(
            ratings,
            IccForm.OneWaySingle,
            0.175022381378693,
            1.63646228974498,
            19,
            40,
            0.0939307271289242,
            -0.0774465748654547,
            0.48433609381882
        );
        Hold(
            ratings,
            IccForm.AgreementSingle,
            0.197998259355962,
            1.82677165354331,
            19,
            38,
            0.0562012735474978,
            -0.0389106260931603,
            0.493573945972123
        );
        Hold(
            ratings,
            IccForm.ConsistencySingle,
            0.216049382716049,
            1.82677165354331,
            19,
            38,
            0.0562012735474978,
            -0.0462578853236332,
            0.522259078395644
        );
        Hold(
            ratings,
            IccForm.OneWayMean,
            0.388925729442971,
            1.63646228974498,
            19,
            40,
            0.0939307271289242,
            -0.274923489878688,
            0.738065123579582
        );
        Hold(
            ratings,
            IccForm.AgreementMean,
            0.425498753117207,
            1.82677165354331,
            19,
            38,
            0.0562012735474978,
            -0.12658270270946,
            0.74514928854521
        );
        Hold(
            ratings,
            IccForm.ConsistencyMean,
            0.452586206896551,
            1.82677165354331,
            19,
            38,
            0.0562012735474978,
            -0.152921286654073,
            0.766330800234059
        );
    }

    // The analysis of variance in Shrout & Fleiss (1979), table 3, has the mean squares 11.24, 6.26, 32.49 and 1.02.
    [Fact]
    public void Mean_squares_are_those_of_the_paper()
    {
        var (between, within, raters, error) = IntraclassCorrelation.Of(Published()).Value.MeanSquares;

        between.Should().BeApproximately(11.2416666666667, 1e-12);
        within.Should().BeApproximately(6.26388888888889, 1e-12);
        raters.Should().BeApproximately(32.4861111111111, 1e-12);
        error.Should().BeApproximately(1.01944444444444, 1e-12);
    }

    [Fact]
    public void Raters_that_differ_by_a_constant_are_consistent_without_agreeing()
    {
        var icc = IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 1, 3 },
                    { 2, 4 },
                    { 5, 7 },
                }
            )
            .Value;

        icc[IccForm.ConsistencySingle].Value.Value.Should().Be(1);
        icc[IccForm.ConsistencySingle].Value.F.Reason.Should().Be(Undefined.PerfectAgreement);
        // By hand: MSB = 26/3, MSJ = 6, so ICC(2,1) = MSB/(MSB + 2·6/3) = 26/38.
        icc[IccForm.AgreementSingle].Value.Value.Should().BeApproximately(26.0 / 38, 1e-12);
    }

    [Fact]
    public void Undefined_correlations_say_why()
    {
        IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 0.1, 0.1 },
                    { 0.1, 0.1 },
                }
            )
            .Reason.Should()
            .Be(Undefined.NoVariance);
        IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 1, 2 },
                }
            )
            .Reason.Should()
            .Be(Undefined.TooFewPersons);
        IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 1 },
                    { 2 },
                }
            )
            .Reason.Should()
            .Be(Undefined.TooFewRaters);
        IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 1, 2 },
                    { 2, 1 },
                }
            )
            .Value[IccForm.OneWayMean]
            .Reason.Should()
            .Be(Undefined.NoVariance);
        var refusal = FluentActions
            .Invoking(() =>
                IntraclassCorrelation.Of(
                    new[,]
                    {
                        { 1, 2 },
                        { 2, double.NaN },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which;
        (refusal.Row, refusal.Column).Should().Be((1, 1));
    }
}
