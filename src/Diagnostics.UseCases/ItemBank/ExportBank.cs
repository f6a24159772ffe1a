using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>
/// Exports the stored bank as the files that authors edit: the frameworks, the latest blueprints and facets, and their
/// stimuli. Importing the files changes nothing, and another export gives the same texts. Policies belong to campaigns
/// and are not exported.
/// </summary>
internal static class ExportBank
{
    internal static async Task<BankFiles> Run(Db db)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var frameworks = (await VersionStore.Frameworks.List(db)).Select(row => BankJson.ReadFramework(row.Content)).ToList();
        foreach (var framework in frameworks)
            files[PathOf(framework, frameworks)] = FrameworkWriter.Text(framework);
        foreach (var row in await VersionStore.Blueprints.Latest(db))
            files[$"{row.Code}/blueprint.yaml"] = BlueprintWriter.Text(BlueprintJson.Read(row.Content));
        foreach (var facet in await StoredFacets.LoadAll(db))
        foreach (var (path, text) in BankWriter.Write(facet.Facet, facet.Diagnostic))
            files[path] = text;
        return new(files);
    }

    /// <summary>Writes the files; other files in the folder stay.</summary>
    internal static async Task Save(BankFiles files, string folder, CancellationToken cancel)
    {
        foreach (var (path, text) in files.Texts)
        {
            var target = Path.Combine([folder, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, text, cancel);
        }
    }

    // The latest version gets the plain file name. Earlier versions are exported too, because results rest on them.
    private static string PathOf(Framework framework, List<Framework> all) =>
        all.Exists(other => other.Code == framework.Code && other.Version > framework.Version)
            ? $"frameworks/{framework.Code}-v{framework.Version}.yaml"
            : $"frameworks/{framework.Code}.yaml";
}

/// <summary>The stored bank as files. An author's files can be added to them or replace some of them.</summary>
/// <param name="Folders">The folder of each facet, by the facet's code.</param>
internal sealed record ExportedBank(BankFiles Files, IReadOnlyDictionary<string, string> Folders)
{
    /// <summary>The folder for a new facet when the author names none.</summary>
    internal const string NewFolder = "new";

    internal static async Task<ExportedBank> Read(Db db) =>
        new(await ExportBank.Run(db), (await FacetStore.AllLatest(db)).ToDictionary(row => row.Code, row => row.Diagnostic));

    /// <summary>Reads and checks the sent files as part of the bank.</summary>
    /// <param name="newFolder">Folder of a facet that is not stored yet.</param>
    /// <param name="facet">The code that the facet in a single file must have; null to accept the code in the
    /// file.</param>
    internal Result<UploadedBank> With(SubmittedFiles sent, string newFolder, string? facet = null) =>
        sent.At("facet", facet, code => $"{Folders.GetValueOrDefault(code, newFolder)}/facets/{code}.yaml")
            .Map(files => UploadedBank.Over(Files, files));
}
