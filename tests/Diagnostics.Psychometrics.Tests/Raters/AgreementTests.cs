using Diagnostics.Psychometrics.Raters;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Psychometrics.Tests.Raters;

public sealed class AgreementTests
{
    // The table of Hout, Duncan & Sobel (1987) has 91 couples; vcd's documentation prints kappa and its errors for this
    // table (SexualFun).
    private static readonly AgreementTable Couples = AgreementTable.FromCounts(
        new[,]
        {
            { 7, 7, 2, 3 },
            { 2, 8, 3, 7 },
            { 1, 5, 4, 9 },
            { 2, 8, 9, 14 },
        }
    );

    private static AgreementTable Anxiety(int second)
    {
        var rows = SharedReference.Rows("irr_anxiety.csv");
        return AgreementTable.Of(
            [.. rows.Select(row => (int)SharedReference.Number(row[0]) - 1)],
            [.. rows.Select(row => (int)SharedReference.Number(row[second]) - 1)],
            6
        );
    }

    [Fact]
    public void Kappa_of_a_published_table_is_what_vcd_prints()
    {
        Couples.Kappa().Value.Value.Should().BeApproximately(0.1293, 5e-5);
        Couples.Kappa().Value.StandardError.Value.Should().BeApproximately(0.06860, 5e-6);
        Couples.Kappa(KappaWeights.Linear).Value.Value.Should().BeApproximately(0.2374, 5e-5);
        Couples.Kappa(KappaWeights.Linear).Value.StandardError.Value.Should().BeApproximately(0.07832, 5e-6);
    }

    // The values in expected/kappa.json and kappa_full_scale.json come from irr 0.84.1 and vcd 1.4.11.
    [ReferenceFact("irr_anxiety.csv")]
    public void Kappa_and_its_standard_errors_are_those_of_irr_and_vcd()
    {
        var table = Anxiety(1);
        Hold(table.Kappa(), 0.119496855345912, 0.119271297163146, 1.16376222865954);
        Hold(table.Kappa(KappaWeights.Linear), 0.189189189189189, 0.131295012347094, 1.41565884998826);
        Hold(table.Kappa(KappaWeights.Quadratic), 0.29676511954993, 0.157006460653602, 1.34049877333002);
        Anxiety(2).Kappa().Value.Value.Should().BeApproximately(-0.165644171779141, 1e-10);
        Anxiety(2).Kappa(KappaWeights.Linear).Value.Value.Should().BeApproximately(-0.0510510510510511, 1e-10);
        Anxiety(2).Kappa(KappaWeights.Quadratic).Value.Value.Should().BeApproximately(0.0695067264573995, 1e-10);

        static void Hold(Estimate<Kappa> kappa, double value, double error, double z)
        {
            kappa.Value.Value.Should().BeApproximately(value, 1e-10);
            kappa.Value.StandardError.Value.Should().BeApproximately(error, 1e-10);
            kappa.Value.Z.Value.Should().BeApproximately(z, 1e-10);
        }
    }

    // By hand: 7 + 8 + 4 + 14 = 33 couples agree; 7 + 2 + 3 + 5 + 9 + 9 = 35 are one step apart.
    [Fact]
    public void Exact_and_adjacent_agreement_count_the_diagonals()
    {
        Couples.Exact().Value.Should().Be(new Share(33, 91));
        Couples.Within(1).Value.Should().Be(new Share(68, 91));
        Couples.Within(3).Value.Value.Should().Be(1);
    }

    // Newcombe (1998), Statist. Med. 17, 857–872, table I, method 3: 81/263 → .2553 to .3662; 0/20 → 0 to .1611.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(0, 20, 0, 0.1611)]
    public void A_share_has_Wilsons_interval(int count, int of, double lower, double upper)
    {
        new Share(count, of).Interval().Lower.Should().BeApproximately(lower, 5e-5);
        new Share(count, of).Interval().Upper.Should().BeApproximately(upper, 5e-5);
    }

