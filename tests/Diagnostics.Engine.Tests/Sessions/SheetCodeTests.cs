using Diagnostics.Engine.Sessions;

namespace Diagnostics.Engine.Tests.Sessions;

/// <summary>The codes on the sheets of people who write on paper.</summary>
public sealed class SheetCodeTests
{
    private static readonly SheetCode Sheet = new("K7RM24Q", 3);

    /// <summary>
    /// By hand: the alphabet is 23456789ABCDEFGHJKMNPQRSTVWXYZU, places from 0. Sheet 3 is the sign at 2, «4». The sum of
    /// place times value is 1·17 + 2·5 + 3·22 + 4·18 + 5·0 + 6·2 + 7·21 + 8·2 = 340 = 10·31 + 30, and 9·7 = 63 = 2·31 + 1
    /// makes it a multiple of 31: the check is the sign at 7, «9».
    /// </summary>
    [Fact]
    public void The_last_sign_checks_the_others() => Sheet.ToString().Should().Be("K7RM-24Q4-9");

    [Theory]
    [InlineData("K7RM-24Q4-9")]
    [InlineData("k7rm24q49")]
    [InlineData(" К7RМ 24q4 9 ")]
    public void It_is_read_however_it_is_typed(string typed) => SheetCode.Read(typed).Should().Be(Sheet);

    [Fact]
    public void Every_number_of_a_sheet_reads_back()
    {
        for (var number = 1; number <= SheetCode.MostSheets; number++)
            SheetCode.Read(new SheetCode("ABCDEFG", number).ToString()).Should().Be(new SheetCode("ABCDEFG", number));
    }

    [Fact]
    public void Any_wrong_sign_and_any_two_swapped_ones_are_noticed()
    {
        var code = "K7RM24Q49";
        for (var at = 0; at < code.Length; at++)
        {
            foreach (var sign in SheetCode.Alphabet.Where(sign => sign != code[at]))
                SheetCode.Read(code[..at] + sign + code[(at + 1)..]).Should().BeNull();
            for (var other = at + 1; other < code.Length; other++)
                if (code[at] != code[other])
                    SheetCode.Read(Swapped(at, other)).Should().BeNull();
        }

        string Swapped(int one, int other)
        {
            var signs = code.ToCharArray();
            (signs[one], signs[other]) = (signs[other], signs[one]);
            return new(signs);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("K7RM-24Q4")]
    [InlineData("K7RM-24Q4-99")]
    [InlineData("K7RM-24O4-9")]
    public void What_is_no_code_is_not_read(string? typed) => SheetCode.Read(typed).Should().BeNull();
}
