using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage;
using Diagnostics.Storage.Competencies;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.ItemBank;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>
/// The stored bank as an author's files: frameworks, the latest blueprints and facets, their stimuli. Importing them
/// again changes nothing, exporting again gives the same texts. Policies are documents of campaigns and stay out.
/// </summary>
internal static class ExportBank
{
    internal static async Task<BankFiles> Run(Db db)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var frameworks = (await FrameworkStore.List(db)).Select(row => BankJson.ReadFramework(row.Content)).ToList();
        foreach (var framework in frameworks) files[PathOf(framework, frameworks)] = FrameworkWriter.Text(framework);
        foreach (var row in await BlueprintStore.Latest(db))
            files[$"{row.Code}/blueprint.yaml"] = BlueprintWriter.Text(BlueprintJson.Read(row.Content));
        foreach (var facet in await StoredFacets.LoadAll(db))
            foreach (var (path, text) in BankWriter.Write(facet.Facet, facet.Diagnostic)) files[path] = text;
        return new(files);
    }

    /// <summary>Writes the files; others in the folder stay.</summary>
    internal static async Task Save(BankFiles files, string folder, CancellationToken cancel)
    {
        foreach (var (path, text) in files.Texts)
        {
            var target = Path.Combine([folder, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, text, cancel);
        }
    }

    // The latest version has the plain name; results still stand on the earlier ones.
    private static string PathOf(Framework framework, List<Framework> all) =>
        all.Exists(other => other.Code == framework.Code && other.Version > framework.Version)
            ? $"frameworks/{framework.Code}-v{framework.Version}.yaml"
            : $"frameworks/{framework.Code}.yaml";
}

/// <summary>The stored bank as files, for an author's files to be laid over.</summary>
/// <param name="Folders">Facet code → folder.</param>
internal sealed record ExportedBank(BankFiles Files, IReadOnlyDictionary<string, string> Folders)
{
    /// <summary>Where a facet stands that names no folder.</summary>
    internal const string NewFolder = "new";

    internal static async Task<ExportedBank> Read(Db db) => new(
        await ExportBank.Run(db),
        (await FacetStore.AllLatest(db)).ToDictionary(row => row.Code, row => row.Diagnostic));

    /// <summary>Reads and checks what was sent in the midst of the bank.</summary>
    /// <param name="newFolder">Of a facet that is not stored yet.</param>
    /// <param name="facet">Code of the facet that a single file must be; null takes the code that the file says.</param>
    internal Result<UploadedBank> With(SubmittedFiles sent, string newFolder, string? facet = null) => sent
        .At("facet", facet, code => $"{Folders.GetValueOrDefault(code, newFolder)}/facets/{code}.yaml")
        .Map(files => UploadedBank.Over(Files, files));
}
