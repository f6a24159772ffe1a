using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.UseCases.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;
using static Diagnostics.Server.Tests.Campaigns.SittingScene;

/// <summary>A person who has not begun gets another day, site or seat.</summary>
public sealed class ReassignmentTests(TestService service) : IClassFixture<TestService>
{
    private const string Reason = "Болезнь";

    [Fact]
    public async Task A_person_moves_to_another_site_with_the_same_session_and_what_was_given_for_the_old_place_ends()
    {
        var (scene, sittings) = await WithSittings(service, 5, site => [On(site, 15)]);
        var another = await scene.AddSite(seats: 1);
        await scene.Decree("sites", new { siteId = another, reason = "п" }).Json();
        var there = (await scene.Decree("sittings", On(another, 16, reason: "п")).Json(201)).Id();
        var (_, application) = await scene.ApprovedPerson();
        var (_, neighbour) = await scene.ApprovedPerson();
        await scene.Admit(application.Session()).Json();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{application.Session()}/access-code", new { }).Json();

        var moved = await scene.Decide(application.Id(), "reassignment", new { siteId = another, reason = Reason }).Json();

        (moved.Session(), moved["siteId"]!.GetValue<Guid>(), moved.Sitting(), moved["seat"]!.GetValue<int>())
            .Should()
            .Be((application.Session(), another, there, 1));
        var session = await scene.Admin.GetAsync($"{V1}/sessions/{application.Session()}/supervision").Json();
        (session["state"]!.GetValue<string>(), session["siteId"]!.GetValue<Guid>())
            .Should()
            .Be(("scheduled", another), "whoever was let in here is let in there again");
        var happened = (await scene.Admin.GetAsync($"{V1}/sessions/{application.Session()}/events").Json())
            .Items()
            .Single(each => each!["kind"]!.GetValue<string>() == "moved")!;
        var details = JsonNode.Parse(happened["details"]!.GetValue<string>())!;
        (
            details["reason"]!.GetValue<string>(),
            details["from"]!["sittingId"]!.GetValue<Guid>(),
            details["to"]!["sittingId"]!.GetValue<Guid>()
        )
            .Should()
            .Be((Reason, sittings[0], there));
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/access-codes", new { siteId = another }).Json())["codes"]!
            .AsArray()
            .Should()
            .ContainSingle("the old code opens nothing");
        (await scene.Sittings()).Single(each => each.Id() == sittings[0])["free"]!.GetValue<int>().Should().Be(4);
        var full = await scene.Decide(neighbour.Id(), "reassignment", new { siteId = another, reason = Reason }).Json(409);
        full["code"]!.GetValue<string>().Should().Be("sitting-full");
        full["free"]!.AsArray().Select(each => each!["sittingId"]!.GetValue<Guid>()).Should().Equal(sittings[0]);
    }

    [Fact]
    public async Task Without_sittings_a_person_moves_to_another_site_or_seat_as_well()
    {
        var scene = await PublishedByAnother(service, seats: 3);
        var another = await scene.AddSite(seats: 3);
        await scene.Decree("sites", new { siteId = another, reason = "п" }).Json();
        var application = await scene.Approved();

        var seat = await scene.Decide(application.Id(), "reassignment", new { reason = "Сломан стул" }).Json();
        var site = await scene.Decide(application.Id(), "reassignment", new { siteId = another, reason = Reason }).Json();

        (seat["siteId"]!.GetValue<Guid>(), seat["seat"]!.GetValue<int>(), seat["sitting"]).Should().Be((scene.Site, 2, null));
        (site["siteId"]!.GetValue<Guid>(), site["seat"]!.GetValue<int>()).Should().Be((another, 1));
        (await scene.Approved())["seat"]!.GetValue<int>().Should().Be(1, "both seats are free again");
    }

    /// <summary>
    /// Two people sit at seats 1 and 3 with variants a and b, so two other variants are left for the person who gets
    /// seat 2.
    /// </summary>
    [Fact]
    public async Task The_variant_is_drawn_anew_beside_the_new_neighbours()
    {
        var (scene, sittings) = await WithSittings(service, 12, site => [On(site, 15), On(site, 16)]);
        var first = new List<JsonNode>();
        for (var count = 0; count < 12; count++)
            first.Add(await scene.Approved(sittings[0]));
        foreach (var application in first.Where((_, index) => index % 2 == 0))
            await scene.Decide(application.Id(), "reassignment", new { sittingId = sittings[1], reason = Reason }).Json();

        var variants = (await scene.Sessions())
            .Where(each => each["sittingId"]!.GetValue<Guid>() == sittings[1])
            .OrderBy(each => each["seat"]!.GetValue<int>())
            .Select(each => each["variant"]!.GetValue<int>())
            .ToList();

        variants.Should().HaveCount(6);
        variants.Zip(variants.Skip(1)).Should().OnlyContain(pair => pair.First != pair.Second);
        variants.CountBy(variant => variant).Select(each => each.Value).OrderDescending().Should().Equal(2, 2, 1, 1);
    }

    /// <summary>
    /// The person looks at the session before and after the move; afterwards the exam page shows the variant drawn
    /// last.
    /// </summary>
    [Fact]
    public async Task The_items_shown_are_those_of_the_variant_drawn_last()
    {
        var scene = await PublishedByAnother(service, seats: 30);
        var (person, application) = await scene.ApprovedPerson();
        var session = application.Session();
        await scene.Admit(session).Json();
        var variants = new List<int>();
        for (var move = 0; move < 6; move++)
        {
            await person.GetAsync($"{V1}/sessions/{session}").Json();
            await scene.Decide(application.Id(), "reassignment", new { reason = "Другое место" }).Json();
            variants.Add((await person.GetAsync($"{V1}/sessions/{session}").Json())["variant"]!.GetValue<int>());
        }
        await scene.Admit(session).Json();
        await person.Start(session).Json();
        var shown = await person.GetAsync($"{V1}/sessions/{session}/items").Json();

        var form = await service.Services.GetRequiredService<FormCatalog>().Get(await scene.Form());
        variants.Distinct().Should().HaveCountGreaterThan(1, "it was drawn six times");
        shown
            .Items()
            .Select(item => item!["stem"]!.GetValue<string>().Replace('\u00A0', ' '))
            .Should()
            .Equal(form.Variants[variants[^1]].Select(slot => slot.Item.Stem));
    }

    [Fact]
    public async Task Only_the_campaigns_operator_moves_people_and_only_with_a_reason()
    {
        var scene = await PublishedByAnother(service);
        var (person, application) = await scene.ApprovedPerson();
        var submitted = await scene.FileFor(await scene.Enrol());

        (await scene.Decide(application.Id(), "reassignment", new { reason = "" }).ProblemCode(422)).Should().Be("text-missing");
        (await scene.Decide(application.Id(), "reassignment", new { reason = Reason }, person).ProblemCode(403)).Should().Be("not-allowed");
        (await scene.Decide(submitted, "reassignment", new { reason = Reason }).ProblemCode(409)).Should().Be("no-session");
        (await scene.Decide(application.Id(), "reassignment", new { siteId = await scene.AddSite(), reason = Reason }).ProblemCode(422))
            .Should()
            .Be("site-not-in-campaign");
        (await scene.Decide(application.Id(), "reassignment", new { sittingId = Guid.NewGuid(), reason = Reason }).ProblemCode(422))
            .Should()
            .Be("sitting-not-at-site");
    }
}
