using System.CommandLine;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Commands;

/// <summary>
/// The verb <c>health</c>: asks a running service whether it is ready, so that a container image needs no other tool.
/// </summary>
internal static class HealthVerb
{
    private const int Ready = 0;
    private const int NotReady = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    internal static Command Make()
    {
        var url = new Argument<string?>("url")
        {
            Description = "адрес службы; обычно — первый из настройки Urls",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new Command("health", "Спросить работающую службу, готова ли она; код 0 или 1") { url };
        verb.SetAction((parsed, _) => Ask(parsed, parsed.GetValue(url), Console.Out));
        return verb.WithRegions();
    }

    private static async Task<int> Ask(ParseResult parsed, string? named, TextWriter output)
    {
        try
        {
            var regions = RegionOptions.Choose(parsed, allByDefault: true);
            // A setting in the place of the address.
            var isSetting = named?.StartsWith("--", StringComparison.Ordinal) is true;
            string[] settings = isSetting ? [.. parsed.UnmatchedTokens, named!] : [.. parsed.UnmatchedTokens];
            var address = named is null || isSetting ? Own(Settings.Read(settings)) : named;
            if (regions.Count == 0)
                return await Run(address, output);
            var ready = 0;
            foreach (var region in regions)
            {
                await output.WriteAsync($"{region.Name} ");
                if (await Run(address, output, region.Hosts[0]) == Ready)
                    ready++;
            }
            // A region whose database is away must not have the process restarted under the others.
            return ready >= (RegionOptions.MeansAll(parsed) ? regions.Count : 1) ? Ready : NotReady;
        }
        catch (SettingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Databases.CannotRun;
        }
    }

    /// <param name="host">The host of the region to ask for; null for the address's own.</param>
    internal static async Task<int> Run(string url, TextWriter output, string? host = null)
    {
        if (
            !Uri.TryCreate($"{url.TrimEnd('/')}/health/ready", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
        {
            await Console.Error.WriteLineAsync($"«{url}» — не адрес службы; нужен вид {Addresses.Usual}.");
            return NotReady;
        }
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Host = host;
            using var answer = await client.SendAsync(request);
            await output.WriteLineAsync($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return answer.IsSuccessStatusCode ? Ready : NotReady;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"Служба {url} не отвечает.");
            return NotReady;
        }
    }

    /// <summary>The health address of a service with these settings, as seen from its own machine.</summary>
    /// <exception cref="SettingException">The setting of the operations port is not a port number.</exception>
    internal static string Own(IConfiguration configuration)
    {
        var urls = Addresses
            .Of(configuration)
            .Select(url =>
                url.Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
                    .Replace("://[::]", "://localhost", StringComparison.Ordinal)
                    .Replace("://*", "://localhost", StringComparison.Ordinal)
                    .Replace("://+", "://localhost", StringComparison.Ordinal)
            )
            .ToList();
        var operations = OperationsPort.Read(configuration);
        return urls.FirstOrDefault(url =>
                operations is null || (Uri.TryCreate(url, UriKind.Absolute, out var known) && known.Port == operations)
            ) ?? $"http://localhost:{operations ?? 5080}";
    }
}
