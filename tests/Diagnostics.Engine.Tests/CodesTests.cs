using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests;

public class CodesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("math-2", true)]
    [InlineData("5-9", true)]
    [InlineData("", false)]
    [InlineData("-math", false)]
    [InlineData("math-", false)]
    [InlineData("Math", false)]
    [InlineData("матем", false)]
    [InlineData("math.2", false)]
    [InlineData("math_2", false)]
    [InlineData("math\n", false)]
    public void A_code_is_lower_case_latin_letters_digits_and_hyphens_inside(string text, bool isCode) =>
        Codes.IsCode(text).Should().Be(isCode);

    [Fact]
    public void The_longest_code_leaves_room_for_a_variant_in_the_narrowest_column()
    {
        const int narrowest = 100;
        Codes.IsCode(new string('a', Codes.MaxLength)).Should().BeTrue();
        Codes.IsCode(new string('a', Codes.MaxLength + 1)).Should().BeFalse();
        $"{new string('a', Codes.MaxLength)}-{Facet.Variants}".Length.Should().BeLessThanOrEqualTo(narrowest);
    }
}
