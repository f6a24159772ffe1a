using System.Reflection;
using System.Text;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Profiles;

/// <summary>The JSON Schema of the profile, as committed in <c>openapi/deficit-profile.schema.json</c>: what portals build on.</summary>
internal static class ProfileSchema
{
    private const string Resource = "deficit-profile.schema.json";

    internal static readonly string Text = ReadResource();

    internal static void Map(IEndpointRouteBuilder profiles) => profiles.MapGet("/schema", Read)
        .WithName("GetProfileSchema").WithSummary("JSON Schema дефицитарного профиля (2020-12)")
        .Produces<string>(StatusCodes.Status200OK, "application/schema+json").AllowedTo(AccessRule.Public);

    private static ContentHttpResult Read() => TypedResults.Text(Text, "application/schema+json", Encoding.UTF8);

    private static string ReadResource()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
