using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Checks the statements in the facet <c>math-figure-properties</c> on figures laid out in coordinates from the numbers
/// in the stem. A statement that holds for every figure tried is right, and one that fails for any is wrong. The
/// figures meet the conditions of the stem and have no other special properties.
/// </summary>
public class ShippedFiguresTests
{
    private const double Exact = 1e-9;

    [Fact]
    public void Statements_about_a_parallelogram() => Check(1, ["угол A острый", "смежные стороны не равны"], Figures());

    [Fact]
    public void Statements_about_a_rectangle() => Check(2, ["BC вдвое длиннее стороны AB"], [Rectangle(3), Rectangle(10)]);

    [Fact]
    public void Statements_about_a_rhombus() => Check(3, ["угол A ромба ABCD равен 50°"], [Rhombus(4, 50), Rhombus(9, 50)]);

    [Fact]
    public void Statements_about_an_isosceles_trapezoid() =>
        Check(4, ["равнобедренной трапеции", "AD > BC", "угол CAD равен 30°"], [Trapezoid(10, 4, 30), Trapezoid(12, 5, 30)]);

    private static void Check(int variant, string[] given, IReadOnlyList<Dictionary<string, bool>> figures)
    {
        var item = ShippedBank.Reading.Bank.FindFacet("math-figure-properties")!.Items.Single(each => each.Variant == variant);
        foreach (var words in given)
            item.Stem.Should().Contain(words);
        var body = (MultipleChoice)item.Body;
        foreach (var option in body.Options)
            body.Key.Contains(option.Id).Should().Be(figures.All(figure => figure[option.Text]), option.Text);
    }

    private static IReadOnlyList<Dictionary<string, bool>> Figures() => [Parallelogram(7, 4, 50), Parallelogram(3, 8, 71)];

    private static Dictionary<string, bool> Parallelogram(double wide, double slant, double degrees)
    {
        var (a, d) = (new Dot(0, 0), new Dot(wide, 0));
        var b = new Dot(slant * Math.Cos(Radians(degrees)), slant * Math.Sin(Radians(degrees)));
        var c = b + d;
        var o = Dot.Middle(a, c);
        var (atB, atC) = (Bisector(b, a, c), Bisector(c, b, d));
        return new()
        {
            ["Точка O равноудалена от вершин A и B"] = Same(o.To(a), o.To(b)),
            ["Треугольники AOB и BOC имеют равные площади"] = Same(Area(a, o, b), Area(b, o, c)),
            ["Луч AC делит угол BAD пополам"] = Same(Angle(b, a, c), Angle(c, a, d)),
            ["Точка O равноудалена от прямых AB и CD"] = Same(Distance(o, a, b), Distance(o, c, d)),
            ["Биссектрисы углов ABC и BCD перпендикулярны"] = Same(Scalar(atB, atC), 0),
            ["Треугольники AOB и BOC имеют равные периметры"] = Same(a.To(o) + o.To(b) + a.To(b), b.To(o) + o.To(c) + b.To(c)),
        };
    }

    private static Dictionary<string, bool> Rectangle(double side)
    {
        var (a, b, c, d) = (new Dot(0, 0), new Dot(0, side), new Dot(2 * side, side), new Dot(2 * side, 0));
        var o = Dot.Middle(a, c);
        var cut = Cross(a, a + Bisector(a, b, d), b, c);
        return new()
        {
            ["Биссектриса угла BAD отсекает равнобедренный треугольник"] = Isosceles(a, b, cut),
            ["Прямые AC и BD перпендикулярны"] = Same(Scalar(c - a, d - b), 0),
            ["Площадь треугольника COD — четверть площади четырёхугольника"] = Same(Area(c, o, d) * 4, side * 2 * side),
            ["Треугольники COD и AOD равны"] = SameSides(c, o, d, a, o, d),
            ["Точка O равноудалена от прямых AB и BC"] = Same(Distance(o, a, b), Distance(o, b, c)),
            ["Вершины A, B, C, D равноудалены от точки O"] = Same(o.To(a), o.To(b)) && Same(o.To(c), o.To(d)) && Same(o.To(a), o.To(c)),
        };
    }

