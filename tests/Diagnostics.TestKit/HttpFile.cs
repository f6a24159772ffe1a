using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using OtpNet;

namespace Diagnostics.TestKit;

/// <summary>One request of a <c>.http</c> file.</summary>
/// <param name="Line">Line at which the request begins.</param>
/// <param name="Expected">The status that the comment <c># =&gt; 201</c> above the request promises.</param>
/// <param name="Patient">Not null when the request has the comment <c># @patient</c>: it is repeated for a while until
/// the promised status comes, because background work leads to that status. If a path follows, as in <c># @patient
/// $.items[0].id</c>, the answer must also contain this path.</param>
public sealed record HttpFileRequest(
    string Title,
    int Line,
    string? Name,
    int Expected,
    string? Patient,
    string Method,
    string Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    string Body
);

/// <summary>
/// A <c>.http</c> file in the form that editors run (variables <c>@x = …</c>, <c># @name</c>,
/// <c>{{name.response.body.$.path}}</c>, <c>{{$datetime iso8601 1 d}}</c>, <c>{{$guid}}</c>), run request by request,
/// each with its promised status. Editors do not know <c>{{$totp name.response.body.$.secret}}</c>.
/// </summary>
public sealed partial class HttpFile(IReadOnlyDictionary<string, string> variables, IReadOnlyList<HttpFileRequest> requests)
{
    /// <summary>The prefix of a variable that stands for an authenticator code; the secret follows it.</summary>
    private const string OneTimeCode = "$totp ";

    public IReadOnlyList<HttpFileRequest> Requests => requests;

