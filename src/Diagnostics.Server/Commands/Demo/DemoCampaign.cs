using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Demonstration;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>The progress of the demonstration, shown to the people who watch it.</summary>
/// <param name="Of">Number of steps in this part of the demonstration.</param>
internal sealed record DemoProgress(string Part, int Done, int Of);

/// <summary>
/// Plays one campaign through the service's own API with simulated people: applications, sessions (some of which are
/// interrupted by a failure), marking by experts of different severity, key review, publication, a few appeals, the other
/// forms of diagnostics, and a portal that reads profiles.
/// </summary>
internal sealed class DemoCampaign(
    Impersonation acting,
    ApiClient admin,
    FormCatalog forms,
    IClock clock,
    SeededRandom random,
    Action<DemoProgress> report
)
{
    private readonly DemoStaff staff = new(acting, admin, random);

    /// <param name="marking">The reference to the marking policy that the campaign pins.</param>
    /// <param name="blueprint">The blueprint of the form.</param>
    /// <param name="complete">When false, the last people stay in the middle of the test, so that viewers also see an
    /// exam in progress.</param>
    /// <returns>Number of published profiles.</returns>
    internal async Task<int> Play(
        string title,
        string audience,
        object marking,
        string blueprint,
        string position,
        int people,
        bool complete
    )
    {
        var form = (await admin.Get("forms"))!["items"]!.AsArray().First(each => each!["blueprint"]!.GetValue<string>() == blueprint)!;
        var siteId = await AddSite(title, people);
        var campaignId = await Publish(title, audience, marking, Id(form), siteId);
        var content = await forms.Get(Id(form));
        var taken = new List<(Applicant Person, Guid Session)>();
        for (var number = 0; number < people; number++)
        {
            report(new(title + ": участники", number, people));
            if (await Apply(campaignId, siteId, position, number) is { } person)
                taken.Add((person, await Sit(person, content, number, leaveOpen: !complete && number >= people * 2 / 3)));
        }
        report(new(title + ": участники", people, people));
        if (!complete)
            return 0;
        await Scored(taken.ConvertAll(each => each.Session));
        var commission = new DemoMarking(staff, admin, random, report);
        using var chair = await commission.Run(campaignId, content);
        await ReviewKeys(campaignId);
        await DemoMarking.DecideFlags(campaignId, chair);
        await commission.Approve(campaignId, chair);
        await admin.Post($"campaigns/{campaignId}/results/publication");
        await Appeal(campaignId, taken);
        await new DemoOtherForms(acting, admin, clock, report).Play(taken.ConvertAll(each => (each.Person.ParticipantId, each.Person.Api)));
        return await ReadAsPortal(campaignId);
    }

    private async Task<Guid> AddSite(string title, int people) =>
        Id(
            await admin.Post(
                "sites",
                new
                {
                    code = $"demo-{random.NextUInt64():x}",
                    name = $"ППД «{title}»",
                    address = "г. Махачкала, пр. Гамидова, 17",
                    territory = "makhachkala",
                    timeZone = "Europe/Moscow",
                    seats = people + 5,
                }
            )
        );

    private async Task<Guid> Publish(string title, string audience, object marking, Guid formId, Guid siteId)
    {
        var now = clock.GetCurrentInstant();
        var campaign = Id(
            await admin.Post(
                "campaigns",
                new
                {
                    title,
                    audience,
                    formId,
                    stage = "entry",
                    windows = new
                    {
                        applicationsFrom = now - Duration.FromDays(7),
                        applicationsTo = now + Duration.FromDays(7),
                        sittingFrom = now - Duration.FromDays(1),
                        sittingTo = now + Duration.FromDays(14),
                        markingTo = now + Duration.FromDays(21),
                    },
                    siteIds = new[] { siteId },
                    policies = new[] { marking },
                }
            )
        );
        await admin.Post($"campaigns/{campaign}/publication");
        return campaign;
    }

    private sealed record Applicant(Guid ParticipantId, ApiClient Api);

    private async Task<Applicant?> Apply(Guid campaignId, Guid siteId, string position, int number)
    {
        var participantId = (await admin.Post("people", DemoPeople.Person(number, position, random)))!["participantId"]!.GetValue<Guid>();
        var account = (await admin.Post($"people/{participantId}/account", new { }))!;
        var api = acting.As(account["accountId"]!.GetValue<Guid>(), participantId);
        var application = Id(
            await api.Post(
                $"campaigns/{campaignId}/applications",
                new
                {
                    siteId,
                    consent = new
                    {
                        code = "participation",
                        version = 2,
                        accepted = true,
                    },
                    dataProcessing = new
                    {
                        code = "data-processing",
                        version = 1,
                        accepted = true,
                    },
                    profileSharing = number % 4 == 3
                        ? null
                        : new
                        {
                            code = "profile-sharing",
                            version = 1,
                            accepted = true,
                        },
                }
            )
        );
        switch (number % 12)
        {
            case 10:
                await admin.Post($"applications/{application}/rejection", new { reason = "Преподаёт другой предмет" });
                return null;
            case 11:
                await api.Post($"applications/{application}/withdrawal");
                return null;
            default:
                await admin.Post($"applications/{application}/approval");
                return new(participantId, api);
        }
    }

    private async Task<Guid> Sit(Applicant person, FormContent form, int number, bool leaveOpen)
    {
        var api = person.Api;
        var session = (await api.Get("sessions"))!["items"]!.AsArray().Last()!;
        var id = Id(session);
        await admin.Post($"sessions/{id}/admission");
        await api.Post($"sessions/{id}/start", new { device = "demo" });
        var shown = (await api.Get($"sessions/{id}/items"))!["items"]!.AsArray();
        var taker = new SimulatedTaker(SimulatedTaker.Ability(random), random);
        var manifest = new JsonObject();
        foreach (var slot in form.Variants[session["variant"]!.GetValue<int>()])
        {
            if (leaveOpen && slot.Slot > form.Variants[1].Count / 2)
                return id;
            if (slot.Slot == 5 && number % 9 == 4)
                await Fail(id);
            if (taker.Answer(slot.Item) is not { } answer)
                continue;
            var response = ToShown(slot.Item, answer, shown.First(item => item!["slot"]!.GetValue<int>() == slot.Slot)!);
            var saved = await api.Put($"sessions/{id}/responses/{slot.Slot}", new { baseRevision = 0, response });
            manifest[slot.Slot.ToString(System.Globalization.CultureInfo.InvariantCulture)] = saved!["revision"]!.GetValue<int>();
        }
        await api.Post($"sessions/{id}/finish", new JsonObject { ["manifest"] = manifest });
        return id;
    }

    // A person recognises options by their words, not by their ids, which differ in every session.
    private static Response ToShown(Item item, Response answer, JsonNode shown) =>
        item.Rename(
            answer,
            (list, id) =>
            {
                var text = Typography.Bind(item.TextOf(list, id));
                return shown[list]!.AsArray().First(entry => entry!["text"]!.GetValue<string>() == text)!["id"]!.GetValue<string>();
            }
        );

    private async Task Fail(Guid sessionId)
    {
        await admin.Post($"sessions/{sessionId}/pause", new { reason = "Отключилось питание на площадке" });
        await admin.Post(
            $"sessions/{sessionId}/incidents",
            new { description = "Питание восстановлено через минуту, участник продолжает работу." }
        );
        await admin.Post($"sessions/{sessionId}/resumption");
        await admin.Post($"sessions/{sessionId}/extra-time", new { minutes = 5, reason = "Сбой питания" });
    }

    private async Task Scored(List<Guid> sessions)
    {
        for (var done = 0; done < sessions.Count; done++)
        {
            report(new("Автоматическая проверка", done, sessions.Count));
            while ((await admin.Get($"sessions/{sessions[done]}/scores"))!["scoredAt"] is null)
                await Task.Delay(50);
        }
        report(new("Автоматическая проверка", sessions.Count, sessions.Count));
    }

    /// <summary>Three people appeal for more points: one is right, one is wrong, and one withdraws.</summary>
    private async Task Appeal(Guid campaignId, List<(Applicant Person, Guid Session)> taken)
    {
        var commission = await staff.Commission(campaignId, "conflict", "Конфликтная комиссия");
        var judges = new List<ApiClient>();
        foreach (var role in (string[])["chair", "member", "member"])
            judges.Add(await staff.Appoint(commission, role, "main", judges.Count));
        var filed = 0;
        foreach (var (person, session) in taken)
        {
            if (filed == 3)
                break;
            var slots = (await person.Api.Get($"sessions/{session}/appealable"))!["slots"]!.AsArray();
            if (
                slots.FirstOrDefault(slot =>
                    slot!["appealable"]!.GetValue<bool>() && slot["points"]!.GetValue<decimal>() < slot["maximum"]!.GetValue<decimal>()
                )
                is not { } slot
            )
                continue;
            report(new("Апелляции", ++filed, 3));
            var appeal = Id(
                await person.Api.Post(
                    "appeals",
                    new
                    {
                        kind = "score",
                        sessionId = session,
                        slot = slot["slot"]!.GetValue<int>(),
                        ground = "marks",
                        statement = "Прошу пересмотреть балл: ответ, как мне кажется, отвечает критериям полнее.",
                    }
                )
            );
            if (filed == 3)
                await person.Api.Post($"appeals/{appeal}/withdrawal");
            else
                await Judge(appeal, judges, satisfied: filed == 1);
        }
    }

    private static async Task Judge(Guid appeal, List<ApiClient> judges, bool satisfied)
    {
        await judges[0].Post($"appeals/{appeal}/admission");
        await judges[0].Post($"appeals/{appeal}/consideration");
        var rubric = (await judges[0].Get($"appeals/{appeal}/work"))!["answer"]!["rubric"]!["criteria"]!.AsArray();
        var full = rubric.ToDictionary(
            criterion => criterion!["code"]!.GetValue<string>(),
            criterion => criterion!["levels"]!.AsArray().Max(level => level!["points"]!.GetValue<decimal>())
        );
        object proposal = satisfied
            ? new
            {
                outcome = "satisfied_up",
                clause = "Критерии задания",
                reason = "Ответ отвечает всем критериям.",
                criteria = full,
            }
            : new
            {
                outcome = "rejected",
                clause = "Критерии задания",
                reason = "Баллы отвечают критериям.",
            };
        await judges[0].Post($"appeals/{appeal}/proposals", proposal);
        foreach (var judge in judges)
            await judge.Post($"appeals/{appeal}/votes", new { proposal = 1, inFavour = true });
        await judges[0].Post($"appeals/{appeal}/decision", new { proposal = 1 });
    }

    private async Task ReviewKeys(Guid campaignId)
    {
        while ((await admin.Get($"key-reviews?campaignId={campaignId}"))!["items"]!.AsArray() is { Count: > 0 } groups)
        {
            foreach (var group in groups)
                await admin.Post(
                    "key-reviews/decisions",
                    new
                    {
                        itemCode = group!["itemCode"]!.GetValue<string>(),
                        itemVersion = group["itemVersion"]!.GetValue<int>(),
                        normalised = group["normalised"]!.GetValue<string>(),
                        decision = "reject",
                        reason = "Ответ неверен",
                    }
                );
        }
    }

    private async Task<int> ReadAsPortal(Guid campaignId)
    {
        var published = (await admin.Get($"campaigns/{campaignId}/profiles?limit=500"))!["items"]!.AsArray();
        await admin.Post(
            "clients",
            new ClientRequest($"demo-{random.NextUInt64():x}", "Портал индивидуальных маршрутов", [Clients.ReadProfiles], "makhachkala")
        );
        return published.Count;
    }

    private static Guid Id(JsonNode? node) => node!["id"]!.GetValue<Guid>();
}
