using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Makes accounts, and gets tokens as a client does; it returns the whole answer of the token endpoint.
/// </summary>
internal sealed class SignInScene(TestService service)
{
    /// <summary>An account with its name and the password that its owner has chosen, without any sign-in.</summary>
    internal async Task<JsonNode> Auditor()
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/accounts",
                new { userName = Unique("aud"), grants = new[] { new { role = "auditor", scope = "all" } } }
            )
            .Json(201);
        using var client = await service.SignIn(made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        await client.PostAsync($"{V1}/auth/sign-out", null).Json(204);
        made["password"] = TestService.Chosen(made["password"]!.GetValue<string>());
        return made;
    }

    internal Task<HttpResponseMessage> Ask(
        JsonNode account,
        string? password = null,
        string? device = null,
        string? refresh = null,
        string? url = null
    )
    {
        var client = new HttpClient { BaseAddress = new Uri(url ?? service.Url) };
        if (device is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", device);
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "password"),
            new("username", account["userName"]!.GetValue<string>()),
            new("password", password ?? account["password"]!.GetValue<string>()),
        ];
        if (refresh is not null)
            form.Add(new("refresh_token", refresh));
        return client.PostAsync($"{V1}/auth/token", new FormUrlEncodedContent(form));
    }

    internal Task<JsonNode> Begin(JsonNode account, string? device = null, string? url = null) =>
        Ask(account, device: device, url: url).Json();

    internal Task<HttpResponseMessage> Refresh(JsonNode tokens, string? url = null) =>
        new HttpClient { BaseAddress = new Uri(url ?? service.Url) }.PostAsync(
            $"{V1}/auth/token",
            new FormUrlEncodedContent([
                new("grant_type", "refresh_token"),
                new("refresh_token", tokens["refresh_token"]!.GetValue<string>()),
            ])
        );

    internal Task<JsonNode> Renew(JsonNode tokens) => Refresh(tokens).Json();

    internal HttpClient With(JsonNode tokens, string? url = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(url ?? service.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens["access_token"]!.GetValue<string>());
        return client;
    }
}
