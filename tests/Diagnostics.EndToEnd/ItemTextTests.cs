using Diagnostics.Server.Pages.Sessions;

namespace Diagnostics.EndToEnd;

public sealed class ItemTextTests
{
    [Theory]
    [InlineData("<script>window.ran = 1</script>", "&lt;script&gt;")]
    [InlineData("<img src=x onerror=window.ran=1>", "&lt;img")]
    [InlineData("[нажмите](javascript:window.ran=1)", "<a href=\"\">")]
    [InlineData("![рисунок](https://elsewhere.example/x.png)", "<a href=\"\">")]
    [InlineData("<javascript:window.ran=1>", "&lt;javascript")]
    [InlineData("<style>p { display: none }</style>", "&lt;style&gt;")]
    public void What_came_past_the_door_of_the_bank_is_text(string hostile, string shown)
    {
        var html = ItemText.Show(hostile).Value;

        html.Should().Contain(shown).And.NotContainAny("<script", "<img", "<style", "href=\"javascript");
    }

    [Fact]
    public void An_author_s_lines_lists_tables_and_gaps_are_shown_as_written()
    {
        ItemText.Show("Корень равен ____.\n____").Value.Should().Be("<p>Корень равен ____.<br />\n____</p>\n");
        ItemText.Show("1. шаг\n2. шаг").Value.Should().Contain("<ol>");
        ItemText.Show("a \\< b, **важно**").Value.Should().Be("<p>a &lt; b, <strong>важно</strong></p>\n");
        ItemText.Show("| А | Б |\n|---|--:|\n| 1 | 2 |").Value.Should().Contain("role=\"region\"").And.NotContain("style=");
    }
}
