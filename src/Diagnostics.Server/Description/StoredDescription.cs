using System.Reflection;
using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Description;

/// <summary>
/// Serves the API description as the file that is committed in <c>openapi/diagnostics.v1.json</c>. Building it for
/// every caller would cost a third of a second of processor time, and callers need not even sign in. The command
/// <c>openapi</c> writes the file from the code, and a test compares the two.
/// </summary>
internal static class StoredDescription
{
    internal const string Address = $"/openapi/{ApiDescription.Document}.json";

    private const string Resource = "diagnostics.v1.json";

    private static readonly byte[] Content = ReadResource();

    /// <summary>A strong tag: equal tags mean equal bytes.</summary>
    private static readonly EntityTagHeaderValue Tag = new($"\"{Digest.Of(Content)}\"");

    internal static void MapDescription(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Address, [HttpMethods.Get, HttpMethods.Head], Read).ExcludeFromDescription().AllowedTo(AccessRule.Public);

    // ASP.NET Core's result for bytes itself answers If-None-Match with 304.
    private static FileContentHttpResult Read(HttpResponse response)
    {
        // Clients may store the description but must revalidate it before each use, because an update of the service
        // changes it at the same address.
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(Content, "application/json; charset=utf-8", entityTag: Tag);
    }

    private static byte[] ReadResource()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
