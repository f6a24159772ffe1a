using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>An annulled result is marked as void wherever it is read, and its issued text stays.</summary>
public sealed class AnnulledProfileTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_profile_of_a_session_annulled_on_appeal_says_so_to_the_person_the_portal_and_the_operator()
    {
        var scene = await AppealScene.Make(service);
        await scene.Scene.Consent(scene.Person);
        var taker = await scene.Taker();
        using var portal = await scene.Scene.Portal("82");
        using var chair = await scene.Scene.Staff(Role.Chair);
        var mine = (await taker.GetAsync($"/api/v1/people/{scene.Person}/profiles").Json())["items"]!.AsArray().Single()!;
        mine.AsObject().Should().NotContainKey("annulled");
        var id = mine["id"]!.GetValue<Guid>();
        using var before = await taker.GetAsync($"/api/v1/profiles/{id}");
        var issued = await scene.Scene.Database.Read(db => ProfileStore.Find(db, id));

        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Decided(appeal, "upheld", resitUntil: "2026-09-20T06:00:00Z");
        var given = (await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>();

        var check = new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject());
        foreach (var reader in new[] { taker, portal, chair, service.Admin })
        {
            var document = await reader.GetAsync($"/api/v1/profiles/{id}").Json();
            ShouldSay(document["annulled"]!);
            check.Faults(document).Should().BeEmpty();
            document.AsObject().Remove("annulled");
            JsonNode.DeepEquals(document, JsonNode.Parse(issued!.Content)).Should().BeTrue("nothing of what was issued has changed");
        }
        foreach (var reader in new[] { taker, portal, chair })
            (await reader.GetAsync($"/api/v1/sessions/{scene.Session}/profiles").Json())
                .Items()
                .Should()
                .NotBeEmpty()
                .And.AllSatisfy(profile => ShouldSay(profile!["annulled"]!));
        foreach (var reader in new[] { taker, portal })
            ShouldSay((await reader.GetAsync($"/api/v1/people/{scene.Person}/profiles").Json())["items"]!.AsArray().Single()!["annulled"]!);
        ShouldSay((await chair.GetAsync($"/api/v1/campaigns/{scene.Scene.Id}/profiles").Json())["items"]!.AsArray().Single()!["annulled"]!);
        (await scene.Publish().Json())["profiles"]!.GetValue<int>().Should().Be(0, "none that stands");

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/profiles/{id}");
        again.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        using var fresh = await taker.SendAsync(again);
        fresh.StatusCode.Should().Be(HttpStatusCode.OK, "who has kept the profile learns of it too");
        using var known = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/profiles/{id}");
        known.Headers.IfNoneMatch.Add(fresh.Headers.ETag!);
        (await taker.SendAsync(known)).StatusCode.Should().Be(HttpStatusCode.NotModified);
        var stored = (await scene.Scene.Database.Read(db => ProfileStore.Find(db, id)))!;
        (stored.Content, stored.Fingerprint, stored.Status).Should().Be((issued!.Content, issued.Fingerprint, "final"));

        void ShouldSay(JsonNode annulled)
        {
            (annulled["cause"]!.GetValue<string>(), annulled["newSessionId"]!.GetValue<Guid>(), annulled["at"]!.GetValue<DateTimeOffset>())
                .Should()
                .Be(("appeal_upheld", given, service.Clock.GetCurrentInstant().ToDateTimeOffset()));
            annulled["detail"]!.GetValue<string>().Should().Contain("результат не действует");
        }
    }

    [Fact]
    public async Task A_session_annulled_by_the_operator_says_so_without_the_operators_words()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(Answer.Right);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/annulment", new { reason = "Секретные подробности" }).Json();

        var listed = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items().Single()!;

        listed["annulled"]!["cause"]!.GetValue<string>().Should().Be("operator_decision");
        listed["annulled"]!.AsObject().Should().NotContainKey("newSessionId");
        listed.ToJsonString().Should().NotContain("Секретные");
    }

    [Fact]
    public async Task A_profile_issued_after_an_appeal_fits_the_schema()
    {
        var scene = await AppealScene.Make(service);
        await scene.Decided(await scene.Considered(), "satisfied_up", scene.Criteria(full: true));
        var check = new SchemaCheck((await service.Admin.GetAsync("/api/v1/profiles/schema").Json()).AsObject());

        var latest = (await service.Admin.GetAsync($"/api/v1/sessions/{scene.Session}/profiles").Json()).Items()[^1]!;

        latest["cause"]!.GetValue<string>().Should().Be("appealed");
        check.Faults(await service.Admin.GetAsync($"/api/v1/profiles/{latest["id"]}").Json()).Should().BeEmpty();
    }
}
