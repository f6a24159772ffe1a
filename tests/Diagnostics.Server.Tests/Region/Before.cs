using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

using static Diagnostics.Server.Tests.Region.RegionalDiagnostic;

/// <summary>What may go wrong before the exam day: applications, seats, decisions on the campaign.</summary>
internal sealed class Before(RegionalDiagnostic region, Func<string[], Taker> victim, Func<string, Task<Taker>> extra) : Mishaps(region)
{
    internal const string ApplicationsEnded = "applications closed too early";
    internal const string SittingIsFull = "sitting full";

    protected override IEnumerable<(string Name, Func<Task> Play)> Kinds =>
        [
            ("wrong site chosen", WrongSite),
            ("wrong site asked, seen before the approval", WrongSiteBeforeApproval),
            ("draft made by mistake", DraftMadeByMistake),
            ("published by mistake", PublishedByMistake),
            (ApplicationsEnded, ApplicationsClosed),
            ("site added", SiteAdded),
            ("sitting added", SittingAdded),
            ("holiday moved", HolidayMoved),
            ("sitting cancelled", SittingCancelled),
            ("title wrong", TitleWrong),
            ("everything postponed", Postponed),
            (
                "extra time in per cent",
                () => ExtraTimeGranted(new { extraTime = new { amount = 25, unit = "percent" } }, Duration.FromMinutes(23))
            ),
            (
                "extra time in minutes",
                () =>
                    ExtraTimeGranted(
                        new
                        {
                            extraTime = new { amount = 37, unit = "minutes" },
                            breaks = true,
                            paper = true,
                        },
                        Duration.FromMinutes(37)
                    )
            ),
            ("more extra time asked than the policy gives", TooMuchExtraTime),
            (SittingIsFull, SittingFull),
            ("two operators decide one application", TwoOperators),
            ("two operators give the last seat", LastSeat),
            ("no consent", NoConsent),
            ("applied twice", AppliedTwice),
            ("withdrew and applied again", WithdrewAndAppliedAgain),
            ("rejected by mistake", RejectedByMistake),
            ("published campaign edited", PublishedEdited),
            ("more seats than the site has", MoreSeatsThanTheSite),
            ("seat broken", SeatBroken),
        ];

    private object Shift(string site, Instant start, int seats) =>
        new
        {
            siteId = Region.Sites[site].Id,
            startsAt = Text(start),
            endsAt = Text(start + Duration.FromHours(2)),
            seats,
            reason = "Ещё смена",
        };

    private async Task WrongSite()
    {
        var taker = victim(["W1"]);
        taker.Sitting = "K2";
        await ApplyAndApprove(taker);
        await Region.Reassign(
            taker,
            new
            {
                reason = "Перепутали площадку",
                siteId = Region.Sites["W"].Id,
                sittingId = Sitting("W1"),
            }
        );
        Holds(taker.Sitting == "W1");
    }

    private async Task WrongSiteBeforeApproval()
    {
        var taker = victim(["W1", "V1"]);
        var home = taker.Sitting;
        taker.Sitting = "K2";
        await Region.Apply(taker);
        await taker.Actor.Post($"applications/{taker.Application}/withdrawal").Ok();
        taker.Sitting = home;
        await ApplyAndApprove(taker);
        Holds(taker.Sitting == home);
    }

    private async Task DraftMadeByMistake()
    {
        var draft = await Region.Draft("Черновик по ошибке");
        await Region.Operator.Post($"campaigns/{draft}/sittings", Shift("K", Region.Now + Duration.FromDays(9), 1)).Ok();
        await Region.Operator.Delete($"campaigns/{draft}").Ok();
        await Refused(Region.Operator.Get($"campaigns/{draft}"), "campaign-not-found");
        await Refused(Region.Operator.Delete($"campaigns/{Region.Campaign}"), "campaign-published");
    }

