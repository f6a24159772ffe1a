namespace Diagnostics.TestKit;

/// <summary>Finds the files of the repository from a running test.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string Bank => Path.Combine(Root, "item-bank");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Diagnostics.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("No folder above the tests holds Diagnostics.sln.");
    }
}
