using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using FsCheck;
using FsCheck.Fluent;
using static Diagnostics.Engine.Tests.ItemBank.ScoringPropertyTests;

namespace Diagnostics.Engine.Tests.ItemBank;

public class PresentationTests
{
    [Fact]
    public void A_response_comes_back_in_the_authors_ids() =>
        Prop.ForAll(
                Arb.From(Seeded(AnyAnswered())),
                drawn =>
                {
                    var presentation = new Presentation(drawn.Item, drawn.Seed);
                    var back = presentation.ToAuthorIds(presentation.ToShownIds(drawn.Response));
                    return back.Refusal is null && Json(back.Value) == Json(drawn.Response);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_taker_sees_numbers_in_place_of_the_authors_ids() =>
        Prop.ForAll(
                Arb.From(Seeded(AnyAnswered())),
                drawn =>
                {
                    var shown = new Presentation(drawn.Item, drawn.Seed).Show(1);
                    return new[] { shown.Options, shown.Left, shown.Right, shown.Elements }
                        .OfType<IReadOnlyList<PresentedEntry>>()
                        .All(list =>
                            list.Select(entry => entry.Id).SequenceEqual(Enumerable.Range(1, list.Count).Select(place => $"{place}"))
                        );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_shown_item_gives_no_key_mistake_solution_rule_or_difficulty_away()
    {
        foreach (
            var item in new[]
            {
                Items.Single(),
                Items.Multiple(),
                Items.Matching(),
                Items.Ordering(),
                Items.Short(["тайна"]),
                Items.Extended(),
            }
        )
        {
            var text = JsonSerializer.Serialize(new Presentation(item, 7).Show(1), ItemJson.Options);
            text.Should().NotContainAny("ошибка", "Потому что", "тайна", "demo", "За 2", "Критерий", "exact", "per_error");
            using var json = JsonDocument.Parse(text);
            json.RootElement.EnumerateObject()
                .Select(field => field.Name)
                .Should()
                .BeEquivalentTo(
                    "slot",
                    "type",
                    "stem",
                    "stimulus",
                    "maxPoints",
                    "options",
                    "left",
                    "right",
                    "elements",
                    "reuse",
                    "maxLength"
                );
        }
    }

    [Fact]
    public void The_key_stands_in_every_place_about_equally_often()
    {
        // With 4,000 seeds and 4 places, 1,000 are expected in each place, with a standard deviation of
        // √(4000·¼·¾) ≈ 27. The test allows five deviations.
        var places = Enumerable
            .Range(0, 4000)
            .Select(seed =>
                new Presentation(Items.Single(), seed).Show(1).Options!.Select(option => option.Text).ToList().IndexOf("Текст b")
            );
        places
            .CountBy(place => place)
            .Select(pair => pair.Value)
            .Should()
            .HaveCount(4)
            .And.OnlyContain(count => Math.Abs(count - 1000) < 137);
    }

    [Fact]
    public void An_order_the_author_fixed_stays()
    {
        var item = Items.Of(new SingleChoice(Items.Entries("abcd"), "b", FixedOrder: true), new Engine.ItemBank.Scoring.ExactRule(), 1);
        Enumerable
            .Range(0, 20)
            .Should()
            .OnlyContain(seed =>
                new Presentation(item, seed)
                    .Show(1)
                    .Options!.Select(option => option.Text)
                    .SequenceEqual(new[] { "Текст a", "Текст b", "Текст c", "Текст d" })
            );
    }

    [Fact]
    public void One_seed_always_shows_the_same() =>
        Prop.ForAll(
                Arb.From(Seeded(AnyAnswered())),
                drawn =>
                    JsonSerializer.Serialize(new Presentation(drawn.Item, drawn.Seed).Show(1), ItemJson.Options)
                    == JsonSerializer.Serialize(new Presentation(drawn.Item, drawn.Seed).Show(1), ItemJson.Options)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_ordering_never_comes_solved()
    {
        // Two elements are the hardest case: half of all shuffles would already show the right order.
        var item = Items.Ordering(key: ["b", "a"], elements: "ab");
        Enumerable.Range(0, 500).Should().OnlyContain(seed => new Presentation(item, seed).Show(1).Elements![0].Text == "Текст a");
    }

    [Fact]
    public void No_generated_ordering_comes_solved() =>
        Prop.ForAll(
                Arb.From(Seeded(Answered(ItemType.Ordering))),
                drawn =>
                {
                    var presentation = new Presentation(drawn.Item, drawn.Seed);
                    var shown = (OrderingResponse)presentation.ToShownIds(new OrderingResponse(((Ordering)drawn.Item.Body).Key));
                    return !shown.Order.SequenceEqual(Enumerable.Range(1, shown.Order.Count).Select(place => $"{place}"));
                }
            )
            .QuickCheckThrowOnFailure();

    public static TheoryData<Item, Response, string> Unfit() =>
        new()
        {
            { Items.Single(), new SingleChoiceResponse("5"), "unknown-option" },
            { Items.Single(), new SingleChoiceResponse("0"), "unknown-option" },
            { Items.Single(), new SingleChoiceResponse("01"), "unknown-option" },
            { Items.Single(), new SingleChoiceResponse("b"), "unknown-option" },
            { Items.Single(), new SingleChoiceResponse("99999999999999999999"), "unknown-option" },
            { Items.Single(), new MultipleChoiceResponse(["1"]), "response-type-mismatch" },
            { Items.Single(), new ShortAnswerResponse("1"), "response-type-mismatch" },
            { Items.Short(["да"]), new SingleChoiceResponse("1"), "response-type-mismatch" },
            { Items.Extended(), new ShortAnswerResponse("1"), "response-type-mismatch" },
            { Items.Multiple(), new MultipleChoiceResponse(["1", "1"]), "repeated-option" },
            { Items.Multiple(), new MultipleChoiceResponse([null!]), "unknown-option" },
            { Items.Matching(), new MatchingResponse(new Dictionary<string, string> { ["1"] = "1", ["01"] = "2" }), "unknown-option" },
            { Items.Matching(), new MatchingResponse(new Dictionary<string, string> { ["1"] = null! }), "unknown-option" },
            { Items.Matching(), new MatchingResponse(new Dictionary<string, string> { ["1"] = "9" }), "unknown-option" },
            { Items.Matching(), new MatchingResponse(new Dictionary<string, string> { ["1"] = "1", ["2"] = "1" }), "right-element-reused" },
            { Items.Ordering(), new OrderingResponse(["1", "2"]), "incomplete-order" },
            { Items.Ordering(), new OrderingResponse(["1", "2", "3", "4", "4"]), "incomplete-order" },
            { Items.Ordering(), new OrderingResponse(["1", "2", "3", "4", null!]), "unknown-option" },
            { Items.Short(["да"]), new ShortAnswerResponse(new string('а', 201)), "answer-too-long" },
            { Items.Short(["да"]), new ShortAnswerResponse("а\0б"), "forbidden-character" },
            { Items.Extended(), new ExtendedResponse(new string('а', 20_001)), "answer-too-long" },
        };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_response_that_does_not_fit_is_refused_with_a_reason(Item item, Response response, string code) =>
        new Presentation(item, 3).ToAuthorIds(response).Refusal!.Code.Should().Be(code);

    [Fact]
    public void Ids_of_the_author_that_a_client_guesses_are_refused_even_beside_real_ones()
    {
        // The element with the author's id "a" may be shown under the id "1". A response that names both ids must be
        // refused, without a clash of keys.
        foreach (var guessed in new[] { "1", "2", "3" })
        {
            var item = Items.Of(
                new Matching(
                    Items.Entries("abc"),
                    Items.Entries("xyz"),
                    new Dictionary<string, string>
                    {
                        ["a"] = "x",
                        ["b"] = "y",
                        ["c"] = "z",
                    },
                    new Dictionary<string, Points>()
                ),
                Items.TwoOneZero,
                2
            );
            new Presentation(item, 3)
                .ToAuthorIds(
                    new MatchingResponse(
                        new Dictionary<string, string>
                        {
                            [guessed] = "1",
                            ["a"] = "2",
                            ["b"] = "3",
                        }
                    )
                )
                .Refusal!.Code.Should()
                .Be("unknown-option");
        }
    }

    [Fact]
    public void A_blank_response_passes_as_it_is()
    {
        new Presentation(Items.Multiple(), 3).ToAuthorIds(new MultipleChoiceResponse([])).Value.IsBlank.Should().BeTrue();
        new Presentation(Items.Ordering(), 3).ToShownIds(new OrderingResponse([])).IsBlank.Should().BeTrue();
    }

    [Fact]
    public void A_stored_response_that_names_what_the_item_has_not_is_an_error() =>
        FluentActions
            .Invoking(() => new Presentation(Items.Single(), 3).ToShownIds(new SingleChoiceResponse("z")))
            .Should()
            .Throw<BrokenItemException>();

    private static string Json(Response response) => JsonSerializer.Serialize(response, ItemJson.Options);

    private static Gen<(Item Item, Response Response, long Seed)> Seeded(Gen<(Item Item, Response Response)> answered) =>
        from pair in answered
        from seed in Gen.Choose(int.MinValue, int.MaxValue)
        select (pair.Item, pair.Response, (long)seed);
}
