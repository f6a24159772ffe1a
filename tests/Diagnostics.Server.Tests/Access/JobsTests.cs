using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;

namespace Diagnostics.Server.Tests.Access;

/// <summary>What people need for their job, and what is no part of it.</summary>
public sealed class JobsTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = CampaignScene.V1;

    [Fact]
    public async Task A_methodologist_of_an_organisation_reads_the_profiles_that_its_people_share()
    {
        var scene = await Scene.Make(service);
        var (shares, silent, elsewhere) = (
            await scene.Person("МБОУ «СОШ № 71»"),
            await scene.Person("СОШ №71"),
            await scene.Person("МБОУ «СОШ № 72»")
        );
        foreach (var person in new[] { shares, silent, elsewhere })
            await scene.Session(Answer.Right, person: person);
        await scene.Score();
        foreach (var person in new[] { shares, elsewhere })
            await scene.Consent(person);
        await new CampaignScene(service).Admin.PostAsync($"{V1}/campaigns/{scene.Id}/results/publication", null).Json();
        var (_, reader) = await new CampaignScene(service).Staff(
            new
            {
                role = "methodologist",
                scope = "organisation",
                scopeId = "мбоу сош 71",
            }
        );

        (await reader.GetAsync($"{V1}/people/{shares}/profiles").Json())["items"]!.AsArray().Should().ContainSingle();
        (await reader.GetAsync($"{V1}/people/{shares}").Json())["participantId"]!.GetValue<Guid>().Should().Be(shares);
        (await reader.GetAsync($"{V1}/people/{elsewhere}/profiles").ProblemCode(404)).Should().Be("person-not-found");
        (await reader.GetAsync($"{V1}/people/{elsewhere}").ProblemCode(404)).Should().Be("person-not-found");
        var listed = (await reader.GetAsync($"{V1}/profiles?campaignId={scene.Id}").Json())["items"]!.AsArray();
        listed.Select(profile => profile!["participantId"]!.GetValue<Guid>()).Should().Equal(shares);
        await reader.GetAsync($"{V1}/profiles/{listed[0]!["id"]}").Json();
        // «СОШ №71» without its legal form is a near name, not the same.
        (await reader.GetAsync($"{V1}/people/{silent}/profiles").ProblemCode(404))
            .Should()
            .Be("person-not-found");
        (await reader.GetAsync($"{V1}/people/{silent}").ProblemCode(404)).Should().Be("person-not-found");
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("expert")]
    [InlineData("auditor")]
    public async Task Only_a_methodologist_is_one_of_an_organisation(string role)
    {
        var (account, _) = await new CampaignScene(service).Staff();
        var grant = new
        {
            role,
            scope = "organisation",
            scopeId = "МБОУ СОШ № 5",
        };

        (await service.Admin.PostAsJsonAsync($"{V1}/accounts/{account}/grants", grant).ProblemCode(422)).Should().Be("grant-scope");
    }

    [Fact]
    public async Task A_portal_neither_gives_nor_restores_the_consent_to_sharing()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var portal = await scene.Portal("82-701", "people.enrol", "profiles.read");
        var sharing = $"{V1}/people/{person}/consents/profile-sharing";

        foreach (var other in new[] { portal, scene.Admin })
            (await scene.Apply(other, scene.ApplicationBody(person, sharing: true)).ProblemCode(403)).Should().Be("sharing-by-person-only");
        (await client.GetAsync($"{V1}/people/{person}/consents").Json()).Items().Should().BeEmpty();

        await scene.Apply(portal, scene.ApplicationBody(person)).Json(201);
        await client.PostAsJsonAsync(sharing, Consent("profile-sharing", 1)).Json(204);
        await client.DeleteAsync(sharing).Json(204);
        (await portal.PostAsJsonAsync(sharing, Consent("profile-sharing", 1)).ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task Taking_part_and_processing_are_two_documents_that_a_person_gives_without_an_application()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var consents = $"{V1}/people/{person}/consents";
        var withoutProcessing = CampaignScene.JsonObjectOf(scene.ApplicationBody());
        withoutProcessing["dataProcessing"] = null;
        (await scene.Apply(client, withoutProcessing).ProblemCode(422)).Should().Be("data-processing-not-consented");

        await client.PostAsJsonAsync($"{consents}/participation", Consent("participation", 2)).Json(204);
        await client.PostAsJsonAsync($"{consents}/data-processing", Consent("data-processing", 1)).Json(204);
        await client.PostAsJsonAsync($"{consents}/data-processing", Consent("data-processing", 1)).Json(204);

        (await Live()).Should().BeEquivalentTo("participation", "data_processing");
        (await scene.Admin.PostAsJsonAsync($"{consents}/participation", Consent("participation", 2)).ProblemCode(403))
            .Should()
            .Be("not-allowed");
        await client.DeleteAsync($"{consents}/participation").Json(204);
        (await Live()).Should().Equal("data_processing");
        await scene.Apply(client, withoutProcessing).Json(201);
        (await client.DeleteAsync($"{consents}/data-processing").ProblemCode(409)).Should().Be("application-stands");

        async Task<IReadOnlyList<string>> Live() =>
            (await client.GetAsync(consents).Json())
                .Items()
                .Where(consent => consent!["withdrawnAt"] is null)
                .Select(consent => consent!["kind"]!.GetValue<string>())
                .ToList();
    }

    [Fact]
    public async Task Nobody_else_gives_again_a_consent_that_the_person_has_withdrawn()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var portal = await scene.Portal("82-701", "people.enrol");
        var consents = $"{V1}/people/{person}/consents";
        await client.PostAsJsonAsync($"{consents}/data-processing", Consent("data-processing", 1)).Json(204);
        await client.DeleteAsync($"{consents}/data-processing").Json(204);

        foreach (var other in new[] { portal, scene.Admin })
            (await scene.Apply(other, scene.ApplicationBody(person)).ProblemCode(403)).Should().Be("consent-by-person-only");
        await scene.Apply(client).Json(201);
    }

    [Fact]
    public async Task An_operator_reaches_nobody_by_applying_for_them()
    {
        var scene = await CampaignScene.Published(service);
        var (_, ofCampaign) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = scene.Campaign,
            }
        );
        var person = await scene.Enrol();

        (await scene.Apply(ofCampaign, scene.ApplicationBody(person)).ProblemCode(404)).Should().Be("person-not-found");
        (await ofCampaign.GetAsync($"{V1}/people/{person}").ProblemCode(404)).Should().Be("person-not-found");

        var application = await scene.FileFor(person);
        await scene.Decide(application, "rejection", new { reason = "Не та должность" }).Json();
        await scene.Apply(ofCampaign, scene.ApplicationBody(person)).Json(201);
    }

    [Fact]
    public async Task Staff_of_a_site_give_a_new_password_from_the_day_before_until_the_session_is_over()
    {
        var scene = await CampaignScene.Published(service);
        var (person, client) = await scene.Person();
        var (_, head) = await scene.Staff(
            new
            {
                role = "site_head",
                scope = "site",
                scopeId = scene.Site,
            }
        );
        var application = (await scene.Apply(client).Json(201)).Id();
        (await Reset().ProblemCode(404)).Should().Be("account-not-found", "it is not approved yet");
        await scene.Decide(application, "approval").Json();
        await Reset().Json();
        await scene.Decide(application, "withdrawal").Json();

        (await Reset().ProblemCode(404)).Should().Be("account-not-found");

        Task<HttpResponseMessage> Reset() => head.PostAsJsonAsync($"{V1}/people/{person}/account/password", new { });
    }

    [Fact]
    public async Task A_member_of_a_conflict_commission_sees_its_campaign_and_its_commission_only()
    {
        var scene = await CampaignScene.Published(service);
        var other = await scene.AddDraft(scene.Site);
        await scene.Publish(other).Json();
        var (member, client) = await scene.Staff();
        var (own, foreign) = (await Commission(scene.Campaign), await Commission(other));
        await scene.Admin.PostAsJsonAsync($"{V1}/commissions/{own}/members", new { accountId = member, role = "member" }).Json(201);

        (await client.GetAsync($"{V1}/campaigns").Json())["items"]!
            .AsArray()
            .Should()
            .ContainSingle()
            .Which!.Id()
            .Should()
            .Be(scene.Campaign);
        await client.GetAsync($"{V1}/campaigns/{scene.Campaign}").Json();
        (await client.GetAsync($"{V1}/campaigns/{other}").ProblemCode(404)).Should().Be("campaign-not-found");
        await client.GetAsync($"{V1}/commissions/{own}").Json();
        (await client.GetAsync($"{V1}/commissions/{foreign}").ProblemCode(404)).Should().Be("commission-not-found");
        (await client.GetAsync($"{V1}/campaigns/{scene.Campaign}/commissions").Json()).Items().Should().ContainSingle();

        async Task<Guid> Commission(Guid campaign) =>
            (
                await scene
                    .Admin.PostAsJsonAsync(
                        $"{V1}/commissions",
                        new
                        {
                            campaignId = campaign,
                            kind = "conflict",
                            title = "Конфликтная комиссия",
                        }
                    )
                    .Json(201)
            ).Id();
    }

    [Fact]
    public async Task An_auditor_reads_protocols_and_what_happened_in_sessions()
    {
        var scene = await CampaignScene.Published(service);
        var person = await scene.Enrol();
        var application = await scene.FileFor(person);
        var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        var (_, auditor) = await scene.Staff(new { role = "auditor", scope = "all" });

        (await auditor.GetAsync($"{V1}/sessions/{session}/events").Json()).Items().Should().NotBeNull();
        (await auditor.GetAsync($"{V1}/campaigns/{scene.Campaign}/results/protocols").Json()).Items().Should().BeEmpty();
        (await auditor.GetAsync($"{V1}/campaigns/{scene.Campaign}/appeals").Json())["items"]!.AsArray().Should().BeEmpty();
        (await auditor.GetAsync($"{V1}/appeals/{Guid.NewGuid()}/proceedings").ProblemCode(404)).Should().Be("appeal-not-found");
        (await auditor.GetAsync($"{V1}/people/{person}").ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task An_operator_of_a_territory_makes_campaigns_on_own_sites_and_accounts_of_experts()
    {
        var scene = new CampaignScene(service);
        var (here, there) = (await scene.AddSite(territory: "05-100"), await scene.AddSite(territory: "05-200"));
        var (_, client) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "territory",
                scopeId = "05-100",
            }
        );

        var made = await client.PostAsJsonAsync($"{V1}/campaigns", await scene.CampaignBody(here)).Json(201);
        await client.PostAsJsonAsync($"{V1}/campaigns/{made.Id()}/publication", new { }).Json();
        (await client.PostAsJsonAsync($"{V1}/campaigns", await scene.CampaignBody(here, there)).ProblemCode(403))
            .Should()
            .Be("site-elsewhere");
        (await client.PostAsJsonAsync($"{V1}/campaigns/{made.Id()}/sites", new { siteId = there, reason = "Больше мест" }).ProblemCode(403))
            .Should()
            .Be("site-elsewhere");
        var expert = await client
            .PostAsJsonAsync($"{V1}/accounts/experts", new { userName = CampaignScene.Unique("exp"), organisation = "МБОУ СОШ № 9" })
            .Json(201);
        (await (await scene.SignIn(expert)).GetAsync($"{V1}/auth/me").Json())["grants"]!.AsArray().Should().BeEmpty();
        (await client.PostAsJsonAsync($"{V1}/accounts", new { userName = "x", grants = Array.Empty<object>() }).ProblemCode(403))
            .Should()
            .Be("not-allowed");
    }

    [Fact]
    public async Task An_operator_of_a_campaign_sees_its_people_and_no_others()
    {
        var scene = await CampaignScene.Published(service);
        var (applied, withdrawn, other) = (await scene.Enrol(), await scene.Enrol(), await scene.Enrol());
        await scene.FileFor(applied);
        await scene.Decide(await scene.FileFor(withdrawn), "withdrawal").Json();
        var (_, client) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = $"{scene.Campaign}",
            }
        );

        (await client.GetAsync($"{V1}/people").Json())["items"]!
            .AsArray()
            .Select(person => person!["participantId"]!.GetValue<Guid>())
            .Should()
            .Equal(applied);
        await client.GetAsync($"{V1}/people/{applied}").Json();
        foreach (var nobody in new[] { withdrawn, other, Guid.NewGuid() })
            (await client.GetAsync($"{V1}/people/{nobody}").ProblemCode(404)).Should().Be("person-not-found");
    }

    [Fact]
    public async Task Nobody_gets_the_own_script_and_scripts_of_near_names_are_given_by_hand_only()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person("МБОУ СОШ № 31");
        await scene.Scored(Answer.RightWithEssays, person: person);
        // The first works elsewhere and is the author; the second works at a place with a near name; the third at neither.
        var author = await scene.StaffAccount(Role.Expert, "Лицей № 40");
        var near = await scene.StaffAccount(Role.Expert, "МБОУ СОШ № 31 г. Пскова");
        var third = await scene.StaffAccount(Role.Expert, "Гимназия № 7");
        await service.Admin.PostAsJsonAsync($"{V1}/people/{person}/staff-accounts", new { accountId = author.AccountId }).Json(204);

        foreach (var (client, gets) in new[] { (author.Client, false), (near.Client, false), (third.Client, true) })
        {
            using var answer = await client.PostAsJsonAsync($"{V1}/marking/claims", new { campaignId = scene.Id });
            ((int)answer.StatusCode is 200 or 201).Should().Be(gets);
        }

        await service.Admin.DeleteAsync($"{V1}/people/{person}/staff-accounts/{author.AccountId}").Json(204);
        using var now = await author.Client.PostAsJsonAsync($"{V1}/marking/claims", new { campaignId = scene.Id });
        ((int)now.StatusCode is 200 or 201).Should().BeTrue();
    }

    private static object Consent(string code, int version) =>
        new
        {
            code,
            version,
            accepted = true,
        };
}
