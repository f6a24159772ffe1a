using System.Globalization;
using System.Text.RegularExpressions;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>Checks that the shipped bank meets what the bank's README requires of facets and blueprints.</summary>
public partial class ShippedParallelismTests
{
    public static TheoryData<string> Facets => new(ShippedBank.Reading.Bank.Facets.Select(facet => facet.Code));

    public static TheoryData<string> Blueprints => new(ShippedBank.Reading.Bank.Blueprints.Select(blueprint => blueprint.Code));

    [Theory]
    [MemberData(nameof(Facets))]
    public void Items_of_a_facet_are_of_one_length(string code)
    {
        var lengths = Facet(code).Items.ToDictionary(item => item.Code, Length);
        var mean = lengths.Values.Average();
        lengths.Should().OnlyContain(item => Math.Abs(item.Value - mean) <= 0.3 * mean, $"the mean is {mean} words");
    }

    [Theory]
    [MemberData(nameof(Facets))]
    public void Items_of_a_facet_have_equal_numbers_of_options_and_of_right_ones(string code) =>
        Facet(code)
            .Items.Select(item =>
                item.Body switch
                {
                    SingleChoice single => (single.Options.Count, 1),
                    MultipleChoice multiple => (multiple.Options.Count, multiple.Key.Count),
                    Matching matching => (matching.Left.Count, matching.Right.Count),
                    Ordering ordering => (ordering.Elements.Count, ordering.Key.Count),
                    ExtendedTask task => (task.Rubric.Criteria.Count, task.Exemplars.Count),
                    _ => (0, 0),
                }
            )
            .Distinct()
            .Should()
            .ContainSingle();

    [Fact]
    public void Facets_of_a_diagnostic_differ_in_the_number_of_right_options()
    {
        foreach (var blueprint in ShippedBank.Reading.Bank.Blueprints)
            blueprint
                .Slots.Select(slot => Facet(slot.Facet!))
                .Where(facet => facet.Type is ItemType.MultipleChoice)
                .Select(facet => ((MultipleChoice)facet.Items[0].Body).Key.Count)
                .Distinct()
                .Should()
                .HaveCountGreaterThan(1, blueprint.Code);
    }

    [Theory]
    [MemberData(nameof(Facets))]
    public void Short_and_single_keys_of_a_facet_differ(string code)
    {
        var keys = Facet(code)
            .Items.Select(item =>
                item.Body switch
                {
                    SingleChoice single => single.Options.Single(option => option.Id == single.Key).Text,
                    ShortAnswer answer => string.Join('|', answer.Key.Numbers.Select(number => number.Value).Concat(answer.Key.Texts)),
                    _ => item.Code,
                }
            )
            .ToList();
        keys.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void No_item_is_worth_over_a_third_of_its_block(string code)
    {
        foreach (var block in Blueprint(code).Slots.GroupBy(slot => slot.Block))
        {
            var whole = block.Sum(slot => slot.Points.ToDecimal());
            block.Should().OnlyContain(slot => slot.Points.ToDecimal() * 3 <= whole, $"block {block.Key} has {whole} points");
        }
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void Every_block_asks_for_more_than_choices(string code)
    {
        foreach (var block in Blueprint(code).Slots.GroupBy(slot => slot.Block))
            block
                .Should()
                .Contain(
                    slot => slot.Type == ItemType.ShortAnswer || slot.Type == ItemType.ExtendedResponse,
                    $"clause 3.3, block {block.Key}"
                );
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void Level_1_is_at_least_15_per_cent_of_the_points(string code)
    {
        var slots = Blueprint(code).Slots;
        var first = slots.Where(slot => slot.Difficulty == 1).Sum(slot => slot.Points.ToDecimal());
        (first / slots.Sum(slot => slot.Points.ToDecimal())).Should().BeGreaterThanOrEqualTo(0.15m);
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void One_guess_is_worth_one_point_at_most(string code) =>
        Blueprint(code).Slots.Where(slot => slot.Type is ItemType.SingleChoice).Should().OnlyContain(slot => slot.Points.ToDecimal() <= 1);

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void The_estimated_minutes_fit_the_time_limit(string code)
    {
        var blueprint = Blueprint(code);
        var estimates = File.ReadLines(Path.Combine(TestKit.Repository.Bank, code, "blueprint.yaml"))
            .Select(line => Minutes().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => Whole(match, "slot"), match => Whole(match, "minutes"));
        estimates.Keys.Should().BeEquivalentTo(blueprint.Slots.Select(slot => slot.Number));
        estimates.Values.Sum().Should().BeLessThanOrEqualTo(blueprint.TimeLimitMinutes);
        blueprint.TimeLimitMinutes.Should().BeLessThanOrEqualTo(120);
    }

    private static int Whole(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static Facet Facet(string code) => ShippedBank.Reading.Bank.FindFacet(code)!;

    private static Blueprint Blueprint(string code) => ShippedBank.Reading.Bank.Blueprints.Single(blueprint => blueprint.Code == code);

    private static int Length(Item item) =>
        Word().Count(string.Join(' ', [item.Stem, item.Stimulus?.Body ?? "", .. Entries(item.Body).Select(entry => entry.Text)]));

    private static IEnumerable<Entry> Entries(ItemBody body) =>
        body switch
        {
            SingleChoice single => single.Options,
            MultipleChoice multiple => multiple.Options,
            Matching matching => [.. matching.Left, .. matching.Right],
            Ordering ordering => ordering.Elements,
            _ => [],
        };

    [GeneratedRegex(@"[\p{L}\p{Nd}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\{number: (?<slot>\d+),.*\}\s+# (?<minutes>\d+) мин$", RegexOptions.CultureInvariant)]
    private static partial Regex Minutes();
}
