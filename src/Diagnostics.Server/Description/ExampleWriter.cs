using System.Globalization;
using Diagnostics.Server.Description.Examples;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Description;

/// <summary>Adds the examples of all stages to the API description.</summary>
internal static class ExampleWriter
{
    internal static IEnumerable<Example> All =>
        [
            .. AccessExamples.All,
            .. AuditExamples.All,
            .. JobsExamples.All,
            .. CompetenciesExamples.All,
            .. ItemBankExamples.All,
            .. FormsExamples.All,
            .. CampaignsExamples.All,
            .. CampaignDocumentsExamples.All,
            .. CommissionsExamples.All,
            .. SiteDaysExamples.All,
            .. PeopleExamples.All,
            .. SessionsExamples.All,
            .. MarkingExamples.All,
            .. MarkingControlExamples.All,
            .. CommissionWorkExamples.All,
            .. AppealsExamples.All,
            .. CalibrationExamples.All,
            .. ProfilesExamples.All,
            .. InstrumentsExamples.All,
            .. QuestionnairesExamples.All,
            .. PracticeExamples.All,
            .. ObservationExamples.All,
            .. ComplexProfilesExamples.All,
            .. WebhooksExamples.All,
            .. FeedExamples.All,
        ];

    /// <exception cref="InvalidOperationException">An example names an operation or a body that does not
    /// exist.</exception>
    internal static void Write(OpenApiDocument document)
    {
        var operations = document
            .Paths.Values.SelectMany(path => path.Operations ?? [])
            .ToDictionary(pair => pair.Value.OperationId!, pair => pair.Value);
        foreach (var place in All.GroupBy(example => (example.Operation, example.Status, example.MediaType)))
        {
            var media = operations.TryGetValue(place.Key.Operation, out var operation)
                ? MediaOf(document, operation, place.Key.Status, place.Key.MediaType)
                : null;
            Show(media ?? throw new InvalidOperationException($"There is no {place.Key} to show an example of."), place.ToList());
        }
    }

    /// <summary>Writes a single example without a name, and several examples each under its name.</summary>
    internal static void Show(OpenApiMediaType media, IReadOnlyList<Example> examples)
    {
        if (examples is [var only])
            media.Example = only.Node;
        else
            media.Examples = examples.ToDictionary(
                example => example.Name,
                IOpenApiExample (example) => new OpenApiExample { Summary = example.Summary, Value = example.Node }
            );
    }

    private static OpenApiMediaType? MediaOf(OpenApiDocument document, OpenApiOperation operation, int? status, string mediaType)
    {
        var content = operation.RequestBody?.Content;
        if (status is { } known)
        {
            var key = known.ToString(CultureInfo.InvariantCulture);
            if (mediaType == Example.Problem)
                operation.Responses![key] = ProblemAnswers.Own(document, known);
            content = operation.Responses!.TryGetValue(key, out var answer) ? answer.Content : null;
        }
        return content?.TryGetValue(mediaType, out var media) is true ? media : null;
    }
}
