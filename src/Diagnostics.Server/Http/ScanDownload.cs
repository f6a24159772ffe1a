using Diagnostics.Engine;
using Diagnostics.Engine.Sessions.Scans;
using Diagnostics.UseCases.Sessions;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>
/// Answers with a scan. A picture is shown within our pages; a document is saved, because browsers show it with a program
/// of their own. Opened by itself, either may run nothing.
/// </summary>
internal static class ScanDownload
{
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    internal static async Task<IResult> From(HttpContext http, Task<Result<ScanFile>> read, Func<Refusal, IResult>? refused = null)
    {
        if ((await read).Refused(out var refusal, out var scan))
            return refused is null ? Problems.From(refusal) : refused(refusal);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        var place = scan.MediaType == FileSignature.Pdf ? "attachment" : "inline";
        headers.ContentDisposition =
            $"{place}; filename*=UTF-8''{Uri.EscapeDataString(ScanRules.NeutralName(scan.Number, scan.MediaType))}";
        return TypedResults.Bytes(scan.Content, scan.MediaType);
    }

    /// <summary>Describes a scan as the answer of an endpoint.</summary>
    internal static RouteHandlerBuilder ProducesScan(this RouteHandlerBuilder endpoint) =>
        endpoint
            .MayAnswer(410)
            .ProducesFile(
                FileSignature.Pdf,
                JsonSchemaType.String,
                "Содержимое файла как есть, без данных о съёмке; вид — в Content-Type."
            );
}
