using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>
/// An author's files laid over the stored bank and checked as part of it, because codes, elements and near-duplicates
/// must be looked up in the whole bank.
/// </summary>
/// <param name="Bank">The whole bank.</param>
/// <param name="Files">The author's files, by path.</param>
/// <param name="Findings">Findings on the author's files.</param>
internal sealed record UploadedBank(Bank Bank, IReadOnlyDictionary<string, string> Files, IReadOnlyList<Finding> Findings)
{
    internal bool HasErrors => Findings.Any(finding => finding.Severity is Severity.Error);

    internal static UploadedBank Over(BankFiles stored, IReadOnlyDictionary<string, string> files)
    {
        // An uploaded file replaces the stored file of the same name even in another folder, so a facet may move
        // without its code occurring twice.
        var replaced = files.Keys.Select(Name).ToHashSet(StringComparer.Ordinal);
        var laid = stored
            .Texts.Where(file => !files.ContainsKey(file.Key) && (IsBlueprint(file.Key) || !replaced.Contains(Name(file.Key))))
            .Concat(files)
            .ToDictionary(StringComparer.Ordinal);
        var reading = CheckedBank.Of(new(laid));
        var facets = files
            .Keys.Where(path => path.Contains("/facets/", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToList();
        var own = reading
            .Findings.Where(finding => files.ContainsKey(finding.File) || facets.Exists(facet => IsOf(facet, finding.Item)))
            .ToList();
        return new(reading.Bank, files, own);
    }

    private static bool IsOf(string facet, string? item) =>
        item == facet
        || (
            item is not null
            && item.Length == facet.Length + 2
            && item.StartsWith(facet, StringComparison.Ordinal)
            && item[facet.Length] == '-'
            && char.IsAsciiDigit(item[^1])
        );

    private static string Name(string path) => path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static bool IsBlueprint(string path) => Name(path) == "blueprint.yaml";
}
