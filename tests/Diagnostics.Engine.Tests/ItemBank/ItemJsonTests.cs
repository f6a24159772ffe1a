using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ItemJsonTests
{
    [Theory]
    [InlineData(typeof(ItemBody))]
    [InlineData(typeof(Response))]
    public void Every_type_of_the_list_is_named_in_JSON_by_its_code(Type contract)
    {
        var named = ItemJson.Options.GetTypeInfo(contract).PolymorphismOptions!.DerivedTypes;

        named
            .Select(derived => derived.TypeDiscriminator)
            .Should()
            .Equal(Enum.GetValues<ItemType>().Select(type => (object)Codes.Of(type)));
        named.Select(derived => derived.DerivedType).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Reading_what_was_written_changes_nothing() =>
        Prop.ForAll(Arb.From(GeneratedItems.AnyItem), item => ItemJson.Write(ItemJson.Read(ItemJson.Write(item))) == ItemJson.Write(item))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_canonical_text_is_this_and_stays_this()
    {
        var item = new Item(
            "a-1",
            "a",
            1,
            "subject",
            "subject.x",
            2,
            Points.From(1.5m),
            new PerErrorRule(new Dictionary<int, Points> { [1] = Points.From(0.5m), [0] = Points.From(1.5m) }),
            "Что «это»?",
            null,
            new Matching(
                [new("2", "б"), new("1", "а")],
                [new("b", "Б", "ошибка"), new("a", "А")],
                new Dictionary<string, string> { ["2"] = "b", ["1"] = "a" },
                new Dictionary<string, Points>()
            ),
            "Потому.",
            new Dictionary<string, string>()
        );

        ItemJson
            .Write(item)
            .Should()
            .Be(
                """{"code":"a-1","facet":"a","variant":1,"block":"subject","element":"subject.x","difficulty":2,"maxPoints":1.5,"rule":{"rule":"per_error","table":{"0":1.5,"1":0.5}},"stem":"Что «это»?","stimulus":null,"body":{"type":"matching","left":[{"id":"2","text":"б","mistake":null},{"id":"1","text":"а","mistake":null}],"right":[{"id":"b","text":"Б","mistake":"ошибка"},{"id":"a","text":"А","mistake":null}],"key":{"1":"a","2":"b"},"map":{},"reuse":false,"fixedOrder":false},"solution":"Потому.","waivers":{}}"""
            );
        ItemJson.Fingerprint(item).Should().MatchRegex("^[0-9a-f]{64}$");
    }

    [Fact]
    public void The_fingerprint_does_not_hang_on_the_order_in_which_pairs_were_written()
    {
        static Item WithKey(params (string, string)[] key) => Items.Matching(key: key.ToDictionary(pair => pair.Item1, pair => pair.Item2));

        ItemJson
            .Fingerprint(WithKey(("1", "a"), ("2", "b"), ("3", "c")))
            .Should()
            .Be(ItemJson.Fingerprint(WithKey(("3", "c"), ("1", "a"), ("2", "b"))));
        ItemJson
            .Fingerprint(WithKey(("1", "a"), ("2", "c"), ("3", "b")))
            .Should()
            .NotBe(ItemJson.Fingerprint(WithKey(("1", "a"), ("2", "b"), ("3", "c"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void What_is_no_item_is_an_error(string json) =>
        FluentActions.Invoking(() => ItemJson.Read(json)).Should().Throw<JsonException>();

    [Theory]
    [InlineData("\"key\":\"b\"", "\"key\":null")]
    [InlineData("\"key\":\"b\",", "")]
    [InlineData("\"maxPoints\":1", "\"maxPoints\":0.0001")]
    [InlineData("\"rule\":\"exact\"", "\"rule\":\"luck\"")]
    [InlineData("\"waivers\":{}", "\"waivers\":{\"a\":\"1\",\"a\":\"2\"}")]
    public void A_damaged_item_is_an_error_and_no_zero(string old, string replacement)
    {
        var json = ItemJson.Write(Items.Single());
        json.Should().Contain(old);
        FluentActions
            .Invoking(() => ItemJson.Read(json.Replace(old, replacement, StringComparison.Ordinal)))
            .Should()
            .Throw<JsonException>();
    }

    [Fact]
    public void A_response_may_name_its_type_anywhere() =>
        JsonSerializer
            .Deserialize<Response>("""{"pairs":{"1":"2"},"type":"matching"}""", ItemJson.Options)
            .Should()
            .BeOfType<MatchingResponse>()
            .Which.Pairs.Should()
            .ContainKey("1")
            .WhoseValue.Should()
            .Be("2");

    [Fact]
    public void Every_response_reads_back_as_it_was_written() =>
        Prop.ForAll(
                Arb.From(GeneratedItems.AnyItem.SelectMany(GeneratedItems.ResponseTo)),
                response =>
                {
                    var json = JsonSerializer.Serialize(response, ItemJson.Options);
                    return JsonSerializer.Serialize(JsonSerializer.Deserialize<Response>(json, ItemJson.Options), ItemJson.Options) == json
                        && !json.Contains("isBlank", StringComparison.Ordinal);
                }
            )
            .QuickCheckThrowOnFailure();
}
