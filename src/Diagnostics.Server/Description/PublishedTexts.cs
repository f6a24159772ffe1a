using System.Reflection;
using Microsoft.OpenApi;
using YamlDotNet.Serialization;

namespace Diagnostics.Server.Description;

/// <summary>
/// Puts the Russian texts of schemas, their properties, parameters and answers into the API description. The texts are
/// in <c>Texts/*.yaml</c> and nowhere else: comments in the code are English, and are not published.
/// </summary>
/// <remarks>
/// A key is <c>Schema</c>, <c>Schema.property</c>, <c>Operation.parameter</c> or the status of an answer. <c>*.name</c>
/// is for names that mean the same everywhere: it applies to every property and parameter of that name that has no text
/// of its own.
/// </remarks>
internal static class PublishedTexts
{
    private const string Folder = "src/Diagnostics.Server/Description/Texts";
    private const string Page = "PageOf";

    internal static readonly IReadOnlyDictionary<string, string> All = Read();

    /// <summary>
    /// Puts each text where it belongs in the description. Where there is no Russian text, no text appears at all,
    /// rather than an English one.
    /// </summary>
    /// <returns>A message for each part of the description that has no text, and for each text that belongs to no
    /// part.</returns>
    internal static IReadOnlyList<string> Put(OpenApiDocument document)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var idle = new SortedSet<string>(All.Keys, StringComparer.Ordinal);
        foreach (var place in Places(document))
        {
            var key = place.Keys.FirstOrDefault(All.ContainsKey);
            if (key is not null)
                idle.Remove(key);
            else if (!place.MayBeSilent)
                missing.Add(place.Keys[0]);
            place.Put(key is null ? null : All[key]);
        }
        return
        [
            .. missing.Select(key => $"{Folder}: добавьте «{key}: …»"),
            .. idle.Select(key => $"{Folder}: удалите «{key}», такого больше нет"),
        ];
    }

    private static IEnumerable<Place> Places(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        foreach (var (id, schema) in schemas)
        {
            // One text describes the page schemas of all lists.
            var name = id.StartsWith(Page, StringComparison.Ordinal) ? Page : id;
            yield return new([name], text => schema.Description = text);
            foreach (var place in Properties(name, schema, schemas))
                yield return place;
        }
        foreach (var (status, answer) in document.Components.Responses!)
            yield return new([ProblemAnswers.StatusOf(status)], text => answer.Description = text);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        foreach (var place in Of(operation, schemas))
            yield return place;
    }

    private static IEnumerable<Place> Of(OpenApiOperation operation, IDictionary<string, IOpenApiSchema> schemas)
    {
        var name = operation.OperationId!;
        // Parameters that endpoint filters read are described where these filters are added.
        foreach (var parameter in operation.Parameters?.Where(parameter => parameter.Description is null) ?? [])
            yield return new([$"{name}.{parameter.Name}", $"*.{parameter.Name}"], text => parameter.Description = text);
        foreach (var (_, body) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            if (body.Schema is OpenApiSchema form)
                foreach (var place in Properties(name, form, schemas))
                    yield return place;
        foreach (var (status, answer) in operation.Responses!)
            if (answer is OpenApiResponse)
                yield return new([status], text => answer.Description = text);
    }

    private static IEnumerable<Place> Properties(string owner, IOpenApiSchema schema, IDictionary<string, IOpenApiSchema> schemas) =>
        from property in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()
        select new Place(
            [$"{owner}.{property.Key}", $"*.{property.Key}"],
            text => Describe(property.Value, text),
            MayBeSilent: Speaks(property.Value, schemas)
        );

    /// <summary>
    /// Describes a nullable property as a whole. The generator would describe only one of the property's two
    /// alternatives, the value or null.
    /// </summary>
    private static void Describe(IOpenApiSchema property, string? text)
    {
        foreach (var choice in property.OneOf ?? [])
            choice.Description = null;
        property.Description = text;
    }

    /// <summary>
    /// Whether the property needs no text of its own, because its type is described: it has properties or lists its
    /// values.
    /// </summary>
    private static bool Speaks(IOpenApiSchema property, IDictionary<string, IOpenApiSchema> schemas) =>
        (property as OpenApiSchemaReference ?? property.OneOf?.OfType<OpenApiSchemaReference>().FirstOrDefault())
            is { Reference.Id: { } id }
        && schemas[id] is { } type
        && (type.Properties?.Count > 0 || type.Enum?.Count > 0 || type.AnyOf?.Count > 0);

    private static Dictionary<string, string> Read()
    {
        var (assembly, texts) = (Assembly.GetExecutingAssembly(), new Dictionary<string, string>());
        var reader = new DeserializerBuilder().WithDuplicateKeyChecking().Build();
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith("texts/", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(file)!);
            foreach (var (key, value) in reader.Deserialize<Dictionary<string, string>>(text))
                texts.Add(key, value);
        }
        return texts;
    }

    /// <param name="Keys">Possible keys; the first one with a text is used.</param>
    private sealed record Place(IReadOnlyList<string> Keys, Action<string?> Put, bool MayBeSilent = false);
}
