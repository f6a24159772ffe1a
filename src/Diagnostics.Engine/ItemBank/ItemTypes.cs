using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank;

/// <summary>The static members of an item type, which need no item.</summary>
internal interface IItemType
{
    /// <summary>
    /// Reads the type's part of the facet once, and returns a function that reads the body of each of its items.
    /// </summary>
    static abstract Func<Fields, ItemBody> Reader(Fields facet, ScoringRule rule);

    /// <summary>Lint rules of this type alone; <see cref="ItemBody.Flaws"/> checks them.</summary>
    static virtual IReadOnlyList<BankRule> OwnRules => [];

    /// <summary>The type's example in the API description.</summary>
    static abstract ItemTypeExample Example { get; }

    /// <summary>Whether a taker chooses one of several options and exactly one is right.</summary>
    static virtual bool ChoosesOne => false;
}

/// <summary>Gives access to the static members of an item type when only its code is known.</summary>
internal abstract class ItemTypeAttribute : Attribute
{
    internal abstract Type Body { get; }

    internal abstract Type Response { get; }

    internal abstract IReadOnlyList<BankRule> OwnRules { get; }

    internal abstract bool ChoosesOne { get; }

    internal abstract ItemTypeExample Example { get; }

    internal abstract Func<Fields, ItemBody> Reader(Fields facet, ScoringRule rule);
}

/// <summary>Marks a value of <see cref="ItemType"/> with the classes of the type's body and response.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ItemTypeOfAttribute<TBody, TResponse> : ItemTypeAttribute
    where TBody : ItemBody, IItemType
    where TResponse : Response
{
    internal override Type Body => typeof(TBody);

    internal override Type Response => typeof(TResponse);

    internal override IReadOnlyList<BankRule> OwnRules => TBody.OwnRules;

    internal override bool ChoosesOne => TBody.ChoosesOne;

    internal override ItemTypeExample Example => TBody.Example;

    internal override Func<Fields, ItemBody> Reader(Fields facet, ScoringRule rule) => TBody.Reader(facet, rule);
}

/// <summary>The table of item types, read from the attributes of <see cref="ItemType"/> once, on first use.</summary>
public static class ItemTypes
{
    private static readonly Dictionary<ItemType, ItemTypeAttribute> Table = Enum.GetValues<ItemType>()
        .ToDictionary(type => type, Definition);

    /// <summary>Whether a taker chooses one of several options and exactly one is right.</summary>
    public static bool ChoosesOne(this ItemType type) => Table[type].ChoosesOne;

    /// <summary>One example of each type, for the API description.</summary>
    public static IReadOnlyList<ItemTypeExample> Examples => [.. Table.Values.Select(definition => definition.Example)];

    /// <summary>
    /// A contract modifier that tells the JSON serializer the body and the response of each type. Code that writes or
    /// reads items or responses needs it; without it the serializer refuses them.
    /// </summary>
    public static void NameInJson(JsonTypeInfo contract)
    {
        if (contract.Type != typeof(ItemBody) && contract.Type != typeof(Response))
            return;
        contract.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "type" };
        foreach (var (type, definition) in Table)
            contract.PolymorphismOptions.DerivedTypes.Add(
                new(contract.Type == typeof(ItemBody) ? definition.Body : definition.Response, Codes.Of(type))
            );
    }

    internal static IEnumerable<BankRule> OwnRules => Table.Values.SelectMany(definition => definition.OwnRules);

    internal static Func<Fields, ItemBody> Reader(ItemType type, Fields facet, ScoringRule rule) => Table[type].Reader(facet, rule);

    private static ItemTypeAttribute Definition(ItemType type) =>
        typeof(ItemType).GetField(type.ToString())!.GetCustomAttribute<ItemTypeAttribute>()
        ?? throw new InvalidOperationException($"{type} names no body and no response.");
}
