using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.Appeals;

public class AppealRulesTests
{
    private static readonly AppealsPolicy Shipped = PolicyJson.Read<AppealsPolicy>(
        PolicyReader
            .Read(EngineHooks.Policies, "appeals.yaml", File.ReadAllText(Path.Combine(Repository.Bank, "policies", "appeals.yaml")))
            .Policy!.Content
    );

    [Theory]
    [InlineData(AppealState.Filed, "admit refuse withdraw")]
    [InlineData(AppealState.Admitted, "consider withdraw")]
    [InlineData(AppealState.InConsideration, "withdraw decide")]
    [InlineData(AppealState.Refused, "")]
    [InlineData(AppealState.Withdrawn, "")]
    [InlineData(AppealState.Decided, "")]
    public void An_appeal_moves_only_where_its_state_allows(AppealState from, string moves)
    {
        var all = new (string Name, Result<AppealState> To)[]
        {
            ("admit", from.Admit()),
            ("refuse", from.Refuse()),
            ("consider", from.Consider()),
            ("withdraw", from.Withdraw()),
            ("decide", from.Decide()),
        };

        string.Join(' ', all.Where(move => move.To.Refusal is null).Select(move => move.Name)).Should().Be(moves);
        all.Select(move => move.To.Refusal?.Code).OfType<string>().Should().OnlyContain(code => code == "appeal-state");
        from.IsLive().Should().Be(moves.Contains("withdraw", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AppealKind.Score, AppealGround.Marks, null)]
    [InlineData(AppealKind.Score, AppealGround.Technical, null)]
    [InlineData(AppealKind.Score, AppealGround.Procedure, "ground-unfit")]
    [InlineData(AppealKind.Score, AppealGround.ItemContent, "not-appealable")]
    [InlineData(AppealKind.Score, AppealGround.ClosedItem, "not-appealable")]
    [InlineData(AppealKind.Score, AppealGround.AnswerForm, "not-appealable")]
    [InlineData(AppealKind.Score, AppealGround.OwnViolation, "not-appealable")]
    [InlineData(AppealKind.Procedural, AppealGround.Procedure, null)]
    [InlineData(AppealKind.Procedural, AppealGround.Annulment, null)]
    [InlineData(AppealKind.Procedural, AppealGround.NonAdmission, null)]
    [InlineData(AppealKind.Score, AppealGround.Annulment, "ground-unfit")]
    [InlineData(AppealKind.Score, AppealGround.NonAdmission, "ground-unfit")]
    [InlineData(AppealKind.Procedural, AppealGround.Marks, "ground-unfit")]
    [InlineData(AppealKind.Procedural, AppealGround.OwnViolation, "not-appealable")]
    public void A_ground_is_taken_or_refused_with_its_clause(AppealKind kind, AppealGround ground, string? code)
    {
        var refusal = AppealRules.CheckGround(kind, ground, Shipped);

        refusal?.Code.Should().Be(code);
        (refusal is null).Should().Be(code is null);
        if (code == "not-appealable")
            refusal!.Facts["clause"].Should().Be(Shipped.Excludes(ground)!.Clause);
    }

    [Theory]
    [InlineData(AppealOutcome.SatisfiedUp, 2, 3, null)]
    [InlineData(AppealOutcome.SatisfiedUp, 2, 2, "outcome-mismatch")]
    [InlineData(AppealOutcome.SatisfiedUp, 2, 1, "outcome-mismatch")]
    [InlineData(AppealOutcome.SatisfiedDown, 2, 1, null)]
    [InlineData(AppealOutcome.SatisfiedDown, 2, 2, "outcome-mismatch")]
    [InlineData(AppealOutcome.SatisfiedUp, 2, null, "criteria-missing")]
    [InlineData(AppealOutcome.TechnicalCorrection, 2, 1, null)]
    [InlineData(AppealOutcome.TechnicalCorrection, 2, 2, null)]
    [InlineData(AppealOutcome.Rejected, 2, null, null)]
    [InlineData(AppealOutcome.Rejected, 2, 2, "criteria-unexpected")]
    [InlineData(AppealOutcome.Upheld, 2, null, "outcome-unfit")]
    public void A_decision_on_points_says_what_it_does_to_them(AppealOutcome outcome, int standing, int? proposed, string? code) =>
        AppealRules.CheckOutcome(AppealKind.Score, outcome, Points.From(standing), ScoreOf(proposed), Shipped)?.Code.Should().Be(code);

    [Theory]
    [InlineData(AppealOutcome.SatisfiedDown, 1, "outcome-not-allowed")]
    [InlineData(AppealOutcome.TechnicalCorrection, 1, "lowering-not-allowed")]
    [InlineData(AppealOutcome.TechnicalCorrection, 3, null)]
    [InlineData(AppealOutcome.SatisfiedUp, 3, null)]
    public void Where_the_policy_forbids_it_no_decision_lowers_points(AppealOutcome outcome, int proposed, string? code)
    {
        var kind = Shipped with
        {
            MayLower = false,
            Outcomes = [AppealOutcome.Rejected, AppealOutcome.SatisfiedUp, AppealOutcome.TechnicalCorrection, AppealOutcome.Upheld],
        };

        AppealRules.CheckOutcome(AppealKind.Score, outcome, Points.From(2), ScoreOf(proposed), kind)?.Code.Should().Be(code);
    }

    [Theory]
    [InlineData(AppealOutcome.Upheld, null)]
    [InlineData(AppealOutcome.Rejected, null)]
    [InlineData(AppealOutcome.SatisfiedUp, "outcome-unfit")]
    [InlineData(AppealOutcome.TechnicalCorrection, "outcome-unfit")]
    public void A_procedural_appeal_is_upheld_or_rejected(AppealOutcome outcome, string? code) =>
        AppealRules.CheckOutcome(AppealKind.Procedural, outcome, null, null, Shipped)?.Code.Should().Be(code);

    [Theory]
    [InlineData("\"scoreFilingDays\":2", "\"scoreFilingDays\":0", "scoreFilingDays")]
    [InlineData("\"reminderDays\":1", "\"reminderDays\":4", "reminderDays")]
    [InlineData("\"members\":3", "\"members\":0", "quorum.members")]
    [InlineData("\"mayLower\":true", "\"mayLower\":false", "satisfied_down")]
    [InlineData("\"rejected\",", "", "rejected")]
    [InlineData("\"closed_item\"", "\"technical\"", "closed_item")]
    [InlineData("\"own_violation\"", "\"marks\"", "7.1.3")]
    [InlineData("\"own_violation\"", "\"item_content\"", "повторяются")]
    public void An_appeals_policy_that_cannot_hold_is_refused(string from, string to, string place)
    {
        var content = CanonicalJson.Of(Shipped);
        content.Should().Contain(from);

        EngineHooks
            .Policies.Check(PolicyKind.Appeals, content.Replace(from, to, StringComparison.Ordinal))
            .Refusal!.Detail.Should()
            .Contain(place);
    }

    [Fact]
    public void A_commission_zone_that_does_not_exist_is_refused() =>
        EngineHooks
            .Policies.Check(PolicyKind.Appeals, CanonicalJson.Of(Shipped with { CommissionTimeZone = "Europe/Muscovy" }))
            .Refusal!.Detail.Should()
            .Contain("Muscovy");

    private static Score? ScoreOf(int? points) => points is { } value ? new Score(Outcome.Partial, Points.From(value), "rubric/1") : null;
}
