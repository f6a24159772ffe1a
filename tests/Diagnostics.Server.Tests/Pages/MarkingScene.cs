using System.Net.Http.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Marking;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Answers to one open item, and experts with a name and a password.</summary>
internal sealed class MarkingScene(TestService service, Marking.Scene scene, Commission commission)
{
    internal Marking.Scene Scene => scene;

    /// <summary>An open item of variant 1 with two criteria of two points each.</summary>
    internal string Item { get; } =
        scene
            .Slots()
            .Where(slot =>
                slot.Item.Rubric is { } rubric && rubric.Criteria.Count == 2 && rubric.Criteria.All(each => each.Maximum == Points.From(2))
            )
            .Select(slot => slot.Item.Code)
            .Order(StringComparer.Ordinal)
            .First();

    internal static async Task<MarkingScene> Make(TestService service, int answers, MarkingPolicy? policy = null)
    {
        var (scene, commission) = await Commission.Begin(service, policy ?? new MarkingPolicy(1, LeaseMinutes: 30));
        var made = new MarkingScene(service, scene, commission);
        for (var number = 1; number <= answers; number++)
        {
            var text = $"Ответ {number}: сначала разобрали бы ошибку у доски, потом дали бы похожее задание.";
            await scene.Session(slot => slot.Item.Code == made.Item ? new ExtendedResponse(text) : null);
        }
        await scene.Score();
        return made;
    }

    /// <summary>The item's criteria.</summary>
    internal IReadOnlyList<Criterion> Criteria => scene.Form.OfItem(Item)!.Item.Rubric!.Criteria;

    internal Commission Commission => commission;

    internal async Task<(HttpClient Client, string UserName, string Password)> Expert(string standing = "main")
    {
        var (client, account) = await commission.Member(standing: standing);
        var name = await scene.Database.Read(db =>
            db.Find<string>("SELECT user_name FROM access_accounts WHERE id = @account", new { account })
        );
        return (client, name!, "long-enough-1");
    }

    /// <summary>An expert who has never signed in.</summary>
    internal async Task<(string UserName, string Password)> Newcomer()
    {
        var userName = $"novice-{Guid.NewGuid():N}"[..15];
        var made = await service.Admin.PostAsJsonAsync("/api/v1/accounts", new { userName, grants = Array.Empty<object>() }).Json(201);
        await service
            .Admin.PostAsJsonAsync(
                $"/api/v1/commissions/{commission.Id}/members",
                new
                {
                    accountId = made["accountId"]!.GetValue<Guid>(),
                    role = "member",
                    standing = "main",
                }
            )
            .Json(201);
        return (userName, made["password"]!.GetValue<string>());
    }

    internal async Task<Browser> Desk(string standing = "main")
    {
        var (client, userName, password) = await Expert(standing);
        client.Dispose();
        return await Browser.Of(service, userName, password);
    }

    /// <summary>The experts' rounds, as the ledger has them.</summary>
    internal Task<IReadOnlyList<MarkingRound>> Rounds() => scene.Database.Read(db => RoundStore.ByExperts(db, scene.Id));

    internal Task<string?> Draft() =>
        scene.Database.Read(db =>
            db.Find<string>("SELECT draft FROM marking_assignments WHERE state = 'claimed' AND draft IS NOT NULL", new { })
        );
}
