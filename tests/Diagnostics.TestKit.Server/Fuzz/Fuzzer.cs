using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <param name="Requests">Number of requests after the stories.</param>
/// <param name="Seed">The same seed with the same data gives the same requests.</param>
/// <param name="AtMost">Longest permitted time of an answer; higher when the machine is also busy with other
/// work.</param>
internal sealed record FuzzPlan(int Requests, int Seed, TimeSpan? AtMost = null);

/// <summary>A fault with the request and the answer that showed it.</summary>
internal sealed record Finding(int Number, Fault Fault, Sent Sent, Received Received);

/// <param name="Findings">One for each kind and operation, with the first request that showed it.</param>
/// <param name="Memory">Memory in MB, first after the stories and a tenth of the requests, then at the end; null when
/// it is not measured.</param>
internal sealed record FuzzReport(int Sent, IReadOnlyList<Finding> Findings, Knowledge Known, (double Before, double After)? Memory);

/// <summary>
/// Sends requests for everything in the API description to a running service. First come stories that are known to
/// succeed, from which it learns ids, tokens and good requests. Then it sends those requests again in any order,
/// changed in one or two respects, and drafts its own requests for operations that no story has reached.
/// </summary>
internal sealed class Fuzzer : IDisposable
{
    /// <summary>The service may fill its caches, but may not keep growing.</summary>
    private const double MostMegabytes = 150;

    private static readonly string[] EndTheOwnSignIn =
    [
        "SignOut",
        "EndMySignIn",
        "ChangeOwnPassword",
        "BeginSecondFactor",
        "ConfirmSecondFactor",
    ];

    private const string Repeatable = "Idempotency-Key";

    private readonly Contract contract;
    private readonly Judge judge;
    private readonly Line line;
    private readonly FuzzPlan plan;
    private readonly Func<double>? megabytes;
    private readonly List<Finding> findings = [];
    private int number;

    internal Fuzzer(Uri service, Contract contract, FuzzPlan plan, Func<double>? megabytes = null)
    {
        (this.contract, this.plan, this.megabytes) = (contract, plan, megabytes);
        (judge, line, Known) = (new Judge(contract, plan.AtMost ?? Judge.Usual), new Line(service), new Knowledge(contract));
    }

    internal Knowledge Known { get; }

    /// <summary>Runs a file of requests and learns from every answer.</summary>
    internal Task Tell(HttpFile story, IReadOnlyDictionary<string, string> values) =>
        story.Run(values, SystemClock.Instance, through: new Recorder(this));

    /// <param name="bearer">Returns the token to use in most requests; its argument is the number of the
    /// request.</param>
    internal async Task<FuzzReport> Run(Func<int, Task<string>> bearer, TextWriter log)
    {
        double? before = null;
        var told = 0;
        for (var request = 0; request < plan.Requests; )
        {
            // Each request has its own seed, so it can be drawn again without the requests before it.
            var random = new Random(HashCode(plan.Seed, request));
            var token = await bearer(request);
            if (Next(random, token) is not { } sent)
            {
                request++;
                continue;
            }
            if (sent.Header(Repeatable) is not null && Promises(sent) && random.Next(25) == 0)
                request += await AtOnce(sent);
            else
                request += await One(sent);
            // Told at once: a long run may be ended by whoever waits for it.
            for (; told < findings.Count; told++)
                log.WriteLine($"{findings[told].Fault}\n{findings[told].Sent}");
            if (request >= plan.Requests / 10)
                before ??= megabytes?.Invoke();
            if (request % 5000 < 2)
                log.WriteLine($"{request} requests, {findings.Count} findings, {Known.Unreached.Count} operations without a good answer");
        }
        (double, double)? memory = before is { } start && megabytes?.Invoke() is { } end ? (start, end) : null;
        if (memory is var (was, at) && at - was > MostMegabytes)
            findings.Add(
                new(
                    number,
                    new(FaultKind.Memory, string.Create(CultureInfo.InvariantCulture, $"{was:F0} → {at:F0} MB")),
                    new("", "", [], null),
                    new(0, null, "", default)
                )
            );
        return new(number, findings, Known, memory);
    }

    public void Dispose() => line.Dispose();

    private Sent? Next(Random random, string token)
    {
        var operation = contract.Operations[random.Next(contract.Operations.Count)];
        if (random.Next(3) == 0 && Known.Unreached is { Count: > 0 } unreached)
            operation = unreached[random.Next(unreached.Count)];
        var own = EndTheOwnSignIn.Contains(operation.Id);
        var sent = random.Next(5) < 2 ? Known.Draft(operation, random, own ? Known.AnyToken(random) : token) : null;
        sent ??= Known.Good(operation, random) ?? Known.Draft(operation, random, token);
        if (sent is null)
            return null;
        // The tokens from the stories expire. The administrator's token is renewed, so it replaces most of them.
        if (!own && sent.Header("Authorization") is not null && random.Next(3) > 0)
            sent = sent.With("Authorization", $"Bearer {token}");
        if (sent.Header("Idempotency-Key") is not null && random.Next(2) == 0)
            sent = sent.With("Idempotency-Key", $"key-{random.Next()}");
        var mutator = new Mutator(random, Known);
        for (var change = random.Next(4) is 0 ? 0 : random.Next(1, 3); change > 0; change--)
            sent = mutator.Change(sent);
        return sent;
    }

    private async Task<int> One(Sent sent)
    {
        Note(sent, await line.Send(sent));
        return 1;
    }

