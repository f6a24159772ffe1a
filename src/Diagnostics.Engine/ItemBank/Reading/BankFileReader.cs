using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// Reads the files of a bank, kind by kind: frameworks, stimuli and facets here, and the kinds of later stages through
/// <see cref="ReadAll"/>. At the end it reports the files that no stage has read.
/// </summary>
internal sealed class BankFileReader(BankFiles files)
{
    /// <summary>
    /// The folder of the documents of later stages. They are no part of the bank of items: each stage reads its own.
    /// </summary>
    internal const string Instruments = "instruments";

    private const string Advice = "Разложите файлы по папкам, как описано в README банка.";

    private readonly List<Finding> findings = [];
    private readonly List<string> sorted = files.Texts.Keys.Order(StringComparer.Ordinal).ToList();
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    internal IReadOnlyList<Finding> Findings => findings;

    internal Bank ReadItems()
    {
        var places = new BankPlaces();
        var frameworks = ReadAll(
            path => IsIn(path, "frameworks", 2),
            fields => ReadFramework(fields, places),
            framework => $"{framework.Code}, версия {framework.Version}",
            "Рамка",
            "framework"
        );
        var index = new FrameworkIndex(frameworks);

        var stimuli = ReadAll(
            path => IsIn(path, "stimuli", 3),
            fields => ReadStimulus(fields, places),
            stimulus => stimulus.Code,
            "Стимул",
            "stimulus"
        );
        var byCode = stimuli.ToDictionary(stimulus => stimulus.Code, StringComparer.Ordinal);
        // Drawings are read together with the stimuli that show them, so their files count as read.
        read.UnionWith(
            sorted.Where(path => path.Split('/') is [_, "stimuli", var name] && name.EndsWith(".svg", StringComparison.Ordinal))
        );

        var facets = ReadAll(
            path => IsIn(path, "facets", 3),
            fields => FacetReader.Read(fields, index, byCode, places),
            facet => facet.Code,
            "Фасет",
            "facet"
        );

        var policies = sorted
            .Where(path => path.StartsWith("policies/", StringComparison.Ordinal))
            .ToDictionary(path => path, path => files.Texts[path], StringComparer.Ordinal);
        read.UnionWith(policies.Keys);
        read.UnionWith(sorted.Where(path => path.StartsWith($"{Instruments}/", StringComparison.Ordinal)));
        return new(frameworks, facets, stimuli, policies, places);
    }

    /// <summary>
    /// Reads each file of one kind; leaves out a file with errors or with a code that is already taken.
    /// </summary>
    /// <param name="isOne">Recognises the kind by the path.</param>
    /// <param name="what">Name of the kind in Russian, for findings.</param>
    /// <param name="field">The field that contains the code.</param>
    internal List<T> ReadAll<T>(Func<string, bool> isOne, Func<Fields, T> one, Func<T, string> codeOf, string what, string field)
    {
        var all = new List<T>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in sorted.Where(isOne))
        {
            read.Add(path);
            var file = new YamlFile(path, findings);
            if (file.Open(files.Texts[path]) is not { } fields)
                continue;
            var value = one(fields);
            var code = codeOf(value);
            if (!taken.TryAdd(code, path))
                file.Report(
                    ReadingRules.CodeDuplicate,
                    fields.At(field),
                    $"{what} «{code}» уже есть в файле {taken[code]}.",
                    "Коды не повторяются во всём банке: переименуйте один из файлов."
                );
            if (file.Errors == 0)
                all.Add(value);
        }
        return all;
    }

    /// <summary>Call this after all kinds are read.</summary>
    internal void ReportUnread() => findings.AddRange(Unread(sorted.Where(path => !read.Contains(path))));

    /// <summary>One finding for each file that nobody reads.</summary>
    internal static IReadOnlyList<Finding> Unread(IEnumerable<string> paths)
    {
        var findings = new List<Finding>();
        foreach (var path in paths)
            new YamlFile(path, findings).Report(
                ReadingRules.FileIgnored,
                null,
                "Файл лежит не там, где его ищут, или имеет другое расширение, и не прочитан.",
                Advice
            );
        return findings;
    }

    private static Framework ReadFramework(Fields fields, BankPlaces places)
    {
        var framework = FrameworkReader.Read(fields);
        places.Framework(framework.Code, framework.Version, fields.File.PlaceOf(fields.At("version")));
        return framework;
    }

    private Stimulus ReadStimulus(Fields fields, BankPlaces places)
    {
        var code = FacetReader.ReadCode(fields, "stimulus");
        places.Stimulus(code, fields.File.PlaceOf(fields.At("stimulus")));
        return StimulusReader.Read(fields, code, files);
    }

    private static bool IsIn(string path, string folder, int depth) =>
        path.Split('/') is { } parts && parts.Length == depth && parts[^2] == folder && path.EndsWith(".yaml", StringComparison.Ordinal);
}
