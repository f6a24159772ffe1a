using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Competencies;

public sealed class FrameworkApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Drafts = "/api/v1/frameworks/drafts";

    [Fact]
    public async Task A_region_drafts_publishes_and_compares_its_own_competencies()
    {
        var draft = await Regional("teacher-05");
        var added = await service.Admin.PostAsJsonAsync(Drafts, draft).Json(201);
        (added["nextVersion"]!.GetValue<int>(), added["revision"]!.GetValue<int>(), added["faults"]!.AsArray().Count)
            .Should()
            .Be((1, 1, 0));
        (await service.Admin.PostAsJsonAsync(Drafts, draft).ProblemCode(409)).Should().Be("framework-draft-exists");

        draft["title"] = "Педагог, Республика Дагестан";
        (await Send(HttpMethod.Put, $"{Drafts}/teacher-05", 7, draft).ProblemCode(412)).Should().Be("stale-revision");
        (await Send(HttpMethod.Put, $"{Drafts}/teacher-05", 1, draft).Json())["revision"]!.GetValue<int>().Should().Be(2);
        (await Send(HttpMethod.Post, $"{Drafts}/teacher-05/publication", 1).ProblemCode(412)).Should().Be("stale-revision");
        var published = await Send(HttpMethod.Post, $"{Drafts}/teacher-05/publication", 2).Json(201);

        published["version"]!.GetValue<int>().Should().Be(1);
        JsonNode.DeepEquals(await service.Admin.GetAsync("/api/v1/frameworks/teacher-05/1").Json(), published).Should().BeTrue();
        (await service.Admin.GetAsync($"{Drafts}/teacher-05").ProblemCode(404)).Should().Be("framework-draft-not-found");
        var changes = await service.Admin.GetAsync("/api/v1/frameworks/teacher-05/1/changes?since=1&sinceCode=teacher").Json();
        changes["added"]!
            .AsArray()
            .Select(unit => unit!["code"]!.GetValue<string>())
            .Should()
            .Equal("regional", "regional.ict", "regional.ict.tasks");
        (changes["removed"]!.AsArray().Count, changes["reworded"]!.AsArray().Count).Should().Be((0, 0));
        (
            await service
                .Services.GetRequiredService<Database>()
                .Read(db => AuditStore.List(db, null, "framework.published", "framework:teacher-05/1", 0, 10))
        )
            .Should()
            .ContainSingle();

        // The next version continues the numbering of revisions, so that an edit meant for the first draft cannot match
        // it.
        (await service.Admin.PostAsJsonAsync(Drafts, draft).Json(201))["revision"]!
            .GetValue<int>()
            .Should()
            .Be(4);
        (await Send(HttpMethod.Post, $"{Drafts}/teacher-05/publication", 4).ProblemCode(409))
            .Should()
            .Be("framework-not-ready", "it differs in nothing");
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("competencies")]
    [InlineData("elements")]
    public async Task A_null_in_a_list_is_refused_with_its_place(string list)
    {
        var draft = await Regional($"teacher-null-{list}");
        JsonNode holder = draft;
        for (var deeper = 0; deeper < Array.IndexOf(["blocks", "competencies", "elements"], list); deeper++)
            holder = holder[deeper == 0 ? "blocks" : "competencies"]![0]!;
        holder[list]!.AsArray().Add(null);

        var problem = await service.Admin.PostAsJsonAsync(Drafts, draft).Json(400);

        (problem["code"]!.GetValue<string>(), problem["path"]!.GetValue<string>()).Should().Be(("malformed-json", $"$..{list}"));
    }

    [Fact]
    public async Task A_draft_with_faults_is_kept_and_not_published()
    {
        var draft = await Regional("teacher-06");
        draft["blocks"]![0]!["title"] = "По-своему";
        draft["blocks"]!.AsArray().Last()!["competencies"]![0]!["code"] = "elsewhere.ict";

        var added = await service.Admin.PostAsJsonAsync(Drafts, draft).Json(201);
        var refused = await Send(HttpMethod.Post, $"{Drafts}/teacher-06/publication", 1).Json(409);

        added["faults"]!.AsArray().Should().NotBeEmpty();
        refused["faults"]!.AsArray().Select(fault => fault!.GetValue<string>()).Should().ContainMatch("*elsewhere.ict*");
        (await service.Admin.GetAsync("/api/v1/frameworks/teacher-06/1").ProblemCode(404)).Should().NotBeEmpty();
        draft["extends"]!["version"] = 9;
        (await Send(HttpMethod.Put, $"{Drafts}/teacher-06", 1, draft).Json())["faults"]![0]!
            .GetValue<string>()
            .Should()
            .Contain("версии 9");
        (await Send(HttpMethod.Put, $"{Drafts}/teacher-07", 1, draft).ProblemCode(422)).Should().Be("framework-code-differs");
    }

    [Fact]
    public async Task Frameworks_are_written_by_an_operator_of_everything()
    {
        var scene = await Scene.Make(service);
        using var own = await scene.Staff(Role.Operator);
        using var expert = await scene.Staff(Role.Expert);

        (await own.PostAsJsonAsync(Drafts, await Regional("teacher-08")).ProblemCode(403)).Should().Be("not-everywhere");
        (await expert.PostAsJsonAsync(Drafts, await Regional("teacher-08")).ProblemCode(403)).Should().Be("not-allowed");
    }

    private async Task<JsonObject> Regional(string code)
    {
        var teacher = await service.Admin.GetAsync("/api/v1/frameworks/teacher/1").Json();
        var blocks = teacher["blocks"]!.DeepClone().AsArray();
        blocks.Add(
            JsonNode.Parse(
                """
                {"code": "regional", "title": "Дополнительные компетенции", "adjective": "дополнительные", "competencies": [
                  {"code": "regional.ict", "title": "ИКТ-компетентность", "function": "Решение задач средствами ИКТ",
                   "elements": [{"code": "regional.ict.tasks", "title": "Решение задач средствами ИКТ"}]}]}
                """
            )
        );
        return new()
        {
            ["code"] = code,
            ["title"] = "Педагог, Дагестан",
            ["source"] = "Положение о диагностике",
            ["blocks"] = blocks,
            ["extends"] = new JsonObject { ["code"] = "teacher", ["version"] = 1 },
        };
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string address, int revision, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{revision}\""));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await service.Admin.SendAsync(request);
    }
}
