using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Outcome = Diagnostics.Engine.ItemBank.Scoring.Outcome;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ScoringPropertyTests
{
    private static readonly ItemType[] ClosedTypes = [ItemType.SingleChoice, ItemType.MultipleChoice, ItemType.Matching, ItemType.Ordering];

    [Fact]
    public void A_score_lies_between_zero_and_the_maximum() =>
        Holds(
            AnyAnswered(),
            (item, response) =>
            {
                var points = Score(item, response).Points;
                return points >= Points.Zero && points <= item.MaxPoints;
            }
        );

    [Fact]
    public void The_outcome_agrees_with_the_points() =>
        Holds(
            Answered(ClosedTypes),
            (item, response) =>
            {
                var score = Score(item, response);
                return score.Outcome
                    == (
                        score.Points == item.MaxPoints ? Outcome.Right
                        : score.Points == Points.Zero ? Outcome.Wrong
                        : Outcome.Partial
                    );
            }
        );

    [Fact]
    public void The_key_itself_earns_the_maximum() =>
        Holds(
            Answered(ClosedTypes),
            (item, _) => Score(item, KeyOf(item)) is { Outcome: Outcome.Right } score && score.Points == item.MaxPoints
        );

    [Fact]
    public void A_generated_response_fits_its_item() => Holds(AnyAnswered(), (item, response) => item.Check(response) is null);

    [Fact]
    public void The_order_of_ticking_does_not_matter() =>
        Holds(
            Answered(ItemType.MultipleChoice),
            (item, response) =>
                Score(item, response)
                == Score(item, new MultipleChoiceResponse(((MultipleChoiceResponse)response).Options.Reverse().ToList()))
        );

    [Fact]
    public void The_order_of_pairing_does_not_matter() =>
        Holds(
            Answered(ItemType.Matching),
            (item, response) =>
                Score(item, response) == Score(item, new MatchingResponse(((MatchingResponse)response).Pairs.Reverse().ToDictionary()))
        );

    [Fact]
    public void Ticking_everything_earns_nothing() =>
        Holds(
            Answered(ItemType.MultipleChoice),
            (item, _) =>
                Score(item, new MultipleChoiceResponse(((MultipleChoice)item.Body).Options.Select(option => option.Id).ToList())).Points
                == Points.Zero
        );

    [Fact]
    public void One_more_wrong_tick_never_pays_under_a_table() =>
        Holds(
            Answered(ItemType.MultipleChoice).Where(pair => pair.Item.Rule is PerErrorRule or ExactRule),
            (item, response) =>
            {
                var body = (MultipleChoice)item.Body;
                var ticked = ((MultipleChoiceResponse)response).Options;
                return body
                    .Options.Where(option => !body.Key.Contains(option.Id) && !ticked.Contains(option.Id))
                    .All(extra => Score(item, new MultipleChoiceResponse([.. ticked, extra.Id])).Points <= Score(item, response).Points);
            }
        );

    [Fact]
    public void Setting_one_pair_right_never_costs() =>
        Holds(
            Answered(ItemType.Matching).Where(pair => pair.Item.Rule is PerErrorRule or ExactRule),
            (item, response) =>
            {
                var body = (Matching)item.Body;
                var pairs = ((MatchingResponse)response).Pairs;
                return body.Left.All(left =>
                    Score(item, new MatchingResponse(new Dictionary<string, string>(pairs) { [left.Id] = body.Key[left.Id] })).Points
                    >= Score(item, response).Points
                );
            }
        );

    [Fact]
    public void Putting_the_first_wrong_element_into_its_place_never_costs_under_a_table() =>
        Holds(
            Answered(ItemType.Ordering).Where(pair => pair.Item.Rule is PerErrorRule or ExactRule),
            (item, response) =>
            {
                var (key, order) = (((Ordering)item.Body).Key, ((OrderingResponse)response).Order.ToList());
                var place = order.Zip(key).TakeWhile(pair => pair.First == pair.Second).Count();
                if (place == key.Count)
                    return true;
                var from = order.IndexOf(key[place]);
                var better = new List<string>(order);
                (better[place], better[from]) = (better[from], better[place]);
                return Score(item, new OrderingResponse(better)).Points >= Score(item, response).Points;
            }
        );

    [Fact]
    public void The_same_response_always_scores_the_same() =>
        Holds(AnyAnswered(), (item, response) => Score(item, response) == Score(ItemJson.Read(ItemJson.Write(item)), response));

    private static Score Score(Item item, Response response) => item.Score(response, KeyDecisions.None);

    private static Response KeyOf(Item item) =>
        item.Body switch
        {
            SingleChoice single => new SingleChoiceResponse(single.Key),
            MultipleChoice multiple => new MultipleChoiceResponse(multiple.Key),
            Matching matching => new MatchingResponse(matching.Key),
            Ordering ordering => new OrderingResponse(ordering.Key),
            _ => throw new ArgumentOutOfRangeException(nameof(item)),
        };

    internal static Gen<(Item Item, Response Response)> AnyAnswered() => Answered(Enum.GetValues<ItemType>());

    internal static Gen<(Item Item, Response Response)> Answered(params ItemType[] types) =>
        from type in Gen.Elements(types)
        from item in GeneratedItems.Item(type)
        from response in GeneratedItems.ResponseTo(item)
        select (item, response);

    internal static void Holds(Gen<(Item Item, Response Response)> answered, Func<Item, Response, bool> property) =>
        Prop.ForAll(Arb.From(answered), pair => property(pair.Item, pair.Response)).QuickCheckThrowOnFailure();
}
