using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Tests.Access;

/// <summary>
/// The check character is computed by hand: it is the one for which the sum of place × character value over places 1 to
/// 11, plus 12 × the value of the check character, is a multiple of 31.
/// </summary>
public sealed class TypedCodeTests
{
    [Theory]
    // All characters have the value 0, and so does the check character.
    [InlineData("22222222222", "2222-2222-2222")]
    // 1 · 1 = 1, and 1 + 12 · 18 = 217 = 7 · 31, so the check is the character with value 18, which is M (the alphabet
    // starts at 2, with value 0).
    [InlineData("32222222222", "3222-2222-222M")]
    // 11 · 1 = 11, and 11 + 12 · 12 = 155 = 5 · 31, so the check is the character with value 12, which is E.
    [InlineData("22222222223", "2222-2222-223E")]
    public void The_check_is_that_of_hand_work(string random, string code) => TypedCode.Of(random).Should().Be(code);

    [Fact]
    public void It_holds_at_least_fifty_random_bits_and_no_sign_that_looks_like_another()
    {
        (TypedCode.RandomLength * Math.Log2(TypedCode.Alphabet.Length)).Should().BeGreaterThan(50);
        TypedCode.Alphabet.Should().HaveLength(31).And.NotContainAny("0", "O", "1", "I", "L");
        TypedCode.Alphabet.Distinct().Should().HaveCount(31);
    }

    [Theory]
    [InlineData("7k2m-xq9w-ptr?")]
    [InlineData("7K2MXQ9WPTR?")]
    [InlineData(" 7K2M XQ9W PTR? ")]
    [InlineData("7К2М–ХQ9W–РТR?")] // Russian К, М, Х, Р, Т
    public void Capitals_hyphens_blanks_and_Russian_look_alikes_do_not_matter(string typed)
    {
        var code = TypedCode.Of("7K2MXQ9WPTR");

        TypedCode.Read(typed.Replace('?', code[^1])).Should().Be(code.Replace("-", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_single_wrong_sign_and_every_two_that_changed_places_are_found()
    {
        var code = TypedCode.Read(TypedCode.Of("7K2MXQ9WPTR"))!;
        for (var place = 0; place < code.Length; place++)
        {
            foreach (var sign in TypedCode.Alphabet.Where(sign => sign != code[place]))
                TypedCode.Read(string.Concat(code.AsSpan(0, place), sign.ToString(), code.AsSpan(place + 1))).Should().BeNull();
            for (var other = place + 1; other < code.Length; other++)
            {
                if (code[place] == code[other])
                    continue;
                var signs = code.ToCharArray();
                (signs[place], signs[other]) = (signs[other], signs[place]);
                TypedCode.Read(new string(signs)).Should().BeNull();
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7K2M-XQ9W-PTR")]
    [InlineData("0K2M-XQ9W-PTRA")]
    [InlineData("7K2M-XQ9W-PTRA-7K2M")]
    public void What_is_no_code_is_none(string? typed) => TypedCode.Read(typed).Should().BeNull();
}
