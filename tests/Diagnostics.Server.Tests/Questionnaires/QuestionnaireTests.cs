using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Questionnaires;

/// <summary>Self-diagnosis over the API (Положение о диагностике, пп. 4 и 7.2), with breaks and two devices.</summary>
public sealed class QuestionnaireTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = "/api/v1";

    /// <summary>Twelve words.</summary>
    private const string Essay = "Урок алгебры, на котором половина класса решила всё раньше срока и скучала.";

    [Fact]
    public async Task Answers_of_every_kind_are_saved_with_breaks_and_say_what_is_worked_by_hand()
    {
        // The days that pass end the sign-ins of the whole service.
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            await AnswerWithBreaks(own);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task AnswerWithBreaks(TestService own)
    {
        var taker = await Taker.Of(own);
        var session = await taker.Start("young-teacher");
        await taker.Save(session, "g1", 0, new { chosen = Array.Empty<string>(), rating = 4 }).Json();
        own.Clock.Advance(Duration.FromDays(3));
        await own.Restart();
        await taker.SignIn();

        var resumed = await taker.Get(session).Json();
        var answer = resumed["answers"]!.AsArray().Single()!;
        (answer["question"]!.GetValue<string>(), answer["revision"]!.GetValue<int>()).Should().Be(("g1", 1));
        answer["answer"]!["rating"]!.GetValue<int>().Should().Be(4);
        resumed["result"].Should().BeNull();
        await taker.Save(session, "g2", 0, new { chosen = new[] { "marks" }, text = "Уложиться во время" }).Json();
        await taker.Save(session, "g3", 0, new { chosen = Array.Empty<string>(), text = Essay }).Json();
        var finished = await taker
            .Finish(
                session,
                new
                {
                    g1 = 1,
                    g2 = 1,
                    g3 = 1,
                }
            )
            .Json();

        // 4 on the scale from 1 to 5 is 3 of 4 points; of three difficulties one was chosen, 2 of 3 points: 5 of 7.
        var competency = finished["result"]!["competencies"]!.AsArray().Single()!;
        competency["code"]!.GetValue<string>().Should().Be("communicative.interaction");
        competency["resultPercent"]!.GetValue<decimal>().Should().Be(71.42m);
        competency["answers"]!.GetValue<int>().Should().Be(4);
        var reflection = finished["result"]!["reflection"]!;
        (reflection["answered"]!.GetValue<int>(), reflection["extended"]!.GetValue<int>(), reflection["words"]!.GetValue<int>())
            .Should()
            .Be((1, 1, 12));
        (await taker.Finish(session, new { }).Json()).ToJsonString().Should().Be(finished.ToJsonString(), "it is finished once");
    }

    [Fact]
    public async Task Two_devices_lose_nothing()
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");
        using var phone = await taker.Another();
        await taker.Save(session, "g1", 0, Rating(4)).Json();

        (await taker.Save(session, "g1", 0, Rating(4)).Json())["revision"]!.GetValue<int>().Should().Be(1, "the confirmation was lost");
        var stale = await Taker.Save(phone, session, "g1", 0, Rating(2)).Json(412);
        stale["code"]!.GetValue<string>().Should().Be("stale-base");
        stale["current"]!["answer"]!["rating"]!.GetValue<int>().Should().Be(4);
        stale["rejected"]!["answer"]!["rating"]!.GetValue<int>().Should().Be(2);
        (await Taker.Save(phone, session, "g1", 1, Rating(2)).Json())["revision"]!.GetValue<int>().Should().Be(2);

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 5).Select(rating => Taker.Save(rating % 2 == 0 ? phone : taker.Client, session, "h1", 0, Rating(rating)))
        );
        answers.Count(one => one.StatusCode is HttpStatusCode.OK).Should().Be(1);
        answers.Count(one => one.StatusCode is HttpStatusCode.PreconditionFailed).Should().Be(4);
        var kept = (await taker.Rejected(session)).Select(one => (one!["question"]!.GetValue<string>(), one["reason"]!.GetValue<string>()));
        kept.Should().BeEquivalentTo([("g1", "stale"), .. Enumerable.Repeat(("h1", "stale"), 4)]);
        var taken = (await taker.Get(session).Json())["answers"]!.AsArray().Single(one => one!["question"]!.GetValue<string>() == "h1")!;
        (await taker.Rejected(session))
            .Where(one => one!["question"]!.GetValue<string>() == "h1")
            .Select(one => one!["answer"]!["rating"]!.GetValue<int>())
            .Append(taken["answer"]!["rating"]!.GetValue<int>())
            .Should()
            .BeEquivalentTo([1, 2, 3, 4, 5], "each of the five is either taken or kept aside");
    }

    [Fact]
    public async Task A_blank_replaces_an_answer_only_on_purpose()
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");
        await taker.Save(session, "g1", 0, Rating(4)).Json();

        (await taker.Save(session, "g1", 1, null).ProblemCode(409)).Should().Be("blank-would-replace-answer");
        (await taker.Save(session, "g1", 1, null, cleared: true).Json())["answer"].Should().BeNull();
        (await taker.Finish(session, new { g1 = 2 }).ProblemCode(409)).Should().Be("questionnaire-empty");
        await taker.Save(session, "g1", 2, Rating(5)).Json();
        (await taker.Finish(session, new { g1 = 3 }).Json())["answers"]![0]!["revision"]!.GetValue<int>().Should().Be(3);
    }

    [Fact]
    public async Task What_the_server_lacks_keeps_a_session_open_and_what_comes_later_is_kept_aside()
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");
        await taker.Save(session, "g1", 0, Rating(4)).Json();

        var missing = (await taker.Finish(session, new { g1 = 2, g3 = 1 }).Json(409))["missing"]!.AsArray();
        missing
            .Select(one => (one!["question"]!.GetValue<string>(), one["expected"]!.GetValue<int>(), one["actual"]!.GetValue<int>()))
            .Should()
            .BeEquivalentTo([("g1", 2, 1), ("g3", 1, 0)]);
        await taker.Finish(session, new { g1 = 1 }).Json();

        (await taker.Save(session, "g1", 1, Rating(1)).ProblemCode(409)).Should().Be("questionnaire-finished");
        (await taker.Rejected(session)).Single()!["reason"]!.GetValue<string>().Should().Be("finished");
        (await taker.Get(session).Json())["answers"]![0]!["answer"]!["rating"]!.GetValue<int>().Should().Be(4);
    }

    [Theory]
    [InlineData("g1", """{"chosen": [], "rating": 6}""")]
    [InlineData("g1", """{"chosen": ["discipline"]}""")]
    [InlineData("g2", """{"chosen": ["singing"]}""")]
    [InlineData("g2", """{"chosen": ["marks", "marks"]}""")]
    [InlineData("g3", """{"chosen": []}""")]
    [InlineData("g3", """{"chosen": [], "text": " "}""")]
    public async Task An_answer_of_another_kind_is_refused(string question, string answer)
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");
        var refused = await taker.Save(session, question, 0, JsonNode.Parse(answer)).Json(422);

        refused["code"]!.GetValue<string>().Should().Be("answer-invalid");
        (await taker.Get(session).Json())["answers"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_is_continued_repeated_and_withdrawn()
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");

        var open = await taker.Begin("young-teacher").Json(409);
        (open["code"]!.GetValue<string>(), open["sessionId"]!.GetValue<Guid>()).Should().Be(("questionnaire-open", session));
        (await taker.Begin("unknown").ProblemCode(404)).Should().Be("instrument-not-found");
        (await taker.Save(session, "x9", 0, Rating(1)).ProblemCode(404)).Should().Be("question-not-found");
        await taker.Save(session, "g1", 0, Rating(4)).Json();
        await taker.Finish(session, new { }).Json();
        var second = await taker.Start("young-teacher");
        second.Should().NotBe(session);
        (await taker.Client.PostAsync($"{V1}/questionnaire-sessions/{session}/withdrawal", null).Json())["result"].Should().BeNull();
        await taker.Client.PostAsync($"{V1}/questionnaire-sessions/{second}/withdrawal", null).Json();
        (await taker.Finish(second, new { }).ProblemCode(409)).Should().Be("questionnaire-withdrawn");
        await taker.Start("young-teacher");
        (await taker.Client.GetAsync($"{V1}/people/{taker.Person}/questionnaire-sessions").Json()).Items().Should().HaveCount(3);
    }

    [Fact]
    public async Task Nobody_else_sees_what_is_not_finished_and_only_with_consent_what_is()
    {
        var taker = await Taker.Of(service);
        var session = await taker.Start("young-teacher");
        await taker.Save(session, "g1", 0, Rating(4)).Json();
        var (_, stranger) = await taker.Scene.Person();
        var methodologist = (
            await taker.Scene.Staff(
                new
                {
                    role = "methodologist",
                    scope = "territory",
                    scopeId = "82-701",
                }
            )
        ).Client;
        var one = $"{V1}/questionnaire-sessions/{session}";

        (await service.Admin.GetAsync(one).ProblemCode(404)).Should().Be("questionnaire-session-not-found");
        (await service.Admin.GetAsync($"{V1}/people/{taker.Person}/questionnaire-sessions").Json()).Items().Should().BeEmpty();
        await taker.Finish(session, new { }).Json();

        (await service.Admin.GetAsync(one).Json())["result"].Should().NotBeNull();
        (await methodologist.GetAsync(one).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await stranger.GetAsync(one).ProblemCode(404)).Should().Be("questionnaire-session-not-found");
        (await Taker.Save(stranger, session, "g1", 1, Rating(1)).ProblemCode(404)).Should().Be("questionnaire-session-not-found");
        (await stranger.GetAsync($"{one}/rejected-answers").ProblemCode(404)).Should().Be("questionnaire-session-not-found");
        (await stranger.PostAsync($"{one}/withdrawal", null).ProblemCode(404)).Should().Be("questionnaire-session-not-found");
        (await stranger.PostAsJsonAsync($"{V1}/questionnaire-sessions", Form("young-teacher")).ProblemCode(409))
            .Should()
            .Be("participation-not-consented");
    }

    [Fact]
    public async Task A_paper_questionnaire_is_entered_whole_or_refused_with_all_faults()
    {
        var taker = await Taker.Of(service);
        var good = new JsonObject
        {
            ["a1"] = Chosen("two"),
            ["a2"] = JsonNode.Parse("""{"chosen": [], "rating": 5}"""),
            ["a4"] = Chosen("year"),
        };
        var bad = new JsonObject { ["a2"] = JsonNode.Parse("""{"chosen": [], "rating": 7}"""), ["z9"] = Chosen("two") };

        var refused = await Enter(bad).Json(422);
        refused["faults"]!
            .AsArray()
            .Select(fault => fault!.GetValue<string>())
            .Should()
            .Equal("Вопрос «a2»: 7 — не на шкале 1–5.", "Вопроса «z9» в анкете нет.");
        (await Enter(good, "2026-09-20").ProblemCode(422)).Should().Be("answered-on-invalid");
        (await service.Admin.GetAsync($"{V1}/people/{taker.Person}/questionnaire-sessions").Json()).Items().Should().BeEmpty();

        var entered = await Enter(good).Json(201);

        entered["answeredOn"]!.GetValue<string>().Should().Be("2026-09-01");
        // 5 of 1 … 5 is 4 of 4 points, «раз в год» 1 of 3; how long the head has worked is rated by nothing: 5 of 7.
        var competency = entered["result"]!["competencies"]!.AsArray().Single()!;
        (competency["code"]!.GetValue<string>(), competency["resultPercent"]!.GetValue<decimal>())
            .Should()
            .Be(("processes.programme", 71.42m));
        (await taker.Get(entered.Id()).Json())["answers"]!.AsArray().Should().HaveCount(3);

        Task<HttpResponseMessage> Enter(JsonObject answers, string answeredOn = "2026-09-01") =>
            service.Admin.PostAsJsonAsync(
                $"{V1}/people/{taker.Person}/questionnaire-sessions",
                new
                {
                    questionnaire = new { code = "school-head", version = 1 },
                    answeredOn,
                    answers,
                }
            );

        static JsonNode Chosen(string id) => new JsonObject { ["chosen"] = new JsonArray(id) };
    }

    private static object Rating(int rating) => new { chosen = Array.Empty<string>(), rating };

    private static object Form(string code) => new { questionnaire = new { code, version = 2 } };

    /// <summary>A person who has consented to take part, with a sign-in.</summary>
    private sealed class Taker
    {
        private readonly TestService service;
        private readonly (string Name, string Password) account;

        private Taker(TestService service, CampaignScene scene, Guid person, (string Name, string Password) account) =>
            (this.service, Scene, Person, this.account) = (service, scene, person, account);

        internal CampaignScene Scene { get; }

        internal Guid Person { get; }

        internal HttpClient Client { get; private set; } = null!;

        internal static async Task<Taker> Of(TestService service)
        {
            var scene = await CampaignScene.Published(service);
            var person = await scene.Enrol();
            await scene.FileFor(person);
            var made = await scene.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);
            var taker = new Taker(service, scene, person, (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>()));
            taker.Client = await service.SignIn(taker.account.Name, taker.account.Password);
            return taker;
        }

        /// <summary>Signs in again, for example after a restart of the service.</summary>
        internal async Task SignIn() => Client = await Another();

        internal Task<HttpClient> Another() => service.SignIn(account.Name, TestService.Chosen(account.Password));

        internal Task<HttpResponseMessage> Begin(string code) => Client.PostAsJsonAsync($"{V1}/questionnaire-sessions", Form(code));

        internal async Task<Guid> Start(string code) => (await Begin(code).Json(201)).Id();

        internal Task<HttpResponseMessage> Get(Guid session) => Client.GetAsync($"{V1}/questionnaire-sessions/{session}");

        internal Task<HttpResponseMessage> Save(Guid session, string question, int baseRevision, object? answer, bool cleared = false) =>
            Save(Client, session, question, baseRevision, answer, cleared);

        internal static Task<HttpResponseMessage> Save(
            HttpClient device,
            Guid session,
            string question,
            int baseRevision,
            object? answer,
            bool cleared = false
        ) =>
            device.PutAsJsonAsync(
                $"{V1}/questionnaire-sessions/{session}/answers/{question}",
                new
                {
                    baseRevision,
                    answer,
                    cleared,
                }
            );

        internal Task<HttpResponseMessage> Finish(Guid session, object manifest) =>
            Client.PostAsJsonAsync($"{V1}/questionnaire-sessions/{session}/finish", new { manifest });

        internal async Task<JsonArray> Rejected(Guid session) =>
            (await Client.GetAsync($"{V1}/questionnaire-sessions/{session}/rejected-answers").Json()).Items();
    }
}