    /// <summary>
    /// Sends the same request with the same idempotency key several times at once. The requests must have only one
    /// effect and all get the same answer.
    /// </summary>
    private async Task<int> AtOnce(Sent sent)
    {
        const int Times = 5;
        var received = await Task.WhenAll(Enumerable.Range(0, Times).Select(_ => line.Send(sent)));
        foreach (var each in received)
            Note(sent, each);
        foreach (var fault in Judge.Faults(received))
            Add(fault, sent, received[0]);
        return Times;
    }

    // A changed request may carry the header although the operation does not know it.
    private bool Promises(Sent sent) => contract.Of(sent.Method, sent.Path)?.Headers.Contains(Repeatable) is true;

    private void Note(Sent sent, Received received)
    {
        number++;
        Known.Learn(sent, received);
        foreach (var fault in judge.Faults(sent, received))
            Add(fault, sent, received);
    }

    private void Add(Fault fault, Sent sent, Received received)
    {
        var place = (fault.Kind, contract.Of(sent.Method, sent.Path)?.Id, received.Status);
        if (findings.All(known => (known.Fault.Kind, contract.Of(known.Sent.Method, known.Sent.Path)?.Id, known.Received.Status) != place))
            findings.Add(new(number, fault, sent, received));
    }

    // Replaces HashCode.Combine, whose result differs from process to process.
    private static int HashCode(int seed, int request) => unchecked(seed * 1_000_003 + request * 7919);

    /// <summary>Forwards the requests of a story, and records their answers.</summary>
    private sealed class Recorder(Fuzzer fuzzer)
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancel) : null;
            var headers = request
                .Headers.Concat((IEnumerable<KeyValuePair<string, IEnumerable<string>>>?)request.Content?.Headers ?? [])
                .Where(header => header.Key != "Content-Length")
                .Select(header => (header.Key, string.Join(", ", header.Value)))
                .ToList();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var answer = await base.SendAsync(request, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            fuzzer.Note(
                new(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body),
                new(
                    (int)answer.StatusCode,
                    answer.Content.Headers.ContentType?.MediaType,
                    text,
                    watch.Elapsed,
                    null,
                    answer.Headers.ETag?.ToString()
                )
            );
            return answer;
        }
    }
}

/// <summary>
/// The administrator in whose name most requests are sent. The run may well take away the rights or the password of any
/// account that it has seen in a list; then a new one is added on the machine's own console.
/// </summary>
/// <param name="addAdministrator">Adds an account with this name on the console; returns its one-time password.</param>
internal sealed class Administrators(Uri service, string name, string password, Func<string, Task<string>> addAdministrator) : IDisposable
{
    private const int Often = 200;
    private const int MostTries = 60;

    private readonly HttpClient client = new() { BaseAddress = service };
    private (string Name, string Password) current = (name, password);
    private string? token;

    internal async Task<string> Token(int request)
    {
        if (token is not null && (request % Often != 0 || await Works(token)))
            return token;
        token = await SignIn(current.Name, current.Password);
        if (token is not null && await Works(token))
            return token;
        current = await Make();
        return token = await MustSignIn(current.Name, current.Password);
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> Works(string bearer) => (await Send(HttpMethod.Get, "/api/v1/accounts?limit=1", bearer)).IsSuccessStatusCode;

    /// <summary>One administrator gives another the rest: nobody gives oneself a role.</summary>
    private async Task<(string Name, string Password)> Make()
    {
        var userName = $"admin-{Guid.NewGuid().ToString("N")[..8]}";
        var chosen = await Choose(userName, await addAdministrator(userName));
        var giver = $"giver-{Guid.NewGuid().ToString("N")[..8]}";
        var by = await MustSignIn(giver, await Choose(giver, await addAdministrator(giver)));
        using var me = await Send(HttpMethod.Get, "/api/v1/auth/me", await MustSignIn(userName, chosen));
        var account = JsonNode.Parse(await me.Content.ReadAsStringAsync())!["accountId"]!.GetValue<string>();
        foreach (var role in (string[])["operator", "chair"])
        {
            using var given = await Send(
                HttpMethod.Post,
                $"/api/v1/accounts/{account}/grants",
                by,
                $$"""{"role":"{{role}}","scope":"all"}"""
            );
            given.EnsureSuccessStatusCode();
        }
        return (userName, chosen);
    }

    private async Task<string> Choose(string userName, string once)
    {
        var chosen = $"{once}-own";
        using var changed = await Send(
            HttpMethod.Post,
            "/api/v1/auth/password",
            await MustSignIn(userName, once),
            $$"""{"currentPassword":"{{once}}","newPassword":"{{chosen}}"}"""
        );
        changed.EnsureSuccessStatusCode();
        return chosen;
    }

    private async Task<string> MustSignIn(string userName, string secret) =>
        await SignIn(userName, secret) ?? throw new InvalidOperationException($"{userName} cannot sign in.");

    /// <summary>
    /// Waits while the service refuses everybody from this address, because the run has sent too many wrong passwords.
    /// </summary>
    private async Task<string?> SignIn(string userName, string secret)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await client.PostAsync(
                "/api/v1/auth/token",
                new FormUrlEncodedContent(
                    new Dictionary<string, string>
                    {
                        ["grant_type"] = "password",
                        ["username"] = userName,
                        ["password"] = secret,
                    }
                )
            );
            if (answer.IsSuccessStatusCode)
                return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
            if (answer.Headers.RetryAfter is null || tries == MostTries)
                return null;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string bearer, string? body = null)
    {
        using var message = new HttpRequestMessage(method, path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(message);
    }
}
