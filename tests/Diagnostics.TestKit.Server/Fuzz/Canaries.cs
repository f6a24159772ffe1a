using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;
using Declaration = Diagnostics.UseCases.Execution.Operation;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>What a canary stands for.</summary>
internal enum Secret
{
    /// <summary>A key, a solution, a rubric, an exemplar or a difficulty.</summary>
    Item,

    /// <summary>A person's name, address or number at a portal.</summary>
    Person,

    /// <summary>What a person answered in the test.</summary>
    Answer,

    /// <summary>What a person wrote in an appeal.</summary>
    Statement,
}

/// <summary>A text that only some may see.</summary>
/// <param name="Owner">The person to whom it belongs; null for what belongs to nobody.</param>
/// <param name="Erased">Whether it was erased with the person, so that nobody may see it.</param>
internal sealed record Canary(Secret Secret, string Text, Guid? Owner, bool Erased = false);

/// <summary>Somebody as whom the crawler asks.</summary>
/// <param name="Bearer">Null for a caller who has not signed in.</param>
/// <param name="Unlimited">The roles that the account has for the whole service.</param>
/// <param name="Anywhere">The roles that it has for anything.</param>
/// <param name="Related">The roles that it has somewhere, as far as that is where the canaries are.</param>
internal sealed record Viewer(
    string Name,
    string? Bearer,
    Guid? Participant,
    IReadOnlySet<Role> Unlimited,
    IReadOnlySet<Role> Anywhere,
    IReadOnlySet<Role> Related,
    IReadOnlyList<string> Scopes
)
{
    internal static readonly Viewer Nobody = new("nobody", null, null, new HashSet<Role>(), new HashSet<Role>(), new HashSet<Role>(), []);
}

/// <summary>
/// Who may see what, as the use cases declare it: somebody may see a secret whose role admits to a use case that shows
/// secrets of this kind, and a person may see the own.
/// </summary>
internal static class Sight
{
    /// <summary>The looks that show a secret, by the action that the audit trail has for them.</summary>
    private static readonly Dictionary<Secret, string[]> Looks = new()
    {
        [Secret.Item] =
        [
            "answers.listed",
            "appeal.work-viewed",
            "benchmarks.listed",
            "facet.exported",
            "facet.viewed",
            "facets.listed",
            "form.viewed",
            "item.viewed",
            "items.checked",
            "items.listed",
            "script.claimed",
            "script.read",
        ],
        [Secret.Person] = ["corrections.listed", "corrections.viewed", "paper.printed", "people.listed", "person.read", "roster.read"],
        [Secret.Answer] =
        [
            "answers.listed",
            "appeal.work-viewed",
            "benchmarks.listed",
            "paper.viewed",
            "script.alike-viewed",
            "script.claimed",
            "script.read",
            "session.answers-viewed",
        ],
        [Secret.Statement] = ["appeal.letter-viewed", "appeal.viewed", "appeal.work-viewed"],
    };

    private static readonly IReadOnlyList<Declaration> Declared = UseCaseCatalog
        .All.Select(useCase => (Declaration)useCase.GetField("Operation", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!)
        .Where(operation => operation.Trail.IsLook)
        .ToList();

    private static readonly Dictionary<Secret, IReadOnlyList<AccessRule>> Rules = Looks.ToDictionary(
        look => look.Key,
        look =>
            (IReadOnlyList<AccessRule>)
                Declared.Where(operation => operation.Trail.Actions.Any(look.Value.Contains)).Select(operation => operation.Access).ToList()
    );

    internal static bool May(Viewer viewer, Canary canary) =>
        !canary.Erased && (viewer.Participant is { } own ? own == canary.Owner : IsShownTo(viewer, canary));

    private static bool IsShownTo(Viewer viewer, Canary canary) =>
        Rules[canary.Secret]
            .Any(rule =>
                rule.Entitlements.Any(right =>
                    right.Role is not Role.Participant
                    && (
                        viewer.Unlimited.Contains(right.Role)
                        || viewer.Related.Contains(right.Role)
                        // What belongs to nobody is outside of every scope.
                        || (canary.Owner is null && right.Relation is Relation.Any && viewer.Anywhere.Contains(right.Role))
                    )
                ) || rule.ClientScopes.Any(viewer.Scopes.Contains)
            );
}

/// <summary>The canaries that were planted, and a search for them.</summary>
internal sealed partial class Canaries(int seed)
{
    private const int Shortest = 12;
    private const int Longest = 60;

