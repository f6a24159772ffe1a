using System.IO.Compression;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Calibration;

public sealed class ExportScoresTests(ReferenceService reference) : IClassFixture<ReferenceService>
{
    private static readonly string[] Names =
    [
        "README.md",
        "analyse.R",
        "answered.csv",
        "items.csv",
        "options.csv",
        "persons.csv",
        "scores.csv",
    ];

    [Fact]
    public async Task The_files_hold_every_score_and_nothing_of_whom_it_is()
    {
        var files = await Download($"formId={reference.Scene.FormId}");

        files.Keys.Should().BeEquivalentTo(Names);
        var scores = Rows(files["scores.csv"]);
        scores.Should().HaveCount(2401).And.OnlyContain(row => row.Length == 2 + (4 * ReferenceScene.Slots));
        foreach (var (form, variant) in "ABCD".Select((form, at) => (form, at + 1)))
        {
            var own = scores.Skip(1).Where(row => row[1] == $"{variant}").ToList();
            own.Should().OnlyContain(row => row.Skip(2).Count(cell => cell == "NA") == 3 * ReferenceScene.Slots);
            var totals = own.Select(row => row.Skip(2).Where(cell => cell != "NA").Sum(int.Parse)).Order();
            totals.Should().Equal(ReferenceData.Scores($"fourforms_{form}").Select(person => person.Sum()).Order());
        }
        Rows(files["options.csv"]).Skip(1).SelectMany(row => row.Skip(2)).Distinct().Should().BeEquivalentTo("NA", "1", "2", "3");
        Rows(files["items.csv"]).Skip(1).Should().HaveCount(100).And.OnlyContain(row => row[9] == "2");
        var sessions = await reference.Scene.Database.Read(db => db.Query<Guid>("SELECT id FROM sessions"));
        var people = await reference.Scene.Database.Read(db => db.Query<Guid>("SELECT id FROM participants"));
        foreach (var text in files.Values)
        {
            text.Should().NotContain(ReferenceScene.Surname).And.NotContain(ReferenceScene.Organisation).And.NotContain("Майя");
            text.Should().NotContainAny(sessions.Concat(people).Take(100).Select(id => id.ToString("D")));
        }
    }

    [Fact]
    public async Task Two_exports_cannot_be_laid_over_each_other()
    {
        var (first, second) = (
            await Download($"campaignId={reference.Scene.CampaignId}"),
            await Download($"campaignId={reference.Scene.CampaignId}")
        );

        second["scores.csv"].Should().NotBe(first["scores.csv"]);
        Rows(second["scores.csv"])
            .Select(row => string.Join(',', row.Skip(1)))
            .Should()
            .BeEquivalentTo(Rows(first["scores.csv"]).Select(row => string.Join(',', row.Skip(1))));
    }

    [Fact]
    public async Task The_verb_writes_the_same_files_into_a_folder()
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();

        (await ExportScoresVerb.Run(reference.Scene.Database, folder.Path, reference.Scene.FormId, null, output, CancellationToken.None))
            .Should()
            .Be(0);

        Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo(Names);
        output.ToString().Should().StartWith("Выгружено: 2400 участников");
        (await ExportScoresVerb.Run(reference.Scene.Database, folder.Path, null, null, output, CancellationToken.None)).Should().Be(2);
        (await ExportScoresVerb.Run(reference.Scene.Database, folder.Path, Guid.NewGuid(), null, output, CancellationToken.None))
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task The_command_of_the_README_runs_beside_a_running_service()
    {
        using var folder = new TemporaryFolder();

        (
            await CommandLine
                .Parse(["export-scores", folder.Path, "--campaign", reference.Scene.CampaignId.ToString(), .. reference.Service.Settings])
                .InvokeAsync()
        )
            .Should()
            .Be(0);

        Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo(Names);
    }

    [Theory]
    [InlineData("", 422, "export-of-what")]
    [InlineData("formId=00000000-0000-0000-0000-000000000001&campaignId=00000000-0000-0000-0000-000000000001", 422, "export-of-what")]
    [InlineData("formId=00000000-0000-0000-0000-000000000001", 404, "form-not-found")]
    [InlineData("campaignId=00000000-0000-0000-0000-000000000001", 404, "campaign-not-found")]
    public async Task What_there_is_not_is_not_exported(string query, int status, string code) =>
        (await reference.Service.Admin.GetAsync($"/api/v1/calibrations/scores?{query}").ProblemCode(status)).Should().Be(code);

    private async Task<Dictionary<string, string>> Download(string query)
    {
        using var answer = await reference.Service.Admin.GetAsync($"/api/v1/calibrations/scores?{query}");
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/zip");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var reader = new StreamReader(entry.Open());
                return reader.ReadToEnd();
            }
        );
    }

    private static List<string[]> Rows(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
}
