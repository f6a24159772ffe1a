using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Appeals;

/// <summary>
/// A published result of one teacher, and a conflict commission: appeals start from here. Everything runs over HTTP.
/// </summary>
internal sealed class AppealScene
{
    internal const string AppealsPath = "/api/v1/appeals";
    internal const string Statement = "Ответ раскрывает критерий полностью.";

    private readonly TestService service;
    private HttpClient? taker;

    private AppealScene(TestService service, Scene scene, Guid person, Guid session) =>
        (this.service, Scene, Person, Session) = (service, scene, person, session);

    internal Scene Scene { get; }

    internal Guid Person { get; }

    internal Guid Session { get; }

    /// <summary>The disputed open answer.</summary>
    internal int Slot => Scene.First(ItemType.ExtendedResponse).Slot;

    internal ExtendedTask Task => (ExtendedTask)Scene.First(ItemType.ExtendedResponse).Item.Body;

    /// <summary>The expert who marked every open answer.</summary>
    internal (HttpClient Client, Guid AccountId) Expert { get; private set; }

    internal Guid Commission { get; private set; }

    /// <summary>Members of the commission, the chair first.</summary>
    internal List<(HttpClient Client, Guid AccountId)> Members { get; } = [];

    internal HttpClient Chair => Members[0].Client;

