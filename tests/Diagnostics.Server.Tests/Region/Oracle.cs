using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Diagnostics.Server.Tests.Region;

/// <summary>
/// Computes a person's remaining time by the rules in docs/procedure.md: the remaining time is kept during a pause, and
/// counts from the moment when the clock runs again. Nothing here comes from the service.
/// </summary>
internal sealed class OwnTime(Duration limit)
{
    private Duration left = limit;
    private Instant runningSince;

    internal bool IsRunning { get; private set; }

    internal Instant Deadline => runningSince + left;

    internal void Run(Instant at)
    {
        runningSince = at;
        IsRunning = true;
    }

    internal void Stop(Instant at)
    {
        if (!IsRunning)
            return;
        left -= at - runningSince;
        IsRunning = false;
    }

    /// <summary>Adds time; after the deadline the added time counts from now.</summary>
    internal void Add(Duration extra, Instant now)
    {
        if (IsRunning && now > Deadline)
            (left, runningSince) = (extra, now);
        else
            left += extra;
    }

    /// <summary>Sets the remaining time, counted from now, whatever was left.</summary>
    internal void Give(Duration time, Instant now)
    {
        left = time;
        Run(now);
    }
}

/// <summary>An answer of a person with the points that it earns by the rules in item-bank/README.md.</summary>
internal sealed record OwnAnswer(int Slot, string Facet, string Block, string Type, JsonNode Response, decimal Points);

/// <summary>The keys as their authors wrote them, read from the files of the bank.</summary>
internal sealed class Keys
{
    internal const string Unmatched = "не знаю точно";

    private readonly Dictionary<string, YamlNode> facets = new();

    internal IReadOnlyList<(int Slot, string Facet, string Block, string Type, decimal Points)> Slots { get; }

