using System.Text;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Diagnostics.Server.Commands;

/// <summary>
/// Writes the API description to a file: <c>openapi/diagnostics.v1.json</c>, which is committed, built into the service
/// and served. Only this command uses the generator of descriptions; a serving process does not need it.
/// </summary>
internal static class WriteApiDescription
{
    internal static async Task<int> Run(string path, TextWriter errors)
    {
        // A file that cannot be written is reported now, before the service is started for nothing.
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            await errors.WriteLineAsync(GivenPath.UnwritableFile(path, new DirectoryNotFoundException()));
            return Databases.CannotRun;
        }
        var folder = Directory.CreateTempSubdirectory("diagnostics-openapi-");
        try
        {
            // The service is started, because routes are described only once it runs. It uses a free port, and its data
            // are deleted afterwards.
            await using var app = Service.Build(
                ["--Urls=http://127.0.0.1:0", $"--Diagnostics:Data={folder.FullName}", "--Logging:LogLevel:Default=Error"],
                services => services.AddApiDescription()
            );
            await Schema.Migrate(
                app.Services.GetRequiredService<Database>(),
                app.Services.GetRequiredService<IClock>().GetCurrentInstant()
            );
            await app.StartAsync();
            var (text, faults) = await Describe(app.Services);
            await app.StopAsync();
            foreach (var fault in faults)
                await errors.WriteLineAsync(fault);
            if (faults.Count > 0)
                return 1;
            if (!File.Exists(path) || await File.ReadAllTextAsync(path) != text)
                await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception fault) when (GivenPath.UnwritableFile(path, fault) is { } text)
        {
            await errors.WriteLineAsync(text);
            return Databases.CannotRun;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    /// <returns>The description, and messages about missing or superfluous texts.</returns>
    private static async Task<(string Text, IReadOnlyList<string> Faults)> Describe(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDescription.Document).GetOpenApiDocumentAsync();
        var faults = PublishedTexts.Put(document);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1) + "\n", faults);
    }
}
