using System.Globalization;
using System.Text;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

public class BankReaderTests
{
    [Fact]
    public void A_correct_bank_is_read_whole()
    {
        var (bank, findings) = new SampleBank().Read();

        findings.Should().BeEmpty();
        bank.Frameworks.Should().ContainSingle().Which.Elements.Should().HaveCount(3);
        bank.Blueprints.Should().ContainSingle().Which.Slots.Should().ContainSingle().Which.Facet.Should().Be("sums");
        var facet = bank.Facets.Should().ContainSingle().Subject;
        (facet.Status, facet.Author, facet.Reviewer, facet.Points).Should().Be((ItemStatus.Approved, "ivanova", "petrov", Points.From(1)));
        var item = facet.Items.Should().ContainSingle().Subject;
        var body = item.Body.Should().BeOfType<SingleChoice>().Subject;
        body.Key.Should().Be("b");
        body.Options[0].Should().Be(new Entry("a", "3", "считает на единицу меньше"));
        item.Rule.Should().Be(new ExactRule());
        bank.Places.OfItem("sums-1").Should().Be(new Place(SampleBank.FacetPath, 13));
        bank.Places.OfSlot("demo", 1).Should().Be(new Place(SampleBank.BlueprintPath, 7));
    }

    [Fact]
    public void A_facet_code_that_no_column_of_every_database_holds_is_refused_with_its_place()
    {
        var code = string.Join('-', Enumerable.Repeat("sums12345", 13));
        code.Should().HaveLength(129);
        code += "6";
        var text = new SampleBank()
            .Replace(SampleBank.FacetPath, "facet: sums", $"facet: {code}")
            .Replace(SampleBank.FacetPath, "item: sums-1", $"item: {code}-1")[SampleBank.FacetPath];
        var path = $"demo/facets/{code}.yaml";

        var (bank, findings) = new SampleBank().Remove(SampleBank.FacetPath).With(path, text).Read();

        bank.Facets.Should().BeEmpty();
        var finding = findings.Should().ContainSingle().Subject;
        (finding.Code, finding.Severity, finding.File, finding.Line).Should().Be(("field-invalid", Severity.Error, path, 1));
        finding.Message.Should().Be($"Код «{code[..60]}…» длиннее 60 знаков: 130.");
    }

    [Theory]
    [InlineData(SampleBank.BlueprintPath, "blueprint: demo", "blueprint: {0}")]
    [InlineData(SampleBank.FrameworkPath, "framework: demo", "framework: {0}")]
    public void Blueprints_and_frameworks_keep_to_the_same_rule_of_codes(string path, string old, string replacement)
    {
        var findings = (int length) =>
            new SampleBank()
                .Replace(path, old, string.Format(CultureInfo.InvariantCulture, replacement, new string('a', length)))
                .Read()
                .Findings.Where(finding => finding.File == path && finding.Code == "field-invalid" && finding.Line == 1);

        findings(60).Should().BeEmpty();
        findings(61).Should().ContainSingle();
    }

