using Diagnostics.Engine.Forms.Importing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ImportPlanTests
{
    private static readonly StoredBank Empty = new(
        new Dictionary<(string, int), string>(),
        new Dictionary<string, StoredVersion>(),
        new Dictionary<string, StoredFacetVersion>(),
        Array.Empty<(string, StoredVersion)>().ToLookup(item => item.Item1, item => item.Item2),
        new HashSet<SeenFile>()
    );

    [Fact]
    public void Into_an_empty_database_everything_is_new_and_of_version_one()
    {
        var plan = ImportPlan.Of(new SampleBank().Read(), Empty);

        plan.Frameworks.Should().ContainSingle().Which.Version.Should().Be(1);
        plan.Blueprints.Should().ContainSingle().Which.Version.Should().Be(1);
        plan.Items.Should().ContainSingle().Which.Version.Should().Be(1);
        plan.Facets.Should()
            .ContainSingle()
            .Which.Should()
            .Match<NewFacet>(facet => facet.Version == 1 && facet.Diagnostic == "demo" && facet.ItemVersions[1] == 1);
        plan.Findings.Should().BeEmpty();
    }

    [Fact]
    public void The_same_files_again_change_nothing()
    {
        var plan = ImportPlan.Of(new SampleBank().Read(), After(Empty, new SampleBank()));

        plan.IsEmpty.Should().BeTrue();
        plan.Seen.Should().BeEmpty();
    }

    [Theory]
    [InlineData("    stem: Чему равна сумма 2 + 2?", "    stem: Сколько будет 2 + 2?", 2, 1)]
    [InlineData("title: Суммы", "title: Суммы чисел", 2, 0)]
    [InlineData("author: ivanova", "author: sidorova", 2, 0)]
    public void Changed_content_is_a_new_version_of_just_what_changed(string old, string replacement, int facetVersion, int newItems)
    {
        var plan = ImportPlan.Of(new SampleBank().Replace(SampleBank.FacetPath, old, replacement).Read(), After(Empty, new SampleBank()));

        plan.Facets.Should().ContainSingle().Which.Version.Should().Be(facetVersion);
        plan.Items.Select(item => item.Version).Should().Equal(Enumerable.Repeat(2, newItems));
        plan.Blueprints.Should().BeEmpty();
        plan.Frameworks.Should().BeEmpty();
    }

    [Fact]
    public void Layout_comments_and_line_ends_are_no_content()
    {
        var bank = new SampleBank();
        bank[SampleBank.FacetPath] =
            "# заметка автора\n" + bank[SampleBank.FacetPath].Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n";

        ImportPlan.Of(bank.Read(), After(Empty, new SampleBank())).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Going_back_to_earlier_content_is_a_new_facet_version_of_the_earlier_item()
    {
        var first = After(Empty, new SampleBank());
        var second = After(first, new SampleBank().Replace(SampleBank.FacetPath, "2 + 2?", "2 + 2 ?"));

        var plan = ImportPlan.Of(new SampleBank().Read(), second);

        plan.Items.Should().BeEmpty();
        plan.Facets.Should().ContainSingle().Which.Should().Match<NewFacet>(facet => facet.Version == 3 && facet.ItemVersions[1] == 1);
    }

    [Fact]
    public void A_file_that_did_not_change_does_not_undo_what_was_written_through_the_API()
    {
        var stored = After(Empty, new SampleBank());
        var wentOn = stored with
        {
            Facets = new Dictionary<string, StoredFacetVersion> { ["sums"] = new(2, "written through the API", ItemStatus.Draft, false) },
        };

        ImportPlan.Of(new SampleBank().Read(), wentOn).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void A_framework_changed_under_its_number_is_an_error_that_names_the_file_and_its_blueprint_waits()
    {
        var changed = new SampleBank()
            .Replace(SampleBank.FrameworkPath, "title: Суммы", "title: Сложение")
            .Replace(SampleBank.BlueprintPath, "timeLimitMinutes: 30", "timeLimitMinutes: 40");

        var plan = ImportPlan.Of(changed.Read(), After(Empty, new SampleBank()));

        plan.IsEmpty.Should().BeTrue();
        plan.Findings.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding =>
                finding.Code == "framework-changed"
                && finding.Severity == Severity.Error
                && finding.File == SampleBank.FrameworkPath
                && finding.Line == 2
            );
    }

    [Fact]
    public void A_framework_changed_under_a_new_number_is_added()
    {
        var changed = new SampleBank()
            .Replace(SampleBank.FrameworkPath, "version: 1", "version: 2")
            .Replace(SampleBank.BlueprintPath, "frameworkVersion: 1", "frameworkVersion: 2");

        var plan = ImportPlan.Of(changed.Read(), After(Empty, new SampleBank()));

        plan.Frameworks.Should().ContainSingle().Which.Version.Should().Be(2);
        plan.Blueprints.Should().ContainSingle().Which.Version.Should().Be(2);
        plan.Findings.Should().BeEmpty();
    }

    [Fact]
    public void A_changed_blueprint_is_its_next_version()
    {
        var plan = ImportPlan.Of(
            new SampleBank().Replace(SampleBank.BlueprintPath, "timeLimitMinutes: 30", "timeLimitMinutes: 40").Read(),
            After(Empty, new SampleBank())
        );

        plan.Blueprints.Should().ContainSingle().Which.Version.Should().Be(2);
        plan.Facets.Should().BeEmpty();
    }

    [Fact]
    public void An_unchanged_version_moves_to_the_status_of_the_file_step_by_step()
    {
        var draft = new SampleBank().Replace(SampleBank.FacetPath, "status: approved", "status: draft");

        var plan = ImportPlan.Of(new SampleBank().Read(), After(Empty, draft));

        plan.Facets.Should().BeEmpty();
        var move = plan.Moves.Should().ContainSingle().Subject;
        (move.Version, move.From).Should().Be((1, ItemStatus.Draft));
        move.Steps.Should().Equal(ItemStatus.Review, ItemStatus.Approved);
    }

    [Theory]
    [InlineData("active", "draft", false)]
    [InlineData("retired", "approved", false)]
    [InlineData("approved", "draft", true)]
    public void A_status_that_no_legal_step_reaches_is_reported_and_left(string stored, string inFile, bool used)
    {
        var before = After(Empty, new SampleBank().Replace(SampleBank.FacetPath, "status: approved", $"status: {stored}"), used);

        var plan = ImportPlan.Of(new SampleBank().Replace(SampleBank.FacetPath, "status: approved", $"status: {inFile}").Read(), before);

        plan.IsEmpty.Should().BeTrue();
        plan.Seen.Should().BeEmpty("the next import must report it again");
        plan.Findings.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Code == "status-step" && finding.File == SampleBank.FacetPath && finding.Item == "sums");
    }

    [Fact]
    public void A_facet_with_an_error_in_it_or_in_its_stimulus_is_left_out()
    {
        var reading = new SampleBank()
            .Replace(SampleBank.FacetPath, "    stem: Чему равна сумма 2 + 2?", "    stem: Чему равна сумма 2 + 2?\n    stimulus: case")
            .With(SampleBank.StimulusPath, "stimulus: case\nkind: text\ntitle: Случай\nbody: Дано 2 и 2.\n")
            .Read();
        reading.Findings.Should().BeEmpty();
        var ofStimulus = new Finding("any-rule", Severity.Error, SampleBank.StimulusPath, 1, null, "п. 3.7", "Плохо.", "Исправьте.");
        var ofItem = ofStimulus with { File = "", Item = "sums-1" };

        ImportPlan.Of(reading, Empty).Facets.Should().ContainSingle();
        ImportPlan
            .Of(reading with { Findings = [ofStimulus with { Severity = Severity.Warning }] }, Empty)
            .Facets.Should()
            .ContainSingle("a warning is for a person to judge");
        ImportPlan.Of(reading with { Findings = [ofStimulus] }, Empty).Facets.Should().BeEmpty();
        ImportPlan.Of(reading with { Findings = [ofItem] }, Empty).Facets.Should().BeEmpty();
    }

    /// <summary>The content of the database after an import of these files.</summary>
    private static StoredBank After(StoredBank before, SampleBank files, bool used = false)
    {
        var plan = ImportPlan.Of(files.Read(), before);
        plan.Findings.Should().BeEmpty();
        var keep = before.Seen.Where(seen => plan.Seen.All(now => (now.Kind, now.Code) != (seen.Kind, seen.Code)));
        return new(
            before
                .Frameworks.Concat(
                    plan.Frameworks.Select(framework =>
                        KeyValuePair.Create((framework.Code, framework.Version), BankJson.Fingerprint(framework))
                    )
                )
                .ToDictionary(),
            plan.Blueprints.Aggregate(
                before.Blueprints.ToDictionary(),
                (all, added) =>
                {
                    all[added.Blueprint.Code] = new(added.Version, added.Fingerprint);
                    return all;
                }
            ),
            plan.Facets.Aggregate(
                before.Facets.ToDictionary(),
                (all, added) =>
                {
                    all[added.Facet.Code] = new(added.Version, added.Fingerprint, added.Facet.Status, used);
                    return all;
                }
            ),
            before
                .Items.SelectMany(item => item.Select(version => (item.Key, version)))
                .Concat(plan.Items.Select(item => (Key: item.Item.Code, version: new StoredVersion(item.Version, item.Fingerprint))))
                .ToLookup(item => item.Key, item => item.version),
            keep.Concat(plan.Seen).ToHashSet()
        );
    }
}
