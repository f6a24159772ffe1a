using System.Net.Http.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Tests.Marking;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>A commission with a chair, two experts and a senior, and answers of participants.</summary>
internal sealed class CommissionScene(TestService service, Marking.Scene scene, Commission commission)
{
    internal sealed record Member(Guid Id, string UserName)
    {
        internal required HttpClient Client { get; set; }
    }

    /// <summary>Two experts; two points apart call a third; results need the chair's protocol.</summary>
    internal static readonly MarkingPolicy Policy = new(
        2,
        LeaseMinutes: 30,
        Resolution.MeanInFavour,
        [new PointsApart(MarkUnit.Item, Points.From(2))],
        ExpertStanding.Senior,
        RequireApproval: true
    );

    private static int texts;

    internal Marking.Scene Scene => scene;

    internal Commission Commission => commission;

    internal Member Chair { get; private set; } = null!;

    internal Member First { get; private set; } = null!;

    internal Member Second { get; private set; } = null!;

    internal Member Senior { get; private set; } = null!;

    /// <summary>The open item that everybody has answered.</summary>
    internal FormSlot Open { get; } = scene.First(ItemType.ExtendedResponse);

    /// <summary>The short item that everybody has answered with something that is not in the key.</summary>
    internal FormSlot Short { get; } = scene.First(ItemType.ShortAnswer);

    /// <summary>A short answer that no other test gives.</summary>
    internal string Unmatched { get; } = $"нечто иное {Interlocked.Increment(ref texts)}";

    internal string Path => $"/commission/{scene.Id:D}";

    /// <param name="answers">Number of participants.</param>
    internal static async Task<CommissionScene> Make(TestService service, int answers, MarkingPolicy? policy = null)
    {
        var (scene, commission) = await Commission.Begin(service, policy ?? Policy);
        var made = new CommissionScene(service, scene, commission);
        made.Chair = await made.Join("chair", "lead");
        made.First = await made.Join("member", "main");
        made.Second = await made.Join("member", "main");
        made.Senior = await made.Join("member", "senior");
        for (var number = 1; number <= answers; number++)
        {
            var spelling = number % 2 == 0 ? $"{made.Unmatched}!" : made.Unmatched;
            await scene.Session(
                Answer
                    .Right.With(made.Open.Slot, new ExtendedResponse($"Ответ {number}: сначала разобрали бы ошибку у доски."))
                    .With(made.Short.Slot, new ShortAnswerResponse(spelling))
            );
        }
        await scene.Score();
        return made;
    }

    internal async Task<Member> Join(string role, string standing, string? organisation = null)
    {
        var (client, account) = await commission.Member(role, standing, organisation: organisation);
        var name = await scene.Database.Read(db =>
            db.Find<string>("SELECT user_name FROM access_accounts WHERE id = @account", new { account })
        );
        return new(account, name!) { Client = client };
    }

    internal Task<Browser> Desk(Member member) => Browser.Of(service, member.UserName, "long-enough-1");

    /// <summary>Signs everybody in again, because a token does not last as long as marking.</summary>
    internal async Task SignInAgain()
    {
        foreach (var member in new[] { Chair, First, Second, Senior })
            member.Client = await service.SignIn(member.UserName, "long-enough-1");
    }

    /// <summary>Decides that the short answers are wrong.</summary>
    internal async Task RejectAnswers()
    {
        var groups = (await Chair.Client.GetAsync($"/api/v1/key-reviews?campaignId={scene.Id}").Json())["items"]!.AsArray();
        foreach (var group in groups)
            await Chair
                .Client.PostAsJsonAsync(
                    "/api/v1/key-reviews/decisions",
                    new
                    {
                        itemCode = Short.Item.Code,
                        itemVersion = Short.ItemVersion,
                        normalised = group!["normalised"]!.GetValue<string>(),
                        decision = "reject",
                        reason = "Неверно",
                    }
                )
                .Json();
    }

    /// <summary>Has both experts mark every script, with the given points of the second below those of the first.</summary>
    internal async Task MarkAll(bool apart = false)
    {
        foreach (var (expert, full) in new[] { (First, true), (Second, !apart) })
            while (await Marks.TryClaim(expert.Client, scene) is { } script)
                await Marks.Award(expert.Client, script, full).Json();
        // The chair reads what is left when both experts have given one script away.
        foreach (var third in new[] { Senior, Chair })
            while (await Marks.TryClaim(third.Client, scene) is { } script)
                await Marks.Award(third.Client, script, full: true).Json();
    }
}
