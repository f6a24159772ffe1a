using System.Text.RegularExpressions;

namespace Diagnostics.TestKit;

/// <summary>Records that a file in one folder uses something in another folder of a project.</summary>
/// <param name="Path">Path inside the project.</param>
/// <param name="Project">Project of the target, without <c>Diagnostics.</c>; usually the project of the file.</param>
public sealed record FolderReference(string Path, string From, string Project, string To)
{
    public override string ToString() => $"{Path} looks at {Project}.{To}";
}

/// <summary>
/// The stages of the procedure in their order, listed only here. Each stage is a folder in every project and may use
/// only earlier stages. The check reads the sources, so a constant or a generic argument counts like any other use.
/// </summary>
public static partial class Stages
{
    public static readonly IReadOnlyList<string> Order =
    [
        "Access",
        "Audit",
        "Events",
        "Jobs",
        "Competencies",
        "ItemBank",
        "Forms",
        "People",
        "Campaigns",
        "Sessions",
        "Commissions",
        "SiteDays",
        "Marking",
        "Appeals",
        "Calibration",
        "Profiles",
        "Instruments",
        "Questionnaires",
        "Practice",
        "Observation",
        "ComplexProfiles",
        "Feed",
        "Webhooks",
    ];

    private static readonly string[] Projects = ["Psychometrics", "Engine", "Storage", "UseCases", "Server"];

    /// <summary>The sources of a project under <c>src</c>, by their path inside the project.</summary>
    /// <param name="project">The project's name without <c>Diagnostics.</c>.</param>
    public static IReadOnlyDictionary<string, string> Sources(string project)
    {
        var root = Path.Combine(Repository.Root, "src", $"Diagnostics.{project}");
        return Directory
            .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(root, "*.razor", SearchOption.AllDirectories))
            .Select(file =>
                (Path: Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'), Text: File.ReadAllText(file))
            )
            .Where(source =>
                !source.Path.StartsWith("obj/", StringComparison.Ordinal) && !source.Path.StartsWith("bin/", StringComparison.Ordinal)
            )
            .ToDictionary(source => source.Path, source => source.Text);
    }

    /// <summary>Places where an earlier stage uses a later one, in any project.</summary>
    public static IReadOnlyList<FolderReference> LookingAhead(string project, IReadOnlyDictionary<string, string> sources) =>
        References(project, sources)
            .Where(reference => PlaceOf(reference.From) is { } from && PlaceOf(reference.To) is { } to && to > from)
            .ToList();

    /// <summary>
    /// Folders of the project that reach each other, one line for each group; empty when there is no cycle.
    /// </summary>
    public static IReadOnlyList<string> Cycles(string project, IReadOnlyDictionary<string, string> sources)
    {
        var next = References(project, sources)
            .Where(reference => reference.Project == project)
            .ToLookup(reference => reference.From, reference => reference.To);
        var reached = next.ToDictionary(folder => folder.Key, folder => Reached(next, folder.Key));
        return reached
            .Where(folder => folder.Value.Contains(folder.Key))
            .Select(folder =>
                string.Join(
                    " ",
                    folder
                        .Value.Where(other => reached.TryGetValue(other, out var back) && back.Contains(folder.Key))
                        .Order(StringComparer.Ordinal)
                )
            )
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>Every use of one folder by a file of another, once for each file.</summary>
    public static IReadOnlyList<FolderReference> References(string project, IReadOnlyDictionary<string, string> sources)
    {
        var names = sources
            .Where(source => FolderOf(source.Key) is not null)
            .GroupBy(source => FolderOf(source.Key)!, source => source, StringComparer.Ordinal)
            .ToDictionary(
                folder => folder.Key,
                folder => folder.SelectMany(source => NamesIn(source.Key, source.Value)).ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal
            );
        return sources
            .SelectMany(source =>
                FolderOf(source.Key) is { } from
                    ? Named(project, names, Code(source.Value))
                        .Distinct()
                        .Where(to => to != (project, from))
                        .Select(to => new FolderReference(source.Key, from, to.Project, to.Folder))
                    : []
            )
            .ToList();
    }

    /// <summary>
    /// Finds folders by their full name, by the name after the project (<c>Engine.Access.Role</c>) and, inside the
    /// project, by the folder's name alone (<c>ItemBank.Scoring.Score</c>). A property may have a folder's name, so the
    /// last form counts only with a name that the folder contains.
    /// </summary>
    private static IEnumerable<(string Project, string Folder)> Named(
        string project,
        Dictionary<string, HashSet<string>> names,
        string code
    )
    {
        foreach (Match match in Qualified().Matches(code))
            if (Projects.Contains(match.Groups["project"].Value))
                yield return (match.Groups["project"].Value, match.Groups["folder"].Value);
        foreach (Match match in Bare().Matches(code))
            if (names.TryGetValue(match.Groups["folder"].Value, out var held) && held.Contains(match.Groups["name"].Value))
                yield return (project, match.Groups["folder"].Value);
    }

    /// <summary>The types in a file, and the subfolder that contains the file.</summary>
    private static IEnumerable<string> NamesIn(string path, string text) =>
        Declared()
            .Matches(text)
            .Select(match => match.Groups["name"].Value)
            .Concat(path.Split('/') is [_, var below, _, ..] ? [below] : []);

    private static HashSet<string> Reached(ILookup<string, string> next, string from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(next[from]);
        while (waiting.TryPop(out var folder))
            if (reached.Add(folder))
                foreach (var further in next[folder])
                    waiting.Push(further);
        return reached;
    }

    private static int? PlaceOf(string folder)
    {
        for (var place = 0; place < Order.Count; place++)
            if (Order[place] == folder)
                return place;
        return null;
    }

    /// <summary>The folder of a file; null for a file at the project's root.</summary>
    private static string? FolderOf(string path) => path.Split('/') is [var folder, _, ..] ? folder : null;

    private static string Code(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"(?<!:)//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w.])(?:global::)?(?:Diagnostics\.)?(?<project>[A-Z]\w+)\.(?<folder>[A-Z]\w*)\b")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.""])(?<folder>[A-Z]\w+)\.(?<name>[A-Z]\w*)")]
    private static partial Regex Bare();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum) (?:struct |class )?(?<name>[A-Z]\w*)")]
    private static partial Regex Declared();
}
