// A client of the diagnostics service for a portal: reads the feed and prints each published profile in one line.
//
// DIAGNOSTICS_URL=http://localhost:5080 DIAGNOSTICS_CLIENT=portal DIAGNOSTICS_SECRET=… dotnet run [--once] [position in
// the feed]
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

using var client = new PortalClient(
    new Uri(Environment.GetEnvironmentVariable("DIAGNOSTICS_URL") ?? "http://localhost:5080"),
    Environment.GetEnvironmentVariable("DIAGNOSTICS_CLIENT") ?? throw new InvalidOperationException("DIAGNOSTICS_CLIENT is not set."),
    Environment.GetEnvironmentVariable("DIAGNOSTICS_SECRET") ?? throw new InvalidOperationException("DIAGNOSTICS_SECRET is not set.")
);
var once = args.Contains("--once");
var place = args.FirstOrDefault(argument => argument != "--once");
while (true)
{
    var part = await client.Feed(place, wait: once ? 0 : 30);
    foreach (var told in part.GetProperty("items").EnumerateArray())
    {
        var type = told.GetProperty("type").GetString();
        Console.WriteLine($"{told.GetProperty("cursor")} {type} {told.GetProperty("subject")}");
        if (type != "profile.issued")
            continue;
        // Null when the person has withdrawn the consent since this event; a later event in the feed says so.
        if (await client.Get(told.GetProperty("href").GetString()!) is not { } profile)
            continue;
        foreach (var result in profile.GetProperty("routeForm").GetProperty("results").EnumerateArray())
            Console.WriteLine($"  {result.GetProperty("adjective")}: {result.GetProperty("text")}");
    }
    // In a real client, store the position together with everything that the events changed, so that the client can
    // continue from that position after a crash.
    place = part.GetProperty("next").GetString();
    if (once && !part.GetProperty("more").GetBoolean())
        return;
}

internal sealed class PortalClient(Uri service, string id, string secret) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = service, Timeout = TimeSpan.FromSeconds(60) };
    private DateTime tokenUntil;

    public void Dispose() => http.Dispose();

    /// <summary>
    /// Reads a part of the feed. If the answer is 410, the service no longer keeps the position: get a new position
    /// first, and then read the whole list of profiles.
    /// </summary>
    internal async Task<JsonElement> Feed(string? after, int wait) =>
        await Get($"/api/v1/profile-feed?limit=500&wait={wait}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}")
        ?? throw new InvalidOperationException("The client may not read the feed.");

    /// <summary>Null when the client may not read the resource, or may no longer read it.</summary>
    internal async Task<JsonElement?> Get(string path)
    {
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            await SignIn();
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            switch (answer.StatusCode)
            {
                case HttpStatusCode.Unauthorized:
                    tokenUntil = default;
                    break;
                case HttpStatusCode.Forbidden or HttpStatusCode.NotFound:
                    return null;
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                    await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt));
                    break;
                default:
                    answer.EnsureSuccessStatusCode();
                    using (var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()))
                        return document.RootElement.Clone();
            }
        }
        throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{path}: asked seven times."));
    }

    private async Task SignIn()
    {
        if (DateTime.UtcNow < tokenUntil)
            return;
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = id,
                ["client_secret"] = secret,
            }
        );
        using var answer = await http.PostAsync(new Uri("/api/v1/auth/token", UriKind.Relative), form);
        answer.EnsureSuccessStatusCode();
        using var given = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            given.RootElement.GetProperty("access_token").GetString()
        );
        tokenUntil = DateTime.UtcNow.AddSeconds(0.8 * given.RootElement.GetProperty("expires_in").GetInt32());
    }
}
