using System.Net.Http.Json;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class ApplicationTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_person_applies_with_consent_and_gets_a_session_when_approved()
    {
        var scene = await Published(service);
        var (id, person) = await scene.Person();

        var filed = await scene.Apply(person, scene.ApplicationBody(sharing: true)).Json(201);
        filed["status"]!.GetValue<string>().Should().Be("submitted");
        filed["participantId"]!.GetValue<Guid>().Should().Be(id);
        filed["sessionId"].Should().BeNull();
        var approved = await scene.Decide(filed.Id(), "approval").Json();

        approved["status"]!.GetValue<string>().Should().Be("approved");
        var session = (await person.GetAsync($"{V1}/sessions").Json()).Items().Should().ContainSingle().Which!;
        session.Id().Should().Be(approved["sessionId"]!.GetValue<Guid>());
        session["state"]!.GetValue<string>().Should().Be("scheduled");
        session["variant"]!.GetValue<int>().Should().BeInRange(1, 4);
        (await person.GetAsync($"{V1}/people/{id}/consents").Json())
            .Items()
            .Select(consent => consent!["kind"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("participation", "data_processing", "profile_sharing");
    }

    [Theory]
    [InlineData("approval", "approval", "application-status")]
    [InlineData("approval", "rejection", "application-status")]
    [InlineData("approval", "withdrawal", null)]
    [InlineData("rejection", "approval", "application-status")]
    [InlineData("rejection", "rejection", "application-status")]
    [InlineData("rejection", "withdrawal", "application-status")]
    [InlineData("withdrawal", "approval", "application-status")]
    [InlineData("withdrawal", "rejection", "application-status")]
    [InlineData("withdrawal", "withdrawal", "application-status")]
    public async Task After_one_decision_another_is_taken_only_where_it_makes_sense(string first, string then, string? refused)
    {
        var scene = await Published(service);
        var application = await scene.FileFor(await scene.Enrol());
        var body = new { reason = "Не тот предмет" };
        await scene.Decide(application, first, first == "rejection" ? body : null).Json();

        var answer = scene.Decide(application, then, then == "rejection" ? body : null);

        if (refused is null)
            await answer.Json();
        else
            (await answer.ProblemCode(409)).Should().Be(refused);
        (await scene.Status(application))
            .Should()
            .Be(
                refused is null
                    ? "withdrawn"
                    : first switch
                    {
                        "approval" => "approved",
                        "rejection" => "rejected",
                        _ => "withdrawn",
                    }
            );
    }

    [Fact]
    public async Task A_rejection_tells_the_person_why_and_leaves_the_way_open()
    {
        var scene = await Published(service);
        var (_, person) = await scene.Person();
        var application = (await scene.Apply(person).Json(201)).Id();

        (await scene.Decide(application, "rejection", new { reason = "  " }).ProblemCode(422)).Should().Be("text-missing");
        await scene.Decide(application, "rejection", new { reason = "Не преподаёт математику" }).Json();

        (await person.GetAsync($"{V1}/applications/{application}").Json())["reason"]!
            .GetValue<string>()
            .Should()
            .Be("Не преподаёт математику");
        await scene.Apply(person).Json(201);
    }

    [Fact]
    public async Task A_withdrawal_annuls_the_session_and_frees_the_seat()
    {
        var scene = await Published(service, seats: 1);
        var (_, first) = await scene.Person();
        var application = (await scene.Apply(first).Json(201)).Id();
        var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        var waiting = await scene.FileFor(await scene.Enrol());
        (await scene.Decide(waiting, "approval").ProblemCode(409)).Should().Be("site-full");
        (await scene.Status(waiting)).Should().Be("submitted");

        await scene.Decide(application, "withdrawal", by: first).Json();

        (await scene.Admin.GetAsync($"{V1}/sessions/{session}/supervision").Json())["state"]!.GetValue<string>().Should().Be("annulled");
        (await scene.Admin.GetAsync($"{V1}/sessions/{session}/events").Json())
            .Items()
            .Select(happened => happened!["kind"]!.GetValue<string>())
            .Should()
            .Contain("annul");
        await scene.Decide(waiting, "approval").Json();
    }

    [Fact]
    public async Task Nobody_withdraws_from_a_session_that_has_started()
    {
        var scene = await Published(service);
        var (_, person) = await scene.Person();
        var application = (await scene.Apply(person).Json(201)).Id();
        var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/admission", new { }).Json();
        await person.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { device = "ПК-1" }).Json();

        (await scene.Decide(application, "withdrawal", by: person).ProblemCode(409)).Should().Be("session-started");
    }

    [Theory]
    [InlineData(2, false, "consent-not-accepted")]
    [InlineData(1, true, "consent-version")]
    [InlineData(0, true, "consent-version")]
    public async Task Consent_is_to_the_pinned_words_or_it_is_none(int version, bool accepted, string code)
    {
        var scene = await Published(service);
        var (id, person) = await scene.Person();

        (await scene.Apply(person, scene.ApplicationBody(version: version, accepted: accepted)).ProblemCode(422)).Should().Be(code);

        (await person.GetAsync($"{V1}/people/{id}/consents").Json()).Items().Should().BeEmpty();
        (await person.GetAsync($"{V1}/people/{id}/applications").Json()).Items().Should().BeEmpty();
    }

    [Theory]
    [InlineData("profile-sharing", 1, false, "consent-not-accepted", "accepted")]
    [InlineData("profile-sharing", 9, true, "consent-version", "version")]
    [InlineData("participation", 1, true, "consent-version", "code")]
    public async Task A_consent_that_is_the_whole_request_is_refused_by_its_own_field(
        string consent,
        int version,
        bool accepted,
        string code,
        string field
    )
    {
        var scene = await Published(service);
        var (id, person) = await scene.Person();

        var problem = await person
            .PostAsJsonAsync(
                $"{V1}/people/{id}/consents/profile-sharing",
                new
                {
                    code = consent,
                    version,
                    accepted,
                }
            )
            .Json(422);

        (problem["code"]!.GetValue<string>(), problem["field"]!.GetValue<string>()).Should().Be((code, field));
    }

    [Fact]
    public async Task Applications_are_taken_inside_their_window_only()
    {
        var scene = new CampaignScene(service);
        var site = await scene.AddSite();
        var body = await scene.CampaignBody(site);
        body["windows"] = JsonObjectOf(
            CampaignScene.Windows(applicationsFrom: "2026-09-14T07:00:00Z", sittingFrom: "2026-09-21T00:00:00Z")
        );
        var campaign = (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();
        var (_, person) = await scene.Person();

        (await scene.Apply(person, scene.ApplicationBody(site: site), campaign).ProblemCode(404)).Should().Be("campaign-not-found");
        await scene.Publish(campaign).Json();
        (await scene.Apply(person, scene.ApplicationBody(site: site), campaign).ProblemCode(409)).Should().Be("applications-closed");
    }

    [Fact]
    public async Task Profile_sharing_is_the_persons_own_to_give_and_take_back()
    {
        var scene = await Published(service);
        var (id, person) = await scene.Person();
        var (_, other) = await scene.Person();
        var path = $"{V1}/people/{id}/consents/profile-sharing";
        var database = service.Services.GetRequiredService<Database>();
        await scene.Apply(person, scene.ApplicationBody(sharing: true)).Json(201);
        (await database.Read(db => ConsentStore.Has(db, id, ConsentStore.ProfileSharing))).Should().BeTrue();

        (await other.DeleteAsync(path).ProblemCode(404)).Should().Be("person-not-found");
        (await scene.Admin.DeleteAsync(path).ProblemCode(403)).Should().Be("not-allowed");
        await person.DeleteAsync(path).Json(204);

        (await database.Read(db => ConsentStore.Has(db, id, ConsentStore.ProfileSharing))).Should().BeFalse();
        (await person.DeleteAsync(path).ProblemCode(404)).Should().Be("consent-not-found");
        await person
            .PostAsJsonAsync(
                path,
                new
                {
                    code = "profile-sharing",
                    version = 1,
                    accepted = true,
                }
            )
            .Json(204);
        (await database.Read(db => ConsentStore.Has(db, id, ConsentStore.ProfileSharing))).Should().BeTrue();
    }

    [Fact]
    public async Task Nobody_applies_for_or_reads_of_somebody_else()
    {
        var scene = await Published(service);
        var (victim, _) = await scene.Person();
        var application = await scene.FileFor(victim);
        var (_, person) = await scene.Person();

        (await scene.Apply(person, scene.ApplicationBody(victim)).ProblemCode(404)).Should().Be("person-not-found");
        (await person.GetAsync($"{V1}/applications/{application}").ProblemCode(404)).Should().Be("application-not-found");
        (await person.GetAsync($"{V1}/people/{victim}/applications").ProblemCode(404)).Should().Be("person-not-found");
        (await scene.Decide(application, "withdrawal", by: person).ProblemCode(404)).Should().Be("application-not-found");
        (await scene.Decide(application, "approval", by: person).ProblemCode(403)).Should().Be("not-allowed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_request_with_an_empty_key_is_refused_because_it_could_not_be_repeated_safely(string key)
    {
        var scene = await Published(service);
        var body = scene.ApplicationBody(await scene.Enrol());

        (await PostOnce(scene.Admin, $"{V1}/campaigns/{scene.Campaign}/applications", body, key).ProblemCode(422))
            .Should()
            .Be("idempotency-key-empty");
        (await scene.Sessions()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_repeated_request_with_its_key_gives_the_first_answer_again()
    {
        var scene = await Published(service);
        var body = scene.ApplicationBody(await scene.Enrol());
        var path = $"{V1}/campaigns/{scene.Campaign}/applications";

        var first = await PostOnce(scene.Admin, path, body, "apply-1").Json(201);
        var again = await PostOnce(scene.Admin, path, body, "apply-1").Json(201);
        again.ToJsonString().Should().Be(first.ToJsonString());
        (await PostOnce(scene.Admin, path, scene.ApplicationBody(await scene.Enrol()), "apply-1").ProblemCode(422))
            .Should()
            .Be("idempotency-key-reused");

        var approval = $"{V1}/applications/{first.Id()}/approval";
        var session = (await PostOnce(scene.Admin, approval, new { }, "approve-1").Json())["sessionId"]!.GetValue<Guid>();
        (await PostOnce(scene.Admin, approval, new { }, "approve-1").Json())["sessionId"]!.GetValue<Guid>().Should().Be(session);
        (await scene.Sessions()).Should().ContainSingle();
    }

    [Fact]
    public async Task Approving_many_answers_for_each()
    {
        var scene = await Published(service, seats: 2);
        var applications = new List<Guid>();
        foreach (var person in await scene.Enrol(3))
            applications.Add(await scene.FileFor(person));
        var unknown = Guid.NewGuid();
        var path = $"{V1}/campaigns/{scene.Campaign}/applications/approvals";
        var body = new { applicationIds = applications.Prepend(unknown).Append(applications[0]) };

        var outcomes = (await PostOnce(scene.Admin, path, body, "many-1").Json()).AsArray();

        outcomes.Select(outcome => outcome!["code"]?.GetValue<string>()).Should().Equal("application-not-found", null, null, "site-full");
        outcomes.Count(outcome => outcome!["sessionId"] is not null).Should().Be(2);
        (await PostOnce(scene.Admin, path, body, "many-1").Json()).ToJsonString().Should().Be(outcomes.ToJsonString());
        (await scene.Admin.PostAsJsonAsync(path, new { applicationIds = Array.Empty<Guid>() }).ProblemCode(422))
            .Should()
            .Be("too-many-applications");
    }

    [Fact]
    public async Task An_application_to_a_campaign_whose_sitting_is_over_is_not_approved()
    {
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            var scene = await Published(own);
            var application = await scene.FileFor(await scene.Enrol());
            own.Clock.Advance(Duration.FromDays(17));
            var admin = own.Services.GetRequiredService<Database>();
            var row = await admin.Read(db => Storage.Campaigns.ApplicationStore.Find(db, application));
            row!.Status.Should().Be("submitted");
            var operatorAgain = await own.SignIn("admin", await NewAdminPassword(own));

            (await scene.Decide(application, "approval", by: operatorAgain).ProblemCode(409)).Should().Be("sitting-over");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    // The clock has moved by days, so the administrator's token has expired and a new sign-in is needed.
    private static async Task<string> NewAdminPassword(TestService own)
    {
        var hasher = own.Services.GetRequiredService<Microsoft.AspNetCore.Identity.IPasswordHasher<Storage.Access.AccountRow>>();
        var hash = hasher.HashPassword(new Storage.Access.AccountRow(), "another-password");
        await own
            .Services.GetRequiredService<Database>()
            .Write(async db =>
            {
                var admin = (await Storage.Access.AccountStore.FindByName(db, "ADMIN"))!;
                return await Storage.Access.AccountStore.Update(db, admin with { PasswordHash = hash });
            });
        return "another-password";
    }
}
