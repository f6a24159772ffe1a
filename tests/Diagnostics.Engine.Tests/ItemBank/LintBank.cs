using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>Builds small banks to test single lint rules.</summary>
internal static class LintBank
{
    /// <summary>Returns the findings of one rule on these items; items with the same facet code form a facet.</summary>
    internal static IReadOnlyList<Finding> Found(string rule, params Item[] items) =>
        Found(rule, items.GroupBy(item => item.Facet).Select(group => Facet([.. group])).ToArray());

    internal static IReadOnlyList<Finding> Found(string rule, params Facet[] facets) => Found(rule, Of(facets, []));

    internal static IReadOnlyList<Finding> Found(string rule, WholeBank bank)
    {
        LintRules.All.Should().Contain(known => known.Code == rule);
        return BankLint.Run(bank).Where(finding => finding.Code == rule).ToList();
    }

    internal static WholeBank Of(IReadOnlyList<Facet> facets, IReadOnlyList<Blueprint> blueprints) =>
        new(
            [],
            blueprints,
            facets,
            facets.SelectMany(facet => facet.Items).Select(item => item.Stimulus).OfType<Stimulus>().Distinct().ToList(),
            new Dictionary<string, string>(),
            new BankPlaces()
        );

    internal static Facet Facet(params Item[] items) =>
        new(
            items[0].Facet,
            "Фасет",
            items[0].Block,
            items[0].Element,
            items[0].Type,
            items[0].Difficulty,
            items[0].MaxPoints,
            items[0].Rule,
            ItemStatus.Approved,
            "ivanova",
            "petrov",
            items
        );

    /// <summary>Puts an item into a facet as the item of one variant.</summary>
    internal static Item As(this Item item, string facet, int variant) =>
        item with
        {
            Code = $"{facet}-{variant}",
            Facet = facet,
            Variant = variant,
        };

    /// <summary>Four copies of an item, one for each variant.</summary>
    internal static Facet Fourfold(this Item item, string facet) =>
        Facet(Enumerable.Range(1, 4).Select(variant => item.As(facet, variant)).ToArray());

    /// <summary>A blueprint whose slots match exactly these facets.</summary>
    internal static Blueprint Blueprint(params Facet[] facets) =>
        new(
            "demo",
            "Проба",
            "demo",
            1,
            60,
            facets
                .Select(
                    (facet, place) =>
                        new Slot(place + 1, facet.Block, facet.Element, facet.Type, facet.Difficulty, facet.Points, facet.Code)
                )
                .ToList()
        );

    /// <summary>A bank with these facets and with a blueprint that uses all of them.</summary>
    internal static WholeBank Form(params Facet[] facets) => Of(facets, [Blueprint(facets)]);

    /// <summary>A single-choice item with these options; the first is right.</summary>
    internal static Item Choice(string stem, params string[] options) =>
        Items.Of(new SingleChoice(Entries(options), "1"), new ExactRule(), 1) with
        {
            Stem = stem,
        };

    /// <summary>A multiple-choice item with these options; the first two are right.</summary>
    internal static Item Choices(string stem, params string[] options) =>
        Items.Of(new MultipleChoice(Entries(options), ["1", "2"], new Dictionary<string, Points>()), Items.TwoOneZero, 2) with
        {
            Stem = stem,
        };

    internal static Item Gap(string stem, params string[] texts) => Items.Short(texts) with { Stem = stem };

    internal static Item Waiving(this Item item, string rule, string reason) =>
        item with
        {
            Waivers = new Dictionary<string, string> { [rule] = reason },
        };

    private static Entry[] Entries(string[] options) => options.Select((text, place) => new Entry($"{place + 1}", text)).ToArray();
}