    private static Dictionary<string, bool> Rhombus(double side, double degrees)
    {
        var (a, d) = (new Dot(0, 0), new Dot(side, 0));
        var b = new Dot(side * Math.Cos(Radians(degrees)), side * Math.Sin(Radians(degrees)));
        var c = b + d;
        Angle(b, a, d).Should().BeApproximately(degrees, Exact);
        a.To(b).Should().BeApproximately(b.To(c), Exact);
        var o = Dot.Middle(a, c);
        var outer = Bisector(a, b, a - d);
        return new()
        {
            ["Через вершины A, B, C и D проходит окружность"] = Same(Angle(b, a, d) + Angle(b, c, d), 180),
            ["Треугольники ABC и BCD имеют равные площади"] = Same(Area(a, b, c), Area(b, c, d)),
            ["Биссектриса угла, смежного с углом BAD, параллельна прямой BD"] = Same(Turn(outer, d - b), 0),
            ["Треугольники ABC и BCD равны"] = SameSides(a, b, c, b, c, d),
            ["Точка O равноудалена от прямых AB и BC"] = Same(Distance(o, a, b), Distance(o, b, c)),
            ["Точка H, основание высоты BH, делит сторону AD пополам"] = Same(b.X, side / 2),
        };
    }

    private static Dictionary<string, bool> Trapezoid(double lower, double upper, double degrees)
    {
        var left = (lower - upper) / 2;
        var height = (left + upper) * Math.Tan(Radians(degrees));
        var (a, d, b, c) = (new Dot(0, 0), new Dot(lower, 0), new Dot(left, height), new Dot(left + upper, height));
        a.To(b).Should().BeApproximately(c.To(d), Exact);
        Angle(c, a, d).Should().BeApproximately(degrees, Exact);
        var o = Cross(a, c, b, d);
        return new()
        {
            ["Треугольники ABD и ACD имеют равные площади"] = Same(Area(a, b, d), Area(a, c, d)),
            ["Треугольники AOD и BOC имеют равные площади"] = Same(Area(a, o, d), Area(b, o, c)),
            ["Расстояния от точки O до боковых сторон равны"] = Same(Distance(o, a, b), Distance(o, c, d)),
            ["Угол AOD прямой"] = Same(Angle(a, o, d), 90),
            ["Точка O — середина отрезка AC"] = Same(o.To(a), o.To(c)),
            ["Сумма углов BAD и BCD равна 180°"] = Same(Angle(b, a, d) + Angle(b, c, d), 180),
        };
    }

    private readonly record struct Dot(double X, double Y)
    {
        public static Dot operator +(Dot one, Dot other) => new(one.X + other.X, one.Y + other.Y);

        public static Dot operator -(Dot one, Dot other) => new(one.X - other.X, one.Y - other.Y);

        public double To(Dot other) => Math.Sqrt(((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y)));

        public static Dot Middle(Dot one, Dot other) => new((one.X + other.X) / 2, (one.Y + other.Y) / 2);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Turn(Dot one, Dot other) => (one.X * other.Y) - (one.Y * other.X);

    private static double Area(Dot one, Dot two, Dot three) => Math.Abs(Turn(two - one, three - one)) / 2;

    private static double Distance(Dot point, Dot one, Dot two) => 2 * Area(point, one, two) / one.To(two);

    /// <summary>The angle at <paramref name="at"/>, in degrees.</summary>
    private static double Angle(Dot one, Dot at, Dot other)
    {
        var (a, b) = (one - at, other - at);
        return Math.Atan2(Math.Abs(Turn(a, b)), (a.X * b.X) + (a.Y * b.Y)) * 180 / Math.PI;
    }

    private static Dot Bisector(Dot at, Dot one, Dot other)
    {
        var (a, b) = (one - at, other - at);
        return new((a.X / one.To(at)) + (b.X / other.To(at)), (a.Y / one.To(at)) + (b.Y / other.To(at)));
    }

    private static Dot Cross(Dot a, Dot b, Dot c, Dot d)
    {
        var along = Turn(c - a, d - c) / Turn(b - a, d - c);
        return new(a.X + ((b - a).X * along), a.Y + ((b - a).Y * along));
    }

    private static double Scalar(Dot one, Dot other) => (one.X * other.X) + (one.Y * other.Y);

    private static bool SameSides(Dot a, Dot b, Dot c, Dot d, Dot e, Dot f)
    {
        double[] one = [a.To(b), b.To(c), c.To(a)],
            other = [d.To(e), e.To(f), f.To(d)];
        return one.Order().Zip(other.Order()).All(pair => Same(pair.First, pair.Second));
    }

    private static bool Isosceles(Dot a, Dot b, Dot c) => Same(a.To(b), b.To(c)) || Same(a.To(b), a.To(c)) || Same(a.To(c), b.To(c));

    private static bool Same(double one, double other) => Math.Abs(one - other) < 1e-7;
}
