using System.Text;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>Whatever is sent, the answer is a problem with an explanation, never a 500.</summary>
public sealed class BadInputTests(TestService service) : IClassFixture<TestService>
{
    private const string Unknown = "00000000-0000-7000-8000-000000000000";
    private const string Site = """ "name":"Школа","address":"Адрес","territory":"82" """;
    private const string Campaign =
        """ "title":"Т","audience":"А","stage":"entry","siteIds":[],"windows":{"applicationsFrom":"2026-09-01T00:00:00Z","applicationsTo":"2026-09-20T00:00:00Z","sittingFrom":"2026-09-14T06:00:00Z","sittingTo":"2026-09-30T00:00:00Z","markingTo":"2026-10-10T00:00:00Z"} """;
    private const string Person = """ "givenName":"Анна","organisation":"Школа","territory":"82" """;

    public static TheoryData<string, string, string?, int, string> Requests =>
        new()
        {
            { "POST", "sites", "{", 400, "malformed-json" },
            { "POST", "sites", "[]", 400, "malformed-json" },
            { "POST", "sites", "null", 400, "malformed-request" },
            { "POST", "sites", $$"""{"code":"a",{{Site}},"timeZone":"Europe/Moscow","seats":10,"extra":1}""", 400, "malformed-json" },
            { "POST", "sites", $$"""{"code":"a",{{Site}},"timeZone":"Europe/Moscow","seats":"10"}""", 400, "malformed-json" },
            { "POST", "sites", $$"""{"code":"a",{{Site}},"timeZone":"Europe/Moscow","seats":99999999999}""", 400, "malformed-json" },
            { "POST", "sites", $$"""{"code":"a",{{Site}},"timeZone":"Europe/Moscow","seats":0}""", 422, "seats-invalid" },
            { "POST", "sites", $$"""{"code":"a",{{Site}},"timeZone":"Мордор","seats":10}""", 422, "time-zone-unknown" },
            { "POST", "sites", $$"""{"code":"a\u0000",{{Site}},"timeZone":"Europe/Moscow","seats":10}""", 422, "forbidden-character" },
            {
                "POST",
                "sites",
                $$"""{"code":"{{new string('x', 51)}}",{{Site}},"timeZone":"Europe/Moscow","seats":10}""",
                422,
                "text-too-long"
            },
            { "POST", "sites", $$"""{"code":null,{{Site}},"timeZone":"Europe/Moscow","seats":10}""", 400, "malformed-json" },
            { "GET", $"sites/{Unknown}", null, 404, "site-not-found" },
            { "GET", "sites/not-an-id", null, 404, "not-found" },
            { "GET", "sites?after=xyz", null, 400, "malformed-request" },
            { "DELETE", $"sites/{Unknown}", null, 404, "site-not-found" },
            { "POST", "campaigns", $$"""{"formId":"{{Unknown}}",{{Campaign}}}""", 422, "form-not-found" },
            { "POST", "campaigns", $$"""{"formId":"x",{{Campaign}}}""", 400, "malformed-json" },
            { "POST", "campaigns", $$"""{{{Campaign}}}""", 400, "malformed-json" },
            {
                "POST",
                "campaigns",
                $$"""{"formId":"{{Unknown}}",{{Campaign.Replace("2026-09-20T00:00:00Z", "2026-08-20T00:00:00Z", StringComparison.Ordinal)}}}""",
                422,
                "windows-invalid"
            },
            {
                "POST",
                "campaigns",
                $$"""{"formId":"{{Unknown}}",{{Campaign.Replace("2026-09-20T00:00:00Z", "9999-12-31T23:59:59-14:00", StringComparison.Ordinal)}}}""",
                400,
                "malformed-json"
            },
            { "POST", "campaigns", $$"""{"formId":"{{Unknown}}",{{Campaign}},"timeLimitMinutes":0}""", 422, "time-limit-invalid" },
            {
                "POST",
                "campaigns",
                $$"""{"formId":"{{Unknown}}",{{Campaign.Replace("entry", "exit", StringComparison.Ordinal)}}}""",
                400,
                "malformed-json"
            },
            { "GET", "campaigns?status=lost", null, 422, "unknown-status" },
            { "GET", $"campaigns/{Unknown}", null, 404, "campaign-not-found" },
            { "POST", $"campaigns/{Unknown}/publication", "{}", 404, "campaign-not-found" },
            {
                "POST",
                $"campaigns/{Unknown}/applications",
                $$$"""{"siteId":"{{{Unknown}}}","consent":{"code":"participation","version":2,"accepted":true}}""",
                404,
                "campaign-not-found"
            },
            {
                "POST",
                $"campaigns/{Unknown}/applications/approvals",
                $$"""{"applicationIds":["{{Unknown}}"]}""",
                404,
                "campaign-not-found"
            },
            { "GET", $"campaigns/{Unknown}/applications", null, 404, "campaign-not-found" },
            { "POST", $"applications/{Unknown}/approval", "{}", 404, "application-not-found" },
            { "POST", $"applications/{Unknown}/rejection", """{"reason":"\u0000"}""", 422, "forbidden-character" },
            { "POST", $"applications/{Unknown}/rejection", $$"""{"reason":"{{new string('я', 2001)}}"}""", 422, "text-too-long" },
            { "POST", $"applications/{Unknown}/withdrawal", "{}", 404, "application-not-found" },
            { "GET", "policies/nothing/default/1", null, 404, "policy-not-found" },
            { "GET", "policies/session/default/99", null, 404, "policy-not-found" },
            { "GET", "policies?kind=nothing", null, 422, "policy-kind-unknown" },
            { "POST", "policies", """{"kind":"session","code":"Большой","content":{"graceSeconds":1}}""", 422, "policy-code-invalid" },
            { "POST", "policies", """{"kind":"session","code":"default","content":{"graceSeconds":30}}""", 409, "policy-unchanged" },
            { "POST", "policies", """{"kind":"session","code":"default","content":{"graceSeconds":-1}}""", 422, "policy-invalid" },
            { "POST", "policies", """{"kind":"session","code":"default","content":{"graceSecond":1}}""", 422, "policy-invalid" },
            { "POST", "policies", """{"kind":"session","code":"default","content":null}""", 422, "policy-invalid" },
            { "POST", "policies", """{"kind":"session","code":"default","content":[null]}""", 422, "policy-invalid" },
            {
                "POST",
                "policies",
                """{"kind":"level_scale","code":"default","content":{"levels":[null],"gaps":[],"blocks":{},"evidence":{"minItems":1,"minPoints":1},"notice":"н"}}""",
                422,
                "policy-invalid"
            },
            {
                "POST",
                "policies",
                """{"kind":"level_scale","code":"default","content":{"levels":[],"gaps":[],"blocks":{"subject":[]},"evidence":{"minItems":1,"minPoints":1},"notice":"н"}}""",
                422,
                "policy-invalid"
            },
            { "POST", "people", $$"""{{{Person}}}""", 400, "malformed-json" },
            { "POST", "people", $$"""{"surname":"",{{Person}}}""", 422, "text-missing" },
            { "POST", "people", $$"""{"surname":"Петрова","email":"кто-то",{{Person}}}""", 422, "email-invalid" },
            { "POST", "people/bulk", """{"people":[]}""", 422, "people-count-invalid" },
            { "POST", "people/bulk", """{"people":[null]}""", 422, "people-rows-invalid" },
            { "GET", $"people/{Unknown}", null, 404, "person-not-found" },
            { "DELETE", $"people/{Unknown}", null, 404, "person-not-found" },
            { "POST", $"people/{Unknown}/account", "{}", 404, "person-not-found" },
            { "GET", $"people/{Unknown}/consents", null, 404, "person-not-found" },
            { "POST", "accounts", """{"userName":"x","grants":[{"role":"king","scope":"all"}]}""", 400, "malformed-json" },
            { "POST", "accounts", """{"userName":"x","grants":[null]}""", 422, "grant-missing" },
            { "POST", "accounts", """{"userName":" ","grants":[]}""", 422, "text-missing" },
            {
                "POST",
                "accounts",
                $$"""{"userName":"x","grants":[{"role":"expert","scope":"campaign","scopeId":"{{Unknown}}"}]}""",
                422,
                "grant-scope-not-found"
            },
            {
                "POST",
                "accounts",
                """{"userName":"x","grants":[{"role":"expert","scope":"campaign","scopeId":"zzz"}]}""",
                422,
                "grant-scope-not-found"
            },
            { "POST", "accounts", """{"userName":"x","grants":[{"role":"participant","scope":"all"}]}""", 422, "grant-role" },
            {
                "POST",
                "accounts",
                """{"userName":"x","grants":[{"role":"administrator","scope":"territory","scopeId":"82"}]}""",
                422,
                "grant-scope"
            },
            { "POST", "accounts", """{"userName":"x","grants":[{"role":"operator","scope":"territory"}]}""", 422, "grant-scope-id" },
            { "GET", $"accounts/{Unknown}", null, 404, "account-not-found" },
            { "POST", $"accounts/{Unknown}/password", "{}", 404, "account-not-found" },
            { "POST", $"accounts/{Unknown}/deactivation", "{}", 404, "account-not-found" },
            { "DELETE", $"accounts/{Unknown}/grants/{Unknown}", null, 404, "grant-not-found" },
            { "POST", "clients", """{"clientId":"Портал","name":"П","scopes":["people.enrol"]}""", 422, "client-id-invalid" },
            { "POST", "clients", """{"clientId":"portal","name":"П","scopes":["everything"]}""", 422, "scopes-invalid" },
            { "POST", "clients", """{"clientId":"portal","name":"П","scopes":[]}""", 422, "scopes-invalid" },
            { "GET", "clients/nobody", null, 404, "client-not-found" },
            { "POST", "clients/nobody/deactivation", "{}", 404, "client-not-found" },
            { "POST", "auth/password", """{"currentPassword":"x","newPassword":"short"}""", 422, "password-too-short" },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task It_is_refused_with_its_reason(string method, string path, string? body, int status, string code)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), $"{V1}/{path}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };

        (await service.Admin.SendAsync(request).ProblemCode(status)).Should().Be(code);
    }
}