    [Theory]
    // Each row has the text to spoil, its replacement, and the rule, line and item that the finding must name.
    [InlineData("    key: b", "    key: z", "key-broken", 21, "sums-1")]
    [InlineData("    key: b", "    key: [b]", "field-invalid", 21, "sums-1")]
    [InlineData("    key: b\n", "", "field-missing", 13, "sums-1")]
    [InlineData("    key: b", "    kye: b\n    key: b", "field-unknown", 21, "sums-1")]
    [InlineData("{id: c, text: \"5\"}", "{id: c, text: \"5\", hint: нет}", "field-unknown", 19, "sums-1")]
    [InlineData("{id: c, text: \"5\"}", "{id: a, text: \"5\"}", "key-broken", 21, "sums-1")]
    [InlineData("{id: c, text: \"5\"}", "{id: c, text: \"4\"}", "key-pays", 17, "sums-1")]
    [InlineData("    variant: 1", "    variant: 5", "field-invalid", 14, "sums-1")]
    [InlineData("item: sums-1", "item: sums-2", "field-invalid", 13, "sums-2")]
    [InlineData(
        "    stem: Чему равна сумма 2 + 2?",
        "    stem: Чему равна сумма 2 + 2?\n    stimulus: nowhere",
        "stimulus-missing",
        16,
        "sums-1"
    )]
    [InlineData("difficulty: 1", "difficulty: 4", "field-invalid", 6, null)]
    [InlineData("points: 1", "points: 0.0001", "field-invalid", 7, null)]
    [InlineData("points: 1", "points: 0", "field-invalid", 7, null)]
    [InlineData("type: single_choice", "type: essay", "field-invalid", 5, null)]
    [InlineData("status: approved", "status: good", "field-invalid", 9, null)]
    [InlineData("author: ivanova\n", "", "field-missing", 1, null)]
    [InlineData("title: Суммы", "title:", "field-missing", 2, null)]
    [InlineData("title: Суммы", "title: {a: b}", "field-invalid", 2, null)]
    [InlineData("element: subject.numbers.sums", "element: subject.numbers.roots", "element-unknown", 4, null)]
    [InlineData("block: subject", "block: method", "element-unknown", 3, null)]
    [InlineData("scoring: {rule: exact}", "scoring: {rule: luck}", "field-invalid", 8, null)]
    [InlineData("scoring: {rule: exact}", "scoring: {rule: adjacent}", "key-broken", 21, "sums-1")]
    [InlineData("facet: sums", "facet: sum", "file-name", 1, null)]
    [InlineData("facet: sums", "facet: Суммы", "field-invalid", 1, null)]
    [InlineData(
        "    solution: 2 + 2 = 4.",
        "    solution: 2 + 2 = 4.\n    source: [{act: ГК РФ, edition: '2025', checkBy: скоро}]",
        "field-invalid",
        23,
        "sums-1"
    )]
    [InlineData(
        "    solution: 2 + 2 = 4.",
        "    solution: 2 + 2 = 4.\n    source: [{act: Ст. 30, edition: '2025', checkBy: '2027-09-01'}]",
        "field-invalid",
        23,
        "sums-1"
    )]
    public void An_error_names_its_rule_line_and_item_and_keeps_the_facet_out(
        string old,
        string replacement,
        string code,
        int line,
        string? item
    )
    {
        var (bank, findings) = new SampleBank().Replace(SampleBank.FacetPath, old, replacement).Read();

        bank.Facets.Should().BeEmpty();
        var finding = findings.First(finding => finding.Code == code);
        (finding.Severity, finding.File, finding.Line, finding.Item).Should().Be((Severity.Error, SampleBank.FacetPath, line, item));
        finding.Message.Should().NotBeEmpty();
        finding.Advice.Should().NotBeEmpty();
    }

    [Fact]
    public void One_reading_shows_all_errors_of_a_file()
    {
        var findings = new SampleBank()
            .Replace(SampleBank.FacetPath, "difficulty: 1", "difficulty: много")
            .Replace(SampleBank.FacetPath, "    solution: 2 + 2 = 4.", "    solutoin: 2 + 2 = 4.")
            .Read()
            .Findings;

        findings
            .Select(finding => (finding.Code, finding.Line))
            .Should()
            .BeEquivalentTo([("field-invalid", 6), ("field-missing", 13), ("field-unknown", 22)]);
    }

    [Theory]
    [InlineData("facet: [", 2)]
    [InlineData("facet: sums\n  title: сдвинуто", 2)]
    [InlineData("facet: sums\nfacet: sums", 2)]
    [InlineData("- просто\n- список", 1)]
    [InlineData("", 1)]
    [InlineData("facet: \u0001", 1)]
    [InlineData("facet: sums\ntitle: Суммы\u0000", 2)]
    [InlineData("facet: sums\n---\nfacet: sums", 1)]
    [InlineData("facet: *nothing", 1)]
    [InlineData("title: не UTF-8\nfacet: \uFFFD", 2)]
    [InlineData("facet: sums\nitems:\n  - {item: sums-1, text: один\n  - {item: sums-2, text: два}", 3)]
    public void A_broken_file_is_one_finding_and_no_exception(string text, int line)
    {
        var finding = new SampleBank().With(SampleBank.FacetPath, text).OnlyFinding();

        (finding.Code, finding.File).Should().Be(("file-broken", SampleBank.FacetPath));
        finding.Line.Should().Be(line);
    }

    [Fact]
    public void Nesting_without_end_is_refused_before_it_exhausts_the_stack() =>
        new SampleBank().With(SampleBank.FacetPath, "facet: " + new string('[', 200_000)).OnlyFinding().Code.Should().Be("file-broken");

