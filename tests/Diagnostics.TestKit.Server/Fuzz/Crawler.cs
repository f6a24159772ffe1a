using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <param name="AtEach">Requests after each step of the story that changes what somebody may see.</param>
/// <param name="AtEnd">Requests after the story.</param>
internal sealed record CrawlPlan(int Seed, int AtEach, int AtEnd);

/// <summary>A canary that somebody saw who may not.</summary>
/// <param name="State">The last step of the story before it.</param>
internal sealed record Leak(string Operation, string Viewer, Canary Canary, string State)
{
    public override string ToString() => $"{Operation} shows {Canary.Secret} «{Canary.Text}» to {Viewer} after {State}";
}

/// <summary>
/// Plants canaries while a story is told, and after each of its steps asks for everything in the API description and
/// for the pages, as everybody whom it knows. Reports every canary that somebody sees who may not see it by the
/// declarations of the use cases (<see cref="Sight"/>).
/// </summary>
internal sealed partial class Crawler : DelegatingHandler
{
    private const int MostLinks = 400;

    /// <summary>Steps after which people may see something else than before.</summary>
    private static readonly HashSet<string> Steps =
    [
        "EnrolPerson",
        "ApproveApplication",
        "AdmitToSession",
        "StartSession",
        "PauseSession",
        "FinishSession",
        "AnnulSession",
        "ClaimScript",
        "AwardMarks",
        "ApproveMarking",
        "FileAppeal",
        "AdmitAppeal",
        "ConsiderAppeal",
        "DecideAppeal",
        "PublishResults",
        "GiveProfileSharingConsent",
        "WithdrawProfileSharingConsent",
        "ErasePerson",
        "PublishCampaign",
    ];

    private readonly Contract contract;
    private readonly CrawlPlan plan;
    private readonly Knowledge known;
    private readonly Canaries canaries;
    private readonly Random random;

    // Outlives the story, whose client disposes of its handlers.
    private readonly HttpClient client;
    private readonly Dictionary<string, Viewer> viewers = new() { ["nobody"] = Viewer.Nobody };
    private readonly List<string> links = ["/", "/account", "/help", "/openapi/v1.json"];
    private readonly List<Sent> writes = [];
    private readonly HashSet<(string, string, Secret)> reported = [];
    private readonly Dictionary<string, int> steps = [];
    private string state = "the beginning";
    private bool bankKnown;

