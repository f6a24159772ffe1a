using System.Text.RegularExpressions;
using Diagnostics.Engine;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>Several files of a bank in one request.</summary>
/// <param name="Files">The text of each file, by its path inside the bank, e.g.
/// <c>teacher-mathematics-5-9/facets/math-percent.yaml</c>.</param>
public sealed record BankFilesRequest(IReadOnlyDictionary<string, string> Files);

/// <summary>
/// Files from an author: a single file as text, or several by their paths (a facet with its stimuli and drawings). Only
/// the number and the paths are checked here; the bank's reader checks the content.
/// </summary>
internal sealed class SubmittedFiles
{
    private const int MaxFiles = 50;

    internal SubmittedFiles(string text) => Text = text;

    internal SubmittedFiles(IReadOnlyDictionary<string, string> files) => Files = files;

    /// <summary>The text of a single file; null when several were sent.</summary>
    internal string? Text { get; }

    internal IReadOnlyDictionary<string, string>? Files { get; }

    /// <summary>Returns the files by path.</summary>
    /// <param name="kind">The kind of a single file: <c>facet</c> or <c>blueprint</c>.</param>
    /// <param name="expected">The code that a single file must have; null to accept the code in the file.</param>
    /// <param name="place">Gives the path of a single file, from its code.</param>
    internal Result<Dictionary<string, string>> At(string kind, string? expected, Func<string, string> place)
    {
        if (Text is not null)
            return new Dictionary<string, string> { [place(expected ?? CodeIn(Text, kind))] = Text };
        if (Files!.Count is 0 or > MaxFiles)
            return Refusal.Invalid("files-count", $"В files от 1 до {MaxFiles} файлов.");
        if (Files.Keys.FirstOrDefault(path => path.Length > 200 || !IsBankPath(path)) is { } wrong)
        {
            return Refusal
                .Invalid(
                    "path-invalid",
                    "Пути в files: <диагностика>/facets/<код>.yaml, <диагностика>/stimuli/<код>.yaml или .svg, "
                        + "<диагностика>/blueprint.yaml; строчные латинские буквы, цифры и дефис."
                )
                .With("path", wrong.Length > 200 ? wrong[..200] : wrong);
        }
        // JSON from outside need not follow our types, so a text may be null.
        if (Files.Any(file => file.Value is null))
            return Refusal.Invalid("text-missing", "У каждого файла в files должен быть текст.");
        return Files.ToDictionary(StringComparer.Ordinal);
    }

    // A file without a readable code also gets a path, because the findings will say what is missing.
    private static string CodeIn(string text, string kind) =>
        Regex.Match(
            text,
            $@"^{kind}:\s*[""']?([a-z0-9][a-z0-9-]*)",
            RegexOptions.Multiline | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        )
            is { Success: true } code
            ? code.Groups[1].Value
            : kind;

    private static bool IsBankPath(string path) =>
        path.Split('/') switch
        {
            [var folder, "blueprint.yaml"] => Codes.IsCode(folder),
            [var folder, "facets", var file] => Codes.IsCode(folder) && IsFile(file, ".yaml"),
            [var folder, "stimuli", var file] => Codes.IsCode(folder) && (IsFile(file, ".yaml") || IsFile(file, ".svg")),
            _ => false,
        };

    private static bool IsFile(string name, string extension) =>
        name.EndsWith(extension, StringComparison.Ordinal) && Codes.IsCode(name[..^extension.Length]);
}