    private async Task PublishedByMistake()
    {
        var other = await Region.Draft("Опубликовано по ошибке");
        await Region.Operator.Post($"campaigns/{other}/publication").Ok();
        var person = await extra("K2");
        var application = await person.Actor.Post($"campaigns/{other}/applications", Region.ApplicationTo("K")).Ok();
        await Region.Operator.Post($"applications/{application.Id()}/approval").Ok();
        var cancelled = await Region.Operator.Post($"campaigns/{other}/cancellation", new { reason = "Опубликовали не то" }).Ok();
        Holds(cancelled.Word("status") == "cancelled");
        await ApplyAndApprove(person);
    }

    private async Task ApplicationsClosed()
    {
        var taker = victim(["V1", "W1"]);
        Region.TurnTo(Local(9, 20, 6, 0, Vladivostok) + Duration.FromTicks(10));
        await Refused(TryToApply(taker), "applications-closed");
        await Region.Operator.Post(Campaign("/extension"), new { reason = "Не успели двое", applicationsTo = "2026-09-21T12:00:00Z" }).Ok();
        await ApplyAndApprove(taker);
    }

    private async Task SiteAdded()
    {
        var taker = victim(["V1", "W1"]);
        await ApplyAndApprove(taker);
        var site = Region.Sites["X"] = await Region.MakeSite("X", Vladivostok, "Asia/Vladivostok", 5);
        await Region.Operator.Post(Campaign("/sites"), new { siteId = site.Id, reason = "Школа ближе" }).Ok();
        await Region.AddSitting("X1", "X", Local(9, 22, 11, 0, Vladivostok), 3, reason: "Школа ближе");
        await Region.Appoint(Region.MarkingCommission, site.Observer, "member");
        await Region.AppointStaff("X", "X1");
        await Region.Reassign(
            taker,
            new
            {
                reason = "Школа ближе",
                siteId = site.Id,
                sittingId = Sitting("X1"),
            }
        );
        Holds(taker.Sitting == "X1");
    }

    private async Task SittingAdded()
    {
        var taker = victim(["V1"]);
        await Region.Apply(taker);
        await Region.AddSitting("VX", "V", Local(9, 22, 14, 0, Vladivostok), 2, reason: "Ещё одна смена");
        await Region.AppointStaff("V", "VX");
        await Approve(taker, new { sittingId = Sitting("VX") });
        Holds(taker.Sitting == "VX");
    }

    /// <summary>
    /// The reserve day moves from the 25th to the 28th; a person with a seat on the reserve day keeps that seat.
    /// </summary>
    private async Task HolidayMoved()
    {
        var taker = victim(["V1"]);
        await ApplyAndApprove(taker);
        var before = await Region.Reassign(taker, new { reason = "Командировка", sittingId = Sitting("VR") });
        var (id, site, startsAt, endsAt, seats) = Region.Sittings["VR"];
        (startsAt, endsAt) = (startsAt + Duration.FromDays(3), endsAt + Duration.FromDays(3));
        await Region
            .Operator.Post(
                $"campaigns/{Region.Campaign}/sittings/{id}/move",
                new
                {
                    startsAt = Text(startsAt),
                    endsAt = Text(endsAt),
                    reason = "Перенесён выходной",
                }
            )
            .Ok();
        Region.Sittings["VR"] = (id, site, startsAt, endsAt, seats);
        var after = await taker.Actor.Get($"applications/{taker.Application}").Ok();
        Holds(At(after["sitting"]!, "startsAt") == startsAt && after["seat"]!.ToJsonString() == before["seat"]!.ToJsonString());
    }

