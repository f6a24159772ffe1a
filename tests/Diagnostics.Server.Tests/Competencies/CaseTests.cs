using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Server.Tests.Competencies;

/// <summary>
/// Reads frameworks over the REST binding of CASE 1.1 and checks them against a schema that was written from the
/// published lists of fields.
/// </summary>
public sealed class CaseTests(TestService service) : IClassFixture<TestService>
{
    private const string Root = "/ims/case/v1p1";

    private static readonly JsonObject Schema = JsonNode
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "portals", "case.schema.json")))!
        .AsObject();

    /// <summary>A program that takes any kind of answer names HTML among them; these addresses have no pages.</summary>
    [Fact]
    public async Task A_program_that_would_also_take_a_page_is_answered_as_a_program()
    {
        using var nobody = service.Anonymous();
        nobody.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var admin = service.Anonymous();
        admin.DefaultRequestHeaders.Authorization = service.Admin.DefaultRequestHeaders.Authorization;
        admin.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        (await nobody.GetAsync("/ims/case/v1p1/CFDocuments").ProblemCode(401)).Should().Be("not-signed-in");
        using var nowhere = await admin.GetAsync("/ims/case/none");
        ((int)nowhere.StatusCode).Should().Be(404);
        using var page = await admin.GetAsync("/no-such-page");
        ((int)page.StatusCode).Should().Be(404, "a page for somebody with a token has forms, too");
        page.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
    }

    [Fact]
    public async Task Everything_fits_the_published_field_lists_and_every_link_leads_there()
    {
        var documents = await Get("/CFDocuments", "CFDocumentSet");
        var teacher = Teacher(documents);
        Text(teacher["caseVersion"]).Should().Be("1.1");
        var package = await Get(PathOf(teacher["CFPackageURI"]), "CFPackage");
        var items = package["CFItems"]!.AsArray();
        items.Select(item => Text(item!["CFItemType"])).Distinct().Should().Equal("Блок компетенций", "Компетенция", "Элемент компетенции");

        await Get(PathOf(teacher), "CFDocument");
        foreach (var item in items.Take(5))
        {
            var alone = await Get(PathOf(item), "CFItem");
            PathOf(alone["CFDocumentURI"]).Should().Be(PathOf(teacher));
            await Get($"{Root}/CFItemAssociations/{Text(item!["identifier"])}", "CFAssociationSet");
        }
        foreach (var association in package["CFAssociations"]!.AsArray().Take(5))
        {
            await Get(PathOf(association), "CFAssociation");
            await Get(PathOf(association!["originNodeURI"]), "CFItem");
        }
    }

    [Fact]
    public async Task The_schema_refuses_what_the_field_lists_do_not_have()
    {
        var item = (await Package())["CFItems"]![0]!.AsObject();
        var check = new SchemaCheck(Schema);
        var schema = new JsonObject { ["$ref"] = "#/$defs/CFPckgItem" };
        check.Faults(item, schema).Should().BeEmpty();

        Action<JsonObject>[] planted =
        [
            faulty => faulty.Remove("fullStatement"),
            faulty => faulty["identifier"] = $"{Guid.CreateVersion7()}",
            faulty => faulty["humanCodingScheme"] = null,
            faulty => faulty["adjective"] = "предметные",
            faulty => faulty["uri"] = "/ims/case/v1p1/CFItems/1",
            faulty => faulty["lastChangeDateTime"] = "вчера",
        ];
        foreach (var plant in planted)
        {
            var faulty = item.DeepClone().AsObject();
            plant(faulty);
            check.Faults(faulty, schema).Should().NotBeEmpty(faulty.ToJsonString());
        }
    }

    [Fact]
    public async Task A_package_is_a_tree_with_one_place_for_every_item()
    {
        var package = await Package();

        var (items, ties) = (package["CFItems"]!.AsArray(), package["CFAssociations"]!.AsArray());
        ties.Should().OnlyContain(tie => Text(tie!["associationType"]) == "isChildOf");
        ties.Select(tie => Text(tie!["originNodeURI"]!["identifier"]))
            .Should()
            .BeEquivalentTo(items.Select(item => Text(item!["identifier"])));
        var blocks = ties.Where(tie => Text(tie!["destinationNodeURI"]!["identifier"]) == Text(package["CFDocument"]!["identifier"]))
            .ToList();
        blocks.Select(tie => tie!["sequenceNumber"]!.GetValue<int>()).Should().Equal(1, 2, 3, 4);
        var subject = items.Single(item => Text(item!["humanCodingScheme"]) == "subject")!;
        (Text(subject["fullStatement"]), Text(subject["extensions"]!["adjective"])).Should().Be(("Предметные компетенции", "предметные"));
    }

    [Fact]
    public async Task Identifiers_follow_from_the_content()
    {
        var (first, again) = (await Package(), await Package());

        JsonNode.DeepEquals(first, again).Should().BeTrue();
        first["CFItems"]!.AsArray().Select(item => Guid.Parse(Text(item!["identifier"])!).Version).Distinct().Should().Equal(5);
        first["CFItems"]!.AsArray().Select(item => Text(item!["identifier"])).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Documents_are_counted_and_come_in_pages()
    {
        using var all = await service.Admin.GetAsync($"{Root}/CFDocuments");
        using var second = await service.Admin.GetAsync($"{Root}/CFDocuments?limit=1&offset=1");

        var documents = (await Task.FromResult(all).Json())["CFDocuments"]!.AsArray();
        documents.Count.Should().BeGreaterThanOrEqualTo(2);
        all.Headers.GetValues("X-Total-Count").Should().Equal($"{documents.Count}");
        second.Headers.GetValues("X-Total-Count").Should().Equal($"{documents.Count}");
        var page = (await Task.FromResult(second).Json())["CFDocuments"]!.AsArray();
        page.Should().ContainSingle();
        JsonNode.DeepEquals(page[0], documents[1]).Should().BeTrue();
    }

    [Fact]
    public async Task What_was_exported_comes_back_as_the_same_framework()
    {
        var package = await Package();

        var added = await service.Admin.PostAsJsonAsync("/api/v1/frameworks/drafts/teacher-case/case", package).Json(201);

        added["faults"]!.AsArray().Should().BeEmpty();
        var teacher = await service.Admin.GetAsync("/api/v1/frameworks/teacher/1").Json();
        JsonNode.DeepEquals(added["draft"]!["blocks"], teacher["blocks"]).Should().BeTrue();
        (Text(added["draft"]!["title"]), Text(added["draft"]!["source"])).Should().Be((Text(teacher["title"]), Text(teacher["source"])));
        (await service.Admin.PostAsJsonAsync("/api/v1/frameworks/drafts/teacher-case/case", package).ProblemCode(409))
            .Should()
            .Be("framework-draft-exists");
    }

    [Fact]
    public async Task A_package_of_another_system_with_fields_that_are_not_ours_becomes_a_draft()
    {
        var package = await Package();
        package["CFDocument"]!["licenseURI"] = new JsonObject
        {
            ["title"] = "CC",
            ["identifier"] = Guid.NewGuid(),
            ["uri"] = "https://license.example",
        };
        package["CFDocument"]!.AsObject().Remove("extensions");
        package["CFRubrics"] = new JsonArray();
        foreach (var item in package["CFItems"]!.AsArray())
        {
            item!.AsObject().Remove("extensions");
            item["educationLevel"] = new JsonArray("05");
        }

        var added = await service.Admin.PostAsJsonAsync("/api/v1/frameworks/drafts/teacher-foreign/case", package).Json(201);

        added["faults"]!.AsArray().Select(Text).Should().Contain("«subject»: adjective пусто.");
        added["draft"]!["blocks"]!.AsArray().Should().HaveCount(4);
    }

    [Fact]
    public async Task A_package_that_is_no_tree_of_three_levels_is_refused()
    {
        var package = await Package();
        package["CFAssociations"]!.AsArray().RemoveAt(0);

        (await service.Admin.PostAsJsonAsync("/api/v1/frameworks/drafts/broken/case", package).ProblemCode(422))
            .Should()
            .Be("case-no-tree");
    }

    [Fact]
    public async Task Who_may_not_read_frameworks_may_not_read_them_so()
    {
        var scene = await Scene.Make(service);
        using var invigilator = await scene.Staff(Role.Invigilator);

        (await invigilator.GetAsync($"{Root}/CFDocuments").ProblemCode(403)).Should().Be("not-allowed");
        (await service.Anonymous().GetAsync($"{Root}/CFDocuments").ProblemCode(401)).Should().Be("not-signed-in");
        (await service.Admin.GetAsync($"{Root}/CFItems/{Guid.NewGuid()}").ProblemCode(404)).Should().Be("case-object-not-found");
        (await service.Admin.GetAsync($"{Root}/CFItems/no-uuid").ProblemCode(404)).Should().Be("not-found");
    }

    private async Task<JsonNode> Package() =>
        await Get(PathOf(Teacher(await Get("/CFDocuments", "CFDocumentSet"))["CFPackageURI"]), "CFPackage");

    private static JsonNode Teacher(JsonNode documents) =>
        documents["CFDocuments"]!
            .AsArray()
            .Single(document => Text(document!["extensions"]!["code"]) == "teacher" && Text(document["version"]) == "1")!;

    private async Task<JsonNode> Get(string path, string definition)
    {
        var answer = await service.Admin.GetAsync(path.StartsWith(Root, StringComparison.Ordinal) ? path : Root + path).Json();
        var schema = Schema.DeepClone().AsObject();
        schema["$ref"] = $"#/$defs/{definition}";
        new SchemaCheck(schema).Faults(answer).Should().BeEmpty();
        return answer;
    }

    private string PathOf(JsonNode? link)
    {
        var uri = Text(link!["uri"])!;
        uri.Should().StartWith($"{service.Url}{Root}/");
        return uri[service.Url.Length..];
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
