using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

using static Diagnostics.Server.Tests.Region.RegionalDiagnostic;

/// <summary>What may go wrong once the results are published.</summary>
internal sealed class AfterPublication(RegionalDiagnostic region, Random lot) : Mishaps(region)
{
    private readonly HashSet<Taker> used = [];

    protected override IEnumerable<(string Name, Func<Task> Play)> Kinds =>
        [
            ("marks too low", MarksTooLow),
            ("appeal withdrawn", AppealWithdrawn),
            ("closed item appealed", ClosedItem),
            ("hearing moved", HearingMoved),
            ("attachment of a wrong kind", WrongAttachment),
            ("member not impartial", MemberNotImpartial),
            ("sharing withdrawn", SharingWithdrawn),
            ("person asks for erasure", Erased),
            ("dates moved after the publication", DatesMoved),
        ];

    /// <summary>Finds a person who has a result and an open answer without full marks.</summary>
    private async Task<(Taker Taker, int Slot)> Disputing()
    {
        foreach (var taker in Region.Takers.Where(taker => taker.HasResult && !used.Contains(taker)).OrderBy(_ => lot.Next()))
        {
            var appealable = await taker.Actor.Get($"sessions/{taker.Session}/appealable").Ok();
            if (appealable["slots"]!.Items().FirstOrDefault(slot => slot["appealable"]!.GetValue<bool>()) is not { } slot)
                continue;
            used.Add(taker);
            return (taker, slot["slot"]!.GetValue<int>());
        }
        throw new InvalidOperationException("nobody has anything to appeal");
    }

    private static Task<Reply> File(Taker taker, int slot, string ground = "marks") =>
        taker.Actor.Post(
            "appeals",
            new
            {
                kind = "score",
                sessionId = taker.Session,
                ground,
                statement = "Ответ раскрывает критерий.",
                slot,
            }
        );

    private async Task MarksTooLow()
    {
        var (taker, slot) = await Disputing();
        var appeal = (await File(taker, slot).Ok()).Id();
        await Region.ConflictChair.Post($"appeals/{appeal}/admission").Ok();
        var work = await Region.ConflictChair.Get($"appeals/{appeal}/work").Ok();
        var full = work["answer"]!["rubric"]!["criteria"]!
            .Items()
            .ToDictionary(each => each.Word("code")!, each => each["levels"]!.Items().Max(level => level.Number("points")));
        await Region.Decide(appeal, "satisfied_up", full);
        await Region.ComparePoints(taker, new Dictionary<int, decimal> { [slot] = full.Values.Sum() });
        taker.Answers[slot] = taker.Answers[slot] with { Points = full.Values.Sum() };
    }

    private async Task AppealWithdrawn()
    {
        var (taker, slot) = await Disputing();
        var appeal = (await File(taker, slot).Ok()).Id();
        Holds((await taker.Actor.Post($"appeals/{appeal}/withdrawal").Ok()).Word("state") == "withdrawn");
        await Refused(Region.ConflictChair.Post($"appeals/{appeal}/admission"), "appeal-state");
    }

    private async Task ClosedItem()
    {
        var (taker, _) = await Disputing();
        await Refused(File(taker, 1), "not-appealable");
        await Refused(File(taker, 1, "closed_item"), "not-appealable");
    }

    private async Task HearingMoved()
    {
        var (taker, slot) = await Disputing();
        var appeal = (await File(taker, slot).Ok()).Id();
        await Region.ConflictChair.Post($"appeals/{appeal}/admission").Ok();
        var at = Region.Now + Duration.FromHours(20);
        await Set(at, null).Ok();
        await Refused(Set(at + Duration.FromHours(2), null), "reason-missing");
        var moved = await Set(at + Duration.FromHours(2), "Нет кворума").Ok();
        Holds(moved["hearing"]!.Word("at") == Text(at + Duration.FromHours(2)));
        await taker.Actor.Post($"appeals/{appeal}/withdrawal").Ok();

        Task<Reply> Set(Instant when, string? reason) =>
            Region.ConflictChair.Post(
                $"appeals/{appeal}/hearing",
                new
                {
                    at = Text(when),
                    place = "каб. 5",
                    invitation = "Приходите с паспортом",
                    reason,
                }
            );
    }

    private async Task WrongAttachment()
    {
        var (taker, slot) = await Disputing();
        var appeal = (await File(taker, slot).Ok()).Id();
        await Refused(Attach("MZ\u0090\0"u8.ToArray()), "attachment-kind");
        Holds((await Attach("%PDF-1.7 приложение"u8.ToArray()).Ok())["number"]!.GetValue<int>() == 1);
        await taker.Actor.Post($"appeals/{appeal}/withdrawal").Ok();

        Task<Reply> Attach(byte[] file)
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
            return taker.Actor.Send(HttpMethod.Post, $"appeals/{appeal}/attachments?name=Справка.pdf", content);
        }
    }

    private async Task MemberNotImpartial()
    {
        var (taker, slot) = await Disputing();
        var appeal = (await File(taker, slot).Ok()).Id();
        await Region.ConflictChair.Post($"appeals/{appeal}/admission").Ok();
        await Region.ConflictChair.Post($"appeals/{appeal}/consideration").Ok();
        (await Region.ConflictMembers[1].Post($"appeals/{appeal}/recusal", new { reason = "Знаю автора" })).Ok();
        await Region
            .ConflictChair.Post(
                $"appeals/{appeal}/proposals",
                new
                {
                    outcome = "rejected",
                    clause = "Критерии",
                    reason = "Баллы верны.",
                }
            )
            .Ok();
        await Refused(Region.ConflictMembers[1].Post($"appeals/{appeal}/votes", new { proposal = 1, inFavour = true }), null);
        foreach (var member in Region.ConflictMembers.Where(member => member != Region.ConflictMembers[1]).Prepend(Region.ConflictChair))
            await member.Post($"appeals/{appeal}/votes", new { proposal = 1, inFavour = true }).Ok();
        Holds((await Region.ConflictChair.Post($"appeals/{appeal}/decision", new { proposal = 1 }).Ok()).Word("outcome") == "rejected");
    }

    private async Task SharingWithdrawn()
    {
        var (taker, _) = await Disputing();
        await taker.Actor.Delete($"people/{taker.Id}/consents/profile-sharing").Ok();
        var shown = await Region.Portal();
        Holds(shown.All(profile => profile.Id("participantId") != taker.Id));
    }

    private async Task Erased()
    {
        var (taker, _) = await Disputing();
        await Region.Operator.Delete($"people/{taker.Id}").Ok();
        await Region.ComparePoints(taker);
        taker.IsErased = true;
    }

    private async Task DatesMoved() =>
        await Refused(
            Region.Operator.Post(Campaign("/extension"), new { reason = "Ещё неделя", sittingTo = "2026-12-01T00:00:00Z" }),
            null
        );
}