    private async Task SittingCancelled()
    {
        await Region.AddSitting("KC", "K", Local(9, 24, 9, 0, Kaliningrad), 2, reason: "Ещё день");
        var people = new[] { await extra("KC"), await extra("KC") };
        foreach (var person in people)
        {
            await ApplyAndApprove(person);
        }
        await Region.Operator.Post($"campaigns/{Region.Campaign}/sittings/{Sitting("KC")}/cancellation", new { reason = "Карантин" }).Ok();
        var left = (await Region.Operator.Get(Campaign("/applications?withoutPlace=true")).Ok())
            .Items()
            .Select(each => each.Id())
            .ToHashSet();
        Holds(left.SetEquals(people.Select(person => person.Application)));
        foreach (var person in people)
            await Region.Reassign(person, new { reason = "Карантин", sittingId = Sitting("K2") });
    }

    private async Task TitleWrong()
    {
        await Refused(
            Region.Operator.Post(Campaign("/title"), new { title = "Региональная диагностика учителей математики", reason = "" }),
            "text-missing"
        );
        var changed = await Region
            .Operator.Post(Campaign("/title"), new { title = "Региональная диагностика учителей математики", reason = "Описка" })
            .Ok();
        Holds(changed.Word("title") == "Региональная диагностика учителей математики");
    }

    private async Task Postponed()
    {
        var other = await Region.Draft("Перенесённое");
        foreach (var site in new[] { "K", "V" })
        {
            var start = Local(9, 26, 9, 0, Region.Sites[site].Offset);
            await Region.Operator.Post($"campaigns/{other}/sittings", Shift(site, start, 1)).Ok();
        }
        await Region.Operator.Post($"campaigns/{other}/publication").Ok();
        await Region.Operator.Post($"campaigns/{other}/postponement", new { days = 5, reason = "Мороз" }).Ok();
        foreach (var sitting in (await Region.Operator.Get($"campaigns/{other}/sittings").Ok()).Items())
        {
            var site = Region.Sites.Values.Single(each => each.Id == sitting.Id("siteId"));
            Holds(At(sitting, "startsAt") == Local(10, 1, 9, 0, site.Offset));
        }
        await Region.Operator.Post($"campaigns/{other}/cancellation", new { reason = "Мороз" }).Ok();
    }

    private async Task ExtraTimeGranted(object accommodations, Duration extraTime)
    {
        var taker = victim(["K1", "V1", "W1"]);
        await Region.Apply(taker, accommodations);
        var approved = await Region.Approve(taker);
        Holds(approved["accommodationsGranted"]!["extraTime"] is not null);
        taker.Time.Add(extraTime, Region.Now);
        taker.HasMoreTime = true;
    }

    private async Task TooMuchExtraTime()
    {
        var taker = victim(["K1", "V1", "W1"]);
        await Refused(TryToApply(taker, Minutes(241)), "extra-time-exceeded");
        await Region.Apply(taker, Minutes(240));
        await Approve(taker, new { accommodations = Minutes(60) });
        taker.Time.Add(Duration.FromMinutes(60), Region.Now);
        taker.HasMoreTime = true;

        static object Minutes(int amount) => new { extraTime = new { amount, unit = "minutes" } };
    }

    private async Task SittingFull()
    {
        await Region.AddSitting("KF", "K", Local(9, 23, 9, 0, Kaliningrad), 1, reason: "Одно место");
        await Region.AppointStaff("K", "KF");
        var (first, second) = (await extra("KF"), await extra("KF"));
        await ApplyAndApprove(first);
        await Region.Apply(second);
        var refused = await Refused(Region.Operator.Post($"applications/{second.Application}/approval"), "sitting-full");
        var free = refused.Json["free"]!.Items().Select(each => each.Id("sittingId")).ToList();
        Holds(free.Contains(Sitting("K2")));
        await Approve(second, new { sittingId = Sitting("K2") });
    }

    private async Task TwoOperators()
    {
        var taker = victim(["K1", "V1", "W1"]);
        await Region.Apply(taker);
        var answers = await Task.WhenAll(
            Region.Operator.Post($"applications/{taker.Application}/approval"),
            Region.SecondOperator.Post($"applications/{taker.Application}/rejection", new { reason = "Нет места" })
        );
        Holds(answers.Count(answer => answer.Succeeded) == 1);
        Region.Note(answers.Single(answer => !answer.Succeeded));
        if (!answers[0].Succeeded)
        {
            await ApplyAndApprove(taker);
        }
        else
            Region.Seated(taker, answers[0].Json);
    }

