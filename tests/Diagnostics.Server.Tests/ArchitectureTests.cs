using System.Reflection;
using Diagnostics.Engine;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Server.Api;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests;

/// <summary>The structure in docs/architecture.md, checked by reflection and by reading the sources.</summary>
public sealed class ArchitectureTests(TestService service) : IClassFixture<TestService>
{
    private static readonly Assembly Psychometrics = typeof(PartialCredit).Assembly;
    private static readonly Assembly Engine = typeof(Points).Assembly;
    private static readonly Assembly Storage = typeof(Database).Assembly;
    private static readonly Assembly UseCases = typeof(UseCaseCatalog).Assembly;
    private static readonly Assembly Server = typeof(Service).Assembly;

    [Fact]
    public void Projects_look_only_towards_Psychometrics()
    {
        OurReferences(Psychometrics).Should().BeEmpty();
        OurReferences(Engine).Should().BeSubsetOf(["Diagnostics.Psychometrics"]);
        OurReferences(Storage).Should().BeSubsetOf(["Diagnostics.Engine", "Diagnostics.Psychometrics"]);
        OurReferences(UseCases).Should().BeSubsetOf(["Diagnostics.Storage", "Diagnostics.Engine", "Diagnostics.Psychometrics"]);
    }

    [Fact]
    public void The_rules_know_no_database_no_HTTP_and_no_clock()
    {
        Engine
            .GetReferencedAssemblies()
            .Select(reference => reference.Name)
            .Should()
            .NotContain(name =>
                name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Dapper", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Data", StringComparison.Ordinal)
                || name == "System.Net.Http"
            );
        // In these projects the build itself refuses the calls that read a clock, make an id or draw a random number;
        // src/BannedSymbols.txt and BannedSymbols.Rules.txt list these calls.
        foreach (var project in new[] { "Diagnostics.Engine", "Diagnostics.Psychometrics" })
        {
            File.ReadAllText(Path.Combine(Repository.Root, "src", project, "BannedSymbols.Rules.txt"))
                .Should()
                .Contain("TimeProvider.System")
                .And.Contain("Random.Shared")
                .And.Contain("Guid.CreateVersion7");
        }
    }

    [Fact]
    public void Only_the_storage_project_speaks_SQL() =>
        Sources("src/Diagnostics.Server", "src/Diagnostics.UseCases")
            .Where(source =>
                System.Text.RegularExpressions.Regex.IsMatch(source.Text, @"""\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")
            )
            .Select(source => source.Path)
            .Should()
            .BeEmpty();

    [Fact]
    public void What_a_stage_shows_the_others_is_its_door_and_the_rest_is_internal() =>
        Server
            .GetTypes()
            .Where(type =>
                type.IsPublic && type.Namespace?.StartsWith("Diagnostics.Server", StringComparison.Ordinal) is true && !IsOfRazor(type)
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void Every_endpoint_states_who_may_call_it_and_what_it_does()
    {
        var endpoints = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        endpoints.Should().HaveCountGreaterThan(20);
        endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .Should()
            .BeEmpty();
        endpoints
            .Where(endpoint =>
                endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)
                && (
                    endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is null
                    || endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null
                )
            )
            .Select(endpoint => endpoint.DisplayName)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Nothing_in_the_service_silences_the_audit_trail() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("IsSilent =", StringComparison.Ordinal))
            .Should()
            .BeEmpty();

    [Fact]
    public void Storage_opens_its_inside_to_use_cases_and_not_to_the_server()
    {
        var friends = Storage
            .GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            .Select(friend => friend.AssemblyName)
            .ToList();

        friends.Should().Contain("Diagnostics.UseCases").And.NotContain("Diagnostics.Server");
        Storage
            .GetExportedTypes()
            .Where(type => type.Name.EndsWith("Store", StringComparison.Ordinal) || type.Name == "Db")
            .Should()
            .BeEmpty();
    }

    /// <summary>
    /// A route takes its name and its access rule from the use case that its handler runs, and the handler runs no
    /// other use case.
    /// </summary>
    [Fact]
    public void Every_route_of_the_API_runs_the_one_use_case_that_it_declares()
    {
        var endpoints = service
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.RoutePattern.RawText is { } address
                && (address.StartsWith("/api/", StringComparison.Ordinal) || address.StartsWith(CaseApi.Root, StringComparison.Ordinal))
            )
            .ToList();
        foreach (
            var endpoint in endpoints.Where(endpoint =>
                endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName
                    is not "IssueToken"
                        and not "GetProfileSchema"
                        and not "GetComplexProfileSchema"
            )
        )
        {
            var operation = endpoint.Metadata.GetMetadata<Operation>();
            operation.Should().NotBeNull($"{endpoint.DisplayName} runs no use case");
            var runs = endpoint
                .Metadata.GetMetadata<MethodInfo>()!
                .GetParameters()
                .Select(parameter => parameter.ParameterType)
                .Where(type => type.IsAssignableTo(typeof(IUseCase)))
                .ToList();
            runs.Select(type => type.Name).Should().Equal([operation!.Name], endpoint.DisplayName);
            endpoint.Metadata.GetMetadata<AccessRule>().Should().BeSameAs(operation.Access);
        }

        UseCaseCatalog
            .All.Select(useCase => useCase.Name)
            .Except(endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName))
            .Should()
            .BeEmpty("every use case has its route");
    }

    [Fact]
    public async Task Without_a_token_nothing_but_the_public_door_opens()
    {
        using var anonymous = service.Anonymous();
        foreach (var endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<AccessRule>()!.Anyone)
                continue;
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
            var path = System.Text.RegularExpressions.Regex.Replace(
                endpoint.RoutePattern.RawText!,
                @"\{[^}]*:guid\}",
                Guid.Empty.ToString()
            );
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "1");
            using var answer = await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            ((int)answer.StatusCode).Should().Be(401, $"{method} {path}");
        }
    }

    [Fact]
    public void Nothing_is_left_to_be_done_by_its_own_words() =>
        Sources("src", "tests", "tools")
            .Where(source =>
                source.Text.Contains("TO" + "DO", StringComparison.Ordinal)
                || source.Text.Contains("NotImplemented" + "Exception", StringComparison.Ordinal)
            )
            .Select(source => source.Path)
            .Should()
            .BeEmpty();

    /// <summary>
    /// The Razor compiler makes components and the class <c>_Imports</c> public, and no setting can change that.
    /// </summary>
    private static bool IsOfRazor(Type type) => type.IsAssignableTo(typeof(IComponent)) || type.Name == "_Imports";

    private static IEnumerable<string> OurReferences(Assembly assembly) =>
        assembly
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Diagnostics.", StringComparison.Ordinal));

    private static IEnumerable<(string Path, string Text)> Sources(params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(TestKit.Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        select (file, File.ReadAllText(file));
}
