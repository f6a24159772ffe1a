using System.Net;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Seats and variants are drawn correctly even when everybody comes at the same time.</summary>
public sealed class SeatingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Fifty_approvals_at_once_never_overbook_ten_seats()
    {
        var scene = await PublishedByAnother(service, seats: 10);
        var applications = await Task.WhenAll((await scene.Enrol(50)).Select(person => scene.FileFor(person)));

        var answers = await Task.WhenAll(applications.Select(application => scene.Decide(application, "approval")));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().Be(10);
        answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict).Should().Be(40);
        var sessions = await scene.Sessions();
        sessions.Select(session => session["seat"]!.GetValue<int>()).Should().BeEquivalentTo(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task Fifty_applications_of_one_person_at_once_give_one()
    {
        var scene = await PublishedByAnother(service);
        var (id, person) = await scene.Person();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.Apply(person)));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.Created).Should().Be(1);
        answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict).Should().Be(49);
        (await person.GetAsync($"{V1}/people/{id}/applications").Json()).Items().Should().ContainSingle();
    }

    [Fact]
    public async Task Variants_of_a_site_are_even_and_neighbours_differ()
    {
        var scene = await PublishedByAnother(service, seats: 40);
        foreach (var person in await scene.Enrol(40))
            await scene.Decide(await scene.FileFor(person), "approval").Json();

        var variants = (await scene.Sessions())
            .OrderBy(session => session["seat"]!.GetValue<int>())
            .Select(session => session["variant"]!.GetValue<int>())
            .ToList();

        variants.Zip(variants.Skip(1)).Should().OnlyContain(pair => pair.First != pair.Second);
        var counts = Enumerable.Range(1, 4).Select(variant => variants.Count(seen => seen == variant)).ToList();
        (counts.Max() - counts.Min()).Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_person_meets_all_four_variants_before_any_comes_again()
    {
        var scene = new CampaignScene(service);
        var person = await scene.Enrol();
        var seen = new List<int>();
        for (var campaign = 0; campaign < 5; campaign++)
        {
            service.Clock.Advance(Duration.FromSeconds(1));
            var next = await Published(service);
            var application = await next.FileFor(person);
            await next.Decide(application, "approval").Json();
            seen.Add((await next.Sessions()).Single()["variant"]!.GetValue<int>());
        }

        seen.Take(4).Should().OnlyHaveUniqueItems();
        seen[4].Should().Be(seen[0], "the one seen longest ago comes first again");
    }
}