    private async Task LastSeat()
    {
        await Region.AddSitting("KL", "K", Local(9, 23, 14, 0, Kaliningrad), 1, reason: "Одно место");
        await Region.AppointStaff("K", "KL");
        var people = new[] { await extra("KL"), await extra("KL") };
        foreach (var person in people)
            await Region.Apply(person);
        var answers = await Task.WhenAll(
            people
                .Zip([Region.Operator, Region.SecondOperator])
                .Select(pair => pair.Second.Post($"applications/{pair.First.Application}/approval"))
        );
        Holds(answers.Count(answer => answer.Succeeded) == 1);
        foreach (var (person, answer) in people.Zip(answers))
        {
            if (!answer.Succeeded)
                Region.Note(answer);
            if (answer.Succeeded)
                Region.Seated(person, answer.Json);
            else
                await Approve(person, new { sittingId = Sitting("K2") });
        }
    }

    private async Task NoConsent()
    {
        var taker = victim(["K1", "V1", "W1"]);
        await Refused(TryToApply(taker, accepted: false), "consent-not-accepted");
        await ApplyAndApprove(taker);
    }

    private async Task AppliedTwice()
    {
        var taker = victim(["K1", "V1", "W1"]);
        await Region.Apply(taker);
        await Refused(TryToApply(taker), "application-exists");
        await Region.Approve(taker);
    }

    private async Task WithdrewAndAppliedAgain()
    {
        var taker = victim(["V1", "W1"]);
        await ApplyAndApprove(taker);
        var first = taker.Session;
        await taker.Actor.Post($"applications/{taker.Application}/withdrawal").Ok();
        await ApplyAndApprove(taker);
        Holds(first != taker.Session);
    }

    private async Task RejectedByMistake()
    {
        var taker = victim(["V1", "W1"]);
        await Region.Apply(taker);
        await Region.Operator.Post($"applications/{taker.Application}/rejection", new { reason = "Не та должность" }).Ok();
        await Refused(Region.Operator.Post($"applications/{taker.Application}/approval"), "application-status");
        await ApplyAndApprove(taker);
    }

    private async Task PublishedEdited()
    {
        var published = await Region.Operator.Get($"campaigns/{Region.Campaign}").Ok();
        var (sites, windows) = (new[] { Region.Sites["K"].Id }, published["windows"]);
        var body = new
        {
            title = "Иное",
            audience = "Иные",
            formId = Region.Form,
            stage = "entry",
            siteIds = sites,
            windows,
        };
        await Refused(Region.Operator.Put(Campaign(""), body, published["revision"]!.GetValue<int>()), "campaign-published");
    }

    private async Task MoreSeatsThanTheSite()
    {
        var start = Region.Sittings["W1"].StartsAt + Duration.FromMinutes(30);
        var refused = await Refused(Region.Operator.Post(Campaign("/sittings"), Shift("W", start, 14)), null);
        Holds(refused.Status is 409 or 422);
        await Region.Operator.Post(Campaign("/sittings"), Shift("W", start, 13)).Ok();
    }

    private async Task SeatBroken()
    {
        var taker = victim(["V1", "W1"]);
        await Region.Apply(taker);
        taker.Sitting = "V2";
        var before = Region.Seated(taker, await Region.Operator.Post($"applications/{taker.Application}/approval").Ok());
        var after = await Region.Reassign(taker, new { reason = "Сломан стул" });
        Holds(before["seat"]!.ToJsonString() != after["seat"]!.ToJsonString() || before["sitting"]!.Id() != after["sitting"]!.Id());
    }
}
