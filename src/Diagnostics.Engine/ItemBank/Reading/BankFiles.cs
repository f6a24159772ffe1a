using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>The texts of a bank's files, by their path inside the bank (written with slashes).</summary>
public sealed record BankFiles(IReadOnlyDictionary<string, string> Texts)
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".svg"];

    /// <summary>
    /// Fingerprint of all files that an import takes, without policies and instruments. Lower-case hexadecimal SHA-256.
    /// </summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var (path, text) in Texts
                .Where(file =>
                    !file.Key.StartsWith("policies/", StringComparison.Ordinal)
                    && !file.Key.StartsWith($"{BankFileReader.Instruments}/", StringComparison.Ordinal)
                )
                .OrderBy(file => file.Key, StringComparer.Ordinal)
        )
        {
            // Hashing the lengths too distinguishes «ab»+«c» from «a»+«bc».
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path.Length}:{text.Length}:")));
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a folder contains no files of a bank.</summary>
    public static bool IsEmpty(string folder) => !Paths(folder).Any();

    /// <summary>
    /// Reads a folder. Bytes that are not UTF-8 become U+FFFD, which the reader reports with file and line.
    /// </summary>
    public static BankFiles Load(string folder) =>
        new(
            Paths(folder)
                .ToDictionary(
                    file => Path.GetRelativePath(folder, file).Replace('\\', '/'),
                    file => File.ReadAllText(file, Encoding.UTF8),
                    StringComparer.Ordinal
                )
        );

    private static IEnumerable<string> Paths(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
}
