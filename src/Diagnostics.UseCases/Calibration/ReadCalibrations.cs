using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>What happened to a calibration.</summary>
/// <param name="Kind"><c>requested</c>, <c>claimed</c>, <c>released</c>, <c>completed</c>, <c>failed</c>, <c>cancel_asked</c>, <c>cancelled</c>, <c>approved</c>, <c>rejected</c> or <c>superseded</c>.</param>
/// <param name="Actor">Account; absent when the service did it.</param>
public sealed record CalibrationEvent(string Kind, Instant At, string? Actor, JsonNode? Details);

/// <summary>Calibrations, newest first, and the history of each.</summary>
internal static class ReadCalibrations
{
    internal static void Map(IEndpointRouteBuilder calibrations)
    {
        calibrations.MapGet("/", List)
            .WithName("ListCalibrations").WithSummary("Калибровки, новые сначала").AllowedTo(CalibrationRights.Operators);
        calibrations.MapGet("/{calibrationId:guid}", One)
            .WithName("GetCalibration").WithSummary("Калибровка: состояние, ход, причина неудачи, решение").AllowedTo(CalibrationRights.Operators);
        calibrations.MapGet("/{calibrationId:guid}/events", Events)
            .WithName("ListCalibrationEvents").WithSummary("Что происходило с калибровкой").AllowedTo(CalibrationRights.Operators);
    }

    private static async Task<Results<Ok<Page<CalibrationView>>, ProblemHttpResult>> List(Caller caller, Transactions transactions, Guid? formId, string? state, Guid? after, int? limit)
    {
        if (state is not null && Codes.Find<CalibrationState>(state) is null) return Problems.From(Refusal.Invalid("calibration-state-unknown", $"Состояния «{state}» нет."));
        return TypedResults.Ok(await transactions.Read(async db =>
        {
            var rows = formId is { } form
                ? await CalibrationStore.OfForm(db, form, state, after, Page<CalibrationRow>.Take(limit))
                : await CalibrationStore.List(db, state, after, Page<CalibrationRow>.Take(limit));
            var page = Page<CalibrationRow>.Of(rows, limit, row => row.Id.ToString("D"));
            var views = new List<CalibrationView>();
            foreach (var row in page.Items)
            {
                var view = await CalibrationView.Of(db, row);
                if (CalibrationRights.Operates(caller, view.CampaignIds)) views.Add(view);
            }
            return new Page<CalibrationView>(views, page.Next);
        }));
    }

    private static Task<Results<Ok<CalibrationView>, ProblemHttpResult>> One(Guid calibrationId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<CalibrationView>>(async db => (await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run)
            ? refusal
            : await CalibrationView.Of(db, run)).Ok();

    private static Task<Results<Ok<IReadOnlyList<CalibrationEvent>>, ProblemHttpResult>> Events(Guid calibrationId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<IReadOnlyList<CalibrationEvent>>>(async db => (await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out _)
            ? refusal
            : (await CalibrationStore.Events(db, calibrationId)).Select(row => new CalibrationEvent(row.Kind, row.At, row.Actor, row.Details is null ? null : JsonNode.Parse(row.Details))).ToList()).Ok();
}
