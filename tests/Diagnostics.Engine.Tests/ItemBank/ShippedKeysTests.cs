using System.Globalization;
using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Recomputes the key of every item that needs a calculation, from the numbers that the taker reads. The checks ignore
/// the author's solution and use a different method where one exists.
/// </summary>
public partial class ShippedKeysTests
{
    private const int Variants = 4;

    public static TheoryData<int> EachVariant => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void Two_falls_by_per_cent_multiply(int variant)
    {
        var item = Item("math-percent", variant);
        var falls = Percents()
            .Matches(item.Stem)
            .Select(match => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture))
            .ToList();
        falls.Should().HaveCount(2);
        var whole = 10_000;
        foreach (var fall in falls)
            whole -= whole * fall / 100;
        Chosen(item).Should().Be($"На {(10_000 - whole) / 100} %");
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void A_negative_power_is_the_inverse_of_the_positive_one(int variant)
    {
        var item = Item("math-number-value", variant);
        var at = MinusTwo().Match(item.Stem);
        at.Success.Should().BeTrue();
        var number = int.Parse(at.Groups["n"].Value, CultureInfo.InvariantCulture);
        (Number(item) * number * number).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void A_root_of_the_numerator_is_a_root_unless_it_is_one_of_the_denominator(int variant)
    {
        var item = Item("math-equation-roots", variant);
        var at = Quotient().Match(item.Stem);
        at.Success.Should().BeTrue();
        int Read(string sign, string value) =>
            (at.Groups[sign].Value == "−" ? -1 : 1)
            * (at.Groups[value].Length == 0 ? 1 : int.Parse(at.Groups[value].Value, CultureInfo.InvariantCulture));
        var (linear, free, square) = (Read("ps", "p"), Read("qs", "q"), Read("no", "r"));
        var roots = Enumerable.Range(-100, 201).Where(x => (x * x) + (linear * x) + free == 0 && (x * x) - square != 0).ToList();
        roots.Should().ContainSingle();
        Signed(Chosen(item)).Should().Equal(roots);
        ((SingleChoice)item.Body).Options.Count(option => Signed(option.Text).SequenceEqual(roots)).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_steps_of_a_system_hold_its_solutions_and_stand_in_their_order(int variant)
    {
        var item = Item("math-solution-steps", variant);
        (string One, string Two, Func<double, double, bool> Holds)[] systems =
        [
            ("x − 2y = 1", "xy = 10", (x, y) => Same(x - (2 * y), 1) && Same(x * y, 10)),
            ("x + y = 1", "x² + y² = 25", (x, y) => Same(x + y, 1) && Same((x * x) + (y * y), 25)),
            ("2x + y = 7", "x² − y = 1", (x, y) => Same((2 * x) + y, 7) && Same((x * x) - y, 1)),
            ("y − x = 2", "xy = 15", (x, y) => Same(y - x, 2) && Same(x * y, 15)),
        ];
        var (one, two, holds) = systems[variant - 1];
        item.Stem.Should().Contain($"{one} и {two} ");
        var body = (Ordering)item.Body;
        var steps = body.Key.Select(id => body.Elements.Single(element => element.Id == id).Text).ToList();

        var first = steps[0][^1..];
        steps[0].Should().Be($"Выразить {(first == "x" ? "y" : "x")} через {first}");
        steps[1].Should().StartWith("Составить уравнение ");
        steps[2].Should().StartWith("Получить вид ").And.EndWith(" = 0").And.Contain($"{first}²");
        steps[3].Should().StartWith($"Вычислить значения {first}: ");
        steps[4].Should().StartWith("Вычислить значения ").And.NotStartWith($"Вычислить значения {first}");
        var (found, then) = (Values(steps[3]), Values(steps[4]));
        found
            .Zip(then)
            .Should()
            .HaveCount(2)
            .And.OnlyContain(pair => first == "x" ? holds(pair.First, pair.Second) : holds(pair.Second, pair.First));
        var (a, b, c) = Trinomial(steps[2]["Получить вид ".Length..], first);
        found.Should().OnlyContain(value => Same((a * value * value) + (b * value) + c, 0));
        found.Distinct().Should().HaveCount(2);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void A_line_is_the_one_its_description_fixes(int variant)
    {
        var item = Item("math-graph-formula", variant);
        var body = (Matching)item.Body;
        body.Left.Should().HaveCount(4);
        foreach (var left in body.Left)
        {
            var (slope, shift) = Described(left.Text);
            var right = body.Right.Single(entry => entry.Id == body.Key[left.Id]);
            Line(right.Text).Should().Be((slope, shift), left.Text);
            body.Right.Count(entry => Line(entry.Text) == (slope, shift)).Should().Be(1);
        }
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_height_of_a_trapezoid_about_a_circle_is_the_mean_proportional_of_its_bases(int variant)
    {
        var item = Item("math-figure-measure", variant);
        item.Stem.Should().Contain("равнобедренную трапецию").And.Contain("вписать окружность");
        var bases = Numbers(item.Stem);
        bases.Should().HaveCount(2);
        (Number(item) * Number(item)).Should().Be(bases[0] * bases[1]);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_chance_of_two_of_a_kind_is_a_share_of_pairs(int variant)
    {
        var item = Item("math-probability", variant);
        var all = (int)Numbers(item.Stem)[0];
        var groups = Group()
            .Matches(item.Stem[item.Stem.IndexOf(':', StringComparison.Ordinal)..])
            .Take(2)
            .Select(match => (Count: int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture), Name: match.Groups["name"].Value))
            .ToList();
        groups.Sum(group => group.Count).Should().Be(all);
        var asked = item.Stem[item.Stem.IndexOf("Найдите", StringComparison.Ordinal)..];
        var kind = groups.Single(group => asked.Contains(group.Name[..5], StringComparison.Ordinal)).Count;
        var (pairs, good) = (0, 0);
        for (var one = 0; one < all; one++)
        for (var two = one + 1; two < all; two++)
        {
            pairs++;
            if (one < kind && two < kind)
                good++;
        }
        (Number(item) * pairs).Should().Be(good);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_cheapest_of_two_sizes_is_found_by_trying_all(int variant)
    {
        var item = Item("math-practical-problem", variant);
        var read = Numbers(item.Stem);
        read.Should().HaveCount(5);
        var (needed, big, bigCost, small, smallCost) = (read[0], read[1], read[2], read[3], read[4]);
        var costs =
            from bigs in Enumerable.Range(0, 60)
            from smalls in Enumerable.Range(0, 60)
            where (bigs * big) + (smalls * small) >= needed
            select (bigs * bigCost) + (smalls * smallCost);
        Number(item).Should().Be(costs.Min());
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_first_price_of_a_contract_is_the_mean_price_times_the_number(int variant)
    {
        var item = Item("head-budget-sum", variant);
        var read = Numbers(item.Stem);
        read.Should().HaveCount(4);
        (Number(item) * 3).Should().Be((read[1] + read[2] + read[3]) * read[0]);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void Hours_left_over_are_those_of_all_groups_less_those_of_two_teachers(int variant)
    {
        var item = Item("head-workload", variant);
        var read = Numbers(item.Stem);
        read.Should().HaveCount(3);
        var (classes, hours, load) = (read[0], read[1], read[2]);
        string[] words = ["Пять", "Шесть", "Семь", "Восемь"];
        var divided =
            Array.FindIndex(words, word => item.Stem.Contains($". {word} из этих классов делят на две группы", StringComparison.Ordinal))
            + 5;
        divided.Should().BeGreaterThanOrEqualTo(5);
        item.Stem.Should().Contain("В школе два учителя");
        Number(item).Should().Be(((classes + divided) * hours) - (2 * load));
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_share_of_two_classes_is_that_of_their_pupils(int variant)
    {
        var item = Item("head-data-share", variant);
        var shares = Share().Matches(item.Stem).Select(match => (Percent: Whole(match, "p"), Of: Whole(match, "n"))).ToList();
        shares.Should().HaveCount(2);
        shares.Should().OnlyContain(share => share.Percent * share.Of % 100 == 0, "a share of a class is a whole number of pupils");
        (Number(item) * shares.Sum(share => share.Of)).Should().Be(shares.Sum(share => share.Percent * share.Of));
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void The_number_of_shifts_is_the_least_that_the_channel_bears(int variant)
    {
        var item = Item("head-digital-risk", variant);
        var read = Numbers(item.Stem);
        read.Should().HaveCount(5);
        var (all, channel, busy, each, reserve) = (read[0], read[1], read[2], read[3], read[4]);
        var shifts = 1;
        while (Math.Ceiling(all / shifts) * each > channel - busy - (channel * reserve / 100))
            shifts++;
        Number(item).Should().Be(shifts);
    }

    [Theory]
    [MemberData(nameof(EachVariant))]
    public void A_statement_about_a_table_is_right_when_the_table_says_so(int variant)
    {
        var item = Item("head-data-reading", variant);
        var rows = Row()
            .Matches(item.Stimulus!.Body)
            .Select(match => match.Groups["cell"].Captures.Select(cell => cell.Value.Trim()).ToList())
            .Where(row => int.TryParse(row[1], out _))
            .ToDictionary(row => row[0], row => row.Skip(1).Select(int.Parse).ToArray(), StringComparer.Ordinal);
        var classes = rows.Where(row => row.Key != "Всего").ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal);
        classes.Should().HaveCount(3);
        for (var column = 0; column < 6; column++)
            rows["Всего"][column].Should().Be(classes.Values.Sum(row => row[column]));
        classes.Values.Should().OnlyContain(row => row.Skip(2).Sum() == row[1] && row[1] <= row[0]);

        var body = (MultipleChoice)item.Body;
        foreach (var option in body.Options)
            body.Key.Contains(option.Id).Should().Be(IsSaid(option.Text, classes), option.Text);
    }

    private static bool IsSaid(string statement, Dictionary<string, int[]> classes)
    {
        int Marks(string name, int mark) => classes[name][7 - mark];
        int Wrote(string name) => classes[name][1];
        if (Matches(@"^Доля писавших среди учеников по списку ниже всего в (\S+)$", out var at))
            return classes.Keys.Where(name => name != at[1]).All(name => Wrote(at[1]) * classes[name][0] < Wrote(name) * classes[at[1]][0]);
        if (Matches(@"^В (\S+) отметку «2» получил каждый пятый писавший$", out at))
            return Marks(at[1], 2) * 5 == Wrote(at[1]);
        if (Matches(@"^По параллели доля отметок «2» равна (\d+) %$", out at))
            return Rounded(classes.Keys.Sum(name => Marks(name, 2)), classes.Keys.Sum(Wrote))
                == int.Parse(at[1], CultureInfo.InvariantCulture);
        if (Matches(@"^Доля отметок «(\d)» в (\S+) выше, чем доля отметок «(\d)» в (\S+)$", out at))
            return Marks(at[2], at[1][0] - '0') * Wrote(at[4]) > Marks(at[4], at[3][0] - '0') * Wrote(at[2]);
        if (Matches(@"^В (\S+) отметки «4» и «5» получил\w* (большинство|половина|\d+ %) писавших$", out at))
        {
            var (good, wrote) = (Marks(at[1], 4) + Marks(at[1], 5), Wrote(at[1]));
            return at[2] switch
            {
                "большинство" => good * 2 > wrote,
                "половина" => good * 2 == wrote,
                _ => Rounded(good, wrote) == int.Parse(at[2].Split(' ')[0], CultureInfo.InvariantCulture),
            };
        }
        throw new InvalidOperationException($"No rule computes «{statement}».");

        bool Matches(string pattern, out string[] groups)
        {
            var match = Regex.Match(statement, pattern, RegexOptions.CultureInvariant);
            groups = match.Groups.Values.Select(group => group.Value).ToArray();
            return match.Success;
        }
    }

    private static int Rounded(int part, int whole) => ((200 * part) + whole) / (2 * whole);

    private static Item Item(string facet, int variant)
    {
        var items = ShippedBank.Reading.Bank.FindFacet(facet)!.Items;
        items.Should().HaveCount(Variants);
        return items.Single(item => item.Variant == variant);
    }

    private static string Chosen(Item item)
    {
        var body = (SingleChoice)item.Body;
        return body.Options.Single(option => option.Id == body.Key).Text;
    }

    private static decimal Number(Item item)
    {
        var key = ((ShortAnswer)item.Body).Key.Numbers.Should().ContainSingle().Subject;
        key.Tolerance.Should().Be("0");
        return decimal.Parse(key.Value, CultureInfo.InvariantCulture);
    }

    private static List<decimal> Numbers(string text) =>
        Numeral()
            .Matches(text)
            .Select(match =>
                decimal.Parse(match.Value.Replace(" ", "", StringComparison.Ordinal).Replace(',', '.'), CultureInfo.InvariantCulture)
            )
            .ToList();

    private static int Whole(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static List<int> Signed(string text) =>
        SignedNumeral().Matches(text).Select(match => int.Parse(match.Value.Replace('−', '-'), CultureInfo.InvariantCulture)).ToList();

    private static List<double> Values(string step) =>
        step[(step.IndexOf(':', StringComparison.Ordinal) + 1)..]
            .Split(" и ")
            .Select(value => double.Parse(value.Trim().Replace('−', '-').Replace(',', '.'), CultureInfo.InvariantCulture))
            .ToList();

    private static (double A, double B, double C) Trinomial(string text, string variable)
    {
        var match = Regex.Match(
            text,
            $@"^(?<a>\d*){variable}² (?<bs>[+−]) (?<b>\d*){variable} (?<cs>[+−]) (?<c>\d+) = 0$",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
        );
        match.Success.Should().BeTrue(text);
        double Read(string name) =>
            match.Groups[name].Length == 0 ? 1 : double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        return (
            Read("a"),
            match.Groups["bs"].Value == "−" ? -Read("b") : Read("b"),
            match.Groups["cs"].Value == "−" ? -Read("c") : Read("c")
        );
    }

    /// <summary>Slope and constant of the line that a description defines.</summary>
    private static (int Slope, int Shift) Described(string text)
    {
        var points = Point().Matches(text).Select(match => (X: Read(match, "x"), Y: Read(match, "y"))).ToList();
        if (text.StartsWith("Параллельна прямой ", StringComparison.Ordinal))
        {
            var slope = Line(text["Параллельна прямой ".Length..text.IndexOf(" и проходит", StringComparison.Ordinal)])!.Value.Slope;
            return (slope, points.Single().Y - (slope * points.Single().X));
        }
        if (text.StartsWith("Параллельна оси абсцисс", StringComparison.Ordinal))
            return (0, points.Single().Y);
        if (text.StartsWith("Проходит через начало координат", StringComparison.Ordinal))
            points.Insert(0, (0, 0));
        points.Should().HaveCount(2, text);
        var rise = (points[1].Y - points[0].Y) / (points[1].X - points[0].X);
        return (rise, points[0].Y - (rise * points[0].X));

        static int Read(Match match, string name) => int.Parse(match.Groups[name].Value.Replace('−', '-'), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Slope and constant of the line with this equation; null for a line without a slope, such as <c>x = 3</c>.
    /// </summary>
    private static (int Slope, int Shift)? Line(string equation)
    {
        if (equation.StartsWith("x = ", StringComparison.Ordinal))
            return null;
        var match = LineEquation().Match(equation);
        match.Success.Should().BeTrue(equation);
        var slope =
            match.Groups["x"].Length == 0
                ? 0
                : (match.Groups["ks"].Value == "−" ? -1 : 1) * (match.Groups["k"].Length == 0 ? 1 : Read("k"));
        var shift = match.Groups["b"].Length == 0 ? 0 : (match.Groups["bs"].Value == "−" ? -1 : 1) * Read("b");
        return (slope, shift);

        int Read(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
    }

    private static bool Same(double one, double other) => Math.Abs(one - other) < 1e-9;

    [GeneratedRegex(@"(?<n>\d+) %", RegexOptions.CultureInvariant)]
    private static partial Regex Percents();

    [GeneratedRegex(@"(?<n>\d+)⁻²", RegexOptions.CultureInvariant)]
    private static partial Regex MinusTwo();

    [GeneratedRegex(
        @"\(x² (?<ps>[+−]) (?<p>\d*)x (?<qs>[+−]) (?<q>\d+)\)/\(x² − (?<r>\d+)\) = 0",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Quotient();

    [GeneratedRegex(@"\((?<x>−?\d+); (?<y>−?\d+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Point();

    [GeneratedRegex(
        @"^y = ((?<ks>−?)(?<k>\d*)(?<x>x))?( ?(?<bs>[+−]?) ?(?<b>\d+))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LineEquation();

    [GeneratedRegex(@"(?<n>\d+) (по )?(?<name>\p{L}{5,})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Group();

    [GeneratedRegex(@"(?<p>\d+) % из (?<n>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex(@"^\|((?<cell>[^|\n]*)\|)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\d{1,3}( \d{3})+(?!\d)|\d+(,\d+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Numeral();

    [GeneratedRegex(@"−?\d+", RegexOptions.CultureInvariant)]
    private static partial Regex SignedNumeral();
}
