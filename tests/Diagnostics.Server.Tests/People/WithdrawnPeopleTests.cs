using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.People;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.Server.Tests.People;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Whoever has withdrawn the consent to the processing of their data is erased 30 days later, by nobody's hand.</summary>
public sealed class WithdrawnPeopleTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public async Task A_person_is_erased_when_the_term_after_the_withdrawal_is_over(int days, bool erased)
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        await Give(client, person);
        await client.DeleteAsync(Processing(person)).Json(204);

        await EraseAfter(days);

        (await service.Admin.GetAsync($"{V1}/people/{person}"))
            .StatusCode.Should()
            .Be(erased ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        var entries = await service
            .Services.GetRequiredService<Database>()
            .Read(db => AuditStore.List(db, null, "person.erased", $"person:{person:D}", 0, 10));
        entries.Select(entry => entry.Actor).Should().Equal(erased ? ["service"] : []);
        (await client.GetAsync($"{V1}/auth/me")).StatusCode.Should().Be(erased ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_who_has_given_the_consent_again_or_never_withdrew_it_stays()
    {
        var scene = await CampaignScene.Published(service);
        var (again, client) = await scene.Person();
        await Give(client, again);
        await client.DeleteAsync(Processing(again)).Json(204);
        await Give(client, again);
        var (never, _) = await scene.Person();
        var (given, other) = await scene.Person();
        await Give(other, given);

        await EraseAfter(400);

        foreach (var person in new[] { again, never, given })
            await service.Admin.GetAsync($"{V1}/people/{person}").Json();
    }

    private static string Processing(Guid person) => $"{V1}/people/{person}/consents/data-processing";

    private static Task<JsonNode> Give(HttpClient client, Guid person) =>
        client
            .PostAsJsonAsync(
                Processing(person),
                new
                {
                    code = "data-processing",
                    version = 1,
                    accepted = true,
                }
            )
            .Json(204);

    private Task EraseAfter(int days)
    {
        var clock = new FakeClock(service.Clock.GetCurrentInstant() + Duration.FromDays(days));
        return ActivatorUtilities.CreateInstance<WithdrawnPeople>(service.Services, clock).Erase();
    }
}