    internal Keys()
    {
        var folder = Path.Combine(Repository.Bank, "teacher-mathematics-5-9");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "facets"), "*.yaml"))
        {
            var facet = Read(file);
            facets[facet.Word("facet")] = facet;
        }
        Slots = Read(Path.Combine(folder, "blueprint.yaml"))
            .Of("slots")
            .Elements()
            .Select(slot =>
                (Whole(slot.Word("number")), slot.Word("facet"), slot.Word("block"), slot.Word("type"), Number(slot.Word("points")))
            )
            .ToList();
    }

    /// <summary>Chooses an answer to a shown item; null to leave the item blank.</summary>
    internal OwnAnswer? Choose(JsonNode shown, int variant, Random lot)
    {
        var (slot, name, block, type, most) = Slots.Single(each => each.Slot == shown["slot"]!.GetValue<int>());
        var facet = facets[name];
        var item = facet.Of("items").Elements().Single(each => Whole(each.Word("variant")) == variant);
        if (lot.Next(10) == 0)
            return null;
        var wrong = lot.Next(5) < 2;
        var (response, points) = type switch
        {
            "single_choice" => Single(item, shown, most, wrong, lot),
            "multiple_choice" => Multiple(facet, item, shown, most, wrong, lot),
            "matching" => Matching(facet, item, shown, most, wrong, lot),
            "ordering" => Ordering(facet, item, shown, most, wrong, lot),
            "short_answer" => Short(item, most, wrong),
            _ => Extended(facet, lot),
        };
        response["type"] = type;
        return new(slot, name, block, type, response, points);
    }

    /// <summary>The points that an answer written by <see cref="Choose"/> tells the expert to give.</summary>
    internal static Dictionary<string, decimal> Marks(string answer) =>
        answer[(answer.IndexOf('[', StringComparison.Ordinal) + 1)..answer.IndexOf(']', StringComparison.Ordinal)]
            .Split(';')
            .Select(mark => mark.Split('='))
            .ToDictionary(mark => mark[0], mark => Number(mark[1]));

    private static (JsonObject, decimal) Single(YamlNode item, JsonNode shown, decimal most, bool wrong, Random lot)
    {
        var key = item.Word("key");
        var option = wrong ? Other(item.Of("options").Ids().Where(id => id != key).ToList(), lot) : key;
        return (new() { ["option"] = Shown(item, "options", option, shown) }, wrong ? 0 : most);
    }

    private static (JsonObject, decimal) Multiple(YamlNode facet, YamlNode item, JsonNode shown, decimal most, bool wrong, Random lot)
    {
        var key = item.Of("key").Words();
        var all = item.Of("options").Ids();
        var chosen = new HashSet<string>(key);
        for (var change = wrong ? 1 + lot.Next(2) : 0; change > 0; change--)
            if (Other(all, lot) is { } one && !chosen.Remove(one))
                chosen.Add(one);
        if (chosen.Count == 0 || chosen.Count == all.Count)
            chosen = [.. key];
        var points = facet.Of("scoring").Word("rule") switch
        {
            "mapped" => Math.Clamp(chosen.Sum(id => Number(item.Of("map").Word(id))), 0, most),
            "per_error" => ByErrors(facet, all.Count(id => chosen.Contains(id) != key.Contains(id))),
            _ => chosen.SetEquals(key) ? most : 0,
        };
        return (new() { ["options"] = new JsonArray(chosen.Select(id => (JsonNode)Shown(item, "options", id, shown)).ToArray()) }, points);
    }

    private static (JsonObject, decimal) Matching(YamlNode facet, YamlNode item, JsonNode shown, decimal most, bool wrong, Random lot)
    {
        var key = ((YamlMappingNode)item.Of("key")).Children.ToDictionary(
            pair => ((YamlScalarNode)pair.Key).Value!,
            pair => ((YamlScalarNode)pair.Value).Value!
        );
        var given = new Dictionary<string, string>(key);
        if (wrong)
        {
            var lefts = key.Keys.ToList();
            var spare = item.Of("right").Ids().Except(key.Values).ToList();
            if (spare.Count > 0 && lot.Next(2) == 0)
                given[Other(lefts, lot)] = Other(spare, lot);
            else
                (given[lefts[0]], given[lefts[1]]) = (given[lefts[1]], given[lefts[0]]);
        }
        var errors = key.Count(pair => given[pair.Key] != pair.Value);
        var pairs = new JsonObject();
        foreach (var (left, right) in given)
            pairs[Shown(item, "left", left, shown)] = Shown(item, "right", right, shown);
        var exact = errors == 0 ? most : 0;
        return (new() { ["pairs"] = pairs }, facet.Of("scoring").Word("rule") == "per_error" ? ByErrors(facet, errors) : exact);
    }

    private static (JsonObject, decimal) Ordering(YamlNode facet, YamlNode item, JsonNode shown, decimal most, bool wrong, Random lot)
    {
        var key = item.Of("key").Words();
        var given = key.ToList();
        if (wrong)
        {
            var at = lot.Next(given.Count - 1);
            (given[at], given[at + 1]) = (given[at + 1], given[at]);
        }
        var neighbours = given.Zip(given.Skip(1)).Count(pair => key.Zip(key.Skip(1)).Contains(pair));
        var points = facet.Of("scoring").Word("rule") switch
        {
            "adjacent" => most * neighbours / (key.Count - 1),
            "per_error" => ByErrors(facet, key.Zip(given).Count(pair => pair.First != pair.Second)),
            _ => given.SequenceEqual(key) ? most : 0,
        };
        return (new() { ["order"] = new JsonArray(given.Select(id => (JsonNode)Shown(item, "elements", id, shown)).ToArray()) }, points);
    }

    private static (JsonObject, decimal) Short(YamlNode item, decimal most, bool wrong)
    {
        var key = (YamlMappingNode)item.Of("key");
        var right = key.Children.TryGetValue("numbers", out var numbers)
            ? numbers.Elements().First().Word("value").Replace('.', ',')
            : key.Of("texts").Words()[0];
        return (new() { ["text"] = wrong ? Unmatched : right }, wrong ? 0 : most);
    }

    private static (JsonObject, decimal) Extended(YamlNode facet, Random lot)
    {
        var marks = facet
            .Of("rubric")
            .Of("criteria")
            .Elements()
            .ToDictionary(
                each => each.Word("code"),
                each => Number(Other(each.Of("levels").Elements().Select(level => level.Word("points")).ToList(), lot))
            );
        var gated = ((YamlMappingNode)facet.Of("rubric")).Children.TryGetValue("gate", out var gate) && marks[gate.Word("criterion")] == 0;
        var text = string.Join(';', marks.Select(mark => string.Create(CultureInfo.InvariantCulture, $"{mark.Key}={mark.Value}")));
        return (new() { ["text"] = $"Ход рассуждения изложен по шагам [{text}]." }, gated ? 0 : marks.Values.Sum());
    }

    private static decimal ByErrors(YamlNode facet, int errors) =>
        ((YamlMappingNode)facet.Of("scoring").Of("table")).Children.TryGetValue(
            errors.ToString(CultureInfo.InvariantCulture),
            out var points
        )
            ? Number(((YamlScalarNode)points).Value!)
            : 0;

    /// <summary>
    /// The id under which the person sees an entry, found by the entry's text, because each session gives new ids.
    /// </summary>
    private static string Shown(YamlNode item, string list, string id, JsonNode shown)
    {
        var text = Plain(item.Of(list).Elements().Single(entry => entry.Word("id") == id).Word("text"));
        return shown[list]!.Items().Single(entry => Plain(entry.Word("text")!) == text).Word("id")!;
    }

    private static string Plain(string text) =>
        string.Join(' ', text.Replace('\u00A0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Other(IReadOnlyList<string> ids, Random lot) => ids[lot.Next(ids.Count)];

    private static YamlNode Read(string file)
    {
        using var text = File.OpenText(file);
        var yaml = new YamlStream();
        yaml.Load(text);
        return yaml.Documents[0].RootNode;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

internal static class Yaml
{
    internal static YamlNode Of(this YamlNode node, string key) => ((YamlMappingNode)node).Children[new YamlScalarNode(key)];

    internal static string Word(this YamlNode node, string key) => ((YamlScalarNode)node.Of(key)).Value!;

    internal static IEnumerable<YamlNode> Elements(this YamlNode node) => ((YamlSequenceNode)node).Children;

    internal static IReadOnlyList<string> Words(this YamlNode node) =>
        node.Elements().Select(each => ((YamlScalarNode)each).Value!).ToList();

    internal static IReadOnlyList<string> Ids(this YamlNode list) => list.Elements().Select(entry => entry.Word("id")).ToList();
}
