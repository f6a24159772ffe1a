using Diagnostics.Engine.Campaigns;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Engine.Tests.Campaigns;

public class CampaignRulesTests
{
    private static readonly CampaignWindows Sane = new(
        At("2026-09-01"),
        At("2026-09-10"),
        At("2026-09-14"),
        At("2026-09-20"),
        At("2026-09-30")
    );
    private static readonly Dictionary<int, int> Full = new()
    {
        [1] = 24,
        [2] = 24,
        [3] = 24,
        [4] = 24,
    };

    [Fact]
    public void Applications_are_taken_from_the_first_instant_to_before_the_last()
    {
        Sane.TakesApplications(At("2026-09-01") - Duration.Epsilon).Should().BeFalse();
        Sane.TakesApplications(At("2026-09-01")).Should().BeTrue();
        Sane.TakesApplications(At("2026-09-10") - Duration.Epsilon).Should().BeTrue();
        Sane.TakesApplications(At("2026-09-10")).Should().BeFalse();
    }

    [Fact]
    public void Dates_out_of_order_are_all_named()
    {
        Sane.Faults().Should().BeEmpty();
        (Sane with { ApplicationsTo = At("2026-09-01") }).Faults().Should().ContainSingle().Which.Should().Contain("Приём заявлений");
        (Sane with { SittingTo = At("2026-09-14") }).Faults().Should().ContainSingle().Which.Should().Contain("Проведение диагностики");
        (Sane with { SittingFrom = At("2026-08-31") }).Faults().Should().ContainSingle().Which.Should().Contain("раньше приёма");
        (Sane with { ApplicationsTo = At("2026-09-21") }).Faults().Should().ContainSingle().Which.Should().Contain("заканчивается позже");
        (Sane with { MarkingTo = At("2026-09-19") }).Faults().Should().ContainSingle().Which.Should().Contain("Проверка");
        new CampaignWindows(At("2026-09-02"), At("2026-09-01"), At("2026-09-01"), At("2026-08-01"), At("2026-07-01"))
            .Faults()
            .Should()
            .HaveCount(5);
    }

    [Fact]
    public void A_complete_draft_may_be_published() =>
        new CampaignReadiness(Sane, 1, Full, Enum.GetValues<PolicyKind>()).Faults(At("2026-09-05")).Should().BeEmpty();

    [Fact]
    public void A_draft_says_all_that_it_lacks()
    {
        var places = new Dictionary<int, int>
        {
            [1] = 24,
            [2] = 24,
            [3] = 23,
            [4] = 24,
        };
        var readiness = new CampaignReadiness(Sane, 0, places, [PolicyKind.Session, PolicyKind.Scoring, PolicyKind.Consent]);
        readiness
            .Faults(At("2026-09-20"))
            .Should()
            .Equal(
                "Срок приёма заявлений уже прошёл.",
                "Срок проведения диагностики уже прошёл.",
                "Не выбрана ни одна площадка.",
                "В форме заполнены не все 4 варианта.",
                "Не выбраны политики: level_scale, marking, appeals, calendar, profile."
            );
    }

    [Fact]
    public void A_form_with_a_variant_missing_is_not_filled() => new CampaignReadiness(
            Sane,
            1,
            new Dictionary<int, int>
            {
                [1] = 24,
                [2] = 24,
                [3] = 24,
            },
            Enum.GetValues<PolicyKind>()
        ).Faults(At("2026-09-05")).Should().Equal("В форме заполнены не все 4 варианта.");

    [Theory]
    [InlineData(ApplicationStatus.Submitted, true, true, true)]
    [InlineData(ApplicationStatus.Approved, false, false, true)]
    [InlineData(ApplicationStatus.Rejected, false, false, false)]
    [InlineData(ApplicationStatus.Withdrawn, false, false, false)]
    public void An_application_moves_only_where_its_state_allows(ApplicationStatus from, bool approve, bool reject, bool withdraw)
    {
        Outcome(from.Approve()).Should().Be(approve ? ApplicationStatus.Approved : null);
        Outcome(from.Reject()).Should().Be(reject ? ApplicationStatus.Rejected : null);
        Outcome(from.Withdraw()).Should().Be(withdraw ? ApplicationStatus.Withdrawn : null);
    }

    private static ApplicationStatus? Outcome(Result<ApplicationStatus> result) =>
        result.Refused(out var refusal, out var next)
            ? refusal.Code == "application-status"
                ? null
                : throw new InvalidOperationException(refusal.Code)
            : next;

    private static Instant At(string day) => LocalDatePattern.Iso.Parse(day).Value.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
}
