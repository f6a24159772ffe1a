using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

/// <summary>The same of every page and form: of each address, as each kind of caller, as its declaration says.</summary>
public sealed partial class AccessMatrixTests
{
    /// <summary>A page, a file or a form with its address.</summary>
    /// <param name="Rule">Who may open or send it, as declared.</param>
    internal sealed record DeclaredPage(HttpMethod Method, string Pattern, AccessRule Rule)
    {
        internal static DeclaredPage Of(RouteEndpoint endpoint) =>
            new(
                new(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET"),
                endpoint.RoutePattern.RawText!,
                endpoint.Metadata.GetMetadata<AccessRule>()!
            );

        internal string Name => $"{Method} {Pattern}";

        internal bool NamesSomething => Pattern.Contains('{');

        internal string At(Func<string, string> value) =>
            Part().Replace(Pattern, part => value(part.Value.Trim('{', '}', '*').Split(':')[0]));
    }

    /// <summary>What a caller gets from a page.</summary>
    internal sealed record Got(int Status, string Path, string Text)
    {
        internal bool AsksToSignIn => Status == 401 || Path == "/sign-in";

        internal bool Refuses => Status == 403;
    }

    /// <summary>Things of the walkthrough, by the names of the parts of addresses.</summary>
    private sealed class Things
    {
        private readonly Dictionary<string, string> known = [];

        internal static async Task<Things> Of(TestService service)
        {
            var things = new Things();
            var database = service.Services.GetRequiredService<Database>();
            const string OfSession = "JOIN appeals AS a ON a.session_id = t.session_id ORDER BY t.id LIMIT 1";
            const string OfTask = "FROM marking_assignments AS m JOIN marking_tasks AS t ON t.id = m.task_id " + OfSession;
            foreach (
                var (name, sql) in new[]
                {
                    ("appealId", "SELECT id FROM appeals ORDER BY id LIMIT 1"),
                    ("sessionId", "SELECT session_id FROM appeals ORDER BY id LIMIT 1"),
                    ("campaignId", "SELECT campaign_id FROM appeals ORDER BY id LIMIT 1"),
                    ("siteId", "SELECT s.site_id FROM appeals AS a JOIN sessions AS s ON s.id = a.session_id ORDER BY a.id LIMIT 1"),
                    ("applicationId", "SELECT s.application_id FROM appeals AS a JOIN sessions AS s ON s.id = a.session_id LIMIT 1"),
                    ("profileId", "SELECT t.id FROM profiles AS t " + OfSession),
                    ("scriptId", "SELECT t.id FROM marking_tasks AS t " + OfSession),
                    ("assignmentId", "SELECT m.id " + OfTask),
                    ("expertId", "SELECT m.expert_id " + OfTask),
                    ("signInId", "SELECT id FROM access_sign_ins ORDER BY id LIMIT 1"),
                }
            )
                things.known[name] = $"{await database.Read(db => db.Value<Guid>(sql)):D}";
            // The walkthrough was played just now.
            var today = SystemClock.Instance.GetCurrentInstant().InZone(DateTimeZoneProviders.Tzdb["Europe/Moscow"]).Date;
            things.known["day"] = today.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            return things;
        }

        internal Guid this[string name] => Guid.Parse(known[name]);

        internal string Existing(string name) => known.TryGetValue(name, out var id) ? id : Small(name);

        internal static string Small(string name) =>
            name is "number" or "slot" ? "1"
            : name is "what" ? "flags"
            : $"{Guid.NewGuid()}";

        internal static string Missing(string name) => name is "day" ? "2026-09-14" : Small(name);

        /// <summary>Ids of things that do not exist, the same for the same name.</summary>
        internal static Func<string, string> NoneOf()
        {
            var made = new Dictionary<string, string>();
            return name => made.TryGetValue(name, out var id) ? id : made[name] = Missing(name);
        }
    }

