using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// The canaries are a person's name, school, e-mail, position and ids. No canary may reach an expert. Where scripts are
/// shown, the site may not appear either.
/// </summary>
public sealed partial class AnonymityTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Planted =
    [
        "Канарейкина",
        "Желтопёрая",
        "Певчевна",
        "canary@example.org",
        "Канареечная гимназия",
        "мастер канареечного пения",
        "kanareyka-17",
    ];

    [Fact]
    public async Task Nothing_that_an_expert_may_fetch_holds_anything_of_the_person()
    {
        var (scene, commission) = await Commission.Begin(
            service,
            new MarkingPolicy(2, 30, Discrepancies: [new PointsApart(MarkUnit.Item, Points.From(2))])
        );
        var (person, now) = (Guid.CreateVersion7(), service.Clock.GetCurrentInstant());
        await scene.Database.Write(async db =>
        {
            await db.Execute(
                "UPDATE sites SET name = 'ППД-попугай', address = 'Канареечный переулок, 17' WHERE id = @SiteId",
                new { scene.SiteId }
            );
            return await PersonStore.Add(
                db,
                new PersonRow
                {
                    ParticipantId = person,
                    Surname = "Канарейкина",
                    GivenName = "Желтопёрая",
                    Patronymic = "Певчевна",
                    Email = "canary@example.org",
                    Position = "мастер канареечного пения",
                    Organisation = "Канареечная гимназия",
                    Territory = "82",
                    ExternalId = "kanareyka-17",
                },
                now
            );
        });
        var session = (
            await scene.Find(
                await scene.Scored(
                    Answer.Right.With(scene.First(ItemType.ExtendedResponse).Slot, new ExtendedResponse("Ответ без имени")),
                    person: person
                )
            )
        )!;
        // The experts mark later, so that their own times are not those of the session.
        service.Clock.Advance(NodaTime.Duration.FromMinutes(17));
        var (first, second, senior) = (await commission.Expert(), await commission.Expert(), await commission.Senior());
        var seen = new List<(string What, string Text)>();
        var one = await Marks.Claim(first, scene);
        seen.Add(("claim", one.ToJsonString()));
        seen.Add(("lease", (await first.PostAsync(Marks.Path(one, "lease"), null).Json()).ToJsonString()));
        seen.Add(("refused marks", (await Marks.Award(first, one, []).Json(422)).ToJsonString()));
        seen.Add(("marks", (await Marks.Award(first, one, full: true).Json()).ToJsonString()));
        seen.Add(("marked again", (await Marks.Award(first, one, full: true).Json(409)).ToJsonString()));
        await Marks.Award(second, await Marks.Claim(second, scene), full: false).Json();
        var third = await Marks.Claim(senior, scene);
        seen.Add(("third", third.ToJsonString()));
        third["earlierMarks"]!.AsArray().Should().HaveCount(2);
        var fetched = 0;
        foreach (var expert in new[] { first, senior })
        foreach (var path in Gets(scene, commission, session.Id, person, session.ApplicationId, expert == first ? one : third))
        {
            using var answer = await expert.GetAsync(path);
            if (answer.IsSuccessStatusCode)
                fetched++;
            // The answer may repeat the address that the caller used, but nothing else.
            seen.Add((path, (await answer.Content.ReadAsStringAsync()).Replace(path, "", StringComparison.Ordinal)));
        }

        fetched.Should().BeGreaterThan(10);
        var canaries = Planted
            .Concat([
                session.Id.ToString("D"),
                session.Id.ToString("N"),
                person.ToString("D"),
                person.ToString("N"),
                session.ApplicationId.ToString("D"),
            ])
            .ToList();
        foreach (var (what, text) in seen)
        foreach (var canary in canaries)
            text.Should().NotContainEquivalentOf(canary, what);
        // All staff may see the list of sites, but must not learn from which site a script comes.
        foreach (
            var (what, text) in seen.Where(answer =>
                !answer.What.StartsWith('/') || answer.What.StartsWith("/api/v1/marking", StringComparison.Ordinal)
            )
        )
        foreach (var canary in new[] { scene.SiteId.ToString("D"), "ППД-попугай", "Канареечный переулок", "T06:00:00" })
            text.Should().NotContainEquivalentOf(canary, what);
    }

    /// <summary>Every GET address of the API, with an id from this story wherever an address needs one.</summary>
    private IEnumerable<string> Gets(Scene scene, Commission commission, Guid session, Guid person, Guid application, JsonNode script)
    {
        var ids = new Dictionary<string, string>
        {
            ["campaignId"] = scene.Id.ToString("D"),
            ["commissionId"] = commission.Id.ToString("D"),
            ["sessionId"] = session.ToString("D"),
            ["participantId"] = person.ToString("D"),
            ["applicationId"] = application.ToString("D"),
            ["siteId"] = scene.SiteId.ToString("D"),
            ["formId"] = scene.Form.Form.Id.ToString("D"),
            ["assignmentId"] = script["assignmentId"]!.GetValue<Guid>().ToString("D"),
            ["itemCode"] = script["itemCode"]!.GetValue<string>(),
            ["slot"] = scene.First(ItemType.ExtendedResponse).Slot.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") is true
                && endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)
            let path = Parameter()
                .Replace(
                    endpoint.RoutePattern.RawText!,
                    match =>
                        ids.GetValueOrDefault(match.Groups[1].Value)
                        ?? (match.Value.Contains(":guid", StringComparison.Ordinal) ? person.ToString("D") : "1")
                )
            let asksForCampaign = endpoint.Metadata.GetMetadata<QueryNames>()?.Allowed.Contains("campaignId") is true
            select asksForCampaign ? $"{path}?campaignId={scene.Id:D}" : path;
    }

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
