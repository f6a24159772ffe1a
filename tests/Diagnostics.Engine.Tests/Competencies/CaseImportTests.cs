using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Tests.Competencies;

/// <summary>A package from another system becomes a draft or is refused. A refusal says where the fault is.</summary>
public sealed class CaseImportTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 9, 1, 0, 0);
    private static readonly Guid Document = Id(0);

    [Fact]
    public void Codes_come_from_the_coding_scheme_and_where_it_makes_none_from_the_place()
    {
        var draft = Draft(
            [
                Item(1, "Числа", "A.1"),
                Item(2, "Геометрия", null),
                Item(3, "Счёт", "A.1.i"),
                Item(4, "Дроби", "Числа"),
                Item(5, "Доли", "a-1.n1.x"),
            ],
            [Child(2, 0, 2), Child(1, 0, 1), Child(3, 1, 1), Child(4, 1, 2), Child(5, 4, 1)]
        );

        draft.Blocks.Select(block => (block.Code, block.Title)).Should().Equal(("a-1", "Числа"), ("n2", "Геометрия"));
        draft.Blocks[0].Competencies.Select(each => (each.Code, each.Title)).Should().Equal(("a-1.a-1-i", "Счёт"), ("a-1.n2", "Дроби"));
        draft.Blocks[0].Competencies[1].Elements.Should().Equal(new Element("a-1.n2.a-1-n1-x", "Доли"));
    }

    [Fact]
    public void What_CASE_does_not_say_is_left_for_people_to_write()
    {
        var draft = Draft([Item(1, "Числа", "a"), Item(2, "Счёт", "a.b")], [Child(1, 0, 1), Child(2, 1, 1)]);

        (draft.Source, draft.Blocks[0].Adjective, draft.Blocks[0].Competencies[0].Function).Should().Be(("Издатель", "", ""));
        new FrameworkHistory([]).Faults(draft, null).Should().Contain("«a»: adjective пусто.");
    }

    [Fact]
    public void Two_of_one_code_get_two_codes() =>
        Draft([Item(1, "Числа", "a"), Item(2, "Меры", "A")], [Child(1, 0, 1), Child(2, 0, 2)])
            .Blocks.Select(block => block.Code)
            .Should()
            .Equal("a", "n2");

    [Fact]
    public void A_fourth_level_is_refused() =>
        Refused(
                [Item(1, "1", "a"), Item(2, "2", "b"), Item(3, "3", "c"), Item(4, "4", "d")],
                [Child(1, 0, 1), Child(2, 1, 1), Child(3, 2, 1), Child(4, 3, 1)]
            )
            .Should()
            .Be("case-too-deep");

    [Fact]
    public void An_item_in_two_places_is_refused() =>
        Refused([Item(1, "1", "a"), Item(2, "2", "b"), Item(3, "3", "c")], [Child(1, 0, 1), Child(2, 0, 2), Child(3, 1, 1), Child(3, 2, 1)])
            .Should()
            .Be("case-no-tree");

    [Fact]
    public void An_item_in_no_place_is_refused() =>
        Refused([Item(1, "1", "a"), Item(2, "2", "b")], [Child(1, 0, 1)]).Should().Be("case-no-tree");

    [Fact]
    public void Items_in_a_circle_are_refused_by_name()
    {
        // The second item is correctly placed below the first; the other two contain each other.
        var package = Package(
            [Item(1, "Блок", "a"), Item(4, "Его часть", "d"), Item(2, "Круг", "b"), Item(3, "Круг", "c")],
            [Child(1, 0, 1), Child(4, 1, 1), Child(2, 3, 1), Child(3, 2, 1)]
        );

        var refusal = CaseImport.Draft("other", package).Refusal!;

        (refusal.Code, refusal.Facts["item"]).Should().Be(("case-no-tree", "Круг"));
    }

    [Fact]
    public void An_identifier_that_comes_twice_is_refused() =>
        Refused([Item(1, "1", "a"), Item(1, "2", "b")], [Child(1, 0, 1)]).Should().Be("case-item-twice");

    [Fact]
    public void A_package_of_nothing_is_refused() => Refused([], []).Should().Be("case-empty");

    [Fact]
    public void Ties_to_other_documents_and_of_other_kinds_say_nothing_of_the_order() =>
        Draft(
            [Item(1, "Числа", "a")],
            [Child(1, 0, 1), Child(1, 99, 1), Child(1, 0, 7) with { AssociationType = "exactMatchOf" }, Child(77, 0, 1)]
        )
            .Blocks.Select(block => block.Code)
            .Should()
            .Equal("a");

    private static FrameworkDraft Draft(CaseItem[] items, CaseAssociation[] associations) =>
        CaseImport.Draft("other", Package(items, associations)).Value;

    private static string? Refused(CaseItem[] items, CaseAssociation[] associations) =>
        CaseImport.Draft("other", Package(items, associations)).Refusal?.Code;

    private static CasePackage Package(CaseItem[] items, CaseAssociation[] associations) =>
        new(new(Document, "urn:d", "Издатель", "Рамка", At), items, associations);

    private static CaseItem Item(int number, string title, string? scheme) =>
        new(Id(number), title, $"urn:{number}", At, HumanCodingScheme: scheme);

    private static CaseAssociation Child(int item, int parent, int sequence) =>
        new(
            Identifier: Guid.NewGuid(),
            AssociationType: "isChildOf",
            Uri: "urn:a",
            Origin: Node(item),
            Destination: Node(parent),
            LastChangeDateTime: At,
            SequenceNumber: sequence
        );

    private static CaseNode Node(int number) => new($"{number}", $"{Id(number):D}", $"urn:{number}");

    private static Guid Id(int number) => new($"00000000-0000-4000-8000-{number:d12}");
}
