using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.TestKit.Server.Fuzz;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

using Operation = Diagnostics.UseCases.Execution.Operation;

/// <summary>
/// Calls every operation of the API as every kind of caller. Each role must be admitted or refused as the operation
/// declares, and callers who have no relation to a thing must not learn whether it exists.
/// </summary>
public sealed partial class AccessMatrixTests(AccessMatrixTests.Played played) : IClassFixture<AccessMatrixTests.Played>
{
    /// <summary>
    /// A service on which the walkthrough was played, and callers who do not occur in the walkthrough: one for each
    /// role, with rights in another campaign, at another site and in another territory.
    /// </summary>
    public sealed class Played : IAsyncLifetime
    {
        private const string Elsewhere = "elsewhere";

        internal TestService Service { get; } = new() { More = ServerProcess.Unlimited };

        public Played() =>
            Service.Replace = services =>
            {
                services.AddSingleton<IClock>(SystemClock.Instance);
                services.AddSingleton<ILoggerProvider>(new LogText(Log));
            };

        internal List<Call> Calls { get; } = [];

        internal Dictionary<Role, HttpClient> Strangers { get; } = [];

        /// <summary>The strangers again, signed in on the pages.</summary>
        internal Dictionary<Role, HttpClient> Visitors { get; } = [];

        /// <summary>Each visitor's token for the forms of pages; null for a visitor who sees no form.</summary>
        internal Dictionary<HttpClient, string?> FormTokens { get; } = [];

        internal IReadOnlyList<DeclaredPage> Pages { get; private set; } = [];

        internal HttpClient StrangersPortal { get; private set; } = null!;

        internal HttpClient PortalWithoutScopes { get; private set; } = null!;

        internal IReadOnlyList<Declared> Operations { get; private set; } = [];

        internal Crawler Crawler { get; private set; } = null!;

        /// <summary>Everything that the service has logged.</summary>
        internal StringWriter Log { get; } = new();

