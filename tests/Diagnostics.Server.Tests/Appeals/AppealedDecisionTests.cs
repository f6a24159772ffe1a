using System.Net.Http.Json;
using Diagnostics.Server.Description;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

/// <summary>
/// Appeals against decisions about a session (that it was annulled, that the person was not let in), and appeals that
/// come late.
/// </summary>
public sealed class AppealedDecisionTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Who_came_and_was_not_let_in_appeals_and_gets_another_session()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await NeverBegun(scene);

        (await scene.FileProcedural().ProblemCode(409)).Should().Be("session-not-begun");
        (await scene.FileProcedural("annulment").ProblemCode(409)).Should().Be("session-not-annulled");
        var filed = await scene.FileProcedural("non_admission", "Меня не пустили: сказали, что нет в списке.").Json(201);
        (filed["kind"]!.GetValue<string>(), filed["ground"]!.GetValue<string>(), filed["lateCause"])
            .Should()
            .Be(("procedural", "non_admission", null));
        (await scene.FileProcedural("non_admission").ProblemCode(409)).Should().Be("appeal-exists");
        var appeal = filed["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        var work = await scene.Chair.GetAsync($"{AppealsPath}/{appeal}/work").Json();
        work["ground"]!.GetValue<string>().Should().Be("non_admission");

        var decided = await scene.Decided(appeal, "upheld");

        decided["outcome"]!.GetValue<string>().Should().Be("upheld");
        var given = (await scene.Scene.Find((await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>()))!;
        (given.State, given.ParticipantId).Should().Be(("scheduled", scene.Person));
        (await scene.Scene.Find(scene.Session))!.State.Should().Be("annulled");
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{given.Id}/admission", new { }).Json();
        await (await scene.Taker()).PostAsJsonAsync($"/api/v1/sessions/{given.Id}/start", new { }).Json();
    }

    [Fact]
    public async Task Who_was_let_in_after_all_keeps_the_session_that_was_sat()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var person = await scene.Scene.Person();
        var session = await scene.Scene.Begin(person);
        await NeverBegun(scene, session);
        var taker = await scene.Scene.Taker(person);
        var appeal = (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = session,
                        ground = "non_admission",
                        statement = "Не пустили.",
                    }
                )
                .Json(201)
        )["id"]!.GetValue<Guid>();
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/admission", new { }).Json();
        await taker.PostAsJsonAsync($"/api/v1/sessions/{session}/start", new { }).Json();
        (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = session,
                        ground = "non_admission",
                        statement = "Не пустили.",
                    }
                )
                .ProblemCode(409)
        ).Should().Be("session-begun");
        await scene.Consider(appeal);

        await scene.Decided(appeal, "upheld");

        (await taker.GetAsync($"{AppealsPath}/{appeal}").Json())["newSessionId"].Should().BeNull();
        (await scene.Scene.Find(session))!.State.Should().Be("in_progress");
    }

    [Fact]
    public async Task An_annulment_amid_the_session_is_appealed_and_upheld_gives_another()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var person = await scene.Scene.Person();
        var session = await scene.Scene.Begin(person, variant: 2);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/annulment", new { reason = "Телефон в руках" }).Json();
        var taker = await scene.Scene.Taker(person);

        var appeal = (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = session,
                        ground = "annulment",
                        statement = "Телефон был не мой.",
                    }
                )
                .Json(201)
        )["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Decided(appeal, "upheld");

        var given = (await scene.Scene.Find((await taker.GetAsync($"{AppealsPath}/{appeal}").Json())["newSessionId"]!.GetValue<Guid>()))!;
        (given.State, given.ParticipantId).Should().Be(("scheduled", person));
        given.Variant.Should().NotBe(2);
    }

    [Fact]
    public async Task A_session_that_had_ended_when_it_was_annulled_stands_again_with_its_result()
    {
        var scene = await AppealScene.Make(service);
        var ended = (await scene.Scene.Find(scene.Session))!;
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Телефон в руках" }).Json();
        (await Annulled()).Should().OnlyContain(annulled => annulled);
        var appeal = (await scene.FileProcedural("annulment", "Телефон был не мой.").Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);

        await scene.Decided(appeal, "upheld");

        var stands = (await scene.Scene.Find(scene.Session))!;
        (stands.State, stands.EndedAt, stands.StartedAt, stands.Manifest)
            .Should()
            .Be((ended.State, ended.EndedAt, ended.StartedAt, ended.Manifest));
        (await Annulled()).Should().OnlyContain(annulled => !annulled);
        var seen = await scene.Read(appeal);
        (seen["outcome"]!.GetValue<string>(), seen["newSessionId"]).Should().Be(("upheld", null));
        (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").Json())["open"]!
            .GetValue<bool>()
            .Should()
            .BeTrue();
        var letter = await (await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/letter")).Content.ReadAsStringAsync();
        System.Net.WebUtility.HtmlDecode(letter).Should().Contain("аннулирование отменено").And.Contain("Сеанс снова действует");
        await scene.Chair.GetAsync($"{AppealsPath}/{appeal}").Json();

        async Task<List<bool>> Annulled() =>
            (await service.Admin.GetAsync($"/api/v1/sessions/{scene.Session}/profiles").Json())
                .Items()
                .Select(profile => profile!["annulled"] is not null)
                .ToList();
    }

    [Fact]
    public async Task What_happened_in_a_session_and_its_annulment_are_two_matters_and_so_are_two_annulments()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var first = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(first);
        await scene.Decided(first, "rejected");
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Подсказка" }).Json();

        (await scene.FileProcedural().ProblemCode(409)).Should().Be("appeal-exists");
        var second = (await scene.FileProcedural("annulment").Json(201))["id"]!.GetValue<Guid>();
        (await scene.FileProcedural("annulment").ProblemCode(409)).Should().Be("appeal-exists");
        await scene.Consider(second);
        await scene.Decided(second, "rejected");
        (await scene.FileProcedural("annulment").ProblemCode(409)).Should().Be("appeal-exists");

        await scene.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE sessions SET ended_at = @later WHERE id = @Session",
                new { later = service.Clock.GetCurrentInstant() + Duration.FromMilliseconds(1), scene.Session }
            )
        );
        await scene.FileProcedural("annulment").Json(201);
    }

    [Fact]
    public async Task Of_fifty_appeals_against_one_annulment_at_once_one_is_taken()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Подсказка" }).Json();
        var taker = await scene.Taker();

        var sent = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.FileProcedural("annulment", by: taker)));

        sent.Count(answer => (int)answer.StatusCode == 201).Should().Be(1);
        sent.Where(answer => (int)answer.StatusCode != 201).Should().OnlyContain(answer => (int)answer.StatusCode == 409);
    }

    [Fact]
    public async Task That_a_session_went_because_the_person_wished_so_is_nothing_to_appeal()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Decided(appeal, "upheld");
        var given = (await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>();
        var application = (await scene.Scene.Find(given))!.ApplicationId;
        await (await scene.Taker()).PostAsJsonAsync($"/api/v1/applications/{application}/withdrawal", new { }).Json();

        foreach (var (session, because) in new[] { (scene.Session, "appeal_upheld"), (given, "application_withdrawn") })
        {
            var refused = await (await scene.Taker())
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = session,
                        ground = "annulment",
                        statement = "Не согласен.",
                    }
                )
                .Json(409);
            (refused["code"]!.GetValue<string>(), refused["because"]!.GetValue<string>()).Should().Be(("not-appealable", because));
        }
    }

    [Fact]
    public async Task Each_decision_is_appealed_on_its_own_day_by_the_clocks_of_the_site()
    {
        await using var own = await Own.Start();
        var clock = own.Service.Clock;
        var (annulled, refused, early) = (
            await AppealScene.Make(own.Service, publish: false),
            await AppealScene.Make(own.Service, publish: false),
            await AppealScene.Make(own.Service, publish: false)
        );
        await NeverBegun(early);
        await early.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE campaigns SET sitting_from = @from WHERE id = @Id",
                new { from = clock.GetCurrentInstant() + Duration.FromSeconds(1), early.Scene.Id }
            )
        );
        (await early.FileProcedural("non_admission").ProblemCode(409)).Should().Be("sitting-not-begun");
        // The session took place on 12 September and was annulled on the 14th at 18:00 in Petropavlovsk. The deadline
        // depends on the day of the annulment, not on the day of the session.
        await annulled.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE sessions SET started_at = @then, ended_at = @then WHERE id = @Session",
                new { then = clock.GetCurrentInstant() - Duration.FromDays(2), annulled.Session }
            )
        );
        await own.Service.Admin.PostAsJsonAsync($"/api/v1/sessions/{annulled.Session}/annulment", new { reason = "Подсказка" }).Json();
        // A person who may take the test until midnight on 14 September complains on that day about not being let in.
        // The day ends at midnight, so a complaint at any time before that is in time.
        await NeverBegun(refused);
        await refused.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE campaigns SET sitting_to = @to WHERE id = @Id",
                new { to = Instant.FromUtc(2026, 9, 14, 12, 0), refused.Scene.Id }
            )
        );

        clock.Advance(Duration.FromHours(6) - Duration.FromMilliseconds(1));
        var (one, two) = (await annulled.Scene.Taker(annulled.Person), await refused.Scene.Taker(refused.Person));
        await annulled.FileProcedural("annulment", by: one).Json(201);
        await refused.FileProcedural("non_admission", by: two).Json(201);
        foreach (var taker in new[] { one, two })
            await Do(taker, (await taker.GetAsync(AppealsPath).Json()).Items().Single()!["id"]!.GetValue<Guid>(), "withdrawal").Json();
        clock.Advance(Duration.FromMilliseconds(1));

        (await annulled.FileProcedural("annulment", by: one).ProblemCode(409)).Should().Be("appeal-late");
        (await refused.FileProcedural("non_admission", by: two).ProblemCode(409)).Should().Be("appeal-late");
    }

    [Fact]
    public async Task A_late_appeal_comes_with_a_cause_that_the_chair_accepts_or_does_not()
    {
        var (excused, idle) = (await AppealScene.Make(service, publish: false), await AppealScene.Make(service, publish: false));
        foreach (var scene in new[] { excused, idle })
            await scene.Scene.Database.Write(db =>
                db.Execute("UPDATE sessions SET ended_at = '2026-09-13T06:00:00.000000Z' WHERE id = @Session", new { scene.Session })
            );
        var late = await excused.FileProcedural().Json(409);
        (late["code"]!.GetValue<string>(), late["field"]!.GetValue<string>(), late["deadline"]!.GetValue<string>())
            .Should()
            .Be(("appeal-late", "lateCause", "2026-09-13T12:00:00Z"));

        var (first, second) = (await FileLate(excused, "Меня увезли в больницу."), await FileLate(idle, "Было некогда."));

        (await excused.Chair.GetAsync($"{AppealsPath}/{first}").Json())["lateCause"]!
            .GetValue<string>()
            .Should()
            .Be("Меня увезли в больницу.");
        (await excused.Chair.GetAsync($"/api/v1/campaigns/{excused.Scene.Id}/appeals").Json())["items"]![0]!["late"]!
            .GetValue<bool>()
            .Should()
            .BeTrue();
        await excused.Consider(first);
        await excused.Decided(first, "upheld");
        (await Do(idle.Chair, second, "refusal", new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        var refused = await Do(idle.Chair, second, "refusal", new { reason = "Занятость не помешала бы подать заявление на площадке." })
            .Json();
        (refused["state"]!.GetValue<string>(), refused["clause"]!.GetValue<string>())
            .Should()
            .Be(("refused", "п. 7.1.3 Положения; о порядке проведения заявляют в день сеанса"));
        (
            await excused.Scene.Database.Read(db =>
                db.Value<string>("SELECT details FROM appeal_events WHERE appeal_id = @first AND kind = 'filed'", new { first })
            )
        )
            .Should()
            .Contain("\"late\":true")
            .And.NotContain("больниц");

        // The stated cause of the delay is erased together with the person.
        await service.Admin.DeleteAsync($"/api/v1/people/{excused.Person}").Json(204);
        (await excused.Chair.GetAsync($"{AppealsPath}/{first}").Json())["lateCause"]!.GetValue<string>().Should().BeEmpty();

        static async Task<Guid> FileLate(AppealScene scene, string cause) =>
            (
                await (await scene.Taker())
                    .PostAsJsonAsync(
                        AppealsPath,
                        new
                        {
                            kind = "procedural",
                            sessionId = scene.Session,
                            ground = "procedure",
                            statement = "Не вернули время.",
                            lateCause = cause,
                        }
                    )
                    .Json(201)
            )["id"]!.GetValue<Guid>();
    }

    [Fact]
    public async Task A_cause_of_lateness_is_kept_of_late_procedural_appeals_only()
    {
        var scene = await AppealScene.Make(service);
        var taker = await scene.Taker();

        (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "score",
                        sessionId = scene.Session,
                        ground = "marks",
                        statement = "К2.",
                        slot = scene.Slot,
                        lateCause = "Болел",
                    }
                )
                .ProblemCode(422)
        ).Should().Be("late-cause-unexpected");
        var inTime = await taker
            .PostAsJsonAsync(
                AppealsPath,
                new
                {
                    kind = "procedural",
                    sessionId = scene.Session,
                    ground = "procedure",
                    statement = "Шум.",
                    lateCause = "Болел",
                }
            )
            .Json(201);
        inTime["lateCause"].Should().BeNull();
        (await Do(scene.Chair, inTime["id"]!.GetValue<Guid>(), "refusal", new { reason = "Поздно" }).ProblemCode(422))
            .Should()
            .Be("ground-missing");
    }

    /// <summary>Makes it appear that nobody let the person in, so the session never began.</summary>
    private static Task NeverBegun(AppealScene scene, Guid? session = null) =>
        scene.Scene.Database.Write(db =>
            db.Execute(
                """
                UPDATE sessions SET state = 'scheduled', started_at = NULL, deadline = NULL, accept_until = NULL, ended_at = NULL, manifest = NULL, scored_at = NULL
                WHERE id = @id
                """,
                new { id = session ?? scene.Session }
            )
        );
}
