using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.UseCases.Appeals;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>
/// A file sent as the body of a request. Its type is determined from its bytes, because the media type of the request
/// is not trusted.
/// </summary>
internal sealed class AttachmentUpload
{
    private static readonly string[] MediaTypes = [FileSignature.Pdf, FileSignature.Png, FileSignature.Jpeg, "application/octet-stream"];

    /// <summary>
    /// The size limit of an upload's body, in place of the limit for all other bodies. It is a little larger than the
    /// largest allowed file, because a form adds some bytes around the file, and because the use case itself refuses a
    /// file that is slightly too large. A much larger body is not read to its end.
    /// </summary>
    internal static readonly IRequestSizeLimitMetadata Limit = new SizeLimit(AttachmentRules.MaxBytes + 64 * 1024);

    private AttachmentUpload(byte[] content) => Content = content;

    internal byte[] Content { get; }

    /// <summary>Lets endpoints take an upload as a parameter.</summary>
    public static async ValueTask<AttachmentUpload?> BindAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new(body.ToArray());
    }

    /// <summary>
    /// Declares the media types and the largest size of an upload, for routing and for the API description.
    /// </summary>
    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(Limit)
            .Accepts<byte[]>(MediaTypes[0], MediaTypes[1..])
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = MediaTypes.ToDictionary(
                            type => type,
                            _ => new OpenApiMediaType
                            {
                                Schema = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.String,
                                    Format = "binary",
                                    Description = "Файл как есть.",
                                },
                            }
                        ),
                    };
                    return Task.CompletedTask;
                }
            );

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}

/// <summary>
/// Answers with a file that a browser saves under the file's name and never shows as one of our pages.
/// </summary>
internal static class AttachmentDownload
{
    internal static IResult From(Result<AttachedFile> read) =>
        read.Refused(out var refusal, out var file)
            ? Problems.From(refusal)
            : TypedResults.File(file.Content, file.Attachment.MediaType, file.Attachment.Name);
}
