using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server.Fuzz;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Diagnostics.Server.Tests.Http;

/// <summary>
/// Tests the crawler itself: it finds every hole that is planted in a small service, and nothing where there is none.
/// </summary>
public sealed class CrawlerTests
{
    private const string Person = "01a032c8-9000-77aa-967e-bfe6f9d689f7";

    private const string Solution = "Углы при основании равны, поэтому треугольник равнобедренный";

    private const string Story = """
        ### A person is enrolled
        # => 201
        POST {{host}}/api/v1/people
        Authorization: Bearer admin
        Content-Type: application/json

        {"surname": "Быстрова"}

        ### A stranger signs in
        # => 200
        GET {{host}}/api/v1/campaigns
        Authorization: Bearer stranger

        ### The person signs in
        # => 200
        GET {{host}}/api/v1/campaigns
        Authorization: Bearer person

        ### The session ends
        # => 200
        POST {{host}}/api/v1/finish
        Authorization: Bearer person
        """;

    public static TheoryData<string> Holes() => ["body", "header", "tag", "problem", "page", "member", "key", "solution", "archive"];

    [Theory]
    [MemberData(nameof(Holes))]
    public async Task A_planted_hole_is_found(string hole)
    {
        var crawler = await Crawl(hole);

        crawler.Leaks.Should().NotBeEmpty();
        crawler.Leaks.Should().OnlyContain(leak => leak.Viewer == "stranger" || leak.Viewer == "nobody" || leak.Viewer == "person");
    }

    [Fact]
    public async Task Where_there_is_no_hole_nothing_is_found()
    {
        var crawler = await Crawl("none");

        string.Join('\n', crawler.Leaks).Should().BeEmpty();
        crawler.Planted.Of(Secret.Person).Should().Be(1);
        crawler.Planted.Of(Secret.Item).Should().Be(1);
    }

    [Fact]
    public async Task A_canary_in_the_log_is_found()
    {
        var crawler = await Crawl("none");

        crawler.Search("the log", $"Scored: {Solution}.");

        crawler.Leaks.Should().ContainSingle().Which.Canary.Secret.Should().Be(Secret.Item);
    }

    private static async Task<Crawler> Crawl(string hole)
    {
        await using var app = Serve(hole);
        await app.StartAsync();
        var crawler = new Crawler(new Uri(app.Urls.Single()), Contract.Read(Description().ToJsonString()), new(1, 100, 200));
        await HttpFile
            .Parse(Story)
            .Run(new Dictionary<string, string> { ["host"] = app.Urls.Single() }, SystemClock.Instance, through: crawler);
        await crawler.End();
        return crawler;
    }

    /// <summary>The administrator may see people and items; the person the own name; everybody else neither.</summary>
    private static WebApplication Serve(string hole)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var name = "";
        app.MapGet(
            "/api/v1/auth/me",
            (HttpContext http) =>
                Who(http) switch
                {
                    "admin" => Results.Content(
                        """
                        {"userName":"admin","grants":[{"role":"operator","scope":"all"},{"role":"author","scope":"all"}]}
                        """,
                        "application/json"
                    ),
                    "person" => Results.Content($$"""{"userName":"person","participantId":"{{Person}}","grants":[]}""", "application/json"),
                    _ => Results.Content("""{"userName":"stranger","grants":[]}""", "application/json"),
                }
        );
        app.MapPost(
            "/api/v1/people",
            async (HttpContext http) =>
            {
                name = (await JsonNode.ParseAsync(http.Request.Body))!["surname"]!.GetValue<string>();
                return Results.Content($$"""{"participantId":"{{Person}}"}""", "application/json", Encoding.UTF8, 201);
            }
        );
        app.MapPost("/api/v1/finish", () => Results.Content("{}", "application/json"));
        app.MapGet("/api/v1/items", () => Results.Content("""{"items":[{"code":"angles"}]}""", "application/json"));
        app.MapGet(
            "/api/v1/items/angles",
            (HttpContext http) =>
                Who(http) == "admin"
                    ? Results.Content($$"""{"items":[{"stem":"Докажите.","solution":"{{Solution}}"}]}""", "application/json")
                    : Results.StatusCode(403)
        );
        app.MapGet(
            "/api/v1/people",
            (HttpContext http) =>
                Who(http) is "admin" or "person"
                    ? Results.Content($$"""{"surname":"{{name}}"}""", "application/json")
                    : Results.Content(
                        $$"""{"detail":"Нет права{{(hole == "problem" ? $" на {name}" : "")}}"}""",
                        "application/problem+json",
                        Encoding.UTF8,
                        403
                    )
        );
        app.MapGet(
            "/api/v1/campaigns",
            (HttpContext http) =>
            {
                if (hole is "header" or "tag")
                    http.Response.Headers[hole == "tag" ? "ETag" : "X-Person"] = $"\"{Uri.EscapeDataString(name)}\"";
                if (hole == "archive")
                    return Results.Bytes(Archive(name), "application/zip");
                return Results.Content(
                    hole switch
                    {
                        "body" => $$"""{"title":"{{name}}"}""",
                        "solution" => $$"""{"title":"{{Solution}}"}""",
                        "key" => """{"items":[{"key":["b"]}]}""",
                        "member" => """{"items":[{"difficulty":3}]}""",
                        _ => """{"title":"Входная диагностика"}""",
                    },
                    "application/json"
                );
            }
        );
        app.MapGet("/", () => Results.Content("<a href=\"/deep\">Дальше</a>", "text/html"));
        app.MapGet("/deep", () => Results.Content(hole == "page" ? $"<p>{name.Replace("к", "&#1082;")}</p>" : "<p>Пусто</p>", "text/html"));
        return app;
    }

    private static byte[] Archive(string text)
    {
        using var memory = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(memory, System.IO.Compression.ZipArchiveMode.Create))
        using (var writer = new StreamWriter(archive.CreateEntry("sheet.xml").Open()))
            writer.Write(text);
        return memory.ToArray();
    }

    private static string Who(HttpContext http) => http.Request.Headers.Authorization.ToString().Replace("Bearer ", "");

    private static JsonObject Description()
    {
        var paths = new JsonObject();
        Add("/api/v1/people", "post", "EnrolPerson");
        Add("/api/v1/people", "get", "GetPerson");
        Add("/api/v1/campaigns", "get", "ListCampaigns");
        Add("/api/v1/finish", "post", "FinishSession");
        return new() { ["paths"] = paths };

        void Add(string path, string method, string name)
        {
            if (!paths.ContainsKey(path))
                paths[path] = new JsonObject();
            paths[path]![method] = JsonNode.Parse($$"""{"operationId":"{{name}}","responses":{"200":{} } }""");
        }
    }
}
