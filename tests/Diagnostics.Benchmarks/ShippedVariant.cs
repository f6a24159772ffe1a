using System.Text.Json;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.TestKit;

namespace Diagnostics.Benchmarks;

/// <summary>What is measured is the shipped content: variant 1 of the mathematics teachers' diagnostic, all six types.</summary>
internal sealed class ShippedVariant
{
    private ShippedVariant(IReadOnlyList<Item> items, Framework framework, LevelScale scale) => (Items, Framework, Scale) = (items, framework, scale);

    /// <summary>By slot, from 1.</summary>
    internal IReadOnlyList<Item> Items { get; }

    internal Framework Framework { get; }

    internal LevelScale Scale { get; }

    internal static ShippedVariant Load()
    {
        var bank = BankReader.Read(BankFiles.Load(Repository.Bank)).Bank;
        var blueprint = bank.Blueprints.Single(blueprint => blueprint.Code == "teacher-mathematics-5-9");
        var items = blueprint.Slots.Select(slot => bank.FindFacet(slot.Facet!)!.Items.Single(item => item.Variant == 1)).ToList();
        var framework = bank.Frameworks.Single(framework => framework.Code == blueprint.Framework && framework.Version == blueprint.FrameworkVersion);
        const string scale = "policies/level-scale.yaml";
        return new(items, framework, PolicyJson.Read<LevelScale>(PolicyReader.Read(scale, bank.Policies[scale]).Policy!.Content));
    }

    /// <summary>A right answer to an item, as it is stored.</summary>
    internal static SavedAnswer RightAnswer(Item item)
    {
        Response response = item.Body switch
        {
            SingleChoice choice => new SingleChoiceResponse(choice.Key),
            MultipleChoice choice => new MultipleChoiceResponse(choice.Key),
            Matching matching => new MatchingResponse(matching.Key),
            Ordering ordering => new OrderingResponse(ordering.Key),
            ShortAnswer { Key: var key } => new ShortAnswerResponse(key.Texts.Concat(key.Numbers.Select(number => number.Value)).First()),
            ExtendedTask => new ExtendedResponse(string.Join(' ', Enumerable.Repeat("Ошибка ученика в том, что знак неравенства не изменён.", 20))),
            _ => throw new InvalidOperationException($"No answer is known to {item.Body.GetType().Name}."),
        };
        return new(1, JsonSerializer.Serialize(response, ItemJson.Options));
    }
}
