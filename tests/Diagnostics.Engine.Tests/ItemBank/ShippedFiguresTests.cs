using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// The statements of «math-figure-properties» tried on figures laid out in coordinates from the numbers of the stem. A statement that
/// holds on every figure tried is right, one that fails on any is wrong; each figure is general but for what the stem says.
/// </summary>
public class ShippedFiguresTests
{
    private const double Exact = 1e-9;

    [Fact]
    public void Statements_about_a_parallelogram() => Check(1, ["угол A острый", "смежные стороны не равны"], Figures());

    [Fact]
    public void Statements_about_two_tangents() => Check(2, ["∠AMB = 50°"], [Tangents(50, 3), Tangents(50, 7)]);

    [Fact]
    public void Statements_about_a_trapezoid() => Check(3, ["неравнобедренной трапеции", "AD > BC"], [Trapezoid(10, 4, 1, 3), Trapezoid(12, 5, 2, 5)]);

    [Fact]
    public void Statements_about_a_right_triangle() => Check(4, ["угол C прямой", "∠A = 20°"], [Right(20, 5), Right(20, 11)]);

    private static void Check(int variant, string[] given, IReadOnlyList<Dictionary<string, bool>> figures)
    {
        var item = ShippedBank.Reading.Bank.FindFacet("math-figure-properties")!.Items.Single(each => each.Variant == variant);
        foreach (var words in given) item.Stem.Should().Contain(words);
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
            ["Биссектрисы углов ABC и BCD перпендикулярны"] = Same((atB.X * atC.X) + (atB.Y * atC.Y), 0),
            ["Треугольники AOB и BOC имеют равные периметры"] = Same(a.To(o) + o.To(b) + a.To(b), b.To(o) + o.To(c) + b.To(c)),
        };
    }

    private static Dictionary<string, bool> Tangents(double degrees, double radius)
    {
        var o = new Dot(0, 0);
        var m = new Dot(radius / Math.Sin(Radians(degrees / 2)), 0);
        var angle = Math.PI / 2 - Radians(degrees / 2);
        var (a, b) = (new Dot(radius * Math.Cos(angle), radius * Math.Sin(angle)), new Dot(radius * Math.Cos(angle), -radius * Math.Sin(angle)));
        Angle(o, a, m).Should().BeApproximately(90, Exact, "MA touches the circle");
        Angle(a, m, b).Should().BeApproximately(degrees, Exact);
        var h = new Dot(a.X, 0);
        return new()
        {
            ["Прямые MO и AB перпендикулярны"] = Same(((b - a).X * (m - o).X) + ((b - a).Y * (m - o).Y), 0),
            ["∠OAB = 50°"] = Same(Angle(o, a, b), 50),
            ["Точка A лежит на окружности с диаметром MO"] = Same(Angle(m, a, o), 90),
            ["∠AOB = 130°"] = Same(Angle(a, o, b), 130),
            ["Прямая AB делит отрезок MO пополам"] = Same(h.To(m), h.To(o)),
            ["Точка H лежит на окружности с диаметром MO"] = Same(h.To(Dot.Middle(m, o)), m.To(o) / 2),
        };
    }

    private static Dictionary<string, bool> Trapezoid(double lower, double upper, double left, double height)
    {
        var (a, d, b, c) = (new Dot(0, 0), new Dot(lower, 0), new Dot(left, height), new Dot(left + upper, height));
        a.To(b).Should().NotBe(c.To(d), "the trapezoid is not isosceles");
        var o = Cross(a, c, b, d);
        return new()
        {
            ["Треугольники AOB и COD подобны"] = Similar(a, o, b, c, o, d),
            ["Треугольники AOD и COB подобны"] = Similar(a, o, d, c, o, b),
            ["Точка O лежит на средней линии трапеции"] = Same(o.Y, height / 2),
            ["Площади треугольников AOD и COB относятся как AD : BC"] = Same(Area(a, o, d) / Area(c, o, b), lower / upper),
            ["Средняя линия трапеции делит отрезок AC пополам"] = Same(Cross(a, c, Dot.Middle(a, b), Dot.Middle(c, d)).To(Dot.Middle(a, c)), 0),
            ["Площади треугольников AOB и COD равны"] = Same(Area(a, o, b), Area(c, o, d)),
        };
    }

    private static Dictionary<string, bool> Right(double degrees, double leg)
    {
        var (c, a) = (new Dot(0, 0), new Dot(leg, 0));
        var b = new Dot(0, leg * Math.Tan(Radians(degrees)));
        Angle(b, a, c).Should().BeApproximately(degrees, Exact);
        var m = Dot.Middle(a, b);
        var along = (((c - a).X * (b - a).X) + ((c - a).Y * (b - a).Y)) / ((b - a).X * (b - a).X + ((b - a).Y * (b - a).Y));
        var h = new Dot(a.X + ((b - a).X * along), a.Y + ((b - a).Y * along));
        return new()
        {
            ["Углы BCH и ACM равны"] = Same(Angle(b, c, h), Angle(a, c, m)),
            ["Углы HCM и BCH равны"] = Same(Angle(h, c, m), Angle(b, c, h)),
            ["Медиана CM делит треугольник ABC на равные треугольники"] = Same(a.To(c), b.To(c)),
            ["Квадрат отрезка CH равен произведению отрезков AH и BH"] = Same(c.To(h) * c.To(h), a.To(h) * b.To(h)),
            ["Треугольник CHM, отсечённый высотой, равнобедренный"] = Isosceles(c, h, m),
            ["Треугольник BCM, отсечённый медианой, равнобедренный"] = Isosceles(b, c, m),
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

    /// <summary>The angle at <paramref name="at"/>, degrees.</summary>
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

    private static bool Similar(Dot a, Dot b, Dot c, Dot d, Dot e, Dot f)
    {
        double[] one = [Angle(b, a, c), Angle(a, b, c), Angle(a, c, b)], other = [Angle(e, d, f), Angle(d, e, f), Angle(d, f, e)];
        return one.Order().Zip(other.Order()).All(pair => Same(pair.First, pair.Second));
    }

    private static bool Isosceles(Dot a, Dot b, Dot c) => Same(a.To(b), b.To(c)) || Same(a.To(b), a.To(c)) || Same(a.To(c), b.To(c));

    private static bool Same(double one, double other) => Math.Abs(one - other) < 1e-7;
}