    /// <summary>
    /// Members of JSON that say how an item is marked, whatever their values: a key is often one letter or a number, which no
    /// search for a text would tell from others.
    /// </summary>
    private static readonly string[] Marking = ["rubric", "solution", "exemplars", "difficulty", "key", "patterns"];

    private readonly Dictionary<string, Canary> all = new(StringComparer.Ordinal);
    private readonly HashSet<string> ambiguous = new(StringComparer.Ordinal);
    private readonly Random random = new(seed);

    internal int Count => all.Count;

    internal int Of(Secret secret) => all.Values.Count(canary => canary.Secret == secret);

    /// <summary>A word that occurs nowhere else, in letters that a name may have.</summary>
    internal string Word() => "канарейка" + new string(random.GetItems("абвгдежзиклмнопрстуфхцчшэюя".AsSpan(), 8));

    /// <summary>Adds a text. A text that belongs to two people could not be told apart, so it is none.</summary>
    internal void Add(Secret secret, string text, Guid? owner)
    {
        var piece = Pieces().Matches(text).Select(match => match.Value.Trim()).MaxBy(each => each.Length) ?? "";
        if (piece.Length > Longest)
            piece = piece[..Longest].Trim();
        if (piece.Length < Shortest || ambiguous.Contains(piece))
            return;
        if (all.TryGetValue(piece, out var known) && known.Owner != owner)
        {
            ambiguous.Add(piece);
            all.Remove(piece);
        }
        else
            all[piece] = new(secret, piece, owner);
    }

    /// <summary>From now on nobody may see what was erased with the person: what they answered stays, under a pseudonym.</summary>
    internal void Erase(Guid person)
    {
        foreach (var (piece, canary) in all.ToList())
            if (canary.Owner == person && canary.Secret is (Secret.Person or Secret.Statement))
                all[piece] = canary with { Erased = true };
    }

    /// <summary>Takes texts that people may see out of the canaries.</summary>
    internal void Forget(string open)
    {
        var text = Plain(open);
        foreach (var canary in all.Keys.Where(canary => text.Contains(canary, StringComparison.Ordinal)).ToList())
            all.Remove(canary);
    }

    /// <summary>Canaries in an answer, and members that say how items are marked.</summary>
    internal IEnumerable<Canary> In(string body, string? mediaType, string headers)
    {
        var text = Plain(headers + "\n" + Uri.UnescapeDataString(headers) + "\n" + body);
        foreach (var (piece, canary) in all)
            if (text.Contains(piece, StringComparison.Ordinal))
                yield return canary;
        if (mediaType?.EndsWith("json", StringComparison.Ordinal) is true)
            foreach (var name in Marking.Where(name => Has(body, name)))
                yield return new(Secret.Item, $"\"{name}\"", null);
    }

    private static bool Has(string body, string name)
    {
        if (!body.Contains($"\"{name}\"", StringComparison.Ordinal))
            return false;
        try
        {
            var json = JsonNode.Parse(body);
            // A description names members without having any.
            if (json is JsonObject described && (described.ContainsKey("openapi") || described.ContainsKey("$schema")))
                return false;
            return Members(json).Any(member => member.Key == name && member.Value is { } value && !IsOfProfile(value));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A profile names a difficulty beside the points that the person earned on all items of it.</summary>
    private static bool IsOfProfile(JsonNode value) => value.Parent is JsonObject result && result.ContainsKey("earned");

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(field => Members(field.Value).Prepend(field)),
            JsonArray elements => elements.SelectMany(Members),
            _ => [],
        };

    /// <summary>The text as a reader sees it: without escapes, with plain blanks.</summary>
    private static string Plain(string text) => WebUtility.HtmlDecode(text).Replace('\u00a0', ' ').Replace('\u202f', ' ');

    /// <summary>Runs of letters, digits and simple punctuation: nothing in them is ever escaped.</summary>
    [GeneratedRegex(@"[\p{L}\p{N} .,;:@_+()-]+")]
    private static partial Regex Pieces();
}
