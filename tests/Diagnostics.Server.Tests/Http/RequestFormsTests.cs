using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.UseCases.Calibration;

namespace Diagnostics.Server.Tests.Http;

/// <summary>
/// Requests that HTTP and JSON allow are accepted; all other requests are refused with an explanation.
/// </summary>
public sealed class RequestFormsTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=utf8")]
    public async Task A_body_in_UTF8_is_taken_however_that_is_written(string contentType)
    {
        var scene = await SessionScene.At(service, 1);

        (await Put(scene, contentType, """{"baseRevision":0,"response":{"type":"short_answer","text":"ответ"}}""").Json())["revision"]!
            .GetValue<int>()
            .Should()
            .Be(1);
    }

    [Theory]
    [InlineData("application/json; charset=koi8-r", "unsupported-charset")]
    [InlineData("application/json; charset=\"windows-1251\"", "unsupported-charset")]
    [InlineData("application/json; charset=nonsense", "unsupported-charset")]
    [InlineData("application/xml", "unsupported-media-type")]
    public async Task A_body_in_another_character_set_or_of_another_type_is_415(string contentType, string code)
    {
        var scene = await SessionScene.At(service, 1);

        (await Put(scene, contentType, """{"baseRevision":0,"response":null}""").ProblemCode(415)).Should().Be(code);
    }

    [Theory]
    [InlineData("""{"baseRevision":0,"response":{"type":"matching","pairs":{"1":"1","1":"2"}}}""")]
    [InlineData("""{"baseRevision":0,"baseRevision":1,"response":null}""")]
    [InlineData("""{"baseRevision":0,"response":{"type":"short_answer","text":"а","text":"б"}}""")]
    public async Task A_member_that_stands_twice_is_refused(string body)
    {
        var scene = await SessionScene.At(service, 1);

        (await Put(scene, "application/json", body).ProblemCode(400)).Should().Be("malformed-json");
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", W/{0}")]
    [InlineData("*")]
    public async Task Whoever_has_the_items_is_not_sent_them_again_also_behind_a_proxy_that_compresses(string condition)
    {
        var scene = await SessionScene.At(service, 1);
        using var first = await scene.Taker().GetAsync(scene.Path("/items"));
        using var request = new HttpRequestMessage(HttpMethod.Get, scene.Path("/items"));
        request.Headers.TryAddWithoutValidation(
            "If-None-Match",
            condition.Replace("{0}", first.Headers.ETag!.Tag, StringComparison.Ordinal)
        );

        (await scene.Taker().SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_description_known_under_a_weak_tag_is_not_sent_again()
    {
        using var first = await service.Admin.GetAsync("/openapi/v1.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag, isWeak: true));

        (await service.Admin.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/auth/me")]
    [InlineData("/api/v1/people")]
    public async Task HEAD_answers_as_GET_does_without_the_body(string path)
    {
        using var get = await service.Admin.GetAsync(path);
        using var head = await service.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Content.Headers.ContentType.Should().Be(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task HEAD_where_nothing_can_be_read_stays_405() =>
        (await service.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/v1/auth/password")))
            .StatusCode.Should()
            .Be(HttpStatusCode.MethodNotAllowed);

    [Fact]
    public async Task A_parameter_that_is_not_there_is_refused_with_those_that_are()
    {
        var problem = await service.Admin.GetAsync("/api/v1/people?surname=x").Json(400);

        problem["code"]!.GetValue<string>().Should().Be("unknown-parameter");
        problem["unknown"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("surname");
        problem["allowed"]!
            .AsArray()
            .Select(name => name!.GetValue<string>())
            .Should()
            .Equal("territory", "organisation", "externalId", "after", "limit");
    }

    [Theory]
    [InlineData("/api/v1/people?limit=5&territory=makhachkala")]
    [InlineData("/api/v1/clients?after=0&limit=5")]
    [InlineData("/api/v1/campaigns?status=draft")]
    [InlineData("/health/live?probe=1")]
    public async Task The_parameters_that_are_there_are_taken(string path) =>
        (await service.Admin.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);

    [Fact]
    public async Task Whoever_may_not_ask_is_not_told_what_could_be_asked() =>
        (await service.Anonymous().GetAsync("/api/v1/people?surname=x")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("2026-12-05T24:00:00Z")]
    [InlineData("2026-12-05T24:00:00+03:00")]
    public async Task An_hour_that_RFC_3339_does_not_know_is_refused(string time)
    {
        var body = JsonContent.Create(
            new
            {
                title = "М",
                audience = "А",
                formId = Guid.Empty,
                stage = "entry",
                siteIds = Array.Empty<Guid>(),
                windows = new { applicationsFrom = time },
            }
        );

        (await service.Admin.PostAsync("/api/v1/campaigns", body).ProblemCode(400)).Should().Be("malformed-json");
    }

    [Theory]
    [InlineData("г. Махачкала, Советский район", "\"г. Махачкала, Советский район\"")]
    [InlineData("МБОУ «СОШ»", "МБОУ «СОШ»")]
    [InlineData("школа \"Ум\"", "\"школа \"\"Ум\"\"\"")]
    [InlineData("две\nстроки", "\"две\nстроки\"")]
    public void A_field_of_CSV_is_quoted_where_RFC_4180_asks_for_it(string text, string cell) => ScoreFiles.Cell(text).Should().Be(cell);

    private static Task<HttpResponseMessage> Put(SessionScene scene, string contentType, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return scene.Taker().PutAsync(scene.Path($"/responses/{SessionScene.Text}"), content);
    }
}
