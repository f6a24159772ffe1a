using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.People;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class PeopleTests(TestService service) : IClassFixture<TestService>
{
    private readonly CampaignScene scene = new(service);
    private readonly Database database = service.Services.GetRequiredService<Database>();

    [Fact]
    public async Task A_person_is_kept_as_told_and_corrected_by_revision()
    {
        var id = await scene.Enrol();
        var path = $"{V1}/people/{id}";

        (await PutAt(service.Admin, path, PersonBody("Алиева"), null).ProblemCode(428)).Should().Be("precondition-required");
        (await PutAt(service.Admin, path, PersonBody("Алиева"), 1).Json())["surname"]!.GetValue<string>().Should().Be("Алиева");
        (await PutAt(service.Admin, path, PersonBody("Ахмедова"), 1).ProblemCode(412)).Should().Be("stale-revision");
        var answer = await service.Admin.GetAsync(path);
        answer.Headers.ETag!.Tag.Should().Be("\"2\"");
    }

    [Theory]
    [InlineData("\u200B", "text-missing")]
    [InlineData("\u2060\uFEFF", "text-missing")]
    [InlineData("Али\u200Bева", "forbidden-character")]
    [InlineData("\u202EавеилА", "forbidden-character")]
    [InlineData("Али\u00ADева", "forbidden-character")]
    [InlineData("Алиeва", "mixed-scripts")]
    [InlineData("Αлиева", "mixed-scripts")]
    public async Task A_surname_that_only_looks_like_one_is_refused(string surname, string code) =>
        (await service.Admin.PostAsJsonAsync($"{V1}/people", PersonBody(surname)).ProblemCode(422)).Should().Be(code);

    [Theory]
    [InlineData("Иои\u0306", "Иой")]
    [InlineData("Аnna-Мария Ли", null)]
    [InlineData("Anna-Мария Ли", "Anna-Мария Ли")]
    [InlineData("Ａｎｎａ", "Anna")]
    public async Task A_surname_is_kept_composed(string surname, string? kept)
    {
        var made = await service.Admin.PostAsJsonAsync($"{V1}/people", PersonBody(surname)).Json(kept is null ? 422 : 201);
        if (kept is null)
            return;
        (await service.Admin.GetAsync($"{V1}/people/{made["participantId"]!.GetValue<Guid>()}").Json())["surname"]!
            .GetValue<string>()
            .Should()
            .Be(kept);
    }

    [Fact]
    public async Task People_of_an_organisation_are_found_by_every_spelling_of_its_name()
    {
        var number = Random.Shared.Next(1_000_000, 9_999_999);
        var body = new
        {
            surname = "Исаева",
            givenName = "Анна",
            organisation = $"МБОУ «СОШ № {number}»",
            territory = "82",
        };
        var id = (await service.Admin.PostAsJsonAsync($"{V1}/people", body).Json(201))["participantId"]!.GetValue<Guid>();

        foreach (
            var (spelling, found) in new[] { ($"мбоу сош №{number}", 1), ($"МБОУ \"COШ N {number}\"", 1), ($"СОШ № {number}", 0), ("", 0) }
        )
        {
            var items = (await service.Admin.GetAsync($"{V1}/people?organisation={Uri.EscapeDataString(spelling)}").Json())[
                "items"
            ]!.AsArray();
            items.Select(person => person!["participantId"]!.GetValue<Guid>()).Should().Equal(found == 1 ? [id] : []);
        }
    }

    [Fact]
    public async Task An_external_id_belongs_to_one_person()
    {
        var externalId = Unique("ext");
        await service.Admin.PostAsJsonAsync($"{V1}/people", PersonBody(externalId: externalId)).Json(201);
        var other = await scene.Enrol();

        (await service.Admin.PostAsJsonAsync($"{V1}/people", PersonBody(externalId: externalId)).ProblemCode(409))
            .Should()
            .Be("external-id-taken");
        (await PutAt(service.Admin, $"{V1}/people/{other}", PersonBody(externalId: externalId), 1).ProblemCode(409))
            .Should()
            .Be("external-id-taken");
        (await service.Admin.GetAsync($"{V1}/people?externalId={externalId}").Json())["items"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_bulk_enrolment_takes_all_or_names_every_bad_row_and_field()
    {
        var externalId = Unique("ext");
        var rows = new[]
        {
            PersonBody(externalId: externalId),
            PersonBody(""),
            PersonBody(),
            new
            {
                surname = "Исаева",
                givenName = "Анна",
                organisation = new string('ш', 301),
                territory = "82",
                externalId = "\0",
            },
        };

        var problem = await service.Admin.PostAsJsonAsync($"{V1}/people/bulk", new { people = rows }).Json(422);
        problem["rows"]!
            .AsArray()
            .Select(row => $"{row!["row"]} {row["field"]} {row["code"]}")
            .Should()
            .Equal("2 surname text-missing", "4 organisation text-too-long", "4 externalId forbidden-character");

        var twice = await service
            .Admin.PostAsJsonAsync($"{V1}/people/bulk", new { people = new[] { rows[0], PersonBody(), rows[0] } })
            .Json(422);
        twice["rows"]!
            .AsArray()
            .Select(row => $"{row!["row"]} {row["field"]} {row["code"]}")
            .Should()
            .Equal("3 externalId external-id-taken");
        (await service.Admin.GetAsync($"{V1}/people?externalId={externalId}").Json())["items"]!.AsArray().Should().BeEmpty();

        (await scene.Enrol(500)).Should().OnlyHaveUniqueItems().And.HaveCount(500);
    }

    [Fact]
    public async Task A_portal_of_a_territory_enrols_and_sees_its_own_people_alone()
    {
        var portal = await scene.Portal("82-709", "people.enrol");
        var foreign = await scene.Enrol("82-701");
        var own = (await portal.PostAsJsonAsync($"{V1}/people", PersonBody(territory: "82-709")).Json(201))[
            "participantId"
        ]!.GetValue<Guid>();

        (await portal.PostAsJsonAsync($"{V1}/people", PersonBody(territory: "82-701")).ProblemCode(403)).Should().Be("not-your-territory");
        (await portal.GetAsync($"{V1}/people/{foreign}").ProblemCode(404)).Should().Be("person-not-found");
        (await PutAt(portal, $"{V1}/people/{foreign}", PersonBody(territory: "82-709"), 1).ProblemCode(404))
            .Should()
            .Be("person-not-found");
        (await PutAt(portal, $"{V1}/people/{own}", PersonBody(territory: "82-701"), 1).ProblemCode(403)).Should().Be("not-your-territory");
        (await portal.PostAsJsonAsync($"{V1}/people/{foreign}/account", new { }).ProblemCode(404)).Should().Be("person-not-found");
        (await portal.GetAsync($"{V1}/people").Json())["items"]!
            .AsArray()
            .Select(person => person!["participantId"]!.GetValue<Guid>())
            .Should()
            .Equal(own);
        (await portal.GetAsync($"{V1}/people?territory=82-701").Json())["items"]!.AsArray().Should().BeEmpty();
        (await portal.DeleteAsync($"{V1}/people/{own}").ProblemCode(403)).Should().Be("not-allowed");
        var reader = await scene.Portal(null, "profiles.read");
        (await reader.GetAsync($"{V1}/people").ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task A_portal_files_for_its_person_and_withdraws()
    {
        var campaign = await Published(service);
        var portal = await scene.Portal("82-708", "people.enrol");
        var own = (await portal.PostAsJsonAsync($"{V1}/people", PersonBody(territory: "82-708")).Json(201))[
            "participantId"
        ]!.GetValue<Guid>();
        var foreign = await scene.Enrol();

        (await campaign.Apply(portal).ProblemCode(422)).Should().Be("participant-missing");
        (await campaign.Apply(portal, campaign.ApplicationBody(foreign)).ProblemCode(404)).Should().Be("person-not-found");
        var application = (await campaign.Apply(portal, campaign.ApplicationBody(own)).Json(201)).Id();
        (await campaign.Decide(application, "approval", by: portal).ProblemCode(403)).Should().Be("not-allowed");
        (await campaign.Decide(application, "withdrawal", by: portal).Json())["status"]!.GetValue<string>().Should().Be("withdrawn");
    }

    [Fact]
    public async Task A_sign_in_is_made_once_and_its_password_is_shown_once()
    {
        var id = await scene.Enrol();
        var path = $"{V1}/people/{id}/account";

        var made = await PostOnce(service.Admin, path, new { }, $"account-{id}").Json(201);
        (await PostOnce(service.Admin, path, new { }, $"account-{id}").ProblemCode(409)).Should().Be("already-done");
        (await service.Admin.PostAsJsonAsync(path, new { }).ProblemCode(409)).Should().Be("account-exists");

        var person = await scene.SignIn(made);
        var me = await person.GetAsync($"{V1}/auth/me").Json();
        me["participantId"]!.GetValue<Guid>().Should().Be(id);
        (await person.GetAsync($"{V1}/people/{id}").Json())["surname"]!.GetValue<string>().Should().Be("Магомедова");
        (await person.GetAsync($"{V1}/people/{await scene.Enrol()}").ProblemCode(404)).Should().Be("person-not-found");
        (await person.GetAsync($"{V1}/people").ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task Erasing_removes_who_it_was_and_keeps_what_was_done()
    {
        var campaign = await Published(service);
        var id = await scene.Enrol();
        var made = await service.Admin.PostAsJsonAsync($"{V1}/people/{id}/account", new { userName = Unique("teacher") }).Json(201);
        var person = await scene.SignIn(made);
        var application = (await campaign.Apply(person, campaign.ApplicationBody(sharing: true)).Json(201)).Id();
        await campaign.Decide(application, "approval").Json();

        await service.Admin.DeleteAsync($"{V1}/people/{id}").Json(204);

        (await service.Admin.GetAsync($"{V1}/people/{id}").ProblemCode(404)).Should().Be("person-not-found");
        (await service.Admin.DeleteAsync($"{V1}/people/{id}").ProblemCode(404)).Should().Be("person-not-found");
        (await campaign.Status(application)).Should().Be("withdrawn");
        (await campaign.Sessions()).Should().ContainSingle().Which["state"]!.GetValue<string>().Should().Be("annulled");
        var account = (await database.Read(db => AccountStore.FindByParticipant(db, id)))!;
        account.Disabled.Should().BeTrue();
        account.UserName.Should().StartWith("erased-");
        account.PasswordHash.Should().BeNull();
        (
            await service
                .Anonymous()
                .PostAsync(
                    $"{V1}/auth/token",
                    new FormUrlEncodedContent(
                        new Dictionary<string, string>
                        {
                            ["grant_type"] = "password",
                            ["username"] = made["userName"]!.GetValue<string>(),
                            ["password"] = made["password"]!.GetValue<string>(),
                        }
                    )
                )
                .ProblemCode(400)
        ).Should().Be("invalid-grant");
        (await service.Admin.PostAsJsonAsync($"{V1}/accounts/{account.Id}/activation", new { }).ProblemCode(409))
            .Should()
            .Be("account-not-disabled");
        (await Trail($"person:{id:D}")).Should().EndWith("person.erased");
    }

    [Fact]
    public async Task Nobody_is_erased_in_the_middle_of_a_session()
    {
        var campaign = await Published(service);
        var (id, person) = await scene.Person();
        var application = (await campaign.Apply(person).Json(201)).Id();
        var session = (await campaign.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/admission", new { }).Json();
        await person.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { device = "ПК-1" }).Json();

        (await service.Admin.DeleteAsync($"{V1}/people/{id}").ProblemCode(409)).Should().Be("person-sitting");

        await service.Admin.GetAsync($"{V1}/people/{id}").Json();
    }

    [Fact]
    public async Task Every_look_at_personal_data_is_in_the_trail_and_no_name_is()
    {
        var territory = Unique("t");
        var id = await scene.Enrol(territory);
        await service.Admin.GetAsync($"{V1}/people/{id}").Json();
        await service.Admin.GetAsync($"{V1}/people?territory={territory}").Json();

        (await Trail($"person:{id:D}")).Should().Equal("person.enrolled", "person.read");
        var entries = await database.Read(db => AuditStore.List(db, null, null, null, 0, 100_000));
        entries
            .Should()
            .Contain(entry => entry.Action == "people.listed" && entry.Details!.Contains(id.ToString("D"), StringComparison.Ordinal));
        entries.Should().NotContain(entry => entry.Details != null && entry.Details.Contains("Магомедова", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_personal_data_or_secret_stays_in_the_answers_kept_for_repetition()
    {
        var enrolled = await PostOnce(service.Admin, $"{V1}/people", PersonBody("Неповторимая"), Unique("key")).Json(201);
        var made = await PostOnce(service.Admin, $"{V1}/people/{enrolled["participantId"]}/account", new { }, Unique("key")).Json(201);

        var kept = await database.Read(db => db.Query<string>("SELECT body FROM idempotency_keys WHERE body IS NOT NULL"));

        kept.Should().NotBeEmpty();
        kept.Should()
            .NotContain(body =>
                body.Contains("Неповторимая", StringComparison.Ordinal)
                || body.Contains(made["password"]!.GetValue<string>(), StringComparison.Ordinal)
            );
    }

    private async Task<IEnumerable<string>> Trail(string subject) =>
        (await database.Read(db => AuditStore.List(db, null, null, subject, 0, 1000))).Select(entry => entry.Action);
}
