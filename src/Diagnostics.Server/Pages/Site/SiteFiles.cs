using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// Serves the stylesheet, scripts and pictures at addresses that change with the files' content. So a browser may keep
/// the files forever, and the modules of a page always belong to the same version. Modules import each other by
/// relative paths. Comments are not sent.
/// </summary>
internal static class SiteFiles
{
    private const string Prefix = "pages/";

    private static readonly IReadOnlyDictionary<string, Asset> Files = Read();

    /// <summary>A single fingerprint of all files.</summary>
    private static readonly string Version = Fingerprint();

    /// <summary>The address of a file under <c>Pages/Assets</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    internal static string Of(string name) =>
        Files.ContainsKey(name) ? $"/a/{Version}/{name}" : throw new KeyNotFoundException($"No asset is called {name}.");

    internal static void MapSiteFiles(this IEndpointRouteBuilder routes) =>
        routes
            .MapMethods("/a/{version}/{**name}", [HttpMethods.Get, HttpMethods.Head], Serve)
            .ExcludeFromDescription()
            .AllowedTo(AccessRule.Public);

    private static IResult Serve(string version, string? name, HttpContext http)
    {
        if (name is null || !Files.TryGetValue(name, out var asset))
            return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        var headers = http.Response.Headers;
        // A page that another version of the service made, just before or after an update, asks for another version's
        // address. It gets the present file, which the browser must not store under that address.
        headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-store";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var (content, encoding) = asset.For(http.Request.Headers.AcceptEncoding.ToString());
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        return TypedResults.Bytes(content, asset.Type);
    }

    private static Dictionary<string, Asset> Read()
    {
        var files = new Dictionary<string, Asset>(StringComparer.Ordinal);
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[Prefix.Length..].Replace('\\', '/');
            if (Path.GetExtension(name) is ".js" or ".css")
                content = Encoding.UTF8.GetBytes(LeanText.Of(name, Encoding.UTF8.GetString(content)));
            files.Add(name, new(content, TypeOf(name)));
        }
        return files;
    }

    private static string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, asset) in Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(asset.Content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            var other => throw new InvalidOperationException($"Nobody has said what a file «{other}» is."),
        };

    private sealed class Asset(byte[] content, string type)
    {
        private readonly Lazy<byte[]> brotli = new(() =>
            Packed(content, output => new BrotliStream(output, CompressionLevel.SmallestSize))
        );

        private readonly Lazy<byte[]> gzip = new(() => Packed(content, output => new GZipStream(output, CompressionLevel.SmallestSize)));

        internal byte[] Content => content;

        internal string Type => type;

        internal (byte[] Content, string? Encoding) For(string accepted) =>
            accepted.Contains("br", StringComparison.OrdinalIgnoreCase) ? (brotli.Value, "br")
            : accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? (gzip.Value, "gzip")
            : (content, null);

        private static byte[] Packed(byte[] content, Func<Stream, Stream> pack)
        {
            using var output = new MemoryStream();
            using (var packing = pack(output))
                packing.Write(content);
            return output.ToArray();
        }
    }
}