    /// <param name="members">Number of members of the conflict commission, including the chair.</param>
    /// <param name="full">True when the expert gave full marks; false when the expert gave no points.</param>
    /// <param name="answer">The person's answers; by default right answers and essays.</param>
    /// <param name="lowered">Whether the expert gave one criterion one step less than its highest points.</param>
    internal static async Task<AppealScene> Make(
        TestService service,
        int members = 3,
        bool full = false,
        bool lowered = false,
        bool publish = true,
        string organisation = "МБОУ «СОШ № 5»",
        MarkingPolicy? marking = null,
        Func<FormSlot, Response?>? answer = null
    )
    {
        var scene = await Scene.Make(service, marking);
        var person = await scene.Person(organisation);
        var made = new AppealScene(service, scene, person, await scene.Scored(answer ?? Answer.RightWithEssays, person: person));
        made.Expert = await scene.StaffAccount(Role.Expert);
        while (await Marks.TryClaim(made.Expert.Client, scene) is { } script)
            await Marks
                .Award(made.Expert.Client, script, lowered ? Lowered(script) : Marks.Of(script, full), "Комментарий эксперта")
                .Json();
        if (publish)
            await made.Publish().Json();
        made.Commission = (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/commissions",
                    new
                    {
                        campaignId = scene.Id,
                        kind = "conflict",
                        title = "Конфликтная комиссия",
                    }
                )
                .Json(201)
        )["id"]!.GetValue<Guid>();
        for (var member = 0; member < members; member++)
            await made.Join(member == 0 ? "chair" : "member");
        return made;
    }

    private static Dictionary<string, decimal> Lowered(JsonNode script)
    {
        var marks = Marks.Of(script, full: true);
        var criterion = script["rubric"]!["criteria"]!.AsArray()[^1]!;
        marks[criterion["code"]!.GetValue<string>()] = criterion["levels"]!
            .AsArray()
            .Select(level => level!["points"]!.GetValue<decimal>())
            .Order()
            .ElementAt(^2);
        return marks;
    }

    internal async Task<(HttpClient Client, Guid AccountId)> Join(string role = "member", string? organisation = null)
    {
        var member = await Scene.Newcomer(organisation);
        await Appoint(member.AccountId, role);
        Members.Add(member);
        return member;
    }

    internal Task<JsonNode> Appoint(Guid account, string role = "member") =>
        service.Admin.PostAsJsonAsync($"/api/v1/commissions/{Commission}/members", new { accountId = account, role }).Json(201);

    internal Task<HttpResponseMessage> Publish() => service.Admin.PostAsync($"/api/v1/campaigns/{Scene.Id}/results/publication", null);

    /// <summary>The person, signed in at the first use.</summary>
    internal async Task<HttpClient> Taker() => taker ??= await Scene.Taker(Person);

    internal async Task<HttpResponseMessage> FileScore(
        string ground = "marks",
        int? slot = null,
        string statement = Statement,
        HttpClient? by = null
    ) =>
        await (by ?? await Taker()).PostAsJsonAsync(
            AppealsPath,
            new
            {
                kind = "score",
                sessionId = Session,
                ground,
                statement,
                slot = slot ?? Slot,
            }
        );

    internal async Task<HttpResponseMessage> FileProcedural(
        string ground = "procedure",
        string statement = "Мне не вернули время после сбоя.",
        HttpClient? by = null
    ) =>
        await (by ?? await Taker()).PostAsJsonAsync(
            AppealsPath,
            new
            {
                kind = "procedural",
                sessionId = Session,
                ground,
                statement,
            }
        );

    internal async Task<Guid> Filed() => (await FileScore().Json(201))["id"]!.GetValue<Guid>();

    /// <summary>An appeal that was filed, admitted and taken into consideration.</summary>
    internal async Task<Guid> Considered()
    {
        var id = await Filed();
        await Consider(id);
        return id;
    }

    internal async Task Consider(Guid appeal)
    {
        await Do(Chair, appeal, "admission").Json();
        await Do(Chair, appeal, "consideration").Json();
    }

    internal static Task<HttpResponseMessage> Do(HttpClient by, Guid appeal, string action, object? body = null) =>
        by.PostAsJsonAsync($"{AppealsPath}/{appeal}/{action}", body ?? new { });

    /// <summary>The lowest or the highest points of every criterion.</summary>
    internal Dictionary<string, decimal> Criteria(bool full) =>
        Task.Rubric.Criteria.ToDictionary(
            criterion => criterion.Code,
            criterion => criterion.Levels.Select(level => level.Points.ToDecimal()).Order().ElementAt(full ? ^1 : 0)
        );

    internal Task<HttpResponseMessage> Propose(
        Guid appeal,
        string outcome,
        Dictionary<string, decimal>? criteria = null,
        HttpClient? by = null
    ) =>
        Do(
            by ?? Chair,
            appeal,
            "proposals",
            new
            {
                outcome,
                clause = "Критерии задания",
                reason = "Ответ сверен с критериями.",
                criteria,
            }
        );

    internal static Task<HttpResponseMessage> Vote(
        HttpClient by,
        Guid appeal,
        bool inFavour = true,
        int proposal = 1,
        string? dissent = null
    ) =>
        Do(
            by,
            appeal,
            "votes",
            new
            {
                proposal,
                inFavour,
                dissent,
            }
        );

    internal Task<HttpResponseMessage> Decide(Guid appeal, int proposal = 1, object? resitUntil = null) =>
        Do(Chair, appeal, "decision", new { proposal, resitUntil });

    /// <summary>All members agree, and the decision is made.</summary>
    internal async Task<JsonNode> Decided(
        Guid appeal,
        string outcome,
        Dictionary<string, decimal>? criteria = null,
        object? resitUntil = null
    )
    {
        await Propose(appeal, outcome, criteria).Json(201);
        foreach (var member in Members)
            await Vote(member.Client, appeal).Json(201);
        return await Decide(appeal, resitUntil: resitUntil).Json();
    }

    internal async Task<JsonNode> SlotScore() =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{Session}/scores").Json())["slots"]!
            .AsArray()
            .Single(slot => slot!["slot"]!.GetValue<int>() == Slot)!;

    internal async Task<IReadOnlyList<(string Status, string Cause)>> Profiles() =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{Session}/profiles").Json())
            .Items()
            .Select(profile => (profile!["status"]!.GetValue<string>(), profile["cause"]!.GetValue<string>()))
            .ToList();

    internal async Task<JsonNode> Read(Guid appeal) => await (await Taker()).GetAsync($"{AppealsPath}/{appeal}").Json();

    internal Task<JsonNode> Proceedings(Guid appeal) => Chair.GetAsync($"{AppealsPath}/{appeal}/proceedings").Json();
}
