using System.Net.Http.Json;
using static Diagnostics.Server.Tests.Sessions.SessionScene;

namespace Diagnostics.Server.Tests.Sessions;

public sealed class ReceiptTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task What_came_in_a_pause_and_was_not_sent_again_is_named_in_the_receipt()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "до паузы")).Json();
        await scene.Do("/pause", new { reason = "проверка" }).Json();
        await scene.Save(Text, Write(1, "в паузе")).ProblemCode(409);
        await scene.Save(Choice, Choose(0, "2")).ProblemCode(409);
        await scene.Do("/resumption").Json();
        await scene.Save(Choice, Choose(0, "2")).Json();

        var receipt = await scene.Finish(new() { ["1"] = 1, ["2"] = 1 }).Json();

        var kept = receipt["keptAside"]!.AsArray().Single()!;
        (kept["slot"]!.GetValue<int>(), kept["reason"]!.GetValue<string>()).Should().Be((Text, "paused"));
    }

    [Fact]
    public async Task A_receipt_is_the_same_however_often_it_is_asked_for_and_whoever_may_asks()
    {
        var scene = await At(service, 2);
        await scene.Save(Text, Write(0, "ответ")).Json();
        (await scene.Taker().GetAsync(scene.Path("/receipt")).ProblemCode(409)).Should().Be("session-state");
        var finished = await scene.Finish(new() { ["2"] = 1 }).Json();

        var again = await scene.Finish(new() { ["2"] = 1 }).Json();
        var read = await scene.Taker().GetAsync(scene.Path("/receipt")).Json();
        var bySite = await scene.Operator().GetAsync(scene.Path("/receipt")).Json();

        finished["code"]!.GetValue<string>().Should().MatchRegex("^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$");
        foreach (var other in (System.Text.Json.Nodes.JsonNode[])[again, read, bySite])
            other.ToJsonString().Should().Be(finished.ToJsonString());
        (await scene.Taker(1).GetAsync(scene.Path("/receipt")).ProblemCode(404)).Should().Be("session-not-found");
    }

    [Fact]
    public async Task Answers_from_a_file_are_kept_for_the_commission_once_and_count_for_nothing()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "на сервере")).Json();
        var tooLong = new string('я', 201);
        object file = new
        {
            format = "diagnostics-unsent-answers",
            version = 1,
            sessionId = scene.Session(),
            writtenAt = "2026-09-14T07:40:00Z",
            answers = new object[]
            {
                new
                {
                    slot = Text,
                    baseRevision = 0,
                    state = "unsure",
                    response = new { type = "short_answer", text = "на сервере" },
                },
                new
                {
                    slot = Text,
                    baseRevision = 1,
                    state = "refused",
                    response = new { type = "short_answer", text = tooLong },
                },
                new
                {
                    slot = Choice,
                    baseRevision = 0,
                    state = "dirty",
                    response = new { type = "single_choice", option = "3" },
                },
                new
                {
                    slot = Choice,
                    baseRevision = 0,
                    state = "dirty",
                    response = new { type = "single_choice", option = "77" },
                },
            },
        };

        var first = await scene.Do("/unsent-answers", file).Json();
        var second = await scene.Do("/unsent-answers", file).Json();

        Outcomes(first).Should().Equal("known", "kept", "kept", "refused");
        Outcomes(second).Should().Equal("known", "known", "known", "refused");
        var kept = await scene.RejectedSaves();
        kept.Select(each => each!["reason"]!.GetValue<string>()).Should().Equal("imported", "imported");
        kept.Should().Contain(each => each!["content"]!.GetValue<string>().Contains(tooLong));
        (await scene.Taker().GetAsync(scene.Path("")).Json())["responses"]!.AsArray().Should().ContainSingle();
        (await scene.Events()).Count(kind => kind == "answers_imported").Should().Be(1);
    }

    [Fact]
    public async Task A_file_of_another_session_or_of_another_kind_is_refused_and_a_taker_may_not_hand_it_in()
    {
        var scene = await At(service, 2);
        object File(Guid session, string format = "diagnostics-unsent-answers") =>
            new
            {
                format,
                version = 1,
                sessionId = session,
                answers = new object[]
                {
                    new
                    {
                        slot = Text,
                        baseRevision = 0,
                        response = new { type = "short_answer", text = "x" },
                    },
                },
            };

        (await scene.Do("/unsent-answers", File(scene.Session(1))).ProblemCode(422)).Should().Be("another-session");
        (await scene.Do("/unsent-answers", File(scene.Session(), "other")).ProblemCode(422)).Should().Be("not-unsent-answers");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/unsent-answers"), File(scene.Session())).ProblemCode(403))
            .Should()
            .Be("not-allowed");
    }

    private static IEnumerable<string> Outcomes(System.Text.Json.Nodes.JsonNode answer) =>
        answer["answers"]!.AsArray().Select(each => each!["outcome"]!.GetValue<string>());
}
