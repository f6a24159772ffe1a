using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Observation;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Instruments;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Observation;

public sealed class ObservationTests(TestService service) : IClassFixture<TestService>
{
    private const string V1 = "/api/v1";

    private Database Database => service.Services.GetRequiredService<Database>();

    /// <summary>Положение о диагностике, п. 6; метод экспертных оценок. The joint ratings are worked by hand.</summary>
    [Theory]
    // The mean of «да» and «нет».
    [InlineData(SheetScale.YesNo, ReconcileRule.Mean, 1, 1, 0, 0.5, 50)]
    // Two steps apart: the lowest. One step apart: the mean.
    [InlineData(SheetScale.ZeroToTwo, ReconcileRule.Lowest, 2, 0, 2, 0, 0)]
    [InlineData(SheetScale.ZeroToTwo, ReconcileRule.Lowest, 2, 1, 2, 1.5, 75)]
    // 4.5 is three and a half of the four steps from 1 to 5.
    [InlineData(SheetScale.OneToFive, ReconcileRule.Mean, 1, 4, 5, 4.5, 87.5)]
    [InlineData(SheetScale.OneToFive, ReconcileRule.Lowest, 1, 2, 5, 2, 25)]
    [InlineData(SheetScale.LowMediumHigh, ReconcileRule.Lowest, 1, 1, 3, 1, 0)]
    [InlineData(SheetScale.LowMediumHigh, ReconcileRule.Mean, 1, 2, 3, 2.5, 75)]
    public async Task Two_experts_rate_on_every_scale_and_the_rule_of_the_sheet_joins_them(
        SheetScale scale,
        ReconcileRule rule,
        int from,
        int first,
        int second,
        double rating,
        double percent
    )
    {
        var scene = await Place.Of(service, await AddSheet(scale, new(rule, from, false)), experts: 2);

        (await scene.Fill(scene.Experts[0], Sheet(scale.Highest() + 1)).ProblemCode(422)).Should().Be("sheet-invalid");
        (await scene.Fill(scene.Experts[0], Sheet(scale.Lowest() - 1)).ProblemCode(422)).Should().Be("sheet-invalid");
        await scene.Fill(scene.Experts[0], Sheet(first)).Json(201);
        var observed = await scene.Fill(scene.Experts[1], Sheet(second)).Json(201);

        var criterion = observed["criteria"]![0]!;
        criterion["experts"]!.AsArray().Select(one => one!.GetValue<int>()).Should().BeEquivalentTo([first, second]);
        criterion["rating"]!.GetValue<double>().Should().Be(rating);
        observed["competencies"]!.AsArray().Single()!["resultPercent"]!.GetValue<double>().Should().Be(percent);
        observed["open"]!.AsArray().Should().BeEmpty();
        observed["agreement"]!["criteria"]!.GetValue<int>().Should().Be(1);
        observed["agreement"]!["same"]!.GetValue<int>().Should().Be(0);
    }

