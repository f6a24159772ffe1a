using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Tests.Access;

public class GrantRulesTests
{
    [Theory]
    [InlineData(Role.Administrator, GrantScope.All, null, null)]
    [InlineData(Role.Administrator, GrantScope.Campaign, "c", "grant-scope")]
    [InlineData(Role.Auditor, GrantScope.Territory, "t", "grant-scope")]
    [InlineData(Role.Operator, GrantScope.All, null, null)]
    [InlineData(Role.Operator, GrantScope.Campaign, "c", null)]
    [InlineData(Role.Operator, GrantScope.Territory, "t", null)]
    [InlineData(Role.Operator, GrantScope.Site, "s", "grant-scope")]
    [InlineData(Role.Operator, GrantScope.Territory, null, "grant-scope-id")]
    [InlineData(Role.Operator, GrantScope.All, "t", "grant-scope-id")]
    [InlineData(Role.Invigilator, GrantScope.Site, "s", null)]
    [InlineData(Role.Invigilator, GrantScope.All, null, "grant-scope")]
    [InlineData(Role.SiteHead, GrantScope.Campaign, "c", "grant-scope")]
    [InlineData(Role.Expert, GrantScope.Campaign, "c", null)]
    [InlineData(Role.Chair, GrantScope.Site, "s", "grant-scope")]
    [InlineData(Role.Methodologist, GrantScope.Territory, "t", null)]
    [InlineData(Role.Author, GrantScope.All, null, null)]
    [InlineData(Role.ConflictChair, GrantScope.Campaign, "c", "grant-role")]
    [InlineData(Role.Participant, GrantScope.All, null, "grant-role")]
    public void A_role_reaches_only_as_far_as_it_is_meant_to(Role role, GrantScope scope, string? id, string? refused) =>
        GrantRules.Check(new(role, scope, id))?.Code.Should().Be(refused);

    [Fact]
    public void A_person_s_account_has_the_role_of_a_participant_alone_and_staff_never_have_it()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var ofPerson = role is Role.Participant;
            GrantRules.CheckOwner(role, ofPerson: true)?.Code.Should().Be(ofPerson ? null : "participant-account");
            GrantRules.CheckOwner(role, ofPerson: false)?.Code.Should().Be(ofPerson ? "staff-account" : null);
        }
    }

    [Fact]
    public void Every_role_has_its_scopes_stated() =>
        Enum.GetValues<Role>()
            .Where(role => GrantRules.ScopesOf(role).Count == 0)
            .Should()
            .Equal(Role.ConflictMember, Role.ConflictChair, Role.Participant);

    [Fact]
    public void A_grant_for_everything_covers_each_thing_and_another_only_its_own()
    {
        new Grant(Role.Operator, GrantScope.All, null).Covers(GrantScope.Campaign, "c1").Should().BeTrue();
        new Grant(Role.Operator, GrantScope.Campaign, "c1").Covers(GrantScope.Campaign, "c1").Should().BeTrue();
        new Grant(Role.Operator, GrantScope.Campaign, "c1").Covers(GrantScope.Campaign, "c2").Should().BeFalse();
        new Grant(Role.Operator, GrantScope.Campaign, "c1").Covers(GrantScope.Site, "c1").Should().BeFalse();
        new Grant(Role.Operator, GrantScope.Territory, "").Covers(GrantScope.All, "").Should().BeFalse();
    }
}
