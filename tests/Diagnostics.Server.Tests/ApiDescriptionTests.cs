using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Diagnostics.Server.Api;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Description.Examples;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Http;
using Diagnostics.Server.Tests.Profiles;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Swashbuckle.AspNetCore.Swagger;

namespace Diagnostics.Server.Tests;

public sealed class ApiDescriptionTests(TestService service) : IClassFixture<TestService>
{
    private const string Address = "/openapi/v1.json";

    private static readonly string Committed = Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json");

    [Fact]
    public async Task The_committed_description_is_that_of_the_running_service()
    {
        using var folder = new TemporaryFolder();
        var described = folder.File("described.json");

        using var errors = new StringWriter();
        var code = await CommandLine.Parse(["openapi", described]).InvokeAsync(new() { Error = errors });

        (code, errors.ToString()).Should().Be((0, ""), "every schema, property and parameter has a Russian text, and no text is left over");

        (await File.ReadAllTextAsync(Committed))
            .Should()
            .Be(
                await File.ReadAllTextAsync(described),
                "openapi/diagnostics.v1.json follows the code; write it and commit it: dotnet run --project "
                    + "src/Diagnostics.Server -- openapi openapi/diagnostics.v1.json"
            );
    }

    [Fact]
    public async Task The_description_served_is_the_committed_file_byte_for_byte()
    {
        using var answer = await service.Anonymous().GetAsync(Address);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json; charset=utf-8");
        var (served, committed) = (await answer.Content.ReadAsByteArrayAsync(), await File.ReadAllBytesAsync(Committed));
        served.AsSpan().SequenceEqual(committed).Should().BeTrue("the service serves the file that it was built with; build it again");
    }

