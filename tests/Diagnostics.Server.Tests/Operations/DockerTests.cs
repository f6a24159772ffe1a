using System.CommandLine;
using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>No container engine runs here; the tests look for faults that can be found by reading the files.</summary>
public sealed partial class DockerTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docker");
    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(Folder, "Dockerfile"));
    private static readonly string Proxy = File.ReadAllText(Path.Combine(Folder, "nginx.conf"));

    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Folder, "compose.*.yaml").Select(file => Path.GetFileName(file)!),
    ];

    public static TheoryData<string> Compositions() => [.. Files];

    [Fact]
    public void Everything_that_the_image_copies_is_in_the_repository()
    {
        var copies = Instructions("COPY")
            .Where(words => !words[0].StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(words => words[..^1])
            .ToList();

        copies.Should().Contain(["src", "item-bank", "openapi"]);
        copies.Where(source => !Path.Exists(Path.Combine(Repository.Root, source))).Should().BeEmpty();
        var stages = Instructions("FROM").Where(words => words is [_, "AS", _]).Select(words => words[2]).ToList();
        Instructions("COPY")
            .Where(words => words[0].StartsWith("--from", StringComparison.Ordinal))
            .Select(words => words[0]["--from=".Length..])
            .Should()
            .NotBeEmpty()
            .And.BeSubsetOf(stages);
    }

    [Fact]
    public void The_image_is_built_in_two_stages_runs_without_root_and_looks_after_itself()
    {
        Instructions("FROM").Should().HaveCount(2);
        Instructions("USER").Should().ContainSingle().Which.Should().Equal("$APP_UID");
        Instructions("VOLUME").Should().ContainSingle().Which.Should().Equal("/data");
        Verbs().Should().Contain(HealthCheckVerb().Match(Dockerfile).Groups[1].Value);
        var published = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension);
        published.Should().Contain(Assembly().Match(Dockerfile).Groups[1].Value);
        Dockerfile.Should().Contain($"EXPOSE {Port().Match(Proxy).Groups[1].Value}");
    }

    [Fact]
    public void There_is_a_composition_for_each_server() =>
        Files.Should().BeEquivalentTo("compose.postgres.yaml", "compose.sqlserver.yaml");

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Every_service_volume_file_and_verb_that_a_composition_names_is_there(string composition)
    {
        var (text, services) = (Text(composition), Services(composition));
        var volumes = Map(Read(composition)["volumes"]).Keys;
        List<string> missing = [];
        foreach (var (name, value) in services)
        {
            var service = Map(value);
            foreach (var needed in service.TryGetValue("depends_on", out var depends) ? Names(depends) : [])
                if (!services.ContainsKey(needed))
                    missing.Add($"{name}: service {needed}");
            foreach (
                var volume in service.TryGetValue("volumes", out var mounts)
                    ? ((List<object>)mounts).Select(each => ((string)each).Split(':')[0])
                    : []
            )
                if (volume.StartsWith('.') ? !Path.Exists(Path.Combine(Folder, volume)) : !volumes.Contains(volume))
                    missing.Add($"{name}: volume {volume}");
            if (service.TryGetValue("build", out var build))
            {
                var context = Path.Combine(Folder, (string)Map(build)["context"]);
                if (!File.Exists(Path.Combine(context, (string)Map(build)["dockerfile"])))
                    missing.Add($"{name}: dockerfile");
                foreach (
                    var verb in service.TryGetValue("command", out var command) ? ((List<object>)command).Select(each => (string)each) : []
                )
                    if (!Verbs().Contains(verb))
                        missing.Add($"{name}: verb {verb}");
            }
            else if (!service.ContainsKey("image"))
                missing.Add($"{name}: neither build nor image");
        }

        missing.Should().BeEmpty();
        services.Values.Count(each => Map(each).ContainsKey("build")).Should().Be(3, "the migration and two nodes");
        volumes
            .Should()
            .BeSubsetOf(
                services.Values.SelectMany(each =>
                    Map(each).TryGetValue("volumes", out var mounts)
                        ? ((List<object>)mounts).Select(mount => ((string)mount).Split(':')[0])
                        : []
                )
            );
        Anchor()
            .Matches(text)
            .Select(match => match.Groups[1].Value)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(anchor => text.Contains("*" + anchor));
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void The_proxy_knows_both_nodes_and_the_port_they_listen_on(string composition)
    {
        var nodes = Upstream().Matches(Proxy).Select(match => (Host: match.Groups[1].Value, Port: match.Groups[2].Value)).ToList();

        nodes.Select(node => node.Host).Should().Equal("node-1", "node-2").And.BeSubsetOf(Services(composition).Keys);
        nodes.Select(node => node.Port).Should().OnlyContain(port => Dockerfile.Contains($"Urls=http://0.0.0.0:{port}"));
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Every_setting_is_one_that_the_service_knows(string composition)
    {
        var inImage = Instructions("ENV").SelectMany(words => words.Select(word => word.Split('=')[0]));
        var inComposition = Services(composition)
            .Values.Where(each => Map(each).ContainsKey("build"))
            .SelectMany(each => Map(Map(each)["environment"]).Keys);

        inImage
            .Concat(inComposition)
            .Select(name => name.Replace("__", ":", StringComparison.Ordinal))
            .Should()
            .HaveCountGreaterThan(4)
            .And.BeSubsetOf([.. Hosting.Settings.Known, Addresses.SettingName]);
    }

    /// <summary>
    /// Whoever builds the image decides where packages come from, so the build must work with a mirror.
    /// </summary>
    [Theory]
    [MemberData(nameof(Compositions))]
    public void No_address_is_named_but_the_services_own(string composition) =>
        Url()
            .Matches(Dockerfile + Text(composition) + Proxy)
            .Select(match => match.Groups[1].Value)
            .Should()
            .OnlyContain(host => host == "0.0.0.0" || host == "nodes");

    private static string Text(string composition) => File.ReadAllText(Path.Combine(Folder, composition));

    private static Dictionary<string, object> Read(string composition) =>
        Map(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(new StringReader(Text(composition)))))!);

    private static Dictionary<string, object> Services(string composition) => Map(Read(composition)["services"]);

    private static Dictionary<string, object> Map(object node) =>
        ((IDictionary<object, object>)node).ToDictionary(field => (string)field.Key, field => field.Value);

    /// <summary>Handles the short form (a list) and the long form (a map) of the syntax.</summary>
    private static IEnumerable<string> Names(object node) => node is List<object> list ? list.Cast<string>() : Map(node).Keys;

    private static List<string> Verbs() => CommandLine.Parse([]).RootCommandResult.Command.Subcommands.Select(verb => verb.Name).ToList();

    private static List<string[]> Instructions(string name) =>
        Dockerfile
            .Split('\n')
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
            .ToList();

    [GeneratedRegex("""HEALTHCHECK .*"Diagnostics\.Server\.dll", "(\w+)"\]""")]
    private static partial Regex HealthCheckVerb();

    [GeneratedRegex("""ENTRYPOINT \["dotnet", "([\w.]+)\.dll"\]""")]
    private static partial Regex Assembly();

    [GeneratedRegex(@"server node-1:(\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"server (node-\d):(\d+)")]
    private static partial Regex Upstream();

    [GeneratedRegex(@"&(\w+)")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"\w+://([\w.\-]+)")]
    private static partial Regex Url();
}