    // Quadratic kappa in closed form (expected/kappa_se_bootstrap.json): 1 − mean (a−b)² / (var a + var b + (mean a −
    // mean b)²).
    [Fact]
    public void Quadratic_kappa_is_its_closed_form() =>
        Prop.ForAll(
                Gen.Choose(0, 4).Two().ArrayOf(12).ToArbitrary(),
                pairs =>
                {
                    var (first, second) = (pairs.Select(pair => pair.Item1).ToArray(), pairs.Select(pair => pair.Item2).ToArray());
                    var kappa = AgreementTable.Of(first, second, 5).Kappa(KappaWeights.Quadratic);
                    var distance = first.Zip(second).Average(pair => Math.Pow(pair.First - pair.Second, 2));
                    var scale = Variance(first) + Variance(second) + Math.Pow(first.Average() - second.Average(), 2);
                    return scale == 0 ? !kappa.IsDefined : Math.Abs(kappa.Value.Value - (1 - distance / scale)) < 1e-12;

                    static double Variance(int[] values) => values.Average(value => Math.Pow(value - values.Average(), 2));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Swapping_the_raters_changes_nothing()
    {
        var swapped = AgreementTable.FromCounts(
            new[,]
            {
                { 7, 2, 1, 2 },
                { 7, 8, 5, 8 },
                { 2, 3, 4, 9 },
                { 3, 7, 9, 14 },
            }
        );
        foreach (var weights in Enum.GetValues<KappaWeights>())
        {
            swapped.Kappa(weights).Value.Value.Should().BeApproximately(Couples.Kappa(weights).Value.Value, 1e-14);
            swapped
                .Kappa(weights)
                .Value.StandardError.Value.Should()
                .BeApproximately(Couples.Kappa(weights).Value.StandardError.Value, 1e-14);
        }
    }

    [Fact]
    public void Categories_nobody_used_still_stretch_the_linear_weights()
    {
        int[] first = [0, 1, 1, 2, 0],
            second = [1, 1, 2, 2, 0];

        // By hand: neighbouring categories are 1/2 apart with three categories and 1/4 apart with five; both give the
        // same ratio of observed to expected disagreement, and so the same kappa.
        AgreementTable
            .Of(first, second, 5)
            .Kappa(KappaWeights.Linear)
            .Value.Value.Should()
            .BeApproximately(AgreementTable.Of(first, second, 3).Kappa(KappaWeights.Linear).Value.Value, 1e-14);
        AgreementTable.Of(first, second, 5).Kappa(KappaWeights.Linear).Value.Observed.Should().BeApproximately(0.9, 1e-14);
        AgreementTable.Of(first, second, 3).Kappa(KappaWeights.Linear).Value.Observed.Should().BeApproximately(0.8, 1e-14);
    }

    [Fact]
    public void A_rater_with_one_category_gives_kappa_0_without_an_error_and_one_shared_category_gives_none()
    {
        var flat = AgreementTable.Of([0, 1, 2, 1], [1, 1, 1, 1], 3).Kappa(KappaWeights.Quadratic);
        flat.Value.Value.Should().Be(0);
        flat.Value.StandardError.Reason.Should().Be(Undefined.NoVariance);
        flat.Value.Z.Reason.Should().Be(Undefined.NoVariance);
        AgreementTable.Of([1, 1], [1, 1], 3).Kappa().Reason.Should().Be(Undefined.NoVariance);
        AgreementTable.Of([1, -1], [-1, 1], 3).Kappa().Reason.Should().Be(Undefined.NoCommonUnits);
        AgreementTable.Of([1, -1], [-1, 1], 3).Exact().Reason.Should().Be(Undefined.NoCommonUnits);
    }

    [Fact]
    public void Complete_agreement_is_1_and_claims_no_precision()
    {
        var kappa = AgreementTable.Of([0, 1, 2], [0, 1, 2], 3).Kappa(KappaWeights.Linear).Value;
        kappa.Value.Should().Be(1);
        kappa.Interval().Reason.Should().Be(Undefined.PerfectAgreement);
    }

    [Fact]
    public void A_mark_outside_the_rubric_is_refused_with_its_place()
    {
        var refusal = FluentActions.Invoking(() => AgreementTable.Of([0, 1], [0, 5], 4)).Should().Throw<BadDataException>().Which;
        (refusal.Row, refusal.Column).Should().Be((1, 1));
        FluentActions.Invoking(() => AgreementTable.Of([0, 1], [0], 4)).Should().Throw<BadDataException>();
        FluentActions
            .Invoking(() =>
                AgreementTable.FromCounts(
                    new[,]
                    {
                        { 1, 2 },
                        { -1, 0 },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
    }

    [Fact]
    public void One_rater_against_the_others_counts_every_pair_once()
    {
        var ratings = RatingSet.FromMatrix(
            new double?[,]
            {
                { 2, 2, 3 },
                { 1, null, 0 },
                { 2, null, null },
                { null, 3, 3 },
            }
        );

        var table = AgreementTable.AgainstOthers(ratings, 0, 4);

        table.Total.Should().Be(3);
        (table[2, 2], table[2, 3], table[1, 0]).Should().Be((1, 1, 1));
    }

    // The example of Fleiss (1971), as reworked in Fleiss, Levin & Paik and widely reprinted, has 10 units, 14 raters
    // and a kappa of .210.
    [Fact]
    public void Fleiss_kappa_is_the_published_value()
    {
        int[,] counts =
        {
            { 0, 0, 0, 0, 14 },
            { 0, 2, 6, 4, 2 },
            { 0, 0, 3, 5, 6 },
            { 0, 3, 9, 2, 0 },
            { 2, 2, 8, 1, 1 },
            { 7, 7, 0, 0, 0 },
            { 3, 2, 6, 3, 0 },
            { 2, 5, 3, 2, 2 },
            { 6, 5, 2, 1, 0 },
            { 0, 2, 2, 3, 7 },
        };
        var kappa = FleissKappa.Of(counts).Value;

        kappa.Value.Should().BeApproximately(0.210, 5e-4);
        // The value follows from the formula of Fleiss, Nee & Landis in exact fractions, for the margins 20, 28, 39, 21
        // and 32 of 140.
        kappa.NullStandardError.Should().BeApproximately(0.016965069224, 1e-11);
        kappa.StandardError.Value.Should().BeGreaterThan(kappa.NullStandardError);
        kappa.Interval().Value.Contains(kappa.Value).Should().BeTrue();
    }

    [Fact]
    public void Fleiss_kappa_says_when_there_is_none()
    {
        FleissKappa
            .Of(
                new[,]
                {
                    { 3, 0 },
                    { 3, 0 },
                }
            )
            .Reason.Should()
            .Be(Undefined.NoVariance);
        FleissKappa
            .Of(
                new[,]
                {
                    { 1, 0 },
                    { 0, 1 },
                }
            )
            .Reason.Should()
            .Be(Undefined.TooFewRaters);
        FleissKappa
            .Of(
                new[,]
                {
                    { 3, 0 },
                    { 0, 3 },
                }
            )
            .Value.StandardError.Reason.Should()
            .Be(Undefined.PerfectAgreement);
        FluentActions
            .Invoking(() =>
                FleissKappa.Of(
                    new[,]
                    {
                        { 3, 0 },
                        { 1, 1 },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
    }
}
