using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>A type that the page does not know would be shown without fields, and its answer could not be read.</summary>
public sealed class ItemTypesOnThePageTests
{
    private static readonly string Pages = Path.Combine(Repository.Root, "src", "Diagnostics.Server", "Pages");
    private static readonly string Fields = File.ReadAllText(Path.Combine(Pages, "Sessions", "ItemView.razor"));
    private static readonly string Module = File.ReadAllText(Path.Combine(Pages, "Assets", "exam", "exam.js"));

    public static TheoryData<ItemType> Types => new(Enum.GetValues<ItemType>());

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_of_item_has_its_fields_on_the_takers_page(ItemType type)
    {
        Fields.Should().Contain($"case ItemType.{type}:");
        Module.Should().MatchRegex($@"\b{Codes.Of(type)}:", "KINDS in exam.js reads and writes the fields");
    }
}
