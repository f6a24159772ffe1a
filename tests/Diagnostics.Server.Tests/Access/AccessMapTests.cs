using Diagnostics.Server.Commands;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests.Access;

public sealed class AccessMapTests
{
    [Fact]
    public async Task The_committed_map_is_that_of_the_declarations()
    {
        using var folder = new TemporaryFolder();
        var printed = folder.File("access.md");

        (await WriteAccessMap.Run(printed)).Should().Be(0);

        (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "access.md")))
            .Should()
            .Be(
                await File.ReadAllTextAsync(printed),
                "docs/access.md follows the code; print it and commit it: dotnet run --project src/Diagnostics.Server -- access docs/access.md"
            );
    }
}
