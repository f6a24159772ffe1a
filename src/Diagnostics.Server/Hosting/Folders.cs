using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
namespace Diagnostics.Server.Hosting;

/// <summary>Where the service keeps its data and finds the bank: settings, relative to the folder it was started in.</summary>
internal static class Folders
{
    internal static string Data(IConfiguration configuration) => Path.GetFullPath(configuration["Diagnostics:Data"] ?? "data");

    internal static string Bank(IConfiguration configuration) => Path.GetFullPath(configuration["Diagnostics:Bank"] ?? "item-bank");
}
