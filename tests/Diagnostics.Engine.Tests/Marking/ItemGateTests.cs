using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class ItemGateTests
{
    private static readonly Guid Expert = Id(100);
    private static readonly Instant Day = Instant.FromUtc(2026, 9, 15, 0, 0);
    private static readonly MarkingPolicy Both = new(1, 30) { Qualification = new(2, Points.From(1), 4), Control = new(3, Points.From(1)) };
    private static readonly MarkingPolicy Qualified = Both with { Control = null };
    private static readonly MarkingPolicy Controlled = Both with { Qualification = null };

    private static readonly Rubric Rubric = new(
        [
            new("K1", "Первый", [new(Points.Zero, "нет"), new(Points.From(1), "наполовину"), new(Points.From(2), "да")]),
            new("K2", "Второй", [new(Points.Zero, "нет"), new(Points.From(2), "да")]),
        ],
        "K1"
    );

    [Theory]
    [InlineData(2, 2, 2, 2, 0)]
    // A point too many in one criterion does not compensate for a point too few in another.
    [InlineData(1, 2, 2, 0, 3)]
    [InlineData(2, 0, 1, 0, 1)]
    // A gate of 0 makes the whole mark 0, so two such marks do not differ.
    [InlineData(0, 2, 0, 0, 0)]
    [InlineData(2, 2, 0, 2, 4)]
    public void The_distance_of_marks_is_what_their_criteria_differ_by_after_the_gate(
        int agreed1,
        int agreed2,
        int given1,
        int given2,
        int distance
    )
    {
        Between(agreed1, agreed2, given1, given2).Should().Be(Points.From(distance));
        Between(given1, given2, agreed1, agreed2).Should().Be(Points.From(distance), "it has no direction");

        static Points Between(int a, int b, int c, int d) => BenchmarkMarks.Distance(Rubric, Marks(a, b), Marks(c, d));
        static Dictionary<string, Points> Marks(int first, int second) =>
            new() { ["K1"] = Points.From(first), ["K2"] = Points.From(second) };
    }

    [Fact]
    public void Without_such_rules_everybody_gets_scripts() => Decide(new(1, 30), Before()).Should().BeOfType<Passage.Script>();

    [Fact]
    public void A_new_expert_gets_qualification_benchmarks_until_enough_different_ones_are_passed()
    {
        var benchmarks = Benchmarks(qualification: 3);
        var first = (Passage.Trial)Decide(Qualified, Before(benchmarks));
        var one = Qualifying(1, first.BenchmarkId, within: true);
        var second = (Passage.Trial)Decide(Qualified, Before(benchmarks, one));

        first.Purpose.Should().Be(BenchmarkPurpose.Qualification);
        second.BenchmarkId.Should().NotBe(first.BenchmarkId);
        Decide(Qualified, Before(benchmarks, one, Qualifying(2, first.BenchmarkId, within: true)))
            .Should()
            .BeOfType<Passage.Trial>("the same one twice is one");
        Decide(Qualified, Before(benchmarks, one, Qualifying(2, second.BenchmarkId, within: true))).Should().BeOfType<Passage.Script>();
    }

    [Fact]
    public void A_failed_benchmark_comes_again_only_when_no_unseen_one_is_left()
    {
        var benchmarks = Benchmarks(qualification: 2);
        var first = ((Passage.Trial)Decide(Qualified, Before(benchmarks))).BenchmarkId;
        var failed = Qualifying(1, first, within: false);
        var second = ((Passage.Trial)Decide(Qualified, Before(benchmarks, failed))).BenchmarkId;

        second.Should().NotBe(first);
        ((Passage.Trial)Decide(Qualified, Before(benchmarks, failed, Qualifying(2, second, within: true)))).BenchmarkId.Should().Be(first);
    }

    [Fact]
    public void Attempts_run_out_and_the_chair_gives_new_ones()
    {
        var benchmarks = Benchmarks(qualification: 4);
        var failed = Enumerable.Range(1, 4).Select(number => Qualifying(number, benchmarks[number - 1].Id, within: false)).ToList();
        var before = Before(benchmarks) with { Trials = failed };

        Code(Decide(Qualified, before)).Should().Be("qualification-failed");
        Decide(Qualified, before with { Acts = [new(AdmissionAct.Requalified, 4, Day)] }).Should().BeOfType<Passage.Trial>();
        Code(Decide(Qualified, before with { Trials = [.. failed.Take(3), failed[3] with { State = ClaimState.Claimed, Within = null }] }))
            .Should()
            .Be("qualification-in-hand");
        Decide(Qualified with { Qualification = new(2, Points.Zero) }, before)
            .Should()
            .BeOfType<Passage.Trial>("without a limit there is always another attempt");
    }

    [Fact]
    public void Too_few_benchmarks_close_an_item_rather_than_open_it()
    {
        Code(Decide(Qualified, Before(Benchmarks(qualification: 1)))).Should().Be("benchmarks-missing");
        Code(Decide(Controlled, Before())).Should().Be("benchmarks-missing");
        Code(Decide(Controlled, Before([.. Benchmarks(control: 1).Select(benchmark => benchmark with { Retired = true })])))
            .Should()
            .Be("benchmarks-missing");
        Code(Decide(Both, Before(Benchmarks(qualification: 2)))).Should().Be("benchmarks-missing", "control will want one too");
        var passed = Benchmarks(qualification: 2).Select(benchmark => benchmark with { Retired = true }).ToList();
        Decide(Qualified, Before(passed, Qualifying(1, passed[0].Id, true), Qualifying(2, passed[1].Id, true)))
            .Should()
            .BeOfType<Passage.Script>("what was passed stays passed");
    }

    [Theory]
    [InlineData(2, 0, false)]
    [InlineData(3, 0, true)]
    [InlineData(5, 3, false)]
    [InlineData(6, 3, true)]
    public void A_control_comes_after_so_many_scripts(int scripts, int lastAfter, bool due)
    {
        var benchmarks = Benchmarks(control: 2);
        IReadOnlyList<Trial> trials = lastAfter == 0 ? [] : [Controlling(1, benchmarks[0].Id, lastAfter)];

        var passage = Decide(Controlled, Before(benchmarks) with { Trials = trials, Scripts = scripts });

        (passage is Passage.Trial { Purpose: BenchmarkPurpose.Control }).Should().Be(due);
    }

    [Fact]
    public void A_control_given_back_is_still_due_and_one_left_to_lapse_comes_back_itself()
    {
        var benchmarks = Benchmarks(control: 5);
        var due = Before(benchmarks) with { Scripts = 3 };
        var first = ((Passage.Trial)Decide(Controlled, due)).BenchmarkId;
        var trial = Controlling(1, first, 3) with { Within = null };

        Benchmark(ClaimState.Returned).Should().NotBe(first);
        Benchmark(ClaimState.Lapsed).Should().Be(first, "so does a script");
        Benchmark(ClaimState.Lapsed, takenBack: true).Should().NotBe(first);
        Decide(Controlled, due with { Trials = [trial with { State = ClaimState.Claimed }] }).Should().BeOfType<Passage.Script>();

        Guid Benchmark(ClaimState state, bool takenBack = false) =>
            ((Passage.Trial)Decide(Controlled, due with { Trials = [trial with { State = state, TakenBack = takenBack }] })).BenchmarkId;
    }

    [Fact]
    public void Controls_come_in_the_experts_own_order_and_none_twice_while_another_is_left()
    {
        var benchmarks = Benchmarks(control: 6);
        var orders = Enumerable.Range(1, 20).Select(seed => string.Join(' ', Order(seed))).ToList();

        Order(1).Take(6).Should().OnlyHaveUniqueItems().And.HaveCount(6);
        Order(1).Skip(6).Should().Equal(Order(1).Take(6), "then the one seen longest ago");
        orders.Distinct().Should().HaveCountGreaterThan(10);

        List<Guid> Order(int seed)
        {
            var trials = new List<Trial>();
            for (var number = 1; number <= 12; number++)
            {
                var passage = ItemGate.Decide(Controlled, Before(benchmarks) with { Trials = trials, Scripts = 3 * number }, seed);
                trials.Add(Controlling(number, ((Passage.Trial)passage).BenchmarkId, 3 * number));
            }
            return trials.Select(trial => trial.BenchmarkId).ToList();
        }
    }

    [Fact]
    public void The_last_act_decides_on_a_pause()
    {
        var benchmarks = Benchmarks(qualification: 2, control: 1);
        var expert = Before(benchmarks, Qualifying(1, benchmarks[0].Id, true), Qualifying(2, benchmarks[1].Id, true));
        AdmissionEvent Act(AdmissionAct act) => new(act, 2, Day);

        Code(Decide(Both, expert with { Acts = [Act(AdmissionAct.Admitted), Act(AdmissionAct.Paused)] })).Should().Be("expert-paused");
        Decide(Both, expert with { Acts = [Act(AdmissionAct.Admitted), Act(AdmissionAct.Paused), Act(AdmissionAct.Resumed)] })
            .Should()
            .BeOfType<Passage.Script>();
        Decide(Both, expert with { Acts = [Act(AdmissionAct.Paused), Act(AdmissionAct.Requalified)] })
            .Should()
            .BeOfType<Passage.Trial>("what was passed before counts no more");
    }

    [Fact]
    public void Marks_are_doubted_since_the_last_good_control_or_act()
    {
        var good = Controlling(1, Id(1), 3) with { ClosedAt = Day + Duration.FromHours(2) };
        var bad = Controlling(2, Id(2), 6) with { ClosedAt = Day + Duration.FromHours(9), Within = false };

        ItemGate.DoubtedSince(Before([], bad)).Should().BeNull("all marks are");
        ItemGate
            .DoubtedSince(Before([], good, bad) with { Acts = [new(AdmissionAct.Admitted, 0, Day)] })
            .Should()
            .Be(Day + Duration.FromHours(2));
        ItemGate
            .DoubtedSince(Before([], good, bad) with { Acts = [new(AdmissionAct.Resumed, 1, Day + Duration.FromHours(5))] })
            .Should()
            .Be(Day + Duration.FromHours(5));
    }

    [Theory]
    [InlineData("""{"experts":1,"leaseMinutes":30,"qualification":{"scripts":0,"tolerance":1}}""", "scripts")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"qualification":{"scripts":3,"tolerance":-1}}""", "tolerance")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"qualification":{"scripts":3,"tolerance":1,"maxAttempts":2}}""", "maxAttempts")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"control":{"every":0,"tolerance":1}}""", "every")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"control":{"every":5,"tolerance":-0.5}}""", "tolerance")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"inHand":0}""", "inHand")]
    [InlineData("""{"experts":1,"leaseMinutes":30,"inHand":101}""", "inHand")]
    public void A_policy_that_cannot_be_kept_is_refused(string policy, string field) =>
        EngineHooks.Policies.Check(PolicyKind.Marking, policy).Refusal!.Detail.Should().Contain(field);

    [Fact]
    public void A_policy_with_qualification_and_control_is_read_as_written()
    {
        var checkedText = EngineHooks
            .Policies.Check(
                PolicyKind.Marking,
                """{"experts":2,"leaseMinutes":30,"qualification":{"scripts":3,"tolerance":1,"maxAttempts":6},"control":{"every":10,"tolerance":0.5}}"""
            )
            .Value;

        var policy = PolicyJson.Read<MarkingPolicy>(checkedText);
        policy.Qualification.Should().Be(new Qualification(3, Points.From(1), 6));
        policy.Control.Should().Be(new Control(10, Points.From(0.5m)));
        PolicyJson
            .Read<MarkingPolicy>("""{"experts":2,"leaseMinutes":30}""")
            .Should()
            .Match<MarkingPolicy>(old => old.Qualification == null && old.Control == null);
    }

    [Fact]
    public void A_policy_that_says_nothing_of_scripts_in_hand_keeps_its_text()
    {
        const string text =
            """{"experts":1,"leaseMinutes":30,"requireApproval":false,"resolution":"mean_in_favour","thirdStanding":"senior"}""";

        EngineHooks.Policies.Check(PolicyKind.Marking, text).Value.Should().Be(text, "existing versions never change");
        PolicyJson.Read<MarkingPolicy>(text).InHand.Should().BeNull();
        PolicyJson
            .Read<MarkingPolicy>(EngineHooks.Policies.Check(PolicyKind.Marking, """{"experts":1,"leaseMinutes":30,"inHand":40}""").Value)
            .InHand.Should()
            .Be(40);
    }

    private static Passage Decide(MarkingPolicy policy, ExpertBeforeItem expert) => ItemGate.Decide(policy, expert, 7);

    private static string Code(Passage passage) => passage.Should().BeOfType<Passage.Closed>().Which.Refusal.Code;

    private static ExpertBeforeItem Before(IReadOnlyList<Benchmark>? benchmarks = null, params Trial[] trials) =>
        new(Expert, "item-1", benchmarks ?? [], [], trials, 0);

    private static List<Benchmark> Benchmarks(int qualification = 0, int control = 0) =>
        [
            .. Enumerable.Range(1, qualification).Select(number => new Benchmark(Id(number), BenchmarkPurpose.Qualification, false)),
            .. Enumerable.Range(50, control).Select(number => new Benchmark(Id(number), BenchmarkPurpose.Control, false)),
        ];

    private static Trial Qualifying(int number, Guid benchmark, bool within) =>
        new(number, benchmark, BenchmarkPurpose.Qualification, ClaimState.Marked, within, 0);

    private static Trial Controlling(int number, Guid benchmark, int after) =>
        new(number, benchmark, BenchmarkPurpose.Control, ClaimState.Marked, true, after);

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
