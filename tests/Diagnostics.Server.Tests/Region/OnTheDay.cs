using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

using static Diagnostics.Server.Tests.Region.RegionalDiagnostic;

/// <summary>
/// What may go wrong on the exam day. Each kind of mishap plans the steps of a person or a sitting, and the last step
/// resolves the mishap.
/// </summary>
internal sealed class OnTheDay(RegionalDiagnostic region, Func<string[], Taker> draw) : Mishaps(region)
{
    private static readonly string[] Anywhere = ["K1", "V1", "W1"];

    private bool darkInK1;

    internal HashSet<Taker> Victims { get; } = [];

    protected override IEnumerable<(string Name, Func<Task> Play)> Kinds =>
        [
            ("power cut in a sitting", () => PowerCut("K1", wholeSite: false)),
            ("power cut at a whole site", () => PowerCut("V1", wholeSite: true)),
            ("power cut twice", () => PowerCut("W1", wholeSite: false, times: 2)),
            ("paused alone", PausedAlone),
            ("wrong person admitted", WrongPersonAdmitted),
            ("fell ill", FellIll),
            ("did not come", DidNotCome),
            ("noted as absent, came late", CameLate),
            ("came when the sitting was over", CameTooLate),
            ("walked out", WalkedOut),
            ("closed the laptop at the deadline", ClosedLaptop),
            ("expired by a failure of the site", ExpiredByFailure),
            ("finished by mistake", FinishedByMistake),
            ("walked out and came back", WalkedOutAndCameBack),
            ("annulled by mistake at work", AnnulledAtWork),
            ("annulled by mistake after the finish", AnnulledAfterFinish),
            ("annulled, withdraws and applies again", AnnulledAppliesAgain),
            ("not let in", NotLetIn),
            ("breach of the order claimed", BreachClaimed),
            ("breach claimed late with a cause", BreachClaimedLate),
            ("breach claimed late without a good cause", BreachClaimedForNothing),
            ("extra time before the start", ExtraTimeBefore),
            ("extra time at work", ExtraTimeAtWork),
            ("extra time after the deadline", ExtraTimeAfter),
            ("access code lost", CodeLost),
            ("password forgotten", PasswordForgotten),
            ("head of the site ill", HeadIll),
            ("wrong entry in the journal", WrongEntry),
            ("place without a connection", PlaceWithoutConnection),
            ("device broke", DeviceBroke),
            ("two organisers admit at once", TwoOrganisers),
            ("started in the dark", StartedInTheDark),
            ("saved in the dark", SavedInTheDark),
        ];

    private Taker Victim(string[] sittings)
    {
        var taker = draw(sittings);
        Victims.Add(taker);
        return taker;
    }

    private Task Later(string sitting, double fromMinute, double toMinute, Func<Task> step)
    {
        Region.Plan(Region.Within(sitting, fromMinute, toMinute), step);
        return Task.CompletedTask;
    }

    private Actor Organiser(Taker taker) => Region.Sites[Region.SiteOf(taker)].Organiser;

    private Task<JsonNode> Do(Actor by, Taker taker, string move, object? body = null) => Region.Move(by, taker, move, body).Ok();

    // Power

