using System.Text;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>The files of a bank: path inside the bank, with slashes → text.</summary>
public sealed record BankFiles(IReadOnlyDictionary<string, string> Texts)
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".svg"];

    /// <summary>Reads a folder. Bytes that are not UTF-8 become U+FFFD, which the reader reports with file and line.</summary>
    public static BankFiles Load(string folder) => new(Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), file => File.ReadAllText(file, Encoding.UTF8), StringComparer.Ordinal));
}