        public async Task InitializeAsync()
        {
            await Service.InitializeAsync();
            var description = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json"));
            Crawler = new(new Uri(Service.Url), Contract.Read(description), new(Seed: 1, AtEach: 40, AtEnd: 600));
            var endpoints = Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
            Operations = endpoints
                .Where(endpoint => endpoint.Metadata.GetMetadata<Operation>() is not null)
                .Select(endpoint => new Declared(endpoint))
                .ToList();
            Pages = endpoints
                .Where(endpoint => endpoint.Metadata.GetMetadata<Operation>() is null)
                .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is not null)
                .Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal))
                // A form's address shows the page above it.
                .Where(endpoint => endpoint.Order == 0)
                .Select(DeclaredPage.Of)
                .ToList();
            var story = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http")));
            await story.Run(
                new Dictionary<string, string> { ["host"] = Service.Url, ["password"] = Service.AdminPassword },
                SystemClock.Instance,
                through: new Recorder(Calls) { InnerHandler = Crawler }
            );
            await AddStrangers();
            await AddViewers();
        }

        public Task DisposeAsync() => Service.DisposeAsync();

        /// <summary>Signs in on the pages with an account that has just been made, after its first password was changed.</summary>
        internal async Task<HttpClient> Visitor(JsonNode made)
        {
            var visitor = Service.Anonymous();
            visitor.DefaultRequestHeaders.Add("Accept", "text/html");
            var form = new FormUrlEncodedContent([
                new("user-name", made["userName"]!.GetValue<string>()),
                new("password", TestService.Chosen(made["password"]!.GetValue<string>())),
            ]);
            using var answer = await visitor.PostAsync("/sign-in", form);
            answer.RequestMessage!.RequestUri!.AbsolutePath.Should().NotStartWith("/sign-in");
            return visitor;
        }

        /// <summary>The strangers have their roles elsewhere, so these let them see only what they let everybody see.</summary>
        private async Task AddViewers()
        {
            foreach (var (role, stranger) in Strangers)
            {
                var me = await stranger.GetAsync($"{CampaignScene.V1}/auth/me").Json();
                var grants = (me["grants"]?.AsArray() ?? [])
                    .Select(grant =>
                        (Role: Codes.Parse<Role>(grant!["role"]!.GetValue<string>()), Scope: grant["scope"]?.GetValue<string>())
                    )
                    .ToList();
                Crawler.Add(
                    Viewer.Nobody with
                    {
                        Name = $"{Codes.Of(role)} from elsewhere",
                        Bearer = stranger.DefaultRequestHeaders.Authorization!.Parameter,
                        Participant = me["participantId"]?.GetValue<Guid>(),
                        Unlimited = grants.Where(grant => grant.Scope == "all").Select(grant => grant.Role).ToHashSet(),
                        Anywhere = grants.Select(grant => grant.Role).ToHashSet(),
                    }
                );
            }
            Crawler.Add(
                Viewer.Nobody with
                {
                    Name = "portal from elsewhere",
                    Bearer = StrangersPortal.DefaultRequestHeaders.Authorization!.Parameter,
                }
            );
        }

        private async Task AddStrangers()
        {
            var scene = new CampaignScene(Service);
            var site = await scene.AddSite(territory: Elsewhere);
            var body = await scene.CampaignBody(site);
            var now = SystemClock.Instance.GetCurrentInstant();
            body["windows"] = new JsonObject
            {
                ["applicationsFrom"] = $"{now - Duration.FromDays(1)}",
                ["applicationsTo"] = $"{now + Duration.FromDays(1)}",
                ["sittingFrom"] = $"{now - Duration.FromDays(1)}",
                ["sittingTo"] = $"{now + Duration.FromDays(2)}",
                ["markingTo"] = $"{now + Duration.FromDays(3)}",
            };
            var campaign = (await scene.Admin.PostAsJsonAsync($"{CampaignScene.V1}/campaigns", body).Json(201)).Id();
            await scene.Publish(campaign).Json();
            // An administrator last: from then on, overseers are made by two.
            foreach (var role in Enum.GetValues<Role>().OrderBy(role => role is Role.Administrator))
                if (GrantRules.ScopesOf(role) is { Count: > 0 } scopes)
                    await Staff(role, Grant(role, scopes[^1]));
            var person = await scene.Enrol(Elsewhere);
            await SignIn(
                Role.Participant,
                await scene.Admin.PostAsJsonAsync($"{CampaignScene.V1}/people/{person}/account", new { }).Json(201)
            );
            var commission = new
            {
                campaignId = campaign,
                kind = "conflict",
                title = "Конфликтная комиссия",
            };
            var members =
                $"{CampaignScene.V1}/commissions/"
                + $"{(await scene.Admin.PostAsJsonAsync($"{CampaignScene.V1}/commissions", commission).Json(201)).Id()}/members";
            foreach (var (role, seat) in new[] { (Role.ConflictMember, "member"), (Role.ConflictChair, "chair") })
            {
                var account = await Staff(role);
                await scene.Admin.PostAsJsonAsync(members, new { accountId = account, role = seat }).Json(201);
            }
            StrangersPortal = await scene.Portal(Elsewhere, "people.enrol", "profiles.read");
            PortalWithoutScopes = await scene.Portal(Elsewhere, "people.enrol");

            async Task<Guid> Staff(Role role, params object[] grants)
            {
                var wanted = new { userName = CampaignScene.Unique("staff"), grants };
                var made = await scene.Admin.PostAsJsonAsync($"{CampaignScene.V1}/accounts", wanted).Json(201);
                await SignIn(role, made);
                return made["accountId"]!.GetValue<Guid>();
            }

            async Task SignIn(Role role, JsonNode made)
            {
                Strangers[role] = await scene.SignIn(made);
                Visitors[role] = await Visitor(made);
            }

            object Grant(Role role, GrantScope scope) =>
                new
                {
                    role = Codes.Of(role),
                    scope = Codes.Of(scope),
                    scopeId = scope switch
                    {
                        GrantScope.Campaign => $"{campaign}",
                        GrantScope.Site => $"{site}",
                        GrantScope.Territory => Elsewhere,
                        GrantScope.Organisation => "МБОУ СОШ № 99",
                        _ => null,
                    },
                };
        }
    }

    private sealed class LogText(StringWriter text) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (text)
                text.WriteLine($"{formatter(state, exception)} {exception}");
        }

        public void Dispose() { }
    }

    /// <summary>An operation of the API with its address.</summary>
    internal sealed class Declared(RouteEndpoint endpoint)
    {
        internal Operation Operation { get; } = endpoint.Metadata.GetMetadata<Operation>()!;

        internal HttpMethod Method { get; } = new(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);

        private readonly Regex path = new(
            "^" + Part().Replace(Regex.Escape(endpoint.RoutePattern.RawText!.TrimEnd('/')).Replace("\\{", "{"), "[^/]+") + "$"
        );

        internal bool Answers(Call call) => call.Method == Method && path.IsMatch(call.Path.Split('?')[0]);

        /// <summary>A request for a thing that does not exist.</summary>
        internal Call ForNothing() =>
            new(
                Method,
                Part().Replace(endpoint.RoutePattern.RawText!, part => part.Value.Contains(":int") ? "1" : $"{Guid.NewGuid()}"),
                null,
                null
            );
    }

    /// <summary>A request that was answered with 2xx.</summary>
    internal sealed record Call(HttpMethod Method, string Path, string? Body, string? ContentType)
    {
        internal Call OfAnother()
        {
            var others = new Dictionary<string, string>();
            string Replace(string text) =>
                Id().Replace(text, id => others.TryGetValue(id.Value, out var other) ? other : others[id.Value] = $"{Guid.NewGuid()}");
            return this with { Path = Replace(Path), Body = Body is null ? null : Replace(Body) };
        }

        internal bool NamesSomething => Id().IsMatch(Path + Body);

        /// <summary>The status and the whole body, without the ids of the request and the answer's own trace.</summary>
        internal async Task<string> AnswerTo(HttpClient caller)
        {
            using var answer = await caller.GetAsync(Path);
            var text = await answer.Content.ReadAsStringAsync();
            foreach (var id in Id().Matches(Path).Select(match => match.Value))
                text = text.Replace(id, "…", StringComparison.OrdinalIgnoreCase);
            return $"{(int)answer.StatusCode} {Trace().Replace(text, "")}";
        }

        internal async Task<string> As(HttpClient caller)
        {
            using var request = new HttpRequestMessage(Method, Path);
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            if (Body is not null)
                request.Content = new StringContent(Body, new System.Net.Http.Headers.MediaTypeHeaderValue(ContentType!));
            using var answer = await caller.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var code = answer.IsSuccessStatusCode || !text.StartsWith('{') ? "" : JsonNode.Parse(text)!["code"]?.GetValue<string>();
            return $"{(int)answer.StatusCode} {code}".TrimEnd();
        }
    }

    private sealed class Recorder(List<Call> calls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                calls.Add(new(request.Method, request.RequestUri!.PathAndQuery, body, request.Content?.Headers.ContentType?.MediaType));
            return answer;
        }
    }

    [Fact]
    public async Task The_role_decides_as_the_operation_declares()
    {
        var holes = new List<string>();
        foreach (var declared in played.Operations.Where(one => !one.Operation.Access.Anyone))
            holes.AddRange(await HolesOfOperation(declared, declared.Operation.Access));

        string.Join("\n", holes).Should().BeEmpty();
        played.Operations.Should().HaveCountGreaterThan(180);
    }

    /// <param name="rule">Who is expected to be admitted.</param>
    private async Task<IReadOnlyList<string>> HolesOfOperation(Declared declared, AccessRule rule)
    {
        var (name, holes) = (declared.Operation.Name, new List<string>());
        using var nobody = played.Service.Anonymous();
        await Expect("nobody", nobody, admitted: false, "401 not-signed-in");
        if (!rule.AnyAccount)
        {
            foreach (var (role, stranger) in played.Strangers)
                await Expect(Codes.Of(role), stranger, rule.Roles.Contains(role) || rule.Roles.Contains(AlsoHeld(role)), "403 not-allowed");
            await Expect("portal", played.PortalWithoutScopes, rule.ClientScopes.Contains("people.enrol"), "403 not-allowed");
        }
        return holes;

        async Task Expect(string who, HttpClient caller, bool admitted, string refusal)
        {
            var answer = await declared.ForNothing().As(caller);
            if (admitted ? answer.StartsWith("401", StringComparison.Ordinal) : answer != refusal)
                holes.Add($"{name} as {who}: {answer}");
        }
    }

    /// <summary>The chair of a conflict commission is also one of its members.</summary>
    private static Role AlsoHeld(Role role) => role is Role.ConflictChair ? Role.ConflictMember : role;

    /// <summary>
    /// Refusals that may reveal a campaign or a form, because neither is secret: people choose a campaign when they
    /// apply, and the campaign names its form; or a site, because every operator may list all sites.
    /// </summary>
    private static readonly string[] OfNoSecret = ["not-your-campaign", "not-your-campaigns", "not-for-whole-bank", "site-elsewhere"];

    [Fact]
    public async Task A_stranger_does_not_learn_what_exists()
    {
        var (holes, compared) = (new List<string>(), 0);
        // Everybody may apply for a published campaign.
        foreach (var declared in played.Operations.Where(one => one.Operation.Name != "FileApplication"))
        foreach (var call in played.Calls.Where(declared.Answers).Where(call => call.NamesSomething).TakeLast(2))
        {
            foreach (var right in declared.Operation.Access.Entitlements.Where(right => right.Relation is not Relation.Any))
                await Compare(Codes.Of(right.Role), played.Strangers[right.Role]);
            if (declared.Operation.Access.ClientScopes.Count > 0)
                await Compare("portal", played.StrangersPortal);

            async Task Compare(string who, HttpClient stranger)
            {
                compared++;
                var (existing, other) = (await call.As(stranger), await call.OfAnother().As(stranger));
                if (existing != other && !OfNoSecret.Any(code => existing == $"403 {code}"))
                    holes.Add($"{declared.Operation.Name} as {who}: {existing}, of nothing {other}");
            }
        }

        string.Join("\n", holes).Should().BeEmpty();
        compared.Should().BeGreaterThan(100);
    }

    /// <summary>
    /// A page of one entry is where a list shows by its continuation that there are more entries than the caller sees.
    /// </summary>
    [Fact]
    public async Task A_list_that_a_stranger_asks_for_entry_by_entry_tells_nothing()
    {
        var (holes, continued) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var declared in played.Operations.Where(one => one.Method == HttpMethod.Get))
        foreach (var found in played.Calls.Where(declared.Answers).Where(call => call.NamesSomething).TakeLast(2))
        {
            var call = found with { Path = found.Path + (found.Path.Contains('?') ? "&limit=1" : "?limit=1") };
            if ((await call.AnswerTo(played.Service.Admin)).Contains("\"next\":\"", StringComparison.Ordinal))
                continued.Add(declared.Operation.Name);
            foreach (var right in declared.Operation.Access.Entitlements.Where(right => right.Relation is not Relation.Any))
                await Compare(Codes.Of(right.Role), played.Strangers[right.Role]);
            if (declared.Operation.Access.ClientScopes.Count > 0)
                await Compare("portal", played.StrangersPortal);

            async Task Compare(string who, HttpClient stranger)
            {
                var (existing, other) = (await call.AnswerTo(stranger), await call.OfAnother().AnswerTo(stranger));
                if (existing != other && !OfNoSecret.Any(code => existing.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal)))
                    holes.Add($"{declared.Operation.Name} as {who}: {existing}, of nothing {other}");
            }
        }

        string.Join("\n", holes).Should().BeEmpty();
        // Otherwise these lists would have nothing to tell, and the comparison above would prove nothing.
        continued.Should().Contain(["ListProfilesOfPerson", "ListProfilesOfSession"]);
    }

    /// <summary>
    /// Canaries were planted while the walkthrough was played; after each of its steps everybody who took part asked for
    /// everything, and the strangers ask now.
    /// </summary>
    [Fact]
    public async Task Nobody_sees_a_secret_that_no_declaration_lets_them_see()
    {
        var crawler = played.Crawler;
        await crawler.End();
        crawler.Search("the log", played.Log.ToString());

        string.Join("\n", crawler.Leaks).Should().BeEmpty();
        crawler.Planted.Of(Secret.Item).Should().BeGreaterThan(200);
        crawler.Planted.Of(Secret.Person).Should().BeGreaterThan(5);
        crawler.Planted.Of(Secret.Answer).Should().BeGreaterThan(3);
        crawler.Planted.Of(Secret.Statement).Should().BeGreaterThan(0);
        crawler.Statuses[200].Should().BeGreaterThan(300);
        crawler.Viewers.Should().HaveCountGreaterThan(15);
        crawler
            .States.Keys.Should()
            .Contain(["ApproveApplication", "StartSession", "FinishSession", "AwardMarks", "DecideAppeal", "PublishResults"]);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Part();

    [GeneratedRegex("\"traceId\":\"[^\"]*\",?")]
    private static partial Regex Trace();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