    [Fact]
    public async Task The_role_decides_about_every_page_and_form_as_it_declares()
    {
        (await HolesOfPages(played.Pages)).Should().BeEmpty();

        played.Pages.Should().HaveCountGreaterThan(120);
        played.Pages.Count(page => page.Method == HttpMethod.Post).Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task A_planted_hole_is_found_on_a_page_and_in_an_operation()
    {
        // The declaration says auditors alone, and the service lets others in.
        var page = played.Pages.Single(page => page.Name == "GET /commission");
        var operation = played.Operations.Single(one => one.Operation.Name == "ListPeople");

        (await HolesOfPages([page with { Rule = AccessRule.Of(Role.Auditor) }]))
            .Should()
            .Contain("GET /commission as chair: admitted")
            .And.Contain("GET /commission as auditor: refused");
        (await HolesOfOperation(operation, AccessRule.Of(Role.Auditor)))
            .Should()
            .Contain(hole => hole.StartsWith("ListPeople as operator", StringComparison.Ordinal));
        (await TellingPages([played.Pages.Single(page => page.Name == "GET /campaigns/{campaignId:guid}")], secret: true))
            .Should()
            .Contain(hole => hole.StartsWith("GET /campaigns/{campaignId:guid} as participant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_learns_from_no_page_and_no_form_what_exists() =>
        (await TellingPages(played.Pages.Where(page => page.NamesSomething), secret: false)).Should().BeEmpty();

    [Fact]
    public async Task Those_whom_a_page_concerns_are_let_in()
    {
        var things = await Things.Of(played.Service);
        var scene = new CampaignScene(played.Service);
        var (holes, opened) = (new List<string>(), 0);
        foreach (
            var (role, scope, of) in new[]
            {
                (Role.Operator, "campaign", "campaignId"),
                (Role.Chair, "campaign", "campaignId"),
                (Role.Expert, "campaign", "campaignId"),
                (Role.SiteHead, "site", "siteId"),
                (Role.Invigilator, "site", "siteId"),
            }
        )
        {
            var grant = new
            {
                role = Codes.Of(role),
                scope,
                scopeId = $"{things[of]}",
            };
            var wanted = new { userName = CampaignScene.Unique("staff"), grants = new[] { grant } };
            var made = await scene.Admin.PostAsJsonAsync($"{CampaignScene.V1}/accounts", wanted).Json(201);
            using var first = await scene.SignIn(made);
            using var concerned = await played.Visitor(made);
            foreach (var page in played.Pages.Where(page => page.Method == HttpMethod.Get && page.Rule.Roles.Contains(role)))
            {
                var got = await Get(concerned, page.At(things.Existing));
                opened += got.Status == 200 ? 1 : 0;
                if (got.Refuses || got.AsksToSignIn)
                    holes.Add($"{page.Name} as {Codes.Of(role)}: {got.Status}");
            }
        }

        holes.Should().BeEmpty();
        opened.Should().BeGreaterThan(30);
    }

    private async Task<IReadOnlyList<string>> HolesOfPages(IReadOnlyCollection<DeclaredPage> pages)
    {
        var holes = new List<string>();
        using var nobody = played.Service.Anonymous();
        var refusal = await Get(played.Visitors[Role.Participant], "/audit");
        refusal.Refuses.Should().BeTrue();
        foreach (var page in pages.Where(page => !page.Rule.Anyone))
        {
            if (!(await Send(nobody, page, Things.NoneOf())).AsksToSignIn)
                holes.Add($"{page.Name} as nobody: admitted");
            foreach (var (role, visitor) in played.Visitors)
            {
                if (page.Pattern.EndsWith("/sign-out", StringComparison.Ordinal))
                    continue;
                var got = await Send(visitor, page, Things.NoneOf());
                var declared = page.Rule.AnyAccount || page.Rule.Roles.Contains(role) || page.Rule.Roles.Contains(AlsoHeld(role));
                if (got.AsksToSignIn || (declared && !page.Rule.AnyAccount && IsOfGate(got, refusal)))
                    holes.Add($"{page.Name} as {Codes.Of(role)}: refused");
                else if (!declared && !IsOfGate(got, refusal))
                    holes.Add($"{page.Name} as {Codes.Of(role)}: admitted");
            }
        }
        return holes;
    }

    /// <summary>Pages from which a caller with another campaign, site, territory or person learns what exists.</summary>
    /// <param name="secret">Whether campaigns count as a secret, too.</param>
    private async Task<IReadOnlyList<string>> TellingPages(IEnumerable<DeclaredPage> pages, bool secret)
    {
        var (things, holes) = (await Things.Of(played.Service), new List<string>());
        foreach (var page in pages.Where(page => !page.Rule.Anyone))
        foreach (var (role, visitor) in played.Visitors)
        {
            // Everybody may look at a published campaign and apply for it.
            if (!secret && page.Pattern.StartsWith("/campaigns/{campaignId:guid}", StringComparison.Ordinal))
                continue;
            var existing = await Send(visitor, page, things.Existing);
            var missing = await Send(visitor, page, Things.NoneOf());
            // A campaign itself is no secret: what it refuses may say that it is another's.
            var ofCampaign = page.Pattern.Contains("{campaignId", StringComparison.Ordinal);
            if (!secret && ofCampaign && existing.Refuses && missing.Status is 403 or 404)
                continue;
            if ((existing.Status, existing.Text) != (missing.Status, missing.Text))
                holes.Add($"{page.Name} as {Codes.Of(role)}: {existing}, of nothing {missing}");
        }
        return holes;
    }

    /// <summary>Whether the role alone was refused, before anything was looked up.</summary>
    /// <param name="refusal">What somebody sees who opens a page without its role.</param>
    private static bool IsOfGate(Got got, Got refusal) => got.Refuses && got.Text == refusal.Text;

    private Task<Got> Send(HttpClient caller, DeclaredPage page, Func<string, string> value) =>
        page.Method == HttpMethod.Get ? Get(caller, page.At(value)) : Post(caller, page.At(value));

    private static async Task<Got> Get(HttpClient caller, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        return await Answer(caller, request);
    }

    /// <summary>Sends a form with its token and nothing that was typed.</summary>
    private async Task<Got> Post(HttpClient caller, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        request.Content = new FormUrlEncodedContent(await TokenOf(caller) is { } token ? [new("form-token", token)] : []);
        return await Answer(caller, request);
    }

    private async Task<string?> TokenOf(HttpClient caller)
    {
        if (played.FormTokens.TryGetValue(caller, out var known))
            return known;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var answer = await caller.SendAsync(request);
        var field = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync()).QuerySelector("input[name=form-token]");
        return played.FormTokens[caller] = (field as IHtmlInputElement)?.Value;
    }

    private static async Task<Got> Answer(HttpClient caller, HttpRequestMessage request)
    {
        using var answer = await caller.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        var main = new HtmlParser().ParseDocument(html).QuerySelector("main")?.TextContent ?? html;
        var text = Blanks().Replace(Trace().Replace(Id().Replace(main, "…"), ""), " ").Trim();
        return new((int)answer.StatusCode, answer.RequestMessage!.RequestUri!.AbsolutePath, text);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
