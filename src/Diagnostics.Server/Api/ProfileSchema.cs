using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.UseCases.Execution;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Api;

/// <summary>
/// A version of the profile's JSON Schema, as committed in <c>openapi/</c>. Portals depend on it, so a later version
/// only adds members. Without the members that an earlier version does not know, a document is valid under that earlier
/// version.
/// </summary>
internal sealed class ProfileSchema
{
    /// <summary>The media type whose parameter <c>version</c> names the schema that a client reads.</summary>
    internal const string MediaType = "application/vnd.diagnostics.deficit-profile+json";

    internal static readonly ProfileSchema Latest = new("2.0", "deficit-profile.schema.json");

    internal static readonly ProfileSchema First = new("1.0", "deficit-profile.schema.1.0.json");

    private readonly JsonObject root;

    private ProfileSchema(string version, string resource)
    {
        Version = version;
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!, Encoding.UTF8);
        Text = reader.ReadToEnd();
        root = JsonNode.Parse(Text)!.AsObject();
    }

    internal string Version { get; }

    internal string Text { get; }

    /// <summary>The schema of a version; null when there is no such version.</summary>
    internal static ProfileSchema? Find(string version) => new[] { Latest, First }.FirstOrDefault(schema => schema.Version == version);

    /// <summary>
    /// The schema that a request asks for, taken from the media type that the client prefers among those that we serve.
    /// A request that names no version gets the latest schema.
    /// </summary>
    /// <returns>The schema, and whether the client asked for our own media type; if so, the answer has this
    /// type.</returns>
    internal static (ProfileSchema Schema, bool Named) Wanted(IList<MediaTypeHeaderValue> accept)
    {
        foreach (var type in accept.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            {
                var version = type.Parameters.FirstOrDefault(parameter =>
                    parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase)
                );
                if (version is null)
                    return (Latest, true);
                if (Find(HeaderUtilities.RemoveQuotes(version.Value).ToString()) is { } known)
                    return (known, true);
            }
            else if (type.MatchesAllTypes || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            {
                return (Latest, false);
            }
        }
        return (Latest, false);
    }

    /// <summary>
    /// The document without the members that this version does not know; the document may be of a later version.
    /// </summary>
    internal string Of(string document)
    {
        var profile = JsonNode.Parse(document)!;
        Prune(profile, root);
        return profile.ToJsonString(Json.Options);
    }

    private void Prune(JsonNode? node, JsonObject schema)
    {
        if (schema["$ref"] is { } reference)
            schema = root["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject();
        if (node is JsonArray items && schema["items"] is JsonObject rule)
        {
            foreach (var item in items)
                Prune(item, rule);
        }
        else if (node is JsonObject members && schema["properties"] is JsonObject known)
        {
            foreach (var name in members.Select(member => member.Key).Where(name => !known.ContainsKey(name)).ToList())
                members.Remove(name);
            foreach (var (name, value) in members)
                Prune(value, known[name]!.AsObject());
        }
    }
}
