using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;

namespace Diagnostics.Engine.Tests.SiteDays;

public sealed class SiteDutyTests
{
    /// <summary>Clause 7.1.3: «…присутствуют руководитель и организаторы диагностики, не менее одного члена PK, технический специалист».</summary>
    [Fact]
    public void The_regulation_wants_a_head_an_organiser_a_technician_and_a_member_of_the_commission() =>
        SiteDuties
            .Missing([], [])
            .Should()
            .Equal(
                new MissingDuty(SiteDuty.Head, MissingDutyReason.NotAppointed),
                new(SiteDuty.Organiser, MissingDutyReason.NotAppointed),
                new(SiteDuty.Technician, MissingDutyReason.NotAppointed),
                new(SiteDuty.CommissionMember, MissingDutyReason.NotAppointed)
            );

    [Fact]
    public void Whoever_was_appointed_and_did_not_come_is_missing_too() =>
        SiteDuties
            .Missing(
                [SiteDuty.Head, SiteDuty.Organiser, SiteDuty.Organiser, SiteDuty.CommissionMember],
                [SiteDuty.Organiser, SiteDuty.CommissionMember]
            )
            .Should()
            .Equal(new MissingDuty(SiteDuty.Head, MissingDutyReason.NotPresent), new(SiteDuty.Technician, MissingDutyReason.NotAppointed));

    [Fact]
    public void Nobody_is_missing_where_every_duty_has_somebody() =>
        SiteDuties.Missing(Enum.GetValues<SiteDuty>(), Enum.GetValues<SiteDuty>()).Should().BeEmpty();

    [Theory]
    [InlineData(SiteDuty.Head, Role.SiteHead)]
    [InlineData(SiteDuty.Organiser, Role.Invigilator)]
    [InlineData(SiteDuty.Technician, Role.Invigilator)]
    [InlineData(SiteDuty.CommissionMember, null)]
    public void Each_duty_asks_for_its_right(SiteDuty duty, Role? role) => SiteDuties.RoleOf(duty).Should().Be(role);

    [Theory]
    [InlineData(SessionState.Scheduled, false, RosterState.NotCome)]
    [InlineData(SessionState.Scheduled, true, RosterState.Absent)]
    [InlineData(SessionState.Open, false, RosterState.Admitted)]
    [InlineData(SessionState.Open, true, RosterState.Absent)]
    [InlineData(SessionState.InProgress, false, RosterState.Started)]
    [InlineData(SessionState.Paused, false, RosterState.Started)]
    [InlineData(SessionState.Finished, false, RosterState.Finished)]
    [InlineData(SessionState.Expired, false, RosterState.Finished)]
    [InlineData(SessionState.Annulled, false, RosterState.Annulled)]
    public void At_the_door_a_session_is_told_in_plain_words(SessionState state, bool absent, RosterState told) =>
        RosterStates.Of(state, absent).Should().Be(told);

    [Fact]
    public void Every_move_of_materials_is_one_kind_of_entry_and_back()
    {
        foreach (var move in Enum.GetValues<MaterialsMove>())
            JournalKinds.MoveOf(JournalKinds.Of(move)).Should().Be(move);
        JournalKinds.MoveOf(JournalKind.Incident).Should().BeNull();
    }
}
