using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.ItemBank;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Forms;

public sealed class FormApiTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_shipped_forms_are_there_with_four_items_a_slot()
    {
        var forms = (await service.Admin.GetAsync("/api/v1/forms").Json())["items"]!.AsArray();
        var teachers = forms.First(form => form!.Text("blueprint") == "teacher-mathematics-5-9")!;

        var form = await service.Admin.GetAsync($"/api/v1/forms/{teachers.Text("id")}").Json();

        form["slots"]!.AsArray().Should().HaveCount(24).And.OnlyContain(slot => slot!["items"]!.AsArray().Count == 4);
        form["slots"]![0]!["items"]!
            .AsArray()
            .Select(item => (item!.Number("variant"), item.Text("item"), item.Number("itemVersion")))
            .Should()
            .Equal((1, "math-percent-1", 1), (2, "math-percent-2", 1), (3, "math-percent-3", 1), (4, "math-percent-4", 1));
    }

    [Fact]
    public async Task The_shipped_forms_are_parallel_by_every_check()
    {
        foreach (
            var form in (await service.Admin.GetAsync("/api/v1/forms").Json())["items"]!
                .AsArray()
                .Where(form => form!.Text("title") is not "Своя форма")
        )
        {
            var report = await service.Admin.GetAsync($"/api/v1/forms/{form!.Text("id")}/parallelism").Json();

            report["parallel"]!.GetValue<bool>().Should().BeTrue(report.ToJsonString());
            report["checks"]!
                .AsArray()
                .Select(check => check!.Text("code"))
                .Should()
                .Contain([
                    "same-types",
                    "same-difficulties",
                    "same-elements",
                    "same-points",
                    "no-common-item",
                    "item-types",
                    "block-types",
                    "facets-usable",
                ]);
            report["variants"]!.AsArray().Should().HaveCount(4);
            report["variants"]!.AsArray().Select(variant => variant!["points"]!.GetValue<decimal>()).Distinct().Should().ContainSingle();
        }
    }

    [Fact]
    public async Task A_form_is_assembled_once_for_one_idempotency_key()
    {
        var first = await Assemble(
            new
            {
                blueprint = "school-head",
                version = 1,
                title = "Своя форма",
            },
            "form-once"
        );
        var second = await Assemble(
            new
            {
                blueprint = "school-head",
                version = 1,
                title = "Своя форма",
            },
            "form-once"
        );

        var form = await Task.FromResult(first).Json(201);
        (await Task.FromResult(second).Json(201))["form"]!.Text("id").Should().Be(form["form"]!.Text("id"));
        form["form"]!.Text("title").Should().Be("Своя форма");
        form["slots"]!.AsArray().Should().HaveCount(20);
    }

    [Fact]
    public async Task A_refusal_names_every_slot_that_cannot_be_filled()
    {
        var problem = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/forms",
                new
                {
                    blueprint = "school-head",
                    version = 1,
                    picks = new Dictionary<string, string>
                    {
                        ["1"] = "nothing",
                        ["2"] = "head-hiring",
                        ["99"] = "head-finance",
                    },
                }
            )
            .Json(422);

        problem.Text("code").Should().Be("slots-not-filled");
        var slots = problem["slots"]!.AsArray();
        slots.Where(slot => slot!.Number("slot") == 1).Select(slot => slot!.Text("code")).Should().Equal("facet-missing");
        slots
            .Where(slot => slot!.Number("slot") == 2)
            .Select(slot => slot!.Text("code"))
            .Should()
            .Contain(["block-mismatch", "type-mismatch", "points-mismatch"]);
        slots.Where(slot => slot!.Number("slot") == 9).Select(slot => slot!.Text("code")).Should().Equal("facet-repeated");
        slots.Where(slot => slot!.Number("slot") == 99).Select(slot => slot!.Text("code")).Should().Equal("slot-unknown");
    }

    [Theory]
    [InlineData("""{"blueprint": "nothing", "version": 1}""", 404, "blueprint-not-found")]
    [InlineData("""{"blueprint": "school-head", "version": 9}""", 404, "blueprint-not-found")]
    [InlineData("""{"blueprint": "school-head"}""", 400, "malformed-json")]
    [InlineData("""{"blueprint": "school-head", "version": 1, "picks": {"x": "y"}}""", 400, "malformed-json")]
    [InlineData("""{"blueprint": "school-head", "version": 1, "picks": {"1": null}}""", 422, "slots-not-filled")]
    [InlineData("""{"blueprint": "school-head", "version": 1, "title": ""}""", 422, "text-missing")]
    [InlineData("""{"blueprint": "school-head", "version": 1, "title": "\u0000"}""", 422, "forbidden-character")]
    [InlineData("""{"blueprint": null, "version": 1}""", 400, "malformed-json")]
    public async Task Bad_requests_for_a_form_are_refused_by_name(string body, int status, string code) =>
        (await service.Admin.PostAsync("/api/v1/forms", Json(body)).ProblemCode(status)).Should().Be(code);

    [Fact]
    public async Task A_title_without_end_is_refused() => (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/forms",
                    new
                    {
                        blueprint = "school-head",
                        version = 1,
                        title = new string('я', 301),
                    }
                )
                .ProblemCode(422)
        ).Should().Be("text-too-long");

    [Fact]
    public async Task A_blueprint_comes_as_JSON_or_as_YAML_and_the_same_one_makes_no_version()
    {
        var stored = await service.Admin.GetAsync("/api/v1/blueprints/school-head/1").Json();
        stored["maxPoints"]!
            .GetValue<decimal>()
            .Should()
            .Be(stored["blueprint"]!["slots"]!.AsArray().Sum(slot => slot!["points"]!.GetValue<decimal>()));
        var copy = stored["blueprint"]!.DeepClone();
        copy["code"] = "school-head-copy";

        (await service.Admin.PostAsync("/api/v1/blueprints", Json(copy.ToJsonString())).Json(201)).Number("version").Should().Be(1);
        (await service.Admin.PostAsync("/api/v1/blueprints", Json(copy.ToJsonString())).Json(201)).Number("version").Should().Be(1);
        copy["timeLimitMinutes"] = 45;
        (await service.Admin.PostAsync("/api/v1/blueprints", Json(copy.ToJsonString())).Json(201)).Number("version").Should().Be(2);
        const string yaml = """
            blueprint: small
            title: Малая
            framework: manager
            frameworkVersion: 1
            timeLimitMinutes: 20
            slots:
              - {number: 1, block: processes, element: processes.programme.standards, type: single_choice, difficulty: 1, points: 1}
            """;
        (await service.Admin.PostAsync("/api/v1/blueprints", BankScene.Yaml(yaml)).Json(201))["blueprint"]!
            .Text("title")
            .Should()
            .Be("Малая");
        (await service.Admin.GetAsync("/api/v1/blueprints").Json())["items"]!
            .AsArray()
            .Select(blueprint => blueprint!.Text("code"))
            .Should()
            .Contain(["small", "school-head-copy", "teacher-mathematics-5-9"]);
    }

    [Fact]
    public async Task A_blueprint_with_errors_is_refused_with_findings()
    {
        var problem = await service
            .Admin.PostAsync(
                "/api/v1/blueprints",
                BankScene.Yaml(
                    """
                    blueprint: wrong
                    title: Неверная
                    framework: manager
                    frameworkVersion: 7
                    timeLimitMinutes: 0
                    slots:
                      - {number: 2, block: processes, element: processes.programme.standards, type: essay, difficulty: 1, points: 1}
                    """
                )
            )
            .Json(422);

        problem.Text("code").Should().Be("blueprint-has-errors");
        problem["findings"]!
            .AsArray()
            .Select(finding => (finding!.Text("code"), finding.Number("line")))
            .Should()
            .BeEquivalentTo([("framework-unknown", 3), ("field-invalid", 5), ("field-invalid", 7), ("field-invalid", 7)]);
        (await service.Admin.PostAsync("/api/v1/blueprints", Json("""{"code": "x"}""")).ProblemCode(400)).Should().Be("malformed-json");
        (
            await service
                .Admin.PostAsync(
                    "/api/v1/blueprints",
                    Json("""{"code":"x","title":"t","framework":"manager","frameworkVersion":1,"timeLimitMinutes":5,"slots":[null]}""")
                )
                .ProblemCode(400)
        )
            .Should()
            .Be("malformed-json");
        (
            await service
                .Admin.PostAsync(
                    "/api/v1/blueprints",
                    Json("""{"code":"../x","title":"t\u0000","framework":"manager","frameworkVersion":1,"timeLimitMinutes":5,"slots":[]}""")
                )
                .ProblemCode(422)
        )
            .Should()
            .Be("blueprint-has-errors");
    }

    [Fact]
    public async Task Frameworks_are_there_as_trees()
    {
        (await service.Admin.GetAsync("/api/v1/frameworks").Json())["items"]!
            .AsArray()
            .Select(framework => (framework!.Text("code"), framework.Number("version")))
            .Should()
            .BeEquivalentTo([("manager", 1), ("teacher", 1)]);
        (await service.Admin.GetAsync("/api/v1/frameworks/teacher/1").Json())["blocks"]!
            .AsArray()
            .Select(block => block!.Text("code"))
            .Should()
            .Equal("subject", "methodical", "psychological", "communicative");
        (await service.Admin.GetAsync("/api/v1/frameworks/teacher/2").ProblemCode(404)).Should().Be("framework-not-found");
        (await service.Admin.GetAsync($"/api/v1/forms/{Guid.NewGuid()}").ProblemCode(404)).Should().Be("form-not-found");
    }

    private Task<HttpResponseMessage> Assemble(object body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/forms") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return service.Admin.SendAsync(request);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
