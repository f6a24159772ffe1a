using System.Text;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;

namespace Diagnostics.Server.Commands;

/// <summary>Writes <see cref="AccessMap"/> to a file: <c>docs/access.md</c>, which is committed.</summary>
internal static class WriteAccessMap
{
    internal static async Task<int> Run(string path)
    {
        var folder = Directory.CreateTempSubdirectory("diagnostics-access-");
        try
        {
            // The service is built but not started, because its endpoints are declared as soon as it is built.
            await using var app = Service.Build([$"--Diagnostics:Data={folder.FullName}", "--Logging:LogLevel:Default=Error"]);
            var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints);
            await File.WriteAllTextAsync(path, AccessMap.Of(endpoints), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }
}