    internal Crawler(Uri service, Contract contract, CrawlPlan plan)
        : base(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        (this.contract, this.plan, known, canaries, random) = (contract, plan, new(contract), new(plan.Seed), new(plan.Seed));
        client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = service };
    }

    internal List<Leak> Leaks { get; } = [];

    internal int Asked { get; private set; }

    internal Canaries Planted => canaries;

    internal IReadOnlyCollection<Viewer> Viewers => viewers.Values;

    /// <summary>Statuses of answers, with their numbers.</summary>
    internal SortedDictionary<int, int> Statuses { get; } = [];

    internal IReadOnlyDictionary<string, int> States => steps;

    /// <summary>Forwards a request of the story, with canaries in it, and crawls when it was an important step.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = contract.Of(request.Method.Method, request.RequestUri!.PathAndQuery);
        var planted = await Plant(request, operation?.Id, cancellationToken);
        var answer = await base.SendAsync(request, cancellationToken);
        var sent = await known.Learn(request, answer, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (operation is null || !answer.IsSuccessStatusCode)
            return answer;
        var viewer = await Meet(request.Headers.Authorization?.Parameter);
        Own(operation.Id, planted, sent, text, viewer);
        if (sent.Method != "GET")
            writes.Add(sent);
        if (operation.Id == "ErasePerson" && Id().Match(sent.Path) is { Success: true } erased)
            canaries.Erase(Guid.Parse(erased.Value));
        if (!bankKnown && viewer is { Bearer: { } token } && viewer.Unlimited.Contains(Role.Operator))
            await ReadBank(token);
        if (Steps.Contains(operation.Id) && steps.GetValueOrDefault(operation.Id) < 3)
        {
            steps[operation.Id] = steps.GetValueOrDefault(operation.Id) + 1;
            state = operation.Id;
            await Crawl(plan.AtEach);
        }
        return answer;
    }

    /// <summary>Adds somebody who does not occur in the story.</summary>
    internal void Add(Viewer viewer) => viewers[viewer.Name] = viewer;

    /// <summary>Asks the rest, once the story is over.</summary>
    internal Task End() => Crawl(plan.AtEnd);

    /// <summary>Searches text that is nobody's answer, such as a log, which may hold no canary at all.</summary>
    internal void Search(string where, string text)
    {
        foreach (var canary in canaries.In(text, null, ""))
            Report(where, Viewer.Nobody, canary);
    }

    private async Task Crawl(int requests)
    {
        var gets = contract.Operations.Where(operation => operation.Method == "GET").ToList();
        for (var request = 0; request < requests; request++)
        {
            var viewer = viewers.Values.ElementAt(random.Next(viewers.Count));
            switch (random.Next(10))
            {
                case 0 when writes.Count > 0:
                    await Repeat(viewer, writes[random.Next(writes.Count)]);
                    break;
                case <= 3:
                    await Ask(viewer, links[random.Next(links.Count)], null, page: true);
                    break;
                default:
                    var operation = gets[random.Next(gets.Count)];
                    var sent = random.Next(4) == 0 ? null : known.Good(operation, random);
                    sent ??= known.Draft(operation, random, "");
                    if (sent is not null)
                        await Ask(viewer, sent.Path, operation.Id, page: false);
                    break;
            }
        }
    }

    /// <summary>Sends what somebody else was allowed to do, as a caller whom it must refuse.</summary>
    private async Task Repeat(Viewer viewer, Sent sent)
    {
        if (viewer.Bearer is not null || contract.Of(sent.Method, sent.Path) is not { } operation || operation.Id is "IssueToken")
            return;
        using var message = new HttpRequestMessage(new(sent.Method), sent.Path);
        if (sent.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", sent.Header("Content-Type"));
        }
        await Look(viewer, message, operation.Id, page: false);
    }

    private async Task Ask(Viewer viewer, string path, string? operation, bool page)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, path);
        if (viewer.Bearer is { } bearer)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        await Look(viewer, message, operation ?? $"page {Id().Replace(path, "…")}", page);
    }

    private async Task Look(Viewer viewer, HttpRequestMessage message, string operation, bool page)
    {
        using var answer = await client.SendAsync(message);
        Asked++;
        Statuses[(int)answer.StatusCode] = Statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
        var body = await TextOf(answer);
        if (page && answer.Content.Headers.ContentType?.MediaType == "text/html" && links.Count < MostLinks)
            foreach (var link in Href().Matches(body).Select(match => match.Groups[1].Value).Where(link => !links.Contains(link)))
                links.Add(link.Replace("&amp;", "&", StringComparison.Ordinal));
        foreach (
            var canary in canaries.In(body, answer.Content.Headers.ContentType?.MediaType, answer.Headers + "" + answer.Content.Headers)
        )
            if (!Sight.May(viewer, canary))
                Report(operation, viewer, canary);
    }

    private void Report(string operation, Viewer viewer, Canary canary)
    {
        if (reported.Add((operation, viewer.Name, canary.Secret)))
            Leaks.Add(new(operation, viewer.Name, canary, state));
    }

    /// <summary>A table as XLSX is an archive of texts.</summary>
    private static async Task<string> TextOf(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (bytes is not [(byte)'P', (byte)'K', ..])
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder();
        await using var archive = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(), Encoding.UTF8);
            text.AppendLine(await reader.ReadToEndAsync());
        }
        return text.ToString();
    }

    /// <summary>Puts a word of its own into every surname that the story enters.</summary>
    private async Task<IReadOnlyList<string>> Plant(HttpRequestMessage request, string? operation, CancellationToken cancel)
    {
        if (operation is not ("EnrolPerson" or "EnrolPeople" or "UpdatePerson") || request.Content is not { } content)
            return [];
        var words = new List<string>();
        var body = JsonNode.Parse(await content.ReadAsStringAsync(cancel));
        foreach (var person in body?["people"]?.AsArray() ?? [body])
            if (person is JsonObject fields && fields.ContainsKey("surname"))
            {
                words.Add(canaries.Word());
                fields["surname"] = $"{char.ToUpperInvariant(words[^1][0])}{words[^1][1..]}";
            }
        var media = content.Headers.ContentType;
        request.Content = new StringContent(body!.ToJsonString(), Encoding.UTF8);
        request.Content.Headers.ContentType = media;
        return words.Select(word => word[1..]).ToList();
    }

    /// <summary>Learns to whom belongs what the request has written.</summary>
    private void Own(string operation, IReadOnlyList<string> planted, Sent sent, string answer, Viewer viewer)
    {
        if (planted.Count > 0)
        {
            var told = JsonNode.Parse(answer);
            var ids = told?["participantIds"]?.AsArray().Select(id => id!.GetValue<Guid>()).ToList() ?? [];
            if (told?["participantId"]?.GetValue<Guid>() is { } one)
                ids = [one];
            foreach (var (word, owner) in planted.Zip(ids))
                canaries.Add(Secret.Person, word, owner);
        }
        var secret = operation switch
        {
            "SaveResponse" => Secret.Answer,
            "FileAppeal" => Secret.Statement,
            _ => (Secret?)null,
        };
        if (secret is { } kind && viewer.Participant is { } own && sent.Body is { } body)
            foreach (var (name, value) in Canaries.Members(JsonNode.Parse(body)))
                if (name is "text" or "statement" or "lateCause" && value is JsonValue text)
                    canaries.Add(kind, text.GetValue<string>(), own);
    }

    /// <summary>Keys, solutions, rubrics and exemplars of the whole bank, except texts that stand in the items themselves.</summary>
    private async Task ReadBank(string token)
    {
        bankKnown = true;
        var open = new StringBuilder();
        string? after = "";
        while (after is not null)
        {
            var page = await Json($"/api/v1/items?limit=100{(after.Length > 0 ? $"&after={after}" : "")}", token);
            foreach (var item in page?["items"]?.AsArray() ?? [])
            foreach (var (name, value) in Canaries.Members(await Json($"/api/v1/items/{item!["code"]}", token)))
                if (value is JsonValue text && text.GetValueKind() is System.Text.Json.JsonValueKind.String)
                {
                    if (name is "solution" or "description" or "comment" or "text" && !IsOpen(text))
                        canaries.Add(Secret.Item, text.GetValue<string>(), null);
                    if (name is "stem" or "title" || IsOpen(text))
                        open.AppendLine(text.GetValue<string>());
                }
            after = page?["next"]?.GetValue<string>();
        }
        canaries.Forget(open.ToString());
    }

    /// <summary>Texts of options, parts and stimuli stand in the item; those of exemplars and rubrics do not.</summary>
    private static bool IsOpen(JsonNode text) =>
        text.GetPath() is var path
        && !path.Contains(".exemplars", StringComparison.Ordinal)
        && !path.Contains(".rubric", StringComparison.Ordinal)
        && !path.EndsWith(".solution", StringComparison.Ordinal);

    private async Task<JsonNode?> Json(string path, string token)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(message);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    /// <summary>Learns who holds a token of the story.</summary>
    private async Task<Viewer> Meet(string? token)
    {
        if (token is null)
            return Viewer.Nobody;
        if (viewers.Values.FirstOrDefault(viewer => viewer.Bearer == token) is { } met)
            return met;
        var viewer =
            await Json("/api/v1/auth/me", token) is { } account ? OfAccount(account, token)
            : await Json("/api/v1/clients/me", token) is { } portal
                ? Viewer.Nobody with
                {
                    Name = $"portal {portal["clientId"]}",
                    Bearer = token,
                    Scopes = (portal["scopes"]?.AsArray() ?? []).Select(scope => scope!.GetValue<string>()).ToList(),
                }
            : Viewer.Nobody;
        // A later token of the same account replaces the earlier one, which may have ended.
        return viewers[viewer.Name] = viewer;
    }

    private static Viewer OfAccount(JsonNode account, string token)
    {
        var grants = (account["grants"]?.AsArray() ?? [])
            .Select(grant => (Role: Codes.Parse<Role>(grant!["role"]!.GetValue<string>()), Scope: grant["scope"]?.GetValue<string>()))
            .ToList();
        return new(
            account["userName"]!.GetValue<string>(),
            token,
            account["participantId"]?.GetValue<Guid>(),
            grants.Where(grant => grant.Scope == "all").Select(grant => grant.Role).ToHashSet(),
            grants.Select(grant => grant.Role).ToHashSet(),
            grants.Select(grant => grant.Role).ToHashSet(),
            []
        );
    }

    [GeneratedRegex("href=\"(/[^\"#]*)")]
    private static partial Regex Href();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
