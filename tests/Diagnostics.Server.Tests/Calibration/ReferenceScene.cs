using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Calibration;

/// <summary>
/// Makes the four simulated forms of the reference data (25 items, 600 people each, assigned at random) into one form
/// of the product with four variants, which the simulated people have taken. The product must compute what R computes.
/// </summary>
internal sealed class ReferenceScene
{
    /// <summary>Words that must not occur in any report or export.</summary>
    internal const string Surname = "Канарейкина",
        Organisation = "Школа-канарейка";

    internal const int Slots = 25;

    private readonly TestService service;

    private ReferenceScene(TestService service, Guid formId, Guid campaignId) =>
        (this.service, FormId, CampaignId) = (service, formId, campaignId);

    internal Guid FormId { get; }

    internal Guid CampaignId { get; }

    internal Database Database => service.Services.GetRequiredService<Database>();

    /// <param name="people">People for each variant; all 600 by default.</param>
    internal static async Task<ReferenceScene> Make(TestService service, int people = 600)
    {
        var database = service.Services.GetRequiredService<Database>();
        var now = service.Clock.GetCurrentInstant();
        var shipped = (await database.Read(FormStore.List)).First(form =>
            form.BlueprintCode == "teacher-mathematics-5-9" && form.Title != Scene.Copy
        );
        var elements = (await service.Services.GetRequiredService<FormCatalog>().Get(shipped.Id))
            .Variants[1]
            .Select(slot => (slot.Item.Block, slot.Item.Element))
            .ToList();
        var formId = Guid.CreateVersion7(now.ToDateTimeOffset());
        await database.Write(async db =>
        {
            await AddForm(db, shipped, formId, elements, now);
            return 0;
        });
        var scene = await Scene.Make(service, formId: formId);
        foreach (var (letter, variant) in "ABCD".Select((letter, at) => (letter, at + 1)))
        {
            var scores = ReferenceData.Scores($"fourforms_{letter}").Take(people).ToList();
            await database.Write(async db =>
            {
                for (var number = 0; number < scores.Count; number++)
                    await AddSession(db, scene, formId, variant, number, scores[number], now);
                return 0;
            });
        }
        return new(service, formId, scene.Id);
    }

    internal Task<JsonNode> Request(object body, HttpClient? by = null) =>
        (by ?? service.Admin).PostAsJsonAsync("/api/v1/calibrations", body).Json(201);

    internal async Task<Guid> Calibrate(string model, string state = "completed", int? minPersons = null)
    {
        var id = (
            await Request(
                new
                {
                    formId = FormId,
                    model,
                    campaignIds = new[] { CampaignId },
                    minPersons,
                }
            )
        )["id"]!.GetValue<Guid>();
        (await Ended(id))["state"]!.GetValue<string>().Should().Be(state);
        return id;
    }

    /// <summary>Waits until the run is neither queued nor running, and returns it.</summary>
    internal Task<JsonNode> Ended(Guid id) =>
        Wait.Until($"calibration {id} has ended", () => Get(id), run => run["state"]!.GetValue<string>() is not ("queued" or "running"));

    internal Task<JsonNode> Get(Guid id, string part = "") => service.Admin.GetAsync($"/api/v1/calibrations/{id}{part}").Json();

    internal Task<JsonNode> Approve(Guid id) =>
        service.Admin.PostAsJsonAsync($"/api/v1/calibrations/{id}/approval", new { remarks = "Просмотрено." }).Json();

    private static async Task AddForm(Db db, FormRow shipped, Guid formId, List<(string Block, string Element)> elements, Instant now)
    {
        await db.Execute(
            "INSERT INTO blueprints (code, version, title, content, fingerprint, created_at) VALUES (@code, 1, 'Образец', '{}', 'x', @now)",
            new { code = $"reference-{formId:N}", now }
        );
        await FormStore.Add(
            db,
            new FormRow
            {
                Id = formId,
                Title = Scene.Copy,
                BlueprintCode = $"reference-{formId:N}",
                BlueprintVersion = 1,
                FrameworkCode = shipped.FrameworkCode,
                FrameworkVersion = shipped.FrameworkVersion,
                TimeLimitMinutes = 60,
                CreatedAt = now,
            }
        );
        for (var slot = 1; slot <= Slots; slot++)
        {
            var (block, element) = elements[(slot - 1) % elements.Count];
            var facet = string.Create(CultureInfo.InvariantCulture, $"ref-{formId.ToString("N")[^6..]}-{slot:00}");
            await db.Execute(
                """
                INSERT INTO item_facets (code, version, diagnostic, title, block, element, type, difficulty, points, status, author, reviewer, fingerprint, created_at)
                VALUES (@facet, 1, 'd', 'О', @block, @element, 'single_choice', 1, 1000, 'approved', 'a', 'r', 'x', @now)
                """,
                new
                {
                    facet,
                    block,
                    element,
                    now,
                }
            );
            for (var variant = 1; variant <= Facet.Variants; variant++)
            {
                var item = new Item(
                    $"{facet}-{variant}",
                    facet,
                    variant,
                    block,
                    element,
                    1,
                    Points.From(1),
                    new ExactRule(),
                    "Сколько?",
                    null,
                    new SingleChoice([new("1", "один"), new("2", "два"), new("3", "три"), new("4", "четыре")], "2"),
                    "Два.",
                    new Dictionary<string, string>()
                );
                await db.Execute(
                    "INSERT INTO item_versions (code, version, facet, variant, content, fingerprint, created_at) VALUES "
                        + "(@Code, 1, @facet, @variant, @content, 'x', @now)",
                    new
                    {
                        item.Code,
                        facet,
                        variant,
                        content = ItemJson.Write(item),
                        now,
                    }
                );
                await FormStore.AddSlot(db, formId, variant, slot, facet, 1, item.Code, 1);
            }
        }
    }

