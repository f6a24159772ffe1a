namespace Diagnostics.Server.Hosting;

/// <summary>
/// The folders of the data and of the bank. They come from settings, relative to the folder in which the service was
/// started.
/// </summary>
internal static class Folders
{
    internal static string Data(IConfiguration configuration) => Path.GetFullPath(configuration["Diagnostics:Data"] ?? "data");

    internal static string Bank(IConfiguration configuration) => Path.GetFullPath(configuration["Diagnostics:Bank"] ?? "item-bank");
}
