using Diagnostics.TestKit;

namespace Diagnostics.UseCases.Tests;

/// <summary>
/// Beyond eight positional arguments a reader has to count commas, and two values of the same type can change places
/// unnoticed.
/// </summary>
public sealed class CallTests
{
    private const string Nine = "1, 2, 3, 4, 5, 6, 7, 8, 9";

    [Theory]
    [InlineData("Psychometrics", 400)]
    [InlineData("Engine", 1000)]
    [InlineData("Storage", 1000)]
    [InlineData("UseCases", 1000)]
    [InlineData("Server", 1000)]
    public void No_call_has_more_than_eight_positional_arguments(string project, int calls)
    {
        var sources = Stages.Sources(project);

        sources
            .Sum(source => Calls.In(source.Key, source.Value).Count)
            .Should()
            .BeGreaterThan(calls, "the sources are read as they should be");
        string.Join("\n", Calls.TooPositional(sources)).Should().BeEmpty();
    }

    [Theory]
    [InlineData($"Move({Nine});", "Move")]
    [InlineData($"var moved = new Move({Nine});", "Move")]
    [InlineData($"Move moved = new({Nine});", "new")]
    [InlineData($"[new({Nine})]", "new")]
    [InlineData($"Store.Move<int>({Nine});", "Store.Move")]
    [InlineData($"Store\n    .Move({Nine});", "Store.Move")]
    [InlineData($"CampaignView.Of({Nine});", "CampaignView.Of")]
    [InlineData($"new Dictionary<string, List<int>>({Nine});", "Dictionary")]
    [InlineData($"Move(Twice({Nine}), 2);", "Twice")]
    [InlineData($"sealed class Left(int a) : Right({Nine});", "Right")]
    [InlineData("Move(\n    1, 2, 3, 4,\n    5, 6, 7, 8, 9);", "Move")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, 8, await Read(9));", "Move")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, 8, new Page(9), last: 10);", "Move")]
    [InlineData("Move(row.A, row.B, row.C, row.D, row.E, row.F, row.G, row.H is null ? null : row.I, row.J);", "Move")]
    [InlineData("Move(a < b, c, d, e, f, g, h, i, j > k);", "Move")]
    [InlineData("var text = \"\\\"\"; Move(\"a\", \"b\", 'c', '\"', \"e\", \"f\", \"g\", \"h\", \"i\");", "Move")]
    [InlineData("var text = $\"{Join(\", \", names)} said\"; Move(1, 2, 3, 4, 5, 6, 7, 8, 9);", "Move")]
    public void A_call_with_nine_is_found_however_it_is_written(string text, string name) => Found(text).Should().Equal(name);

    [Theory]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, 8);")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, 8, last: 9);")]
    [InlineData("Move(a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9);")]
    [InlineData("Move(1, Other(2, 3, 4, 5, 6), [7, 8, 9], new { A = 10, B = 11 });")]
    [InlineData($"Move([{Nine}]);")]
    [InlineData("Move(a < b, c, d, e, f, g, h, i > j);")]
    [InlineData($"AccessRule\n    .Of({Nine})\n    .Or(Clients.EnrolPeople);")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, new Dictionary<string, int>());")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, \"8, 9, 10\");")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, $\"{Join(\", \", names)}, 9\");")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, @\"8, \"\"9\"\", 10\");")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, ',');")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7, \"\"\"\n    8, \"9\", 10\n    \"\"\");")]
    [InlineData("Move(1, 2, 3, 4, 5, 6, 7 /* 8, 9 */, 10); // 11, 12")]
    [InlineData($"// Move({Nine});")]
    [InlineData($"/// <summary>As Move({Nine}) does.</summary>")]
    [InlineData($"var text = \"Move({Nine})\";")]
    [InlineData($"var tuple = ({Nine});")]
    [InlineData($"return ({Nine});")]
    [InlineData("public sealed record Move(int A, int B, int C, int D, int E, int F, int G, int H, int I);")]
    [InlineData("record Move<T>(T A, int? B, int[] C, List<int> D, (int X, int Y) E, Dictionary<int, int?> F, int G, int H, int I);")]
    [InlineData("internal Move(int a, int? b, int[] c, List<int> d, (int X, int Y) e, Dictionary<int, int?> f, int g, int h, int i = 1)")]
    [InlineData("static void Move(this int a, out int b, params int[] c, int d, int e, int f, int g, int h, string? i = null) { }")]
    [InlineData("Task Move([Body] int a, Guid b, Instant? c, int d, int e, int f, int g, int h, Func<int, Task<int>> i);")]
    [InlineData($"string.Join(\", \", {Nine});")]
    [InlineData($"AccessRule.Of({Nine});")]
    [InlineData($".. Refuses(NotFound, {Nine}),")]
    public void What_is_no_such_call_is_left_alone(string text) => Found(text).Should().BeEmpty();

    [Fact]
    public void A_call_is_named_with_its_line() =>
        Calls
            .TooPositional(File($"// one\nvar two = \"\"\"\n    2\n    \"\"\";\nMove({Nine});"))
            .Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Be("Marking/A.cs:5 Move has 9 positional arguments");

    private static IEnumerable<string> Found(string text) => Calls.TooPositional(File(text)).Select(call => call.Name);

    private static Dictionary<string, string> File(string text) => new() { ["Marking/A.cs"] = text };
}
