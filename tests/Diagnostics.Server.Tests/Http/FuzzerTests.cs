using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.TestKit.Server.Fuzz;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Http;

/// <summary>
/// Tests the fuzzer itself: it finds every kind of fault in a faulty service, and reports nothing in a service without
/// faults.
/// </summary>
public sealed class FuzzerTests
{
    // Long enough that an answer on a busy machine does not count as slow.
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_planted_fault_of_each_kind_is_found()
    {
        var report = await Fuzz(faulty: true, megabytes: Grows());

        report.Findings.Select(finding => finding.Fault.Kind).Should().Contain(Enum.GetValues<FaultKind>());
        report.Findings.Should().OnlyContain(finding => finding.Fault.Text.Length > 0);
        report.Findings.Should().Contain(finding => finding.Fault.Text.StartsWith("garbled 200 is no JSON", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nothing_is_wrong_nothing_is_found()
    {
        var report = await Fuzz(faulty: false, megabytes: () => 100);

        report.Findings.Should().BeEmpty();
        report.Known.Unreached.Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_seed_asks_the_same()
    {
        var (once, again) = (await Fuzz(faulty: false, megabytes: null), await Fuzz(faulty: false, megabytes: null));

        Statuses(again).Should().Equal(Statuses(once));

        static IEnumerable<string> Statuses(FuzzReport report) =>
            report.Known.Seen.Select(operation => $"{operation.Key} {string.Join(",", operation.Value)}");
    }

    [Fact]
    public void A_body_with_half_a_surrogate_pair_is_changed_again()
    {
        var known = new Knowledge(Contract.Read(Description().ToJsonString()));
        var sent = new Sent("POST", "/api/v1/status", [], Encoding.UTF8.GetBytes("""{"name":"\ud800","count":1}"""));

        for (var seed = 0; seed < 2_000; seed++)
            new Mutator(new Random(seed), known).Change(sent).Should().NotBeNull();
    }

    private static async Task<FuzzReport> Fuzz(bool faulty, Func<double>? megabytes)
    {
        await using var app = Service(faulty);
        await app.StartAsync();
        var plan = new FuzzPlan(3_000, Seed: 7, AtMost);
        using var fuzzer = new Fuzzer(new Uri(app.Urls.Single()), Contract.Read(Description().ToJsonString()), plan, megabytes);
        return await fuzzer.Run(_ => Task.FromResult("token"), TextWriter.Null);
    }

    private static Func<double> Grows()
    {
        var measured = 0;
        return () => 100 + 500 * measured++;
    }

    /// <summary>
    /// A service with one fault at each address; most faults show only for requests that are odd in one particular way.
    /// </summary>
    private static WebApplication Service(bool faulty)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        app.UseRouting();
        var (made, slept) = (0, 0);
        Serve("status", http => http.Request.Headers.IfMatch.Count > 0 ? Task.FromResult(418) : Task.FromResult(200));
        Serve("error", http => Task.FromResult(http.Request.Query.ContainsKey("unknown") ? 500 : 200));
        Serve("content", http => Task.FromResult(http.Request.Query.ContainsKey("after") ? -1 : 200));
        Serve("schema", http => Task.FromResult(http.Request.Query["limit"] == "0" ? -2 : 200));
        Serve("garbled", http => Task.FromResult(http.Request.Query["limit"] == "abc" ? -4 : 200));
        Serve("repeated", _ => Task.FromResult(-3));
        Serve(
            "broken",
            http =>
            {
                if (http.Request.Query["limit"] == "-1")
                    http.Abort();
                return Task.FromResult(200);
            }
        );
        Serve(
            "slow",
            async _ =>
            {
                // Once is enough.
                if (slept++ == 0)
                    await Task.Delay(AtMost + TimeSpan.FromMilliseconds(200));
                return 200;
            }
        );
        return app;

        void Serve(string name, Func<HttpContext, Task<int>> fault) =>
            ((IEndpointRouteBuilder)app).MapPost(
                $"/api/v1/{name}",
                async http =>
                {
                    var what = faulty ? await fault(http) : 200;
                    http.Response.StatusCode = what > 0 ? what : 200;
                    http.Response.ContentType = what == -1 ? "text/html" : "application/json";
                    await http.Response.WriteAsync(
                        what switch
                        {
                            -2 => """{"count":"many"}""",
                            -4 => """{"count":""",
                            -3 => $$"""{"count":{{Interlocked.Increment(ref made)}}}""",
                            _ => """{"count":1}""",
                        }
                    );
                }
            );
    }

    private static JsonObject Description()
    {
        var paths = new JsonObject();
        foreach (var name in (string[])["status", "error", "content", "schema", "garbled", "repeated", "broken", "slow"])
            paths[$"/api/v1/{name}"] = JsonNode.Parse(
                $$"""
                {"post": {"operationId": "{{name}}",
                  "parameters": [{"in": "header", "name": "Idempotency-Key"}],
                  "requestBody": {"content": {"application/json": {"example": {"name": "x"} } } },
                  "responses": {"400": {}, "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Count"} } } } } } }
                """
            );
        return new()
        {
            ["paths"] = paths,
            ["components"] = JsonNode.Parse(
                """
                {"schemas": {"Count": {"type": "object", "required": ["count"], "additionalProperties": false, "properties": {"count": {"type": "integer"}}}}}
                """
            ),
        };
    }
}