    private static async Task AddSession(Db db, Scene scene, Guid formId, int variant, int number, int[] scores, Instant now)
    {
        var (person, session) = (Guid.CreateVersion7(now.ToDateTimeOffset()), Guid.CreateVersion7(now.ToDateTimeOffset()));
        await db.Execute(
            """
            INSERT INTO participants (id, created_at) VALUES (@person, @now);
            INSERT INTO people (participant_id, surname, given_name, organisation, territory) VALUES (@person, @Surname, 'Майя', @Organisation, @territory);
            INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at) VALUES (@person, @person, 'participation', 'participation', 1, @now);
            INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at) VALUES (@person, @campaign, @person, @site, 'approved', @person, @now);
            INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed, grace_seconds,
                                  state, created_at, started_at, deadline, accept_until, ended_at, manifest, scored_at)
            VALUES (@session, @person, @campaign, @person, @formId, @site, @seat, @variant, 1, 1, 30, 'finished', @now, @now, @now, @now, @now, '{}', @now)
            """,
            new
            {
                person,
                session,
                campaign = scene.Id,
                site = scene.SiteId,
                formId,
                variant,
                seat = (variant * 1000) + number,
                Surname,
                Organisation,
                territory = number % 2 == 0 ? "82" : "05",
                now,
            }
        );
        var (responses, rounds) = (new StringBuilder(), new StringBuilder());
        for (var at = 0; at < Slots; at++)
        {
            var item = scene.Form.Variants[variant][at].Item.Code;
            var right = scores[at] == 1;
            if (at > 0)
            {
                responses.Append(',');
                rounds.Append(',');
            }
            responses.Append(
                CultureInfo.InvariantCulture,
                $$"""(@session, {{at + 1}}, 1, 0, '{"type":"single_choice","option":"{{(right ? 2 : 1 + (2 * (number % 2)))}}"}', @now)"""
            );
            rounds.Append(
                CultureInfo.InvariantCulture,
                $"(@session, {at + 1}, 1, 'auto', 1, '{(right ? "right" : "wrong")}', {scores[at] * 1000}, 1000, 'exact/1', '{item}', 1, @now)"
            );
        }
        await db.Execute(
            $"""
            INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES {responses};
            INSERT INTO marking_rounds (session_id, slot, number, kind, response_revision, outcome, points, maximum, rule, item_code, item_version, at) VALUES {rounds}
            """,
            new { session, now }
        );
    }

    /// <summary>Another campaign with the same form, in which profiles are published.</summary>
    internal async Task<Scene> Campaign(string stage = "entry", EquatingPolicy? equating = null)
    {
        var scene = await Scene.Make(service, formId: FormId);
        await Database.Write(async db =>
        {
            await db.Execute("UPDATE campaigns SET stage = @stage WHERE id = @Id", new { stage, scene.Id });
            if (equating is { } policy)
            {
                await PolicyStore.Add(
                    db,
                    new Policy(PolicyKind.Scoring, policy.Code, 1, CanonicalJson.Of(policy.Document)),
                    service.Clock.GetCurrentInstant(),
                    null
                );
                await db.Execute(
                    "UPDATE campaign_policies SET code = @Code, version = 1 WHERE campaign_id = @Id AND kind = 'scoring'",
                    new { policy.Code, scene.Id }
                );
            }
            return 0;
        });
        return scene;
    }

    internal sealed record EquatingPolicy(string Code, ScoringPolicy Document);
}
