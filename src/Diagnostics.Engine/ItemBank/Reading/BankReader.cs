using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Reading;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// Reads a bank from its files (format: <c>item-bank/README.md</c>). Whatever the files hold, the answer is a bank and
/// a list of findings with file, line and item; a facet with an error of structure is not given out.
/// </summary>
public static class BankReader
{
    private const string Advice = "Разложите файлы по папкам, как описано в README банка.";

    public static BankReading Read(BankFiles files)
    {
        var findings = new List<Finding>();
        var places = new BankPlaces();
        var sorted = files.Texts.Keys.Order(StringComparer.Ordinal).ToList();

        var frameworks = ReadAll(files, sorted.Where(path => IsIn(path, "frameworks", 2)), findings,
            fields => ReadFramework(fields, places), framework => $"{framework.Code}, версия {framework.Version}", "Рамка", "framework");
        var index = new FrameworkIndex(frameworks);

        var stimuli = ReadAll(files, sorted.Where(path => IsIn(path, "stimuli", 3)), findings,
            fields => ReadStimulus(fields, files, places), stimulus => stimulus.Code, "Стимул", "stimulus");
        var byCode = stimuli.ToDictionary(stimulus => stimulus.Code, StringComparer.Ordinal);

        var facets = ReadAll(files, sorted.Where(path => IsIn(path, "facets", 3)), findings,
            fields => FacetReader.Read(fields, index, byCode, places), facet => facet.Code, "Фасет", "facet");

        var blueprints = ReadAll(files, sorted.Where(IsBlueprint), findings,
            fields => ReadBlueprint(fields, index, places), blueprint => blueprint.Code, "Спецификация", "blueprint");

        var policies = sorted.Where(path => path.StartsWith("policies/", StringComparison.Ordinal)).ToDictionary(path => path, path => files.Texts[path], StringComparer.Ordinal);
        foreach (var path in sorted.Where(path => !IsKnown(path)))
            new YamlFile(path, findings).Report(ReadingRules.FileIgnored, null, "Файл лежит не там, где его ищут, или имеет другое расширение, и не прочитан.", Advice);

        return new(new Bank(frameworks, blueprints, facets, stimuli, policies, places), findings);
    }

    /// <summary>Reads each file; what has errors or a code already taken is left out.</summary>
    private static List<T> ReadAll<T>(BankFiles files, IEnumerable<string> paths, List<Finding> findings, Func<Fields, T> read, Func<T, string> codeOf, string what, string field)
    {
        var all = new List<T>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var file = new YamlFile(path, findings);
            if (file.Open(files.Texts[path]) is not { } fields) continue;
            var value = read(fields);
            var code = codeOf(value);
            if (!taken.TryAdd(code, path))
                file.Report(ReadingRules.CodeDuplicate, fields.At(field), $"{what} «{code}» уже есть в файле {taken[code]}.", "Коды не повторяются во всём банке: переименуйте один из файлов.");
            if (file.Errors == 0) all.Add(value);
        }
        return all;
    }

    private static Framework ReadFramework(Fields fields, BankPlaces places)
    {
        var framework = FrameworkReader.Read(fields);
        places.Framework(framework.Code, framework.Version, fields.File.PlaceOf(fields.At("version")));
        return framework;
    }

    private static Stimulus ReadStimulus(Fields fields, BankFiles files, BankPlaces places)
    {
        var code = FacetReader.ReadCode(fields, "stimulus");
        places.Stimulus(code, fields.File.PlaceOf(fields.At("stimulus")));
        return StimulusReader.Read(fields, code, files);
    }

    private static Blueprint ReadBlueprint(Fields fields, FrameworkIndex index, BankPlaces places)
    {
        var blueprint = BlueprintReader.Read(fields, index, places);
        places.Blueprint(blueprint.Code, fields.File.PlaceOf(fields.At("blueprint")));
        return blueprint;
    }

    private static bool IsIn(string path, string folder, int depth) =>
        path.Split('/') is { } parts && parts.Length == depth && parts[^2] == folder && path.EndsWith(".yaml", StringComparison.Ordinal);

    private static bool IsBlueprint(string path) => path.Split('/') is [_, "blueprint.yaml"];

    private static bool IsKnown(string path) =>
        IsIn(path, "frameworks", 2) || IsIn(path, "stimuli", 3) || IsIn(path, "facets", 3) || IsBlueprint(path)
        || path.StartsWith("policies/", StringComparison.Ordinal)
        || (path.Split('/') is [_, "stimuli", var name] && name.EndsWith(".svg", StringComparison.Ordinal));
}
