using System.Reflection;
using System.Text;

namespace Diagnostics.Server.Api;

/// <summary>The JSON Schema of the profile, as committed in <c>openapi/deficit-profile.schema.json</c>: what portals build on.</summary>
internal static class ProfileSchema
{
    private const string Resource = "deficit-profile.schema.json";

    internal static readonly string Text = ReadResource();

    private static string ReadResource()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
