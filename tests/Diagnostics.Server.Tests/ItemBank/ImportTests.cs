using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.ItemBank;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.ItemBank;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.ItemBank;

/// <summary>A copy of the shipped bank that a test may change, and a separate database.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string Percent = "teacher-mathematics-5-9/facets/math-percent.yaml";

    private readonly TemporaryFolder folder = new();
    private Database database = null!;

    private string Bank => folder.File("bank");

    public async Task InitializeAsync()
    {
        foreach (var (path, text) in BankFiles.Load(Repository.Bank).Texts)
            Write(path, text);
        database = new Database(folder.File("diagnostics.db"));
        await Migrator.Migrate(database, TestService.Start);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_first_import_takes_the_bank_and_makes_its_two_forms()
    {
        var (errors, output) = await Import();

        errors.Should().Be(0, output);
        output.Trim().Should().Be("Банк заданий: 176 заданий, 44 фасета, 2 диагностики");
        (await Forms())
            .Select(form => form.Title)
            .Should()
            .BeEquivalentTo("Учитель математики, 5–9 классы", "Руководитель образовательной организации");
    }

    [Fact]
    public async Task Importing_again_writes_no_row()
    {
        await Import();
        var before = await Rows();

        await Import();
        (await Rows()).Should().Equal(before);

        // The content stays the same, but a comment and different line endings change the fingerprint of the file.
        Write(Percent, "# проверено\r\n" + Read(Percent).Replace("\n", "\r\n", StringComparison.Ordinal));
        await Import();
        (await Rows(but: "bank_imports")).Should().Equal(before.Where(row => row.Key != "bank_imports"));
    }

    [Fact]
    public async Task One_changed_stem_is_one_new_item_version_and_one_new_facet_version_and_no_new_form()
    {
        await Import();
        var before = await Rows();
        Write(Percent, Read(Percent).Replace("Цену товара снизили", "Цену книги снизили", StringComparison.Ordinal));

        (await Import()).Errors.Should().Be(0);

        var after = await Rows();
        (after["item_versions"] - before["item_versions"], after["item_facets"] - before["item_facets"], after["forms"] - before["forms"])
            .Should()
            .Be((1, 1, 0));
        (await database.Read(db => ItemStore.Versions(db, "math-percent-1"))).Select(item => item.Version).Should().Equal(1, 2);
        (await database.Read(db => ItemStore.OfFacet(db, "math-percent", 2))).Select(item => item.Version).Should().Equal(2, 1, 1, 1);
        (await database.Read(db => FacetStore.FindLatest(db, "math-percent")))!
            .Should()
            .Match<FacetRow>(facet => facet.Version == 2 && facet.Status == "approved" && facet.Reviewer == "bank-reviewer");
    }

    [Fact]
    public async Task A_key_that_names_no_option_keeps_the_facet_out_with_file_and_line()
    {
        await Import();
        var before = await Rows();
        var line = Read(Percent).Split('\n').TakeWhile(text => text != "    key: b").Count() + 1;
        Write(Percent, Read(Percent).Replace("    key: b\n", "    key: z\n", StringComparison.Ordinal));

        var (errors, output) = await Import();

        errors.Should().BePositive();
        output.Should().Contain($"{Percent}:{line}: error key-broken [math-percent-1]");
        (await Rows()).Should().Equal(before);
        (await Import()).Output.Should().Contain("key-broken", "the next start shows it again");
    }

    [Fact]
    public async Task A_broken_file_does_not_stop_the_others()
    {
        Write(Percent, "facet: [");

        var (errors, output) = await Import();

        errors.Should().BePositive();
        output.Should().Contain($"{Percent}:").And.Contain("Банк заданий: 172 задания, 43 фасета, 2 диагностики");
        (await Forms()).Should().ContainSingle("the form of teachers lacks a facet").Which.BlueprintCode.Should().Be("school-head");
    }

    [Fact]
    public async Task An_author_who_approves_their_own_facet_keeps_it_out()
    {
        Write(Percent, Read(Percent).Replace("reviewer: bank-reviewer", "reviewer: bank-author", StringComparison.Ordinal));

        (await Import()).Output.Should().Contain($"{Percent}:").And.Contain("error own-reviewer [math-percent]");

        (await database.Read(db => FacetStore.FindLatest(db, "math-percent"))).Should().BeNull();
    }

    [Fact]
    public async Task A_framework_changed_under_its_number_is_refused_and_named()
    {
        await Import();
        Write("frameworks/teacher.yaml", Read("frameworks/teacher.yaml").Replace("Числа и вычисления", "Числа", StringComparison.Ordinal));

        (await Import()).Output.Should().Contain("frameworks/teacher.yaml:2: error framework-changed");
    }

    [Fact]
    public async Task An_export_imports_to_the_same_bank_and_exports_the_same_files()
    {
        await Import();
        var first = await database.Read(ExportBank.Run);
        await using var copy = new Database(folder.File("copy.db"));
        await Migrator.Migrate(copy, TestService.Start);
        await ExportBank.Save(first, folder.File("export"), CancellationToken.None);

        (await LoadBank.Run(copy, TestService.Start, folder.File("export"), "test", TextWriter.Null)).Should().Be(0);

        (await copy.Read(ExportBank.Run)).Texts.Should().Equal(first.Texts);
        var shipped = BankReader.Read(BankFiles.Load(Repository.Bank)).Bank.Facets;
        var exported = BankReader.Read(BankFiles.Load(folder.File("export"))).Bank;
        exported.Facets.Should().HaveCount(44);
        foreach (var facet in shipped)
            BankJson.Fingerprint(exported.FindFacet(facet.Code)!, "").Should().Be(BankJson.Fingerprint(facet, ""), facet.Code);
        // An import into the exported database finds nothing new.
        var before = await Rows();
        await LoadBank.Run(database, TestService.Start, folder.File("export"), "test", TextWriter.Null);
        (await Rows(but: "bank_imports")).Should().Equal(before.Where(row => row.Key != "bank_imports"));
    }

    [Fact]
    public async Task The_verbs_give_their_findings_as_exit_codes()
    {
        (await Lint()).Code.Should().Be(0);

        Write(Percent, Read(Percent).Replace("    key: b\n", "    key: z\n", StringComparison.Ordinal));
        var (code, output) = await Lint();
        code.Should().Be(1);
        output
            .Should()
            .MatchRegex($@"{Percent}:\d+: error key-broken \[math-percent-1\] \(.+\) .+ — .+")
            .And.MatchRegex(@"Ошибок: [1-9]\d*, предупреждений: \d+, к сведению: \d+\.");

        (await BankVerbs.Lint(folder.File("nowhere"), TextWriter.Null)).Should().Be(2);
        (await BankVerbs.Import(database, Bank, TextWriter.Null)).Should().Be(1);
        (await BankVerbs.Export(database, folder.File("export"), TextWriter.Null, CancellationToken.None)).Should().Be(0);
        Directory.EnumerateFiles(folder.File("export"), "*.yaml", SearchOption.AllDirectories).Should().HaveCountGreaterThan(44);
    }

    [Fact]
    public async Task A_bank_with_warnings_only_passes_the_verb()
    {
        Write("stray.yaml", "a: b");

        var (code, output) = await Lint();

        output.Should().Contain("stray.yaml:1: warning file-ignored");
        code.Should().Be(0);
    }

    [Fact]
    public async Task The_acts_of_the_bank_are_listed_by_the_day_to_look_again_and_those_that_are_late_end_with_1()
    {
        const string hiring = "school-head/facets/head-hiring.yaml";
        Write(
            hiring,
            Read(hiring)
                .Replace(
                    "ст. 65, 331, 351.1', edition: '2025', checkBy: '2027-09-01'",
                    "ст. 65', edition: '2024', checkBy: '2026-09-01'",
                    StringComparison.Ordinal
                )
        );
        var output = new StringWriter();

        (await BankVerbs.Sources(Bank, new(2026, 9, 1), output)).Should().Be(0);
        (await BankVerbs.Sources(Bank, new(2026, 9, 2), output)).Should().Be(1);

        output
            .ToString()
            .Should()
            .StartWith("2026-09-01  Трудовой кодекс РФ, ст. 65 (ред. 2024): head-hiring-1")
            .And.EndWith("срок сверки прошёл: 1." + Environment.NewLine);
    }

    [Fact]
    public async Task The_verb_needs_no_database()
    {
        (await CommandLine.Parse(["lint", Bank, $"--Diagnostics:Data={folder.File("data")}"]).InvokeAsync()).Should().Be(0);

        Directory.Exists(folder.File("data")).Should().BeFalse();
    }

    private async Task<(int Errors, string Output)> Import()
    {
        var output = new StringWriter();
        return (await LoadBank.Run(database, TestService.Start, Bank, "test", output), output.ToString());
    }

    private async Task<(int Code, string Output)> Lint()
    {
        var output = new StringWriter();
        return (await BankVerbs.Lint(Bank, output), output.ToString());
    }

    private Task<IReadOnlyList<FormRow>> Forms() => database.Read(FormStore.List);

    private async Task<Dictionary<string, int>> Rows(string? but = null)
    {
        string[] tables =
        [
            "frameworks",
            "blueprints",
            "item_facets",
            "item_versions",
            "item_facet_items",
            "item_transitions",
            "forms",
            "form_slots",
            "audit_entries",
            "bank_imports",
            "bank_import_files",
        ];
        var counts = new Dictionary<string, int>();
        foreach (var table in tables.Where(table => table != but))
            counts[table] = await database.Read(db => db.Value<int>($"SELECT COUNT(*) FROM {table}"));
        return counts;
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(Bank, path));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Bank, path))!);
        File.WriteAllText(Path.Combine(Bank, path), text);
    }
}