    public static HttpFile Parse(string text)
    {
        var variables = new Dictionary<string, string>();
        var requests = new List<HttpFileRequest>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; )
        {
            if (lines[at].StartsWith('@'))
            {
                var (name, value) = Split(lines[at][1..], '=');
                variables[name] = value;
            }
            if (!lines[at++].StartsWith("###", StringComparison.Ordinal))
                continue;
            var first = at;
            while (at < lines.Length && !lines[at].StartsWith("###", StringComparison.Ordinal))
                at++;
            if (ReadRequest(lines[(first - 1)..at], first) is { } request)
                requests.Add(request);
        }
        return new HttpFile(variables, requests);
    }

    /// <summary>Runs all requests; the first one that does not get its promised status ends the run.</summary>
    /// <param name="overrides">Values for the file's variables, e.g. host and password.</param>
    /// <param name="through">Sends the requests; by default over the network.</param>
    /// <exception cref="HttpRequestException">A request got another status; the message names it and shows the
    /// answer.</exception>
    public async Task Run(
        IReadOnlyDictionary<string, string> overrides,
        IClock clock,
        Action<HttpFileRequest, int>? ran = null,
        HttpMessageHandler? through = null
    )
    {
        using var client = new HttpClient(through ?? new SocketsHttpHandler());
        var values = new Dictionary<string, string>(variables);
        foreach (var (name, value) in overrides)
            values[name] = value;
        var answers = new Dictionary<string, JsonNode?>();
        foreach (var request in requests)
        {
            var (status, body) = await Send(client, request, values, answers, clock);
            bool HasCome(string path) => status == request.Expected && (path.Length == 0 || At(JsonNode.Parse(body), path) is not null);
            for (var watch = Stopwatch.StartNew(); request.Patient is { } path && !HasCome(path) && watch.Elapsed < Wait.AtMost; )
            {
                await Task.Delay(100);
                (status, body) = await Send(client, request, values, answers, clock);
            }
            if (status != request.Expected)
                throw new HttpRequestException(
                    $"Line {request.Line}, «{request.Title}»: expected {request.Expected}, got {status}\n{body}",
                    null,
                    (HttpStatusCode)status
                );
            if (request.Name is { } name)
                answers[name] = body.Length > 0 ? JsonNode.Parse(body) : null;
            ran?.Invoke(request, status);
        }
    }

    private static async Task<(int Status, string Body)> Send(
        HttpClient client,
        HttpFileRequest request,
        Dictionary<string, string> values,
        Dictionary<string, JsonNode?> answers,
        IClock clock
    )
    {
        string Filled(string text) => Fill(text, values, answers, clock);
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), Filled(request.Url));
        var contentType = "application/json";
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                contentType = value;
            else
                message.Headers.TryAddWithoutValidation(name, Filled(value));
        }
        if (request.Body.Length > 0)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Filled(request.Body)));
            message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        using var answer = await client.SendAsync(message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string Fill(string text, Dictionary<string, string> values, Dictionary<string, JsonNode?> answers, IClock clock)
    {
        for (var depth = 0; depth < 5 && Variable().IsMatch(text); depth++)
            text = Variable().Replace(text, match => Resolve(match.Groups[1].Value.Trim(), values, answers, clock));
        return text;
    }

    private static string Resolve(string name, Dictionary<string, string> values, Dictionary<string, JsonNode?> answers, IClock clock)
    {
        if (values.TryGetValue(name, out var value))
            return value;
        if (name == "$guid")
            return Guid.NewGuid().ToString();
        if (Moment().Match(name) is { Success: true } moment)
        {
            var amount = moment.Groups["amount"].Success ? int.Parse(moment.Groups["amount"].Value, CultureInfo.InvariantCulture) : 0;
            var by = moment.Groups["unit"].Value switch
            {
                "d" => Duration.FromDays(amount),
                "h" => Duration.FromHours(amount),
                "m" => Duration.FromMinutes(amount),
                _ => Duration.Zero,
            };
            return InstantPattern.General.Format(clock.GetCurrentInstant() + by);
        }
        if (name.StartsWith(OneTimeCode, StringComparison.Ordinal))
            return new Totp(Base32Encoding.ToBytes(Resolve(name[OneTimeCode.Length..], values, answers, clock))).ComputeTotp(
                clock.GetCurrentInstant().ToDateTimeUtc()
            );
        if (
            FromAnswer().Match(name) is { Success: true } from
            && answers.TryGetValue(from.Groups["name"].Value, out var node)
            && At(node, from.Groups["path"].Value) is { } found
        )
            return found.ToString();
        throw new InvalidOperationException($"Nothing is known of {{{{{name}}}}}.");
    }

    private static JsonNode? At(JsonNode? node, string path)
    {
        foreach (Match step in Step().Matches(path))
            node = step.Groups["index"].Success
                ? (node as JsonArray)?.ElementAtOrDefault(int.Parse(step.Groups["index"].Value, CultureInfo.InvariantCulture))
                : node?[step.Groups["field"].Value];
        return node;
    }

    private static HttpFileRequest? ReadRequest(string[] block, int line)
    {
        var title = block[0].TrimStart('#', ' ');
        string? name = null;
        var expected = 200;
        string? patient = null;
        var at = 1;
        for (
            ;
            at < block.Length
                && (block[at].Length == 0 || block[at].StartsWith('#') || block[at].StartsWith("//", StringComparison.Ordinal));
            at++
        )
        {
            var comment = block[at].TrimStart('#', '/', ' ');
            if (comment.StartsWith("@name ", StringComparison.Ordinal))
                name = comment[6..].Trim();
            if (comment.StartsWith("@patient", StringComparison.Ordinal))
                patient = comment[8..].Trim();
            if (comment.StartsWith("=> ", StringComparison.Ordinal))
                expected = int.Parse(comment[3..], CultureInfo.InvariantCulture);
        }
        if (at == block.Length)
            return null;
        var start = block[at].Split(' ', 3);
        var where = line + at;
        var headers = new List<(string, string)>();
        for (at++; at < block.Length && block[at].Length > 0; at++)
            headers.Add(Split(block[at], ':'));
        return new(title, where, name, expected, patient, start[0], start[1], headers, string.Join('\n', block.Skip(at + 1)).Trim());
    }

    private static (string Name, string Value) Split(string line, char by)
    {
        var at = line.IndexOf(by);
        return (line[..at].Trim(), line[(at + 1)..].Trim());
    }

    [GeneratedRegex(@"\{\{([^{}]+)\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\$datetime iso8601( (?<amount>-?\d+) (?<unit>[dhm]))?$")]
    private static partial Regex Moment();

    [GeneratedRegex(@"^(?<name>\w+)\.response\.body\.\$(?<path>.*)$")]
    private static partial Regex FromAnswer();

    [GeneratedRegex(@"\.(?<field>\w+)|\[(?<index>\d+)\]")]
    private static partial Regex Step();
}