    [Fact]
    public async Task Whoever_has_the_description_is_told_so_and_is_not_sent_it_again()
    {
        using var first = await service.Anonymous().GetAsync(Address);
        var tag = first.Headers.ETag!;
        tag.IsWeak.Should().BeFalse("the same tag means the same bytes");
        first.Headers.CacheControl!.ToString().Should().Be("no-cache", "an update of the service changes it at the same address");

        using var known = await Ask(HttpMethod.Get, tag);
        known.StatusCode.Should().Be(HttpStatusCode.NotModified);
        known.Headers.ETag.Should().Be(tag);
        known.Headers.CacheControl!.ToString().Should().Be("no-cache");
        (await known.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        // A proxy that has compressed the answer weakens its entity tag, so a client may send back a weak tag.
        using var packed = await Ask(HttpMethod.Get, new EntityTagHeaderValue(tag.Tag, isWeak: true));
        packed.StatusCode.Should().Be(HttpStatusCode.NotModified);
        using var older = await Ask(HttpMethod.Get, new EntityTagHeaderValue("\"older\""));
        older.StatusCode.Should().Be(HttpStatusCode.OK);
        using var head = await Ask(HttpMethod.Head, null);
        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Headers.ETag.Should().Be(tag);
        head.Content.Headers.ContentLength.Should().Be(new FileInfo(Committed).Length);
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();

        async Task<HttpResponseMessage> Ask(HttpMethod method, EntityTagHeaderValue? has)
        {
            using var request = new HttpRequestMessage(method, Address);
            if (has is not null)
                request.Headers.IfNoneMatch.Add(has);
            return await service.Anonymous().SendAsync(request);
        }
    }

    [Fact]
    public void A_service_that_serves_carries_no_generator_of_descriptions()
    {
        service.Services.GetKeyedService<IOpenApiDocumentProvider>(ApiDescription.Document).Should().BeNull();
        service.Services.GetService<ISwaggerProvider>().Should().BeNull();
    }

    [Fact]
    public async Task Swagger_UI_shows_the_description()
    {
        (await service.Anonymous().GetStringAsync("/swagger/index.html")).Should().Contain("swagger-ui");
        (await service.Anonymous().GetStringAsync("/swagger/index.js")).Should().Contain(Address);
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_problem_answers()
    {
        var description = await Description();
        description["openapi"]!.GetValue<string>().Should().StartWith("3.1");
        foreach (var (place, operation) in Operations(description))
        {
            operation["operationId"].Should().NotBeNull(place);
            operation["summary"].Should().NotBeNull(place);
            operation["tags"].Should().NotBeNull(place);
            var answers = operation["responses"]!.AsObject().Select(answer => answer.Key).ToList();
            answers.Should().Contain(["400", "429", "500", "503"], place);
            answers.Should().Contain(status => status.StartsWith('2') || status.StartsWith('3'), place);
            if (operation["security"]!.AsArray().Count > 0)
                answers.Should().Contain(["401", "403"], place);
            if (operation["parameters"]?.AsArray().Any(parameter => parameter!["name"]?.GetValue<string>() == "If-Match") is true)
                answers.Should().Contain(["412", "428"], place);
        }
    }

    [Fact]
    public async Task Every_stage_says_what_it_is_for()
    {
        var description = await Description();
        var stages = description["tags"]!
            .AsArray()
            .ToDictionary(tag => tag!["name"]!.GetValue<string>(), tag => tag!["description"]?.GetValue<string>());

        stages.Values.Should().NotContainNulls();
        Operations(description)
            .SelectMany(operation => operation.Operation["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()))
            .Distinct()
            .Should()
            .BeEquivalentTo(stages.Keys);
    }

    [Fact]
    public async Task Every_JSON_request_body_has_an_example_that_the_service_itself_can_read()
    {
        var types = RequestTypes();
        var checkedBodies = 0;
        foreach (var (place, operation) in Operations(await Description()))
        {
            if (operation["requestBody"]?["content"]?["application/json"] is not { } media)
                continue;
            var examples = ExamplesOf(media);
            examples.Should().NotBeEmpty(place);
            foreach (var (name, example) in examples)
            {
                var reading = () => JsonSerializer.Deserialize(example, types[operation["operationId"]!.GetValue<string>()], Json.Options);
                reading.Should().NotThrow($"{place}, {name}").Which.Should().NotBeNull();
                checkedBodies++;
            }
        }
        checkedBodies.Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task A_body_without_a_required_member_may_be_left_out()
    {
        var description = await Description();
        foreach (var (place, operation) in Operations(description))
            if (
                operation["requestBody"] is { } body
                && body["content"]!["application/json"]?["schema"]?["$ref"]?.GetValue<string>() is { } reference
                && description["components"]!["schemas"]![reference.Split('/')[^1]] is JsonObject schema
                && schema.ContainsKey("properties")
                && schema["required"] is null
            )
                (body["required"]?.GetValue<bool>() ?? false).Should().BeFalse(place);
    }

    [Fact]
    public async Task Saving_a_response_shows_every_kind_of_response()
    {
        var description = await Description();
        var shown = ExamplesOf(
                description["paths"]!["/api/v1/sessions/{sessionId}/responses/{slot}"]!["put"]!["requestBody"]!["content"]![
                    "application/json"
                ]!
            )
            .Select(example => (string?)example.Example["response"]?["type"])
            .OfType<string>();

        var kinds = Json
            .Options.GetTypeInfo(typeof(Engine.ItemBank.Response))
            .PolymorphismOptions!.DerivedTypes.Select(kind => kind.TypeDiscriminator);
        shown.Should().BeEquivalentTo(kinds);
    }

    [Fact]
    public async Task Every_way_to_a_token_is_shown_and_its_form_fits()
    {
        var description = await Description();
        var form = description["paths"]!["/api/v1/auth/token"]!["post"]!["requestBody"]!["content"]!["application/x-www-form-urlencoded"]!;
        var fields = form["schema"]!["properties"]!.AsObject().Select(field => field.Key).ToList();

        var examples = ExamplesOf(form);
        examples
            .Select(example => (string?)example.Example["grant_type"])
            .Should()
            .BeEquivalentTo("password", "refresh_token", "client_credentials");
        examples.SelectMany(example => example.Example.AsObject().Select(field => field.Key)).Should().BeSubsetOf(fields);
    }

    [Fact]
    public async Task Every_problem_answer_has_an_example_of_its_own_status()
    {
        var description = await Description();
        foreach (var (place, operation) in Operations(description))
        foreach (var (status, answer) in operation["responses"]!.AsObject())
        {
            if (status[0] is not ('4' or '5'))
                continue;
            var examples = ExamplesOf(Resolve(description, answer!)["content"]!["application/problem+json"]!);
            examples.Should().NotBeEmpty($"{place} {status}");
            foreach (var (_, example) in examples)
            {
                example["status"]!.GetValue<int>().ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(status, place);
                example["type"]!.GetValue<string>().Should().Be("urn:diagnostics:problem:" + example["code"]!.GetValue<string>(), place);
                example["detail"]!.GetValue<string>().Should().MatchRegex("[А-Яа-я]", place);
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/auth/me", "401")]
    [InlineData("/api/v1/nothing-of-the-kind", "404")]
    public async Task A_problem_answer_is_the_one_described(string path, string status)
    {
        var answer = await service.Anonymous().GetAsync(path).Json(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));

        var components = (await Description())["components"]!;
        answer
            .AsObject()
            .Select(member => member.Key)
            .Should()
            .BeSubsetOf(components["schemas"]!["ProblemDetails"]!["properties"]!.AsObject().Select(member => member.Key));
        answer.AsObject().Remove("traceId");
        JsonNode
            .DeepEquals(answer, components["responses"]!["Problem" + status]!["content"]!["application/problem+json"]!["example"])
            .Should()
            .BeTrue(answer.ToJsonString());
    }

    [Fact]
    public void The_profile_shown_fits_its_published_schema() =>
        new SchemaCheck(JsonNode.Parse(ProfileSchema.Latest.Text)!.AsObject())
            .Faults(JsonSerializer.SerializeToNode(ProfilesExamples.Profile, Json.Options))
            .Should()
            .BeEmpty();

    [Fact]
    public async Task The_facet_shown_passes_the_check_of_the_bank()
    {
        var example = ExampleWriter.All.First(example => example is { Operation: "LintItems", Value: BankFilesRequest });
        using var content = new StringContent(example.Node.ToJsonString(), null, "application/json");

        var report = await service.Admin.PostAsync("/api/v1/items/lint", content).Json();
        ((int)report["errors"]!, (int)report["warnings"]!).Should().Be((0, 0), report.ToJsonString());
    }

    private Task<JsonNode> Description() => service.Anonymous().GetAsync(Address).Json();

    private static IEnumerable<(string Place, JsonNode Operation)> Operations(JsonNode description) =>
        from path in description["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value);

    private static List<(string Name, JsonNode Example)> ExamplesOf(JsonNode media) =>
        media["example"] is { } only ? [("example", only)]
        : media["examples"] is { } several ? several.AsObject().Select(example => (example.Key, example.Value!["value"]!)).ToList()
        : [];

    private static JsonNode Resolve(JsonNode description, JsonNode answer) =>
        answer["$ref"] is { } reference
            ? reference.GetValue<string>().Split('/').Skip(1).Aggregate(description, (node, name) => node[name]!)
            : answer;

    /// <summary>The type to which each endpoint binds its JSON body, as routing knows it.</summary>
    private Dictionary<string, Type> RequestTypes() =>
        (
            from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints
            let accepts = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()
            let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
            where accepts?.RequestType is not null && name is not null
            // The body is either a single file as text or several files in JSON.
            select (name, type: accepts.RequestType == typeof(string) ? typeof(BankFilesRequest) : accepts.RequestType)
        ).ToDictionary(pair => pair.name, pair => pair.type);
}
