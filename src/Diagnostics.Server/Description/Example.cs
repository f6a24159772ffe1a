using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Description;

/// <summary>
/// An example of a request or an answer for the API description. Its value has the type that the endpoint itself uses,
/// so that a change of this type breaks the build. The examples of each stage of the procedure are in
/// <c>&lt;Stage&gt;Examples.cs</c>.
/// </summary>
/// <param name="Operation">Name of the endpoint (<c>WithName</c>).</param>
/// <param name="Status">Status of the answer; null for the request.</param>
/// <param name="Name">A name that distinguishes several examples of the same request or answer.</param>
/// <param name="Summary">The name shown to readers.</param>
internal sealed record Example(string Operation, int? Status, string MediaType, string Name, string? Summary, object Value)
{
    internal const string Json = "application/json";
    internal const string Form = "application/x-www-form-urlencoded";
    internal const string Problem = "application/problem+json";

    private static readonly JsonSerializerOptions Sent = UseCases.Execution.Json.Options;

    /// <summary>A request must name all its members, even those that are null.</summary>
    private static readonly JsonSerializerOptions Taken = new(Sent)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ItemTypes.NameInJson, NameEveryRequiredMember } },
    };

    /// <summary>The example's value as JSON, as it is sent.</summary>
    internal JsonNode Node => JsonSerializer.SerializeToNode(Value, Value.GetType(), Status is null ? Taken : Sent)!;

    internal static Example Takes(string operation, object body) => Takes(operation, "body", null, body);

    internal static Example Takes(string operation, string name, string? summary, object body, string mediaType = Json) =>
        new(operation, null, mediaType, name, summary, body);

    internal static Example Gives(string operation, object answer, int status = 200) =>
        new(operation, status, Json, "answer", null, answer);

    /// <summary>The only page of a list.</summary>
    internal static Example Lists<T>(string operation, params IReadOnlyList<T> entries) => Gives(operation, new Page<T>(entries, null));

    /// <summary>A refusal that several operations share; the kind of the refusal determines the HTTP status.</summary>
    internal static IEnumerable<Example> Refuses(Refusal refusal, params IEnumerable<string> operations) =>
        operations.Select(operation => Refuses(operation, Problems.From(refusal)));

    internal static Example Refuses(string operation, ProblemHttpResult problem) =>
        new(
            operation,
            problem.StatusCode,
            Problem,
            (string)problem.ProblemDetails.Extensions["code"]!,
            problem.ProblemDetails.Detail,
            problem.ProblemDetails
        );

    private static void NameEveryRequiredMember(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
            if (member.AssociatedParameter is { HasDefaultValue: false })
                member.ShouldSerialize = (_, _) => true;
    }
}