    [Fact]
    public async Task Ratings_that_are_far_apart_wait_until_the_experts_agree()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.ZeroToTwo, new(ReconcileRule.Agreed, 2, false)), experts: 2);
        await scene.Fill(scene.Experts[0], Sheet(0)).Json(201);
        (await scene.Agree(scene.Experts[1], new { a = 1 }).ProblemCode(404)).Should().Be("observation-not-found", "no sheet, no say");
        var apart = await scene.Fill(scene.Experts[1], Sheet(2)).Json(201);

        apart["open"]!.AsArray().Select(code => code!.GetValue<string>()).Should().Equal("a");
        apart["criteria"]![0]!["awaitsAgreement"]!.GetValue<bool>().Should().BeTrue();
        apart["criteria"]![0]!["rating"].Should().BeNull();
        apart["competencies"]!.AsArray().Should().BeEmpty("what is disputed is no evidence yet");
        foreach (var wrong in new object[] { new { b = 1 }, new { a = 3 }, new { } })
            (await scene.Agree(scene.Experts[0], wrong).ProblemCode(422)).Should().Be("agreement-not-asked");

        var agreed = await scene.Agree(scene.Experts[0], new { a = 1 }).Json();

        agreed["open"]!.AsArray().Should().BeEmpty();
        (agreed["criteria"]![0]!["agreed"]!.GetValue<int>(), agreed["criteria"]![0]!["rating"]!.GetValue<int>()).Should().Be((1, 1));
        agreed["competencies"]![0]!["resultPercent"]!.GetValue<int>().Should().Be(50);
        (await scene.Agree(scene.Experts[0], new { a = 2 }).ProblemCode(422)).Should().Be("agreement-not-asked", "it is settled");
    }

    [Fact]
    public async Task A_second_sheet_of_one_expert_for_one_lesson_is_refused()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.YesNo, new(ReconcileRule.Mean, 1, true)), experts: 1);
        var key = Guid.NewGuid().ToString();
        var first = await CampaignScene.PostOnce(scene.Experts[0], scene.Sheets, Sheet(1), key).Json(201);

        (await CampaignScene.PostOnce(scene.Experts[0], scene.Sheets, Sheet(1), key).Json(201))
            .ToJsonString()
            .Should()
            .Be(first.ToJsonString(), "the same request may be repeated");
        (await scene.Fill(scene.Experts[0], Sheet(0)).ProblemCode(409)).Should().Be("sheet-filled-already");
        (await scene.Fill(scene.Admin, Sheet(0, expert: scene.Accounts[0])).ProblemCode(409)).Should().Be("sheet-filled-already");
        await scene.Fill(scene.Person, Sheet(0)).Json(201);
        (await scene.Fill(scene.Person, Sheet(1)).ProblemCode(409)).Should().Be("sheet-filled-already");
        (await scene.Fill(scene.Admin, Sheet(1, self: true)).ProblemCode(409)).Should().Be("sheet-filled-already");

        var observed = await scene.Admin.GetAsync(scene.Address).Json();
        observed["sheets"]!.AsArray().Should().HaveCount(2);
        // One's own rating is shown beside the experts' and never averaged with them.
        (observed["criteria"]![0]!["self"]!.GetValue<int>(), observed["criteria"]![0]!["rating"]!.GetValue<int>())
            .Should()
            .Be((0, 1));
        observed["agreement"].Should().BeNull();
    }

    [Fact]
    public async Task Six_sheets_sent_at_once_by_one_expert_leave_one()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.YesNo, new(ReconcileRule.Mean, 1, false)), experts: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(count => scene.Fill(scene.Experts[0], Sheet(count % 2))));

        answers.Select(answer => (int)answer.StatusCode).Order().Should().Equal(201, 409, 409, 409, 409, 409);
        (await scene.Admin.GetAsync(scene.Address).Json())["sheets"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_self_observation_counts_alone_where_the_sheet_says_so_and_comes_from_paper_too()
    {
        var counted = await Place.Of(service, await AddSheet(SheetScale.OneToFive, new(ReconcileRule.Mean, 1, true)), experts: 0);
        var ignored = await Place.Of(service, await AddSheet(SheetScale.OneToFive, new(ReconcileRule.Mean, 1, false)), experts: 0);

        (await counted.Fill(counted.Person, Sheet(2)).Json(201))["competencies"]![0]!["resultPercent"]!.GetValue<int>().Should().Be(25);
        (await ignored.Fill(ignored.Admin, Sheet(2, self: true)).Json(201))["competencies"]!.AsArray().Should().BeEmpty();
        (await ignored.Fill(ignored.Admin, Sheet(2)).ProblemCode(403)).Should().Be("observer-not-invited", "it is nobody's sheet");
        (await ignored.Fill(ignored.Admin, Sheet(2, expert: Guid.NewGuid())).ProblemCode(403)).Should().Be("observer-not-invited");
    }

    [Fact]
    public async Task An_expert_sees_the_other_sheet_only_after_filling_in_own()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.YesNo, new(ReconcileRule.Mean, 1, false)), experts: 2);
        await scene.Fill(scene.Experts[0], Sheet(1)).Json(201);

        var blind = await scene.Experts[1].GetAsync(scene.Address).Json();
        (blind["sheets"]!.AsArray().Count, blind["criteria"]!.AsArray().Count).Should().Be((0, 0));
        (await scene.Experts[0].GetAsync(scene.Address).Json())["sheets"]!.AsArray().Should().ContainSingle();
        (await scene.Experts[1].GetAsync($"{V1}/observations").Json()).Items().Single()!.Id().Should().Be(scene.Id);
        await scene.Fill(scene.Experts[1], Sheet(0)).Json(201);
        (await scene.Experts[1].GetAsync(scene.Address).Json())["sheets"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task The_shipped_sheet_of_a_lesson_is_filled_in_whole_or_refused()
    {
        var scene = await Place.Of(service, "open-lesson-mathematics", experts: 2);
        var form = (await scene.Admin.GetAsync($"{V1}/instruments/observation_sheet/open-lesson-mathematics/1").Json())["content"]!;
        var codes = form["criteria"]!.AsArray().Select(criterion => criterion!["code"]!.GetValue<string>()).ToList();
        var ratings = codes.ToDictionary(code => code, int? (_) => 2);
        var header = new { @class = "8 «Б»", topic = "Признаки равенства треугольников" };

        (await scene.Fill(scene.Experts[0], Whole(codes.Skip(1).ToDictionary(code => code, int? (_) => 2))).Json(422))["faults"]![0]!
            .GetValue<string>()
            .Should()
            .Be($"Критерий «{codes[0]}» не оценён и не отмечен как не наблюдавшийся.");
        await scene.Fill(scene.Experts[0], Whole(ratings)).Json(201);
        var observed = await scene.Fill(scene.Experts[1], Whole(new(ratings) { [codes[^1]] = null })).Json(201);

        observed["framework"]!["code"]!.GetValue<string>().Should().Be("teacher");
        observed["competencies"]!.AsArray().Select(one => one!["resultPercent"]!.GetValue<int>()).Distinct().Should().Equal(100);
        observed["agreement"]!["same"]!.GetValue<int>().Should().Be(codes.Count - 1);
        observed["agreement"]!["reason"]!.GetValue<string>().Should().Be("no_variance");

        object Whole(Dictionary<string, int?> given) =>
            new
            {
                header,
                ratings = given,
                conclusions = "Урок построен по плану.",
                recommendations = "Продолжать.",
            };
    }

    [Fact]
    public async Task Whoever_is_not_concerned_does_not_learn_of_an_observation()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.YesNo, new(ReconcileRule.Mean, 1, false)), experts: 1);
        var uninvited = (await scene.Campaign.Staff(new { role = "expert", scope = "all" })).Client;
        var methodologist = (
            await scene.Campaign.Staff(
                new
                {
                    role = "methodologist",
                    scope = "territory",
                    scopeId = "82-701",
                }
            )
        ).Client;
        var neighbour = (
            await scene.Campaign.Staff(
                new
                {
                    role = "methodologist",
                    scope = "territory",
                    scopeId = "elsewhere",
                }
            )
        ).Client;
        var (_, stranger) = await scene.Campaign.Person();
        await scene.Fill(scene.Experts[0], Sheet(1)).Json(201);

        foreach (var nobody in new[] { uninvited, neighbour, stranger })
        {
            (await nobody.GetAsync(scene.Address).ProblemCode(404)).Should().Be("observation-not-found");
            (await scene.Fill(nobody, Sheet(1)).ProblemCode(404)).Should().Be("observation-not-found");
        }
        (await scene.Person.GetAsync(scene.Address).Json())["sheets"]!.AsArray().Should().ContainSingle();
        (await scene.Person.GetAsync($"{V1}/people/{scene.PersonId}/observations").Json()).Items().Should().ContainSingle();
        (await methodologist.GetAsync(scene.Address).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (
            await Database.Read(async db =>
                (await AuditStore.List(db, null, "observation.sheet-filled", $"participant:{scene.PersonId:D}", 0, 10)).Count
            )
        )
            .Should()
            .Be(1);
    }

    [Fact]
    public async Task An_observation_is_arranged_with_consent_a_known_sheet_and_staff_only_and_may_be_withdrawn()
    {
        var scene = await Place.Of(service, await AddSheet(SheetScale.YesNo, new(ReconcileRule.Mean, 1, false)), experts: 1);
        var silent = await scene.Campaign.Enrol();
        var taker = (await scene.Person.GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<Guid>();

        (await scene.Arrange(silent).ProblemCode(409)).Should().Be("participation-not-consented");
        (await scene.Arrange(Guid.NewGuid()).ProblemCode(404)).Should().Be("person-not-found");
        (await scene.Arrange(scene.PersonId, sheet: "unknown").ProblemCode(404)).Should().Be("instrument-not-found");
        (await scene.Arrange(scene.PersonId, experts: [taker]).ProblemCode(422)).Should().Be("observation-experts");
        (await scene.Arrange(scene.PersonId, experts: [scene.Accounts[0], scene.Accounts[0]]).ProblemCode(422))
            .Should()
            .Be("observation-experts");
        var ahead = await scene.Arrange(scene.PersonId, heldOn: "2026-09-30", experts: [scene.Accounts[0]]).Json(201);
        (await scene.Experts[0].PostAsJsonAsync($"{V1}/observations/{ahead.Id()}/sheets", Sheet(1)).ProblemCode(409))
            .Should()
            .Be("observation-ahead");

        var gone = await scene.Admin.PostAsJsonAsync($"{scene.Address}/withdrawal", new { reason = "Урок не состоялся" }).Json();
        gone["withdrawn"]!["reason"]!.GetValue<string>().Should().Be("Урок не состоялся");
        (await scene.Admin.PostAsJsonAsync($"{scene.Address}/withdrawal", new { reason = "Снова" }).ProblemCode(409))
            .Should()
            .Be("observation-withdrawn");
        (await scene.Fill(scene.Experts[0], Sheet(1)).ProblemCode(409)).Should().Be("observation-withdrawn");
    }

    private async Task<string> AddSheet(SheetScale scale, Reconciliation reconciliation)
    {
        var sheet = new ObservationSheet(
            CampaignScene.Unique("sheet"),
            1,
            "Лист",
            ObservedOccasion.OpenLesson,
            new("teacher", 1),
            scale,
            reconciliation,
            [new("class", "Класс")],
            [new("a", "Цель урока названа", "methodical.planning", 1, new Dictionary<string, string>())]
        );
        await Database.Write(db =>
            InstrumentStore.Add(
                db,
                new(InstrumentKind.ObservationSheet, sheet.Code, 1, sheet.Title, sheet.Framework, CanonicalJson.Of(sheet)),
                service.Clock.GetCurrentInstant()
            )
        );
        return sheet.Code;
    }

    private static object Sheet(int rating, Guid? expert = null, bool self = false) =>
        new
        {
            header = new { @class = "8 «Б»" },
            ratings = new { a = rating },
            conclusions = "Цель урока записана на доске.",
            recommendations = "Возвращаться к ней в конце урока.",
            expertId = expert,
            self,
        };

    /// <summary>An arranged observation with its people.</summary>
    private sealed record Place(
        CampaignScene Campaign,
        Guid PersonId,
        HttpClient Person,
        IReadOnlyList<Guid> Accounts,
        IReadOnlyList<HttpClient> Experts,
        string Sheet,
        Guid Id
    )
    {
        internal HttpClient Admin => Campaign.Admin;

        internal string Address => $"{V1}/observations/{Id}";

        internal string Sheets => $"{Address}/sheets";

        internal static async Task<Place> Of(TestService service, string sheet, int experts)
        {
            var campaign = await CampaignScene.Published(service);
            var (person, client) = await campaign.Person();
            await campaign.FileFor(person);
            var staff = new List<(Guid Id, HttpClient Client)>();
            for (var number = 0; number < experts; number++)
                staff.Add(await campaign.Staff(new { role = "expert", scope = "all" }));
            var place = new Place(
                campaign,
                person,
                client,
                staff.ConvertAll(one => one.Id),
                staff.ConvertAll(one => one.Client),
                sheet,
                Guid.Empty
            );
            return place with { Id = (await place.Arrange(person, experts: place.Accounts).Json(201)).Id() };
        }

        internal Task<HttpResponseMessage> Arrange(
            Guid person,
            string? sheet = null,
            string heldOn = "2026-09-14",
            IReadOnlyList<Guid>? experts = null
        ) =>
            Admin.PostAsJsonAsync(
                $"{V1}/people/{person}/observations",
                new
                {
                    sheet = new { code = sheet ?? Sheet, version = 1 },
                    title = "Урок геометрии",
                    heldOn,
                    experts = experts ?? [],
                }
            );

        internal Task<HttpResponseMessage> Fill(HttpClient by, object sheet) => by.PostAsJsonAsync(Sheets, sheet);

        internal Task<HttpResponseMessage> Agree(HttpClient by, object ratings) =>
            by.PostAsJsonAsync($"{Address}/agreement", new { ratings });
    }
}
