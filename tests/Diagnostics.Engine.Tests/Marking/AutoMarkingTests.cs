using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class AutoMarkingTests
{
    [Fact]
    public void A_saved_answer_is_scored_by_the_items_rule()
    {
        Score(Items.Single("b"), """{"type":"single_choice","option":"b"}""")
            .Should()
            .Be(new Score(Outcome.Right, Points.From(1), "exact/1"));
        Score(Items.Single("b"), """{"type":"single_choice","option":"a"}""").Outcome.Should().Be(Outcome.Wrong);
    }

    [Fact]
    public void Blank_cleared_and_untouched_are_told_apart()
    {
        AutoMarking.Score(Items.Single(), null, KeyDecisions.None).Outcome.Should().Be(Outcome.Blank);
        AutoMarking.Score(Items.Ordering(), null, KeyDecisions.None).Outcome.Should().Be(Outcome.Untouched);
        Score(Items.Ordering(), null).Outcome.Should().Be(Outcome.Blank, "the order was moved once and then cleared");
        AutoMarking.Score(Items.Extended(), null, KeyDecisions.None).Outcome.Should().Be(Outcome.Blank);
    }

    [Fact]
    public void An_extended_response_waits_for_experts() =>
        Score(Items.Extended(), """{"type":"extended_response","text":"Мой ответ"}""").Outcome.Should().Be(Outcome.AwaitingMarking);

    [Theory]
    [InlineData("""{"type":"single_choice","option":"zzz"}""")]
    [InlineData("""{"type":"short_answer","text":"b"}""")]
    [InlineData("""{"type":"magic"}""")]
    [InlineData("""{"type":"single_choice","opt""")]
    [InlineData("null")]
    public void A_damaged_stored_answer_is_an_error_and_never_a_zero(string content)
    {
        var score = () => Score(Items.Single(), content);

        score.Should().Throw<BrokenItemException>();
    }

    [Fact]
    public void A_broken_key_is_an_error_and_never_a_zero()
    {
        var score = () => Score(Items.Single(key: "missing"), """{"type":"single_choice","option":"a"}""");

        score.Should().Throw<BrokenItemException>();
    }

    [Fact]
    public void The_text_shown_to_an_expert_is_what_was_typed()
    {
        AutoMarking
            .TextOf(Items.Extended(), new SavedAnswer(3, """{"type":"extended_response","text":" Мой\n ответ "}"""))
            .Should()
            .Be(" Мой\n ответ ");
        AutoMarking.TextOf(Items.Extended(), null).Should().BeNull();
    }

    private static Score Score(Item item, string? content) => AutoMarking.Score(item, new SavedAnswer(1, content), KeyDecisions.None);
}
