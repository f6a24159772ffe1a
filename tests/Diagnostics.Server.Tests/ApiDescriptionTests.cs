using Diagnostics.Server.Operations;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests;

public sealed class ApiDescriptionTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string Committed = Path.Combine(Repository.Root, "openapi", "diagnostics.v1.json");

    [Fact]
    public async Task The_committed_description_is_that_of_the_running_service()
    {
        var running = await WriteApiDescription.Describe(service.Services);

        (await File.ReadAllTextAsync(Committed)).Should().Be(running, "the build writes openapi/diagnostics.v1.json; commit it");
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_problem_answers()
    {
        var description = await service.Anonymous().GetAsync("/openapi/v1.json").Json();
        description["openapi"]!.GetValue<string>().Should().StartWith("3.1");
        foreach (var (path, operations) in description["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                var place = $"{method} {path}";
                operation!["operationId"].Should().NotBeNull(place);
                operation["summary"].Should().NotBeNull(place);
                operation["tags"].Should().NotBeNull(place);
                var answers = operation["responses"]!.AsObject().Select(answer => answer.Key).ToList();
                answers.Should().Contain(["400", "429", "500", "503"], place);
                answers.Should().Contain(status => status.StartsWith('2') || status.StartsWith('3'), place);
                if (operation["security"] is not null) answers.Should().Contain(["401", "403"], place);
            }
    }
}
