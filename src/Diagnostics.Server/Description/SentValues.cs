using Microsoft.OpenApi;

namespace Diagnostics.Server.Description;

/// <summary>
/// The service leaves nulls out of what it sends, but requires them in what it accepts (a blank response is
/// <c>"response": null</c>, never a missing member). The generated schemas are right only for what the service accepts.
/// </summary>
internal static class SentValues
{
    /// <summary>Makes nullable members optional, unless the schema is also used for requests.</summary>
    internal static void LeaveOutNulls(OpenApiDocument document)
    {
        var taken = new HashSet<string>();
        foreach (var (_, operation) in document.Paths.Values.SelectMany(path => path.Operations ?? []))
        foreach (var (_, body) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            Collect(body.Schema, taken);
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
            if (!taken.Contains(name) && schema is OpenApiSchema { Required: { } required, Properties: { } properties })
                required.ExceptWith(properties.Where(property => MayBeNull(property.Value)).Select(property => property.Key));
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) is true || schema.OneOf?.Any(choice => choice.Type is JsonSchemaType.Null) is true;

    private static void Collect(IOpenApiSchema? schema, HashSet<string> names)
    {
        if (schema is null || (schema is OpenApiSchemaReference { Reference.Id: { } id } && !names.Add(id)))
            return;
        Collect(schema.Items, names);
        Collect(schema.AdditionalProperties, names);
        foreach (var part in new[] { schema.Properties?.Values, schema.AllOf, schema.AnyOf, schema.OneOf }.SelectMany(parts => parts ?? []))
            Collect(part, names);
    }
}
