using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Description;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

/// <summary>
/// When and where an appeal is heard, and the letter with the decision. The clock of the tests shows 18:00 on 14
/// September 2026 in Petropavlovsk.
/// </summary>
public sealed class HearingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_chair_sets_the_hearing_and_the_person_reads_when_and_where_it_is()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        (await Set(scene.Chair, appeal, "2026-09-16T01:00:00Z").ProblemCode(409)).Should().Be("appeal-state", "it is not admitted yet");
        await Do(scene.Chair, appeal, "admission").Json();

        await Set(scene.Chair, appeal, "2026-09-16T01:00:00Z", invitation: "Вы можете присутствовать.").Json();

        var hearing = (await scene.Read(appeal))["hearing"]!;
        (
            hearing["number"]!.GetValue<int>(),
            hearing["at"]!.GetValue<string>(),
            hearing["place"]!.GetValue<string>(),
            hearing["invitation"]!.GetValue<string>(),
            hearing["reason"]
        )
            .Should()
            .Be((1, "2026-09-16T01:00:00Z", "каб. 12", "Вы можете присутствовать.", null));
        var set = (await scene.Proceedings(appeal))["events"]!
            .AsArray()
            .Single(each => each!["kind"]!.GetValue<string>() == "hearing-set")!["details"]!;
        (set["number"]!.GetValue<int>(), set["at"]!.GetValue<string>()).Should().Be((1, "2026-09-16T01:00:00Z"));
        set.AsObject().Should().NotContainKey("place", "the record outlives what was said to the person");
    }

    [Fact]
    public async Task A_hearing_is_moved_and_set_beyond_the_day_of_the_decision_with_a_reason_only()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        // The decision is due by the end of 18 September in Petropavlovsk, which is 12:00 UTC.
        (await Set(scene.Chair, appeal, "2026-09-18T12:00:00Z").ProblemCode(422))
            .Should()
            .Be("reason-missing");
        await Set(scene.Chair, appeal, "2026-09-18T11:59:59Z").Json();
        (await Set(scene.Chair, appeal, "2026-09-17T01:00:00Z").ProblemCode(422)).Should().Be("reason-missing");

        var moved = await Set(scene.Chair, appeal, "2026-09-21T01:00:00Z", reason: "Председатель болеет").Json();

        (
            moved["hearing"]!["number"]!.GetValue<int>(),
            moved["hearing"]!["at"]!.GetValue<string>(),
            moved["hearing"]!["reason"]!.GetValue<string>()
        )
            .Should()
            .Be((2, "2026-09-21T01:00:00Z", "Председатель болеет"));
        (
            await scene.Scene.Database.Read(db =>
                db.Value<int>("SELECT COUNT(*) FROM appeal_hearings WHERE appeal_id = @appeal", new { appeal })
            )
        )
            .Should()
            .Be(2, "the one before stays on record");
    }

    [Fact]
    public async Task What_makes_no_hearing_is_refused_by_name()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();

        (await Set(scene.Chair, appeal, "2026-09-14T06:00:00Z").ProblemCode(422)).Should().Be("hearing-time-invalid");
        (await Set(scene.Chair, appeal, "2027-09-16T00:00:00Z").ProblemCode(422)).Should().Be("hearing-time-invalid");
        (await Set(scene.Chair, appeal, "2026-09-16T01:00:00Z", place: " ").ProblemCode(422)).Should().Be("text-missing");
        (await Set(scene.Members[1].Client, appeal, "2026-09-16T01:00:00Z"))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden, "a member presides over nothing");
        (await Set(service.Admin, appeal, "2026-09-16T01:00:00Z")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await scene.Decided(appeal, "rejected");
        (await Set(scene.Chair, appeal, "2026-09-16T01:00:00Z").ProblemCode(409)).Should().Be("appeal-state");
    }

    [Fact]
    public async Task Of_fifty_hearings_set_at_once_each_that_stands_has_its_own_number()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();

        var sent = await Task.WhenAll(Enumerable.Range(0, 50).Select(each => Set(scene.Chair, appeal, $"2026-09-16T01:{each:00}:00Z")));

        sent.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().Be(1, "the next one would move it, which takes a reason");
        (await scene.Read(appeal))["hearing"]!["number"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task The_letter_says_what_was_decided_how_the_votes_fell_and_what_follows()
    {
        var scene = await AppealScene.Make(service, members: 4);
        var appeal = await scene.Considered();
        (await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/letter").ProblemCode(409)).Should().Be("letter-not-ready");
        await Set(scene.Chair, appeal, "2026-09-16T01:00:00Z").Json();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);
        foreach (var member in scene.Members)
            await Vote(member.Client, appeal, inFavour: member != scene.Members[3]).Json(201);
        await scene.Decide(appeal).Json();

        var answer = await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/letter");
        var letter = await answer.Content.ReadAsStringAsync();

        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.OK, "text/html"));
        var most = scene.Task.Rubric.Criteria.Sum(criterion => criterion.Maximum.ToDecimal());
        // Where a line of the document ends is nothing to its reader.
        string.Join(' ', WebUtility.HtmlDecode(letter).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Should()
            .Contain($"Решение по апелляции № 20260914-{appeal.ToString("N")[^6..].ToUpperInvariant()}")
            .And.Contain("Конфликтная комиссия")
            .And.Contain("Входная диагностика")
            .And.Contain("за — 3, против — 1; право голоса имели 4")
            .And.Contain("Критерии задания")
            .And.Contain("Ответ сверен с критериями.")
            .And.Contain($"Балл за задание № {scene.Slot} теперь {most:0.###}");
        foreach (var member in scene.Members)
            letter.Should().NotContain(member.AccountId.ToString("D"), "votes are counted, not named");
        letter.Should().NotContain("Тайнова", "the name is written in by hand");
    }

    [Fact]
    public async Task Who_may_not_read_the_appeal_reads_no_letter_and_others_leave_a_trace()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        await scene.Decided(appeal, "rejected");
        var stranger = await scene.Scene.Taker(await scene.Scene.Person());

        (await stranger.GetAsync($"{AppealsPath}/{appeal}/letter").ProblemCode(404)).Should().Be("appeal-not-found");
        await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/letter");
        await service.Admin.GetAsync($"{AppealsPath}/{appeal}/letter");

        (
            await scene.Scene.Database.Read(db =>
                db.Value<int>(
                    "SELECT COUNT(*) FROM audit_entries WHERE action = 'appeal.letter-viewed' AND subject = @subject",
                    new { subject = $"appeal:{appeal:D}" }
                )
            )
        )
            .Should()
            .Be(1);
    }

    [Fact]
    public async Task A_refused_appeal_gets_a_letter_too()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        await Do(scene.Chair, appeal, "refusal", new { ground = "item_content", reason = "Оспаривается условие задания." }).Json();

        var letter = WebUtility.HtmlDecode(
            await (await (await scene.Taker()).GetAsync($"{AppealsPath}/{appeal}/letter")).Content.ReadAsStringAsync()
        );

        letter
            .Should()
            .Contain("Отказ в приёме апелляции № 20260914-")
            .And.Contain("Оспаривается условие задания.")
            .And.Contain("Результат и баллы остаются прежними.");
    }

    private static Task<HttpResponseMessage> Set(
        HttpClient by,
        Guid appeal,
        string at,
        string place = "каб. 12",
        string? invitation = null,
        string? reason = null
    ) =>
        Do(
            by,
            appeal,
            "hearing",
            new
            {
                at,
                place,
                invitation,
                reason,
            }
        );
}
