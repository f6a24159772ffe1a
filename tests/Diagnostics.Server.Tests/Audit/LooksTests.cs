using System.Net.Http.Json;
using Diagnostics.Server.Pages.Audit;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Pages;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Audit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Audit;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Who has seen a person's data: what is recorded, and who may ask.</summary>
public sealed class LooksTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_person_and_the_auditor_learn_who_has_seen_the_persons_data()
    {
        var scene = new CampaignScene(service);
        var (person, taker) = await scene.Person();
        var (operatorId, colleague) = await scene.Staff(new { role = "operator", scope = "all" });
        var portal = await scene.Portal(null, "people.enrol");
        var auditor = (await scene.Staff(new { role = "auditor", scope = "all" })).Client;

        (await taker.GetAsync($"{V1}/people/{person}")).EnsureSuccessStatusCode();
        (await colleague.GetAsync($"{V1}/people/{person}")).EnsureSuccessStatusCode();
        (await portal.GetAsync($"{V1}/people/{person}/consents")).EnsureSuccessStatusCode();
        (await colleague.GetAsync($"{V1}/people?limit=500")).EnsureSuccessStatusCode();

        var own = (await taker.GetAsync($"{V1}/people/{person}/looks").Json())["items"]!.AsArray();
        own.Select(look => $"{look!["action"]} {look["by"]}")
            .Should()
            .Equal("people.listed staff", "consents.viewed portal", "person.read staff");
        own.Should().OnlyContain(look => look!["entry"] == null, "the person does not learn which member of staff it was");
        var known = (await auditor.GetAsync($"{V1}/people/{person}/looks?limit=1").Json())!;
        known["items"]![0]!["entry"]!["actor"]!.GetValue<Guid>().Should().Be(operatorId);
        (await auditor.GetAsync($"{V1}/people/{person}/looks?after={known["next"]}").Json())["items"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task Nobody_else_may_ask_and_nobody_learns_who_exists()
    {
        var scene = new CampaignScene(service);
        var (person, _) = await scene.Person();
        var other = (await scene.Person()).Client;

        (await other.GetAsync($"{V1}/people/{person}/looks").ProblemCode(404)).Should().Be("person-not-found");
        (await other.GetAsync($"{V1}/people/{Guid.NewGuid()}/looks").ProblemCode(404)).Should().Be("person-not-found");
        (await service.Admin.GetAsync($"{V1}/people/{person}/looks").ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task A_list_that_refreshes_itself_makes_one_entry_in_a_quarter_of_an_hour_and_one_for_each_newcomer()
    {
        var scene = new CampaignScene(service);
        var territory = Unique("looks");
        var people = $"{V1}/people?territory={territory}&limit=500";
        var first = await scene.Enrol(territory);
        // In the middle of a quarter, so that the next steps are in the same one.
        service.Clock.Advance(Duration.FromMinutes(15) - Duration.FromMinutes(service.Clock.GetCurrentInstant().InUtc().Minute % 15));
        var begin = await Head();

        for (var again = 0; again < 5; again++)
            (await service.Admin.GetAsync(people)).EnsureSuccessStatusCode();
        (await Listed(begin)).Should().Equal($"{first:D}");

        var second = await scene.Enrol(territory);
        (await service.Admin.GetAsync(people)).EnsureSuccessStatusCode();
        (await Listed(begin)).Should().Equal($"{first:D}", $"{second:D}");

        service.Clock.Advance(Duration.FromMinutes(15));
        (await service.Admin.GetAsync(people)).EnsureSuccessStatusCode();
        (await Listed(begin)).Should().HaveCount(4);
    }

    [Fact]
    public async Task The_page_of_the_account_says_it_in_words()
    {
        var scene = new CampaignScene(service);
        var person = await scene.Enrol();
        var (userName, given) = await PageScene.NewAccountOf(service, person);
        using var chosen = await service.SignIn(userName, given);
        (await service.Admin.GetAsync($"{V1}/people/{person}")).EnsureSuccessStatusCode();
        using var browser = await Browser.Of(service, userName, TestService.Chosen(given));

        var page = await browser.Open("/account/looks");

        page.Status.Should().Be(200);
        page.Html.Should().Contain("Персональные данные").And.Contain("Сотрудник диагностики");
    }

    [Fact]
    public void Every_look_has_its_words() =>
        ListLooks.Actions.Should().HaveCountGreaterThan(40).And.OnlyContain(action => LookWords.What(action).Length > 0);

    private Database Database => service.Services.GetRequiredService<Database>();

    private async Task<long> Head() => (await Database.Read(AuditStore.Head))!.Number;

    private async Task<IReadOnlyList<string>> Listed(long after) =>
        (await Database.Read(db => AuditStore.List(db, null, "people.listed", null, after, 100)))
            .SelectMany(entry => Engine.Audit.AuditPeople.Of(entry.Details))
            .ToList();
}