    private async Task PowerCut(string sitting, bool wholeSite, int times = 1)
    {
        darkInK1 |= sitting == "K1";
        var site = Region.Sittings[sitting].Site;
        var who = wholeSite ? (Guid?)null : Sitting(sitting);
        for (var time = 0; time < times; time++)
        {
            await Later(
                sitting,
                28 + (20 * time),
                30 + (20 * time),
                async () => Stand(await Order("pause", new { reason = "Нет света", sittingId = who }))
            );
            await Later(sitting, 36 + (20 * time), 44 + (20 * time), async () => GoOn(await Order("resumption", new { sittingId = who })));
        }
        await Later(
            sitting,
            65,
            66,
            async () =>
            {
                var extended = await Order(
                    "extra-time",
                    new
                    {
                        minutes = 7,
                        reason = "Перезагрузка",
                        sittingId = who,
                    }
                );
                foreach (var (taker, view) in Of(extended))
                {
                    taker.Time.Add(Duration.FromMinutes(7), Region.Now);
                    if (taker.Time.IsRunning)
                        Region.Compare(taker, view);
                }
            }
        );

        Task<JsonNode> Order(string what, object body) => Region.Sites[site].Head.Post(Region.Site(site, $"/{what}"), body).Ok();

        void Stand(JsonNode order)
        {
            foreach (var (taker, view) in Of(order))
            {
                taker.Time.Stop(Region.Now);
                Holds(view.Word("state") == "paused");
            }
            Holds(
                !Region.Takers.Any(taker => Region.SiteOf(taker) == site && (wholeSite || taker.Sitting == sitting) && taker.Time.IsRunning)
            );
        }

        void GoOn(JsonNode order)
        {
            foreach (var (taker, view) in Of(order))
            {
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        }
    }

    private IEnumerable<(Taker, JsonNode)> Of(JsonNode order) =>
        order["sessions"]!
            .Items()
            .Where(view => view["moved"]!.GetValue<bool>())
            .Select(view => (Region.Takers.Single(taker => taker.Session == view.Id("sessionId")), view));

    private async Task PausedAlone()
    {
        var taker = Victim(["V1", "W1"]);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27,
            async () =>
            {
                await Do(Organiser(taker), taker, "pause", new { reason = "Плохо себя чувствует" });
                taker.Time.Stop(Region.Now);
            }
        );
        await Later(
            taker.Sitting,
            46,
            47,
            async () =>
            {
                var view = await Do(Organiser(taker), taker, "resumption");
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        );
    }

    private async Task StartedInTheDark()
    {
        var taker = Victim(["K1"]);
        await Later(taker.Sitting, -10, -9, () => Region.Admit(taker));
        await Later(
            taker.Sitting,
            31,
            33,
            async () =>
            {
                if (darkInK1)
                    await Refused(Region.Move(taker.Actor, taker, "start"), "site-interrupted");
                else
                    await Region.Start(taker);
            }
        );
        await Later(
            taker.Sitting,
            45,
            46,
            async () =>
            {
                if (!taker.Time.IsRunning)
                    await Region.Start(taker);
                await Region.Answer(taker);
            }
        );
        await Later(taker.Sitting, 80, 84, () => Region.Finish(taker));
    }

    private async Task SavedInTheDark()
    {
        var taker = Victim(["V1", "W1"]);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27.5,
            async () =>
            {
                if (!taker.Time.IsRunning)
                    return;
                await Do(Organiser(taker), taker, "pause", new { reason = "Нет связи" });
                taker.Time.Stop(Region.Now);
                await Refused(Region.SaveSomething(taker), "session-state");
                Region.Tick();
                var view = await Do(Organiser(taker), taker, "resumption");
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        );
    }

    // At the door

    private async Task WrongPersonAdmitted()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            -30,
            -25,
            async () =>
            {
                await Do(Organiser(taker), taker, "admission");
                Region.Tick();
                var view = await Do(Organiser(taker), taker, "admission/withdrawal", new { reason = "Однофамилица" });
                Holds(view.Word("state") == "scheduled");
            }
        );
    }

    private Task FellIll()
    {
        var taker = Victim(Anywhere);
        return Later(
            taker.Sitting,
            20,
            25,
            async () =>
            {
                await Do(Organiser(taker), taker, "absence", new { reason = "Больничный", excused = true });
                Region.Tick();
                await ToReserveDay(taker, "Больничный");
            }
        );
    }

    private async Task ToReserveDay(Taker taker, string reason)
    {
        var reserve = Region.SiteOf(taker) == "K" ? "KR" : "VR";
        await Region.Reassign(
            taker,
            new
            {
                reason,
                siteId = Region.Sites[Region.Sittings[reserve].Site].Id,
                sittingId = Sitting(reserve),
            }
        );
        Holds(taker.Sitting == reserve);
        Region.PlanUsual(taker);
    }

    private Task DidNotCome()
    {
        var taker = Victim(Anywhere);
        return Later(taker.Sitting, 60, 65, () => Do(Organiser(taker), taker, "absence", new { reason = "Не явился", excused = false }));
    }

    private async Task CameLate()
    {
        var taker = Victim(Anywhere);
        await Later(taker.Sitting, 5, 10, () => Do(Organiser(taker), taker, "absence", new { reason = "Не явился", excused = false }));
        await Later(
            taker.Sitting,
            50,
            51,
            async () =>
            {
                await Refused(Region.Move(Organiser(taker), taker, "admission"), "marked-absent");
                await Do(Organiser(taker), taker, "absence/withdrawal", new { reason = "Автобус опоздал" });
                await Region.Admit(taker);
            }
        );
        await Later(
            taker.Sitting,
            52,
            53,
            async () =>
            {
                await Region.Start(taker);
                await Region.Answer(taker);
            }
        );
        await Later(taker.Sitting, 70, 130, () => Region.Finish(taker));
    }

    private Task CameTooLate()
    {
        var taker = Victim(Anywhere);
        return Later(
            taker.Sitting,
            151,
            152,
            async () =>
            {
                await Do(Organiser(taker), taker, "admission");
                await Refused(Region.Move(taker.Actor, taker, "start"), null);
                await ToReserveDay(taker, "Снегопад");
            }
        );
    }

    private async Task TwoOrganisers()
    {
        var taker = Victim(Anywhere);
        var site = Region.Sites[Region.SiteOf(taker)];
        await Later(
            taker.Sitting,
            -15,
            -10,
            async () =>
            {
                var answers = await Task.WhenAll(
                    Region.Move(site.Organiser, taker, "admission"),
                    Region.Move(site.Head, taker, "admission")
                );
                Holds(answers.Count(answer => answer.Succeeded) == 1);
                Region.Note(answers.Single(answer => !answer.Succeeded));
            }
        );
        await Later(taker.Sitting, 0, 5, () => Region.Start(taker));
        await Later(taker.Sitting, 10, 20, () => Region.Answer(taker));
        await Later(taker.Sitting, 21, 25, () => Region.Finish(taker));
    }

    // At work

    private Task WalkedOut()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(
            taker,
            async () =>
            {
                var view = await Do(Organiser(taker), taker, "finish-by-site", new { act = "Ушла, не завершив; акт № 1" });
                Holds(view.Word("state") == "finished");
                taker.Time.Stop(Region.Now);
                taker.HasResult = true;
            }
        );
        return Nothing;
    }

    private async Task WalkedOutAndCameBack()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27,
            async () =>
            {
                await Do(Organiser(taker), taker, "finish-by-site", new { act = "Ушла" });
                taker.Time.Stop(Region.Now);
                Region.Tick();
                var view = await Do(Region.Operator, taker, "finish/withdrawal", new { reason = "Вернулась: выходила к врачу" });
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        );
    }

    private Task ClosedLaptop()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker, () => Nothing);
        return Later(
            taker.Sitting,
            148,
            149,
            async () =>
            {
                await Expired(taker);
                await Refused(Region.SaveSomething(taker), "session-state");
                taker.HasResult = true;
            }
        );
    }

    private static Task Nothing => Task.CompletedTask;

    private async Task Expired(Taker taker) =>
        await Wait.Until(
            "the session is expired",
            async () => (await Region.Operator.Get($"sessions/{taker.Session}/supervision").Ok()).Word("state") == "expired"
        );

    private Task ExpiredByFailure()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker, () => Nothing);
        return Later(
            taker.Sitting,
            140,
            149,
            async () =>
            {
                await Expired(taker);
                Region.Tick();
                var view = await Do(Region.Operator, taker, "reopening", new { minutes = 11, reason = "Сервер площадки зависал" });
                taker.Time.Give(Duration.FromMinutes(11), Region.Now);
                Region.Compare(taker, view);
                await Region.Answer(taker);
                await Region.Finish(taker);
            }
        );
    }

    private async Task FinishedByMistake()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27,
            async () =>
            {
                await Region.Finish(taker);
                Region.Tick();
                await Refused(Region.Move(Organiser(taker), taker, "finish/withdrawal", new { reason = "Нажала не туда" }), "not-allowed");
                var view = await Do(Region.Operator, taker, "finish/withdrawal", new { reason = "Нажала не туда" });
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        );
    }

    private async Task AnnulledAtWork()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27,
            async () =>
            {
                await Do(Region.Operator, taker, "annulment", new { reason = "Перепутали место" });
                taker.Time.Stop(Region.Now);
                Region.Tick();
                Holds(
                    (await Do(Region.Operator, taker, "annulment/withdrawal", new { reason = "Не тот сеанс" })).Word("state") == "paused"
                );
                Region.Tick();
                var view = await Do(Organiser(taker), taker, "resumption");
                taker.Time.Run(Region.Now);
                Region.Compare(taker, view);
            }
        );
    }

    private Task AnnulledAfterFinish()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        return Later(
            taker.Sitting,
            145,
            149,
            async () =>
            {
                await Do(Region.Operator, taker, "annulment", new { reason = "Перепутали место" });
                Region.Tick();
                Holds(
                    (await Do(Region.SecondOperator, taker, "annulment/withdrawal", new { reason = "Не тот сеанс" })).Word("state")
                        == "finished"
                );
            }
        );
    }

    private async Task ExtraTimeBefore()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            -4,
            -3,
            async () =>
            {
                await Do(Organiser(taker), taker, "extra-time", new { minutes = 12, reason = "Готовили место" });
                taker.Time.Add(Duration.FromMinutes(12), Region.Now);
            }
        );
    }

    private async Task ExtraTimeAtWork()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            50,
            async () =>
            {
                var view = await Do(Organiser(taker), taker, "extra-time", new { minutes = 9, reason = "Сбой" });
                taker.Time.Add(Duration.FromMinutes(9), Region.Now);
                if (taker.Time.IsRunning)
                    Region.Compare(taker, view);
            }
        );
    }

    private Task ExtraTimeAfter()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker, () => Nothing);
        return Later(
            taker.Sitting,
            140,
            149,
            async () =>
            {
                var view = await Do(Organiser(taker), taker, "extra-time", new { minutes = 8, reason = "Зависло перед отправкой" });
                taker.Time.Add(Duration.FromMinutes(8), Region.Now);
                Region.Compare(taker, view);
                await Region.Finish(taker);
            }
        );
    }

    private async Task DeviceBroke()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            26,
            27,
            async () =>
            {
                var view = await Do(taker.Actor, taker, "start", new { device = "Запасной ноутбук" });
                Region.Compare(taker, view);
            }
        );
    }

    private async Task CodeLost()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            -30,
            -25,
            async () =>
            {
                var lost = (await Do(Organiser(taker), taker, "access-code")).Word("code");
                Region.Tick();
                var code = (await Do(Organiser(taker), taker, "access-code")).Word("code");
                using var anonymous = Region.Anonymous();
                using var old = await anonymous.PostAsJsonAsync("/api/v1/auth/code", new { code = lost });
                Region.Note(await Reply.Of(old, "the lost code"));
                using var given = await anonymous.PostAsJsonAsync("/api/v1/auth/code", new { code });
                Holds(!old.IsSuccessStatusCode && given.IsSuccessStatusCode);
            }
        );
    }

    private async Task PasswordForgotten()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        await Later(
            taker.Sitting,
            -30,
            -25,
            async () => taker.Actor = Region.Signed(await Organiser(taker).Post($"people/{taker.Id}/account/password").Ok())
        );
    }

    // Decisions and appeals

    private Task AnnulledAppliesAgain()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(
            taker,
            async () =>
            {
                await Do(Region.Operator, taker, "annulment", new { reason = "Пользовалась телефоном" });
                await Refused(taker.Actor.Post($"applications/{taker.Application}/withdrawal"), "session-annulled");
                await Refused(TryToApply(taker), null);
                Region.Tick();
                var appeal = await Appeal(taker, "annulment", "Телефон был не мой.");
                Region.Plan(Region.Now + Duration.FromHours(20), async () => await Resit(taker, appeal));
            }
        );
        return Nothing;
    }

    private Task NotLetIn()
    {
        var taker = Victim(Anywhere);
        return Later(
            taker.Sitting,
            2,
            20,
            async () =>
            {
                var appeal = await Appeal(taker, "non_admission", "Не пустили: не нашли в списке.");
                Region.Plan(Region.Now + Duration.FromHours(20), async () => await Resit(taker, appeal));
            }
        );
    }

    /// <summary>The person takes the test again on the reserve day, with a variant not seen before.</summary>
    private async Task Resit(Taker taker, Guid appeal)
    {
        await Region.Decide(appeal, "upheld", resitUntil: Region.Sittings["VR"].EndsAt);
        var decided = await taker.Actor.Get($"appeals/{appeal}").Ok();
        if (taker.Variant != 0)
            taker.SeenVariants.Add(taker.Variant);
        taker.Session = decided.Id("newSessionId");
        taker.Answers.Clear();
        taker.Time = new(Limit);
        await ToReserveDay(taker, "Апелляция удовлетворена");
    }

    private Task BreachClaimed()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        return Later(
            taker.Sitting,
            148,
            149,
            async () =>
            {
                var appeal = await Appeal(taker, "procedure", "Шумели в коридоре.");
                Region.Plan(Region.Now + Duration.FromHours(30), async () => await Region.Decide(appeal, "rejected"));
            }
        );
    }

    private Task BreachClaimedLate()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        return Later(
            taker.Sitting,
            26 * 60,
            27 * 60,
            async () =>
            {
                await Refused(taker.Actor.Post("appeals", Statement(taker, "procedure", "Шумели.")), null);
                var appeal = await Appeal(taker, "procedure", "Шумели.", "Увезла скорая помощь");
                await Region.Decide(appeal, "rejected");
            }
        );
    }

    private Task BreachClaimedForNothing()
    {
        var taker = Victim(Anywhere);
        Region.PlanUsual(taker);
        return Later(
            taker.Sitting,
            26 * 60,
            27 * 60,
            async () =>
            {
                var appeal = await Appeal(taker, "procedure", "Шумели.", "Забыла");
                var refused = await Region.ConflictChair.Post($"appeals/{appeal}/refusal", new { reason = "Причина не уважительная" }).Ok();
                Holds(refused.Word("state") == "refused");
                Holds(
                    (await taker.Actor.Get($"appeals/{appeal}/letter"))
                        .Ok()
                        .Text.Contains("Причина не уважительная", StringComparison.Ordinal)
                );
            }
        );
    }

    private static object Statement(Taker taker, string ground, string statement, string? lateCause = null) =>
        new
        {
            kind = "procedural",
            sessionId = taker.Session,
            ground,
            statement,
            lateCause,
        };

    private static async Task<Guid> Appeal(Taker taker, string ground, string statement, string? lateCause = null) =>
        (await taker.Actor.Post("appeals", Statement(taker, ground, statement, lateCause)).Ok()).Id();

    // The site

    private Task HeadIll() =>
        Later(
            "V1",
            -120,
            -100,
            async () =>
            {
                var site = Region.Sites["V"];
                var head = (await Region.Operator.Get(Region.Site("V", "/staff")).Ok())
                    .Items()
                    .First(each => each.Word("duty") == "head" && each["sittingId"]?.GetValue<Guid>() == Sitting("V1"));
                await Region.Operator.Post(Region.Site("V", $"/staff/{head.Id()}/end"), new { reason = "Болезнь" }).Ok();
                var other = await Region.Staff("site_head", "site", site.Id);
                await Region
                    .Operator.Post(
                        Region.Site("V", "/staff"),
                        new
                        {
                            accountId = other.Id,
                            duty = "head",
                            sittingId = Sitting("V1"),
                        }
                    )
                    .Ok();
                Region.HeadOf["V1"] = other;
            }
        );

    private Task WrongEntry() =>
        Later(
            "W1",
            -40,
            -35,
            async () =>
            {
                var organiser = Region.Sites["W"].Organiser;
                var entry = await organiser
                    .Post(
                        Region.Site("W", "/journal/materials"),
                        new
                        {
                            move = "received",
                            count = 70,
                            sittingId = Sitting("W1"),
                        }
                    )
                    .Ok();
                Region.Tick();
                await organiser.Post(Region.Site("W", "/journal/corrections"), new { entryId = entry.Id(), reason = "7, а не 70" }).Ok();
                Region.Tick();
                await organiser
                    .Post(
                        Region.Site("W", "/journal/materials"),
                        new
                        {
                            move = "received",
                            count = 7,
                            sittingId = Sitting("W1"),
                        }
                    )
                    .Ok();
                var act = await organiser.Get(Region.Site("W", $"/act?sittingId={Sitting("W1")}")).Ok();
                Holds(act["content"]!["materials"]!.Items().Single()["count"]!.GetValue<int>() == 7);
            }
        );

    private Task PlaceWithoutConnection()
    {
        var taker = Victim(["W1", "V1"]);
        Region.PlanUsual(taker);
        return Later(
            taker.Sitting,
            -60,
            -50,
            async () =>
            {
                var site = Region.SiteOf(taker);
                var seat = (await Region.Operator.Get($"applications/{taker.Application}").Ok())["seat"]!.GetValue<int>();
                await Region
                    .Sites[site]
                    .Technician.Post(
                        Region.Site(site, "/journal/place-checks"),
                        new
                        {
                            seat,
                            passed = false,
                            note = "Нет сети",
                            sittingId = Sitting(taker.Sitting),
                        }
                    )
                    .Ok();
                var roster = await Region.Sites[site].Technician.Get(Region.Site(site, $"/roster?sittingId={Sitting(taker.Sitting)}")).Ok();
                Holds(roster["uncheckedSeats"]!.AsArray().Any(each => each!.GetValue<int>() == seat));
                Region.Tick();
                await Region
                    .Sites[site]
                    .Technician.Post(
                        Region.Site(site, "/journal/place-checks"),
                        new
                        {
                            seat,
                            passed = true,
                            note = "Заменён кабель",
                            sittingId = Sitting(taker.Sitting),
                        }
                    )
                    .Ok();
            }
        );
    }
}
