using System.Net.Http.Json;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

public sealed class ProceduralAppealTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task An_upheld_appeal_annuls_the_session_and_gives_another_on_a_variant_not_seen()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        var refused = await scene.Publish().Json(409);
        refused["open"]!.AsArray().Select(matter => matter!["what"]!.GetValue<string>()).Should().Equal("appeals");

        await scene.Decided(appeal, "upheld");

        var seen = await scene.Read(appeal);
        seen["outcome"]!.GetValue<string>().Should().Be("upheld");
        var given = (await scene.Scene.Find(seen["newSessionId"]!.GetValue<Guid>()))!;
        var annulled = (await scene.Scene.Find(scene.Session))!;
        annulled.State.Should().Be("annulled");
        (given.State, given.ParticipantId, given.ApplicationId).Should().Be(("scheduled", scene.Person, annulled.ApplicationId));
        given.Variant.Should().NotBe(annulled.Variant);
        (await scene.Scene.Database.Read(db => SessionStore.Events(db, scene.Session)))[^1].Kind.Should().Be("annul");
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{given.Id}/admission", new { }).Json();
        (await (await scene.Taker()).PostAsJsonAsync($"/api/v1/sessions/{given.Id}/start", new { }).Json())["state"]!
            .GetValue<string>()
            .Should()
            .Be("in_progress");
        (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").ProblemCode(409))
            .Should()
            .Be("session-annulled");
        (await scene.FileScore().ProblemCode(409)).Should().Be("session-annulled");
    }

    [Fact]
    public async Task After_the_campaigns_window_the_decision_says_until_when_the_new_session_may_be_begun()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service, publish: false);
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Propose(appeal, "upheld").Json(201);
        foreach (var member in scene.Members)
            await Vote(member.Client, appeal).Json(201);
        await scene.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE campaigns SET sitting_to = @now WHERE id = @Id",
                new { now = own.Service.Clock.GetCurrentInstant(), scene.Scene.Id }
            )
        );

        (await scene.Decide(appeal).ProblemCode(422)).Should().Be("resit-until-missing");
        (await scene.Decide(appeal, resitUntil: "2026-09-14T05:00:00Z").ProblemCode(422)).Should().Be("resit-until-invalid");
        (await scene.Scene.Find(scene.Session))!.State.Should().Be("finished", "a refused decision leaves nothing behind");
        await scene.Decide(appeal, resitUntil: "2026-09-14T06:30:00Z").Json();

        var given = (await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>();
        await own.Service.Admin.PostAsJsonAsync($"/api/v1/sessions/{given}/admission", new { }).Json();
        own.Service.Clock.Advance(Duration.FromMinutes(30));
        (await (await scene.Taker()).PostAsJsonAsync($"/api/v1/sessions/{given}/start", new { }).ProblemCode(409))
            .Should()
            .Be("outside-sitting-window");
        await scene.Scene.Database.Write(db =>
            db.Execute("UPDATE sessions SET sit_until = '2026-09-14T06:30:00.000001Z' WHERE id = @given", new { given })
        );
        await (await scene.Taker()).PostAsJsonAsync($"/api/v1/sessions/{given}/start", new { }).Json();
    }

    [Fact]
    public async Task That_a_session_was_annulled_for_a_phone_is_appealed_and_upheld_gives_another()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Телефон в руках" }).Json();

        var appeal = (await scene.FileProcedural(statement: "Телефон был не мой.").Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        await scene.Decided(appeal, "upheld");

        var given = (await scene.Scene.Find((await scene.Read(appeal))["newSessionId"]!.GetValue<Guid>()))!;
        (given.State, given.ParticipantId).Should().Be(("scheduled", scene.Person));
        (await scene.FileProcedural().ProblemCode(409)).Should().Be("appeal-exists");
    }

    [Fact]
    public async Task A_rejected_appeal_leaves_the_session_as_it_was()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);
        (await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).ProblemCode(422)).Should().Be("criteria-unexpected");

        await scene.Decided(appeal, "rejected");

        (await scene.Scene.Find(scene.Session))!.State.Should().Be("finished");
        await scene.Publish().Json();
        (await scene.FileProcedural().ProblemCode(409)).Should().Be("appeal-exists");
    }

    [Fact]
    public async Task The_procedure_is_appealed_the_same_day_by_the_clocks_of_the_site()
    {
        await using var own = await Own.Start();
        var punctual = await AppealScene.Make(own.Service, publish: false);
        var late = await AppealScene.Make(own.Service, publish: false);
        // The session ended on 14 September at 18:00 in Petropavlovsk, so six hours of the day are left.
        own.Service.Clock.Advance(Duration.FromHours(6) - Duration.FromMilliseconds(1));
        await punctual.FileProcedural().Json(201);
        own.Service.Clock.Advance(Duration.FromMilliseconds(1));

        (await late.FileProcedural().ProblemCode(409)).Should().Be("appeal-late");
    }

    [Fact]
    public async Task The_head_of_the_site_files_for_the_person_and_nobody_elses_head_does()
    {
        var scene = await AppealScene.Make(service, publish: false);
        var (head, headId) = await scene.Scene.Newcomer();
        var (foreign, foreignId) = await scene.Scene.Newcomer();
        await Grant(headId, scene.Scene.SiteId);
        await Grant(foreignId, Guid.NewGuid());

        (await scene.FileProcedural(by: foreign).ProblemCode(404)).Should().Be("session-not-found");
        (await scene.FileScore(by: head).ProblemCode(404)).Should().Be("session-not-found", "points are the person's own affair");
        var appeal = (await scene.FileProcedural(by: head).Json(201))["id"]!.GetValue<Guid>();

        (await scene.Read(appeal))["participantId"]!.GetValue<Guid>().Should().Be(scene.Person);
        await head.GetAsync($"{AppealsPath}/{appeal}").Json();
        (await foreign.GetAsync($"{AppealsPath}/{appeal}").ProblemCode(404)).Should().Be("appeal-not-found");
        await Do(await scene.Taker(), appeal, "withdrawal").Json();

        Task Grant(Guid account, Guid site) =>
            scene.Scene.Database.Write(db =>
                AccountStore.AddGrant(
                    db,
                    Guid.CreateVersion7(),
                    account,
                    new Grant(Role.SiteHead, GrantScope.Site, site.ToString("D")),
                    "test",
                    service.Clock.GetCurrentInstant()
                )
            );
    }

    [Fact]
    public async Task Who_led_the_session_does_not_judge_it_and_the_journal_names_nobody()
    {
        var scene = await AppealScene.Make(service, members: 4, publish: false);
        var led = scene.Members[3];
        await scene.Scene.Database.Write(async db =>
        {
            await SessionStore.AddEvent(
                db,
                new SessionEventRow
                {
                    Id = Guid.CreateVersion7(),
                    SessionId = scene.Session,
                    Kind = "pause",
                    At = service.Clock.GetCurrentInstant(),
                    Actor = led.AccountId.ToString("D"),
                }
            );
            return 0;
        });
        var appeal = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);

        var refused = await led.Client.GetAsync($"{AppealsPath}/{appeal}/work").Json(403);
        var work = await scene.Members[1].Client.GetAsync($"{AppealsPath}/{appeal}/work").Json();

        (refused["code"]!.GetValue<string>(), refused["cause"]!.GetValue<string>()).Should().Be(("recused", "not_impartial"));
        work["journal"]!.AsArray().Select(happened => happened!["kind"]!.GetValue<string>()).Should().Contain("pause").And.Contain("save");
        work["answer"].Should().BeNull();
        work.ToJsonString()
            .Should()
            .NotContain(led.AccountId.ToString("D"))
            .And.NotContain(scene.Person.ToString("D"))
            .And.NotContain(scene.Session.ToString("D"));
    }

    [Fact]
    public async Task A_session_that_never_began_leaves_nothing_to_appeal()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await scene.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE sessions SET state = 'scheduled', started_at = NULL, deadline = NULL, accept_until = NULL, ended_at = NULL WHERE id = @Session",
                new { scene.Session }
            )
        );

        (await scene.FileProcedural().ProblemCode(409)).Should().Be("session-not-begun");
    }
}