    [Fact]
    public void An_alias_to_itself_does_not_run_for_ever() =>
        new SampleBank()
            .Replace(SampleBank.FacetPath, "    options:", "    waive: &loop {a: *loop}\n    options:")
            .Read()
            .Findings.Should()
            .NotBeEmpty()
            .And.OnlyContain(finding => finding.File == SampleBank.FacetPath);

    [Fact]
    public void A_code_that_another_file_has_is_refused_and_the_first_is_kept()
    {
        var bank = new SampleBank();
        var (read, findings) = bank.With("other/facets/sums.yaml", bank[SampleBank.FacetPath]).Read();

        read.Facets.Should().ContainSingle();
        findings
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Code == "code-duplicate" && finding.File == "other/facets/sums.yaml" && finding.Line == 1);
        findings[0].Message.Should().Contain(SampleBank.FacetPath);
    }

    [Fact]
    public void Two_items_of_one_variant_are_refused()
    {
        var bank = new SampleBank();
        var text = bank[SampleBank.FacetPath];
        var findings = bank.With(SampleBank.FacetPath, text + "\n" + text[text.IndexOf("  - item:", StringComparison.Ordinal)..])
            .Read()
            .Findings;

        findings.Should().ContainSingle().Which.Code.Should().Be("code-duplicate");
    }

    [Theory]
    [InlineData("framework: demo", "framework: nobody", "framework-unknown", 3)]
    [InlineData("frameworkVersion: 1", "frameworkVersion: 2", "framework-unknown", 3)]
    [InlineData("{number: 1", "{number: 2", "field-invalid", 7)]
    [InlineData("element: subject.numbers.sums", "element: subject.numbers.roots", "element-unknown", 7)]
    [InlineData("timeLimitMinutes: 30", "timeLimitMinutes: 0", "field-invalid", 5)]
    public void An_error_in_a_blueprint_names_its_line(string old, string replacement, string code, int line)
    {
        var (bank, findings) = new SampleBank().Replace(SampleBank.BlueprintPath, old, replacement).Read();

        bank.Blueprints.Should().BeEmpty();
        findings
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Code == code && finding.Line == line && finding.File == SampleBank.BlueprintPath);
    }

    [Fact]
    public void An_element_described_twice_in_a_framework_is_refused() =>
        new SampleBank()
            .Replace(SampleBank.FrameworkPath, "subject.numbers.products", "subject.numbers.sums")
            .Read()
            .Findings.Should()
            .Contain(finding => finding.Code == "code-duplicate" && finding.File == SampleBank.FrameworkPath);

    [Theory]
    [InlineData("demo/facets/sums.yml")]
    [InlineData("demo/sums.yaml")]
    [InlineData("facets/sums.yaml")]
    public void A_file_in_the_wrong_place_is_not_passed_over_in_silence(string path)
    {
        var bank = new SampleBank();
        bank.With(path, bank[SampleBank.FacetPath])
            .OnlyFinding()
            .Should()
            .Match<Finding>(finding => finding.Code == "file-ignored" && finding.Severity == Severity.Warning && finding.File == path);
    }

    [Fact]
    public void The_line_ends_of_another_system_change_nothing()
    {
        var bank = new SampleBank().Replace(
            SampleBank.FacetPath,
            "stem: Чему равна сумма 2 + 2?",
            "stem: |\n      Сложите.\n\n      Чему равна сумма 2 + 2?"
        );
        var item = bank.Read().Bank.Facets.Single().Items.Single();
        var fromWindows = bank.With(SampleBank.FacetPath, bank[SampleBank.FacetPath].Replace("\n", "\r\n", StringComparison.Ordinal))
            .Read();

        fromWindows.Findings.Should().BeEmpty();
        ItemJson.Fingerprint(fromWindows.Bank.Facets.Single().Items.Single()).Should().Be(ItemJson.Fingerprint(item));
    }

    [Fact]
    public void A_text_torn_at_a_comma_is_explained() =>
        new SampleBank()
            .Replace(SampleBank.FacetPath, "text: \"5\"", "text: пять, если считать верно")
            .OnlyFinding()
            .Should()
            .Match<Finding>(finding => finding.Code == "field-unknown" && finding.Line == 19 && finding.Advice.Contains("кавычки"));

    [Fact]
    public void Policies_are_handed_on_as_they_are() =>
        new SampleBank()
            .With("policies/levels.yaml", "всё: [что угодно")
            .Read()
            .Bank.Policies.Should()
            .Contain("policies/levels.yaml", "всё: [что угодно");

    [Fact]
    public void A_stimulus_with_its_drawing_reaches_its_item()
    {
        var (bank, findings) = WithDrawing("<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"3\"/></svg>").Read();

        findings.Should().BeEmpty();
        var stimulus = bank.Facets.Single().Items.Single().Stimulus;
        stimulus
            .Should()
            .Be(new Stimulus("case", "graph", "График", "", "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"3\"/></svg>", "Круг"));
    }

    [Theory]
    [InlineData("<svg><script>alert(1)</script></svg>")]
    [InlineData("<svg onload='alert(1)'/>")]
    [InlineData("<svg><a href='javascript:alert(1)'/></svg>")]
    [InlineData("<svg xmlns:x='http://www.w3.org/1999/xlink'><use x:href='http://example.org/a.svg'/></svg>")]
    [InlineData("<svg><image href='data:image/svg+xml;base64,AAAA'/></svg>")]
    [InlineData("<svg><style>@import 'http://example.org/a.css';</style></svg>")]
    [InlineData("<svg><rect fill='url(http://example.org/a)'/></svg>")]
    [InlineData("<svg><rect style='background:\\75rl(http://example.org/a)'/></svg>")]
    [InlineData("<svg><set attributeName='href' to='javascript:alert(1)'/></svg>")]
    [InlineData("<svg><foreignObject><p/></foreignObject></svg>")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>")]
    [InlineData("<?xml-stylesheet href='http://example.org/a.css'?><svg/>")]
    [InlineData("<html/>")]
    [InlineData("не рисунок")]
    public void A_drawing_that_could_run_or_fetch_something_is_refused(string svg)
    {
        var (bank, findings) = WithDrawing(svg).Read();

        bank.Facets.Should().BeEmpty();
        findings
            .Should()
            .Contain(finding => finding.Code == "image-unsafe" && finding.File == SampleBank.StimulusPath && finding.Line == 4);
    }

    [Theory]
    [InlineData("<svg><defs><linearGradient id='g'/></defs><rect fill='url(#g)'/><use href='#g'/><text>onload = функция</text></svg>")]
    [InlineData("<svg><style>.a { fill: none; marker-end: url(#arrow) }</style></svg>")]
    public void A_drawing_that_refers_to_itself_is_welcome(string svg) => WithDrawing(svg).Read().Findings.Should().BeEmpty();

    [Fact]
    public void A_drawing_that_is_missing_is_named() =>
        WithDrawing("<svg/>")
            .Remove("demo/stimuli/case.svg")
            .Read()
            .Findings.Should()
            .Contain(finding => finding.Code == "image-missing" && finding.Line == 4);

    [Theory]
    [InlineData("../../secret.svg")]
    [InlineData("case.png")]
    public void A_drawing_from_elsewhere_is_refused(string name) =>
        WithDrawing("<svg/>")
            .Replace(SampleBank.StimulusPath, "image: case.svg", $"image: {name}")
            .Read()
            .Findings.Should()
            .Contain(finding => finding.Code == "field-invalid" && finding.Line == 4);

    [Fact]
    public void Every_rule_of_reading_has_a_code_of_its_own() => ReadingRules.All.Select(rule => rule.Code).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Bytes_that_are_not_UTF8_are_reported_and_not_guessed()
    {
        var folder = Directory.CreateTempSubdirectory("bank");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "frameworks"));
            File.WriteAllBytes(
                Path.Combine(folder.FullName, "frameworks", "old.yaml"),
                [.. Encoding.ASCII.GetBytes("framework: old\ntitle: "), 0xD0, 0xE0, 0xEC, 0xEA, 0xE0]
            );

            BankReader
                .Read(BankFiles.Load(folder.FullName))
                .Findings.Should()
                .ContainSingle()
                .Which.Should()
                .Match<Finding>(finding => finding.Code == "file-broken" && finding.Line == 2 && finding.File == "frameworks/old.yaml");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SampleBank WithDrawing(string svg) =>
        new SampleBank()
            .Replace(SampleBank.FacetPath, "    stem: Чему равна сумма 2 + 2?", "    stem: Чему равна сумма 2 + 2?\n    stimulus: case")
            .With(SampleBank.StimulusPath, "stimulus: case\nkind: graph\ntitle: График\nimage: case.svg\nalt: Круг\n")
            .With("demo/stimuli/case.svg", svg);
}
