using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.ItemBank;

/// <summary>People who work on the item bank, and helper methods for its tests.</summary>
internal static class BankScene
{
    internal const string Password = "long-enough-1";

    /// <summary>A client signed in to a new account with these grants.</summary>
    internal static async Task<HttpClient> Person(this TestService service, string name, params Grant[] grants)
    {
        var database = service.Services.GetRequiredService<Database>();
        var passwords = service.Services.GetRequiredService<IPasswordHasher<AccountRow>>();
        (await database.Write(db => Accounts.Create(db, passwords, service.Clock.GetCurrentInstant(), name, Password, grants, "test")))
            .Refusal.Should()
            .BeNull();
        return await service.SignIn(name, Password);
    }

    internal static Task<HttpClient> Person(this TestService service, string name, params Role[] roles) =>
        service.Person(name, roles.Select(role => new Grant(role, GrantScope.All, null)).ToArray());

    internal static async Task<string> Text(this Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    internal static Task<HttpResponseMessage> PutYaml(this HttpClient client, string path, string yaml, int? basedOn)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Yaml(yaml) };
        if (basedOn is { } revision)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{revision}\""));
        return client.SendAsync(request);
    }

    internal static StringContent Yaml(string text) => new(text, Encoding.UTF8, "application/yaml");

    /// <summary>A stored version, written as the file that an author would send.</summary>
    internal static Task<string> Export(this HttpClient client, string facet, int version = 1) =>
        client.GetAsync($"/api/v1/facets/{facet}/versions/{version}/export").Text();

    internal static string Text(this JsonNode? node, string name) => node![name]!.GetValue<string>();

    internal static int Number(this JsonNode? node, string name) => node![name]!.GetValue<int>();
}
