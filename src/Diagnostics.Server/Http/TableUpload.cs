using System.Text.Json;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Practice;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>
/// A table sent as the body of a request: rows as JSON, or the file of a spreadsheet program. Whether the file is XLSX or
/// CSV is determined from its bytes, because browsers name the media type of such files differently.
/// </summary>
internal sealed class TableUpload
{
    internal const string Csv = "text/csv";
    internal const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const string Json = "application/json";

    private static readonly string[] FileTypes = [Csv, Xlsx, "application/octet-stream"];

    /// <summary>
    /// The size limit of a table's body, in place of the limit for all other bodies: 100,000 rows with long names of
    /// skills and six columns.
    /// </summary>
    internal static readonly IRequestSizeLimitMetadata Limit = new SizeLimit(32 * 1024 * 1024);

    private TableUpload(SubmittedTable table) => Table = table;

    internal SubmittedTable Table { get; }

    /// <summary>Lets endpoints take an upload as a parameter.</summary>
    public static async ValueTask<TableUpload?> BindAsync(HttpContext context) =>
        new(await Read<PracticeRowsRequest, SubmittedTable>(context, file => new(file), rows => new(rows)));

    /// <summary>Reads the body: rows of this type in JSON, or a file.</summary>
    internal static async Task<TTable> Read<TRows, TTable>(HttpContext context, Func<byte[], TTable> ofFile, Func<TRows, TTable> ofRows)
    {
        if (!context.Request.HasJsonContentType())
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return ofFile(body.ToArray());
        }
        try
        {
            return ofRows(
                await JsonSerializer.DeserializeAsync<TRows>(context.Request.Body, UseCases.Execution.Json.Options, context.RequestAborted)
                    ?? throw new JsonException("The body is null.")
            );
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException("The body is no JSON of rows.", StatusCodes.Status400BadRequest, fault);
        }
    }

    /// <summary>
    /// Declares the media types and the largest size of an upload, for routing and for the API description.
    /// </summary>
    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => Describe<PracticeRowsRequest>(endpoint);

    /// <inheritdoc cref="Describe(RouteHandlerBuilder)"/>
    internal static RouteHandlerBuilder Describe<TRows>(RouteHandlerBuilder endpoint)
        where TRows : notnull =>
        endpoint
            .WithMetadata(Limit)
            .Accepts<TRows>(Json, FileTypes)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    foreach (var type in FileTypes)
                        operation.RequestBody!.Content![type] = new OpenApiMediaType
                        {
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                Format = "binary",
                                Description = "Файл таблицы как есть.",
                            },
                        };
                    return Task.CompletedTask;
                }
            );

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}

/// <summary>People sent as the body of a request, like <see cref="TableUpload"/>.</summary>
internal sealed class PeopleUpload
{
    private PeopleUpload(SubmittedPeople people) => People = people;

    internal SubmittedPeople People { get; }

    /// <summary>Lets endpoints take an upload as a parameter.</summary>
    public static async ValueTask<PeopleUpload?> BindAsync(HttpContext context) =>
        new(await TableUpload.Read<EnrolmentRowsRequest, SubmittedPeople>(context, file => new(file), rows => new(rows)));
}
