using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>An event in the history of a calibration.</summary>
/// <param name="Kind">Kind of the event: <c>requested</c>, <c>claimed</c>, <c>released</c>, <c>completed</c>,
/// <c>failed</c>, <c>cancel_asked</c>, <c>cancelled</c>, <c>approved</c>, <c>rejected</c> or <c>superseded</c>.</param>
/// <param name="Actor">Id of the account that acted; absent when the service acted.</param>
public sealed record CalibrationEvent(string Kind, Instant At, string? Actor, JsonNode? Details);

/// <summary>Lists, newest first, the calibrations whose campaigns the caller operates without exception.</summary>
internal sealed class ListCalibrations(Executor executor) : UseCase<ListCalibrations.Request, Page<CalibrationView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListCalibrations), CalibrationRights.Operators, Trail.None);

    internal sealed record Request(Guid? FormId, string? State, Guid? After, int? Limit);

    protected override async Task<Result<Page<CalibrationView>>> Handle(Request request, Caller caller)
    {
        var (formId, state, after, limit) = request;
        if (state is not null && Codes.Find<CalibrationState>(state) is null)
            return Refusal.Invalid("calibration-state-unknown", $"Состояния «{state}» нет.");
        return await Read(async db =>
        {
            var rows = formId is { } form
                ? await CalibrationStore.OfForm(db, form, state, after, Page<CalibrationRow>.Take(limit))
                : await CalibrationStore.List(db, state, after, Page<CalibrationRow>.Take(limit));
            var page = Page<CalibrationRow>.Of(rows, limit, row => row.Id.ToString("D"));
            var views = new List<CalibrationView>();
            foreach (var row in page.Items)
            {
                var view = await CalibrationView.Of(db, row);
                if (CalibrationRights.Operates(caller, view.CampaignIds))
                    views.Add(view);
            }
            return new Page<CalibrationView>(views, page.Next);
        });
    }
}

/// <summary>Shows a calibration: its state, progress, failure and decision.</summary>
internal sealed class GetCalibration(Executor executor) : UseCase<Guid, CalibrationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCalibration), CalibrationRights.Operators, Trail.None);

    protected override Task<Result<CalibrationView>> Handle(Guid calibrationId, Caller caller) =>
        Read(async db =>
            (await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run)
                ? refusal
                : await CalibrationView.Of(db, run)
        );
}

/// <summary>Lists the history of a calibration, oldest first.</summary>
internal sealed class ListCalibrationEvents(Executor executor) : UseCase<Guid, IReadOnlyList<CalibrationEvent>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListCalibrationEvents), CalibrationRights.Operators, Trail.None);

    protected override Task<Result<IReadOnlyList<CalibrationEvent>>> Handle(Guid calibrationId, Caller caller) =>
        Read(async db =>
        {
            if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out _))
                return refusal;
            return (await CalibrationStore.Events(db, calibrationId))
                .Select(row => new CalibrationEvent(row.Kind, row.At, row.Actor, row.Details is null ? null : JsonNode.Parse(row.Details)))
                .ToList();
        });
}
