using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Tests.Execution;

/// <summary>
/// How a role and a relation together decide on access, for every relevant pair of a grant and a target.
/// </summary>
public sealed class AccessRuleTests
{
    private static readonly Guid Campaign = new("01a03841-51c0-7feb-938a-ff479bd8b799");
    private static readonly Guid Site = new("01a032c8-9000-77aa-967e-bfe6f9d689f7");
    private static readonly Guid Person = new("01a060d8-8e00-7c08-8b92-205d9ec487fd");
    private static readonly Guid Other = new("01a060d9-7860-759e-ba2e-7cc134a8e433");

    [Theory]
    [InlineData(GrantScope.All, null, true)]
    [InlineData(GrantScope.Campaign, "01a03841-51c0-7feb-938a-ff479bd8b799", true)]
    [InlineData(GrantScope.Campaign, "01a060d9-7860-759e-ba2e-7cc134a8e433", false)]
    [InlineData(GrantScope.Territory, "makhachkala", false)]
    public void An_operator_reaches_the_campaigns_of_the_grant(GrantScope scope, string? id, bool reaches) =>
        AccessRule
            .Of(Role.Operator.OfCampaign())
            .Covers(Staff(new Grant(Role.Operator, scope, id)), new Target { Campaign = Campaign, Territory = "makhachkala" })
            .Should()
            .Be(reaches);

    [Fact]
    public void The_right_role_for_another_site_reaches_nothing() =>
        AccessRule
            .Of(Role.Invigilator.OfSite())
            .Covers(Staff(new Grant(Role.Invigilator, GrantScope.Site, Other.ToString("D"))), new Target { Site = Site })
            .Should()
            .BeFalse();

    [Fact]
    public void Another_role_for_the_right_site_reaches_nothing() =>
        AccessRule
            .Of(Role.Invigilator.OfSite())
            .Covers(Staff(new Grant(Role.SiteHead, GrantScope.Site, Site.ToString("D"))), new Target { Site = Site })
            .Should()
            .BeFalse();

    [Fact]
    public void What_is_not_known_of_the_target_gives_no_right_even_to_a_participant()
    {
        AccessRule.Of(Role.Participant.OfOwn()).Covers(Caller.Account(Other.ToString("D"), Person), default).Should().BeFalse();
        AccessRule.Of(Role.Participant.OfOwn()).Covers(Caller.Account(Other.ToString("D"), null), default).Should().BeFalse();
    }

    [Fact]
    public void A_participant_reaches_the_own_and_not_anothers()
    {
        var taker = Caller.Account(Other.ToString("D"), Person);

        AccessRule.Of(Role.Participant.OfOwn()).Covers(taker, new Target { Participant = Person }).Should().BeTrue();
        AccessRule.Of(Role.Participant.OfOwn()).Covers(taker, new Target { Participant = Other }).Should().BeFalse();
    }

    [Fact]
    public void What_belongs_to_nothing_is_for_grants_that_are_bound_to_nothing()
    {
        var rule = AccessRule.Of(Role.Operator.OfEverything());

        rule.Covers(Staff(new Grant(Role.Operator, GrantScope.All, null)), default).Should().BeTrue();
        rule.Covers(Staff(new Grant(Role.Operator, GrantScope.Campaign, Campaign.ToString("D"))), new Target { Campaign = Campaign })
            .Should()
            .BeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("makhachkala", true)]
    [InlineData("derbent", false)]
    public void A_client_reaches_its_own_territory(string? own, bool reaches) =>
        AccessRule
            .Client("profiles.read")
            .Covers(Caller.Client(new("portal", own, ["profiles.read"])), new Target { Territory = "makhachkala" })
            .Should()
            .Be(reaches);

    [Fact]
    public void A_client_without_the_scope_reaches_nothing_whatever_people_may() =>
        AccessRule
            .Of(Role.Operator)
            .Or("profiles.read")
            .Covers(Caller.Client(new("portal", null, ["people.enrol"])), default)
            .Should()
            .BeFalse();

    [Fact]
    public void Nobody_is_let_in_at_once_where_a_role_must_be_read()
    {
        AccessRule.Of(Role.Operator).AdmitsAtOnce(Caller.Account(Other.ToString("D"), Person)).Should().BeFalse();
        AccessRule
            .Of(Role.Participant, Role.Operator)
            .AdmitsAtOnce(Caller.Account(Other.ToString("D"), Person))
            .Should()
            .BeFalse("the other role may reach further");
        AccessRule
            .Of(Role.Participant.OfOwn())
            .AdmitsAtOnce(Caller.Account(Other.ToString("D"), Person))
            .Should()
            .BeTrue("the save path reads nothing");
        AccessRule.Of(Role.Participant.OfOwn()).AdmitsAtOnce(Caller.Account(Other.ToString("D"), null)).Should().BeFalse();
        AccessRule.Account.AdmitsAtOnce(Caller.Nobody()).Should().BeFalse();
    }

    private static Caller Staff(Grant grant)
    {
        var caller = Caller.Account(Other.ToString("D"), null);
        caller.SetGrants([grant]);
        return caller;
    }
}
