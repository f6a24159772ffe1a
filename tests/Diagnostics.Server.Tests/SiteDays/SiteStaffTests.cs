using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Tests.SiteDays;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Who is appointed for the exam day at a site (clause 7.1.3), and what each duty permits.</summary>
public sealed class SiteStaffTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData("head", "site_head")]
    [InlineData("organiser", "invigilator")]
    [InlineData("technician", "invigilator")]
    public async Task Whoever_lacks_the_right_of_a_duty_is_not_appointed_and_the_refusal_names_it(string duty, string role)
    {
        var scene = await SiteDayScene.Make(service);
        var (elsewhere, _) = await scene.Staff(role, await scene.Region.AddSite());
        var (other, _) = await scene.Staff(role == "site_head" ? "invigilator" : "site_head");
        var (fit, _) = await scene.Staff(role);

        foreach (var unfit in new[] { elsewhere, other })
        {
            var refused = await scene.Appoint(unfit, duty).Json(409);
            refused["code"]!.GetValue<string>().Should().Be("duty-needs-role");
            refused["role"]!.GetValue<string>().Should().Be(role);
            refused["scopeId"]!.GetValue<Guid>().Should().Be(scene.Region.Site);
        }
        var made = await scene.Appoint(fit, duty).Json(201);

        made["duty"]!.GetValue<string>().Should().Be(duty);
        (await scene.Appoint(fit, duty).ProblemCode(409)).Should().Be("appointment-exists");
    }

    [Fact]
    public async Task A_member_of_the_commission_needs_a_seat_in_that_campaigns_commission()
    {
        var scene = await SiteDayScene.Make(service);
        var (expert, _) = await scene.Region.Staff(new { role = "expert", scope = "all" });
        (await scene.Appoint(expert, "commission_member").ProblemCode(409)).Should().Be("duty-needs-seat");
        var commission = await scene
            .Admin.PostAsJsonAsync(
                $"{V1}/commissions",
                new
                {
                    campaignId = scene.Region.Campaign,
                    kind = "marking",
                    title = "РК",
                }
            )
            .Json(201);

        await scene
            .Admin.PostAsJsonAsync($"{V1}/commissions/{commission.Id()}/members", new { accountId = expert, role = "member" })
            .Json(201);

        await scene.Appoint(expert, "commission_member").Json(201);
    }

    [Fact]
    public async Task An_appointment_ends_with_a_reason_once_and_may_be_made_anew()
    {
        var scene = await SiteDayScene.Make(service);
        var (appointment, _) = await scene.Head();
        var (next, _) = await scene.Staff("site_head");
        (await scene.Appoint(next, "head").ProblemCode(409)).Should().Be("appointment-exists", "a site has one head");
        (await End(new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");

        var ended = await End(new { reason = "Больничный" }).Json();

        ended["endReason"]!.GetValue<string>().Should().Be("Больничный");
        (await End(new { reason = "Больничный" }).ProblemCode(409)).Should().Be("appointment-ended");
        await scene.Appoint(next, "head").Json(201);
        (await scene.Admin.GetAsync(scene.Path("/staff")).Json())["items"]!.AsArray().Should().HaveCount(2);

        Task<HttpResponseMessage> End(object body) => scene.Admin.PostAsJsonAsync(scene.Path($"/staff/{appointment}/end"), body);
    }

    [Fact]
    public async Task Where_there_are_sittings_an_appointment_names_one()
    {
        var scene = await SiteDayScene.Make(service);
        var (morning, evening) = (await scene.AddSitting(), await scene.AddSitting(2, TestService.Start + Duration.FromHours(4)));
        var (head, _) = await scene.Staff("site_head");

        var refused = await scene.Appoint(head, "head").Json(422);

        refused["code"]!.GetValue<string>().Should().Be("sitting-required");
        refused["sittings"]!.AsArray().Select(id => id!.GetValue<Guid>()).Should().BeEquivalentTo([morning, evening]);
        (await scene.Appoint(head, "head", Guid.NewGuid()).ProblemCode(404)).Should().Be("sitting-not-found");
        await scene.Appoint(head, "head", morning).Json(201);
        await scene.Appoint(head, "head", evening).Json(201);
        (await scene.Admin.GetAsync(scene.Path($"/staff?sittingId={morning}")).Json())["items"]!.AsArray().Single()!["sittingId"]!
            .GetValue<Guid>()
            .Should()
            .Be(morning);
    }

    [Fact]
    public async Task Of_fifty_appointments_of_a_head_at_once_one_stands()
    {
        var scene = await SiteDayScene.Make(service);
        var candidates = new List<Guid>();
        for (var count = 0; count < 5; count++)
            candidates.Add((await scene.Staff("site_head")).Id);
        var (_, another) = await scene.Region.Staff(new { role = "operator", scope = "all" });

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(async each => (await scene.Appoint(candidates[each % 5], "head", by: another)).StatusCode)
        );

        statuses.Count(status => status is HttpStatusCode.Created).Should().Be(1);
        (await scene.Admin.GetAsync(scene.Path("/staff")).Json())["items"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_draft_has_no_day_and_another_sites_day_is_nobodys_here()
    {
        var scene = await SiteDayScene.Make(service);
        var (head, _) = await scene.Staff("site_head");
        var draft = await scene.Region.AddDraft(scene.Region.Site);
        var elsewhere = await scene.Region.AddSite();

        (
            await scene
                .Admin.PostAsJsonAsync($"{V1}/campaigns/{draft}/sites/{scene.Region.Site}/staff", new { accountId = head, duty = "head" })
                .ProblemCode(404)
        )
            .Should()
            .Be("campaign-not-found");
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Region.Campaign}/sites/{elsewhere}/roster").ProblemCode(404))
            .Should()
            .Be("site-not-found");
    }

    /// <summary>
    /// Callers of every kind call every route about the exam day. Only the site's own staff and the campaign's operator
    /// have access.
    /// </summary>
    [Fact]
    public async Task The_day_is_open_to_the_sites_own_staff_and_the_campaigns_operator()
    {
        var scene = await SiteDayScene.Make(service);
        var taker = await scene.Taker();
        var (appointment, head) = await scene.Head();
        var (_, invigilator) = await scene.Staff("invigilator");
        var (stranger, neighbour) = await scene.Staff("invigilator", await scene.Region.AddSite());
        var elsewhere = await scene.Region.AddDraft(scene.Region.Site);
        var (_, operatorHere) = await scene.Region.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = scene.Region.Campaign,
            }
        );
        var (_, operatorElsewhere) = await scene.Region.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = elsewhere,
            }
        );
        var (_, expert) = await scene.Region.Staff(new { role = "expert", scope = "all" });
        var (_, auditor) = await scene.Region.Staff(new { role = "auditor", scope = "all" });
        var portal = await scene.Region.Portal(null, "people.enrol", "profiles.read");
        string[] reads = ["/staff", "/journal", "/roster", "/act", "/act/sheet"];
        (string Path, object Body)[] writes =
        [
            ("/journal/presence", new { appointmentId = appointment }),
            ("/journal/identity-checks", new { sessionId = taker.Session }),
            ("/journal/place-checks", new { seat = taker.Seat, passed = true }),
            ("/journal/materials", new { move = "received", count = 1 }),
            ("/journal/incidents", new { description = "Опоздал автобус" }),
        ];

        foreach (var path in reads)
        {
            foreach (var own in new[] { head, invigilator, operatorHere, scene.Admin })
                ((int)(await own.GetAsync(scene.Path(path))).StatusCode).Should().Be(200, path);
            foreach (var other in new[] { neighbour, operatorElsewhere })
                ((int)(await other.GetAsync(scene.Path(path))).StatusCode).Should().Be(404, path);
            foreach (var nobody in new[] { taker.Client, expert, auditor, portal })
                ((int)(await nobody.GetAsync(scene.Path(path))).StatusCode).Should().Be(403, path);
            using var anonymous = service.Anonymous();
            ((int)(await anonymous.GetAsync(scene.Path(path))).StatusCode).Should().Be(401, path);
        }
        foreach (var (path, body) in writes)
        {
            foreach (var own in new[] { head, invigilator, operatorHere })
                ((int)(await own.PostAsJsonAsync(scene.Path(path), body)).StatusCode).Should().Be(200, path);
            foreach (var other in new[] { neighbour, operatorElsewhere })
                ((int)(await other.PostAsJsonAsync(scene.Path(path), body)).StatusCode).Should().Be(404, path);
            foreach (var nobody in new[] { taker.Client, expert, auditor, portal })
                ((int)(await nobody.PostAsJsonAsync(scene.Path(path), body)).StatusCode).Should().Be(403, path);
        }
        foreach (var site in new[] { head, invigilator })
            ((int)(await scene.Appoint(stranger, "organiser", by: site)).StatusCode).Should().Be(403);
        ((int)(await scene.Appoint(stranger, "organiser", by: operatorElsewhere)).StatusCode).Should().Be(404);
        foreach (var nobody in new[] { invigilator, operatorHere, taker.Client, portal })
            ((int)(await nobody.PostAsJsonAsync(scene.Path("/act/signature"), new { fingerprint = "x" })).StatusCode).Should().Be(403);
    }
}
