using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ItemLifecycleTests
{
    [Theory]
    [InlineData("draft", "review", true)]
    [InlineData("draft", "approved", false)]
    [InlineData("draft", "active", false)]
    [InlineData("review", "approved", true)]
    [InlineData("review", "draft", true)]
    [InlineData("approved", "active", true)]
    [InlineData("approved", "draft", true)]
    [InlineData("active", "retired", true)]
    [InlineData("active", "draft", false)]
    [InlineData("retired", "active", false)]
    public void An_item_goes_its_way_step_by_step(string from, string to, bool allowed) =>
        (
            ItemLifecycle.Check(Codes.Find<ItemStatus>(from)!.Value, Codes.Find<ItemStatus>(to)!.Value, "ivanova", "petrov", used: false)
            is null
        )
            .Should()
            .Be(allowed);

    [Fact]
    public void The_author_does_not_approve_own_items()
    {
        ItemLifecycle
            .Check(ItemStatus.Review, ItemStatus.Approved, "ivanova", "ivanova", used: false)!
            .Code.Should()
            .Be("author-approves-own-item");
        ItemLifecycle.Check(ItemStatus.Draft, ItemStatus.Review, "ivanova", "ivanova", used: false).Should().BeNull();
    }

    [Fact]
    public void A_used_version_never_becomes_a_draft_again() =>
        ItemLifecycle
            .Check(ItemStatus.Approved, ItemStatus.Draft, "ivanova", "petrov", used: true)!
            .Code.Should()
            .Be("item-version-in-use");

    [Fact]
    public void Codes_of_states_and_types_read_back()
    {
        Enum.GetValues<ItemStatus>().Should().OnlyContain(status => Codes.Find<ItemStatus>(Codes.Of(status)) == status);
        Enum.GetValues<ItemType>().Should().OnlyContain(type => Codes.Find<ItemType>(Codes.Of(type)) == type);
        Codes.Find<ItemStatus>("DRAFT").Should().BeNull();
        Codes.Find<ItemType>("essay").Should().BeNull();
    }
}
