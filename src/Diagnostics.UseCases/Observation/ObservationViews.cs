using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Observation;
using Diagnostics.Storage;
using Diagnostics.Storage.Instruments;
using Diagnostics.Storage.Observation;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Observation;

/// <summary>A version of an expert sheet.</summary>
public sealed record SheetReference(string Code, int Version);

/// <summary>A line of a list of observations.</summary>
/// <param name="HeldOn">The day of the observed event.</param>
/// <param name="Withdrawn">Present when the observation was withdrawn and says nothing any more.</param>
public sealed record ObservationSummary(
    Guid Id,
    Guid ParticipantId,
    SheetReference Sheet,
    string Title,
    DateOnly HeldOn,
    Instant ArrangedAt,
    ObservationWithdrawal? Withdrawn = null
)
{
    internal static ObservationSummary Of(ObservationRow row) =>
        new(
            row.Id,
            row.ParticipantId,
            new(row.SheetCode, row.SheetVersion),
            row.Title,
            DateOnly.ParseExact(row.HeldOn, "O", CultureInfo.InvariantCulture),
            row.ArrangedAt,
            row.WithdrawnAt is { } at ? new(at, row.WithdrawalReason!) : null
        );
}

public sealed record ObservationWithdrawal(Instant At, string Reason);

/// <summary>A sheet that an observer has filled in.</summary>
/// <param name="ObserverId">The expert's account; for a self-observation, the observed person.</param>
/// <param name="Header">Code of a field → text.</param>
/// <param name="Ratings">Code of a criterion → rating; null where there was no occasion to see it.</param>
public sealed record ObservationSheetView(
    Guid ObserverId,
    ObserverRole Role,
    Instant FilledAt,
    IReadOnlyDictionary<string, string> Header,
    IReadOnlyDictionary<string, int?> Ratings,
    string Conclusions,
    string Recommendations
);

/// <summary>What the observation says about one competency.</summary>
/// <param name="Criteria">How many of its criteria have a joint rating.</param>
public sealed record ObservedCompetency(string Code, string Title, string Block, int Criteria, decimal ResultPercent);

/// <summary>An observation with its sheets and what they say together.</summary>
/// <param name="Experts">The accounts of the experts who are invited.</param>
/// <param name="Sheets">In the order in which they were filled in; an expert who has not filled in a sheet yet sees none.</param>
/// <param name="Criteria">The joint ratings, in the order of the sheet; empty where the sheets are not shown.</param>
/// <param name="Open">Criteria on whose rating the experts have yet to agree.</param>
/// <param name="Agreement">How far the experts agree; absent with fewer than two sheets of experts.</param>
public sealed record ObservationView(
    Guid Id,
    Guid ParticipantId,
    SheetReference Sheet,
    FrameworkReference Framework,
    ObservedOccasion Occasion,
    string Title,
    DateOnly HeldOn,
    Instant ArrangedAt,
    IReadOnlyList<Guid> Experts,
    IReadOnlyList<ObservationSheetView> Sheets,
    IReadOnlyList<CriterionResult> Criteria,
    IReadOnlyList<string> Open,
    IReadOnlyList<ObservedCompetency> Competencies,
    ObservationAgreement? Agreement = null,
    ObservationWithdrawal? Withdrawn = null
);

/// <summary>An observation with everything that belongs to it.</summary>
internal sealed record LoadedObservation(
    ObservationRow Row,
    ObservationSheet Sheet,
    Framework Framework,
    IReadOnlyList<Guid> Experts,
    IReadOnlyList<(FilledSheetRow Row, FilledSheet Sheet)> Filled,
    IReadOnlyList<IReadOnlyDictionary<string, int>> Agreements
)
{
    /// <returns>Null when there is no such observation.</returns>
    internal static async Task<LoadedObservation?> Load(Db db, Guid id)
    {
        if (await ObservationStore.Find(db, id) is not { } row)
            return null;
        var (sheet, framework) = (await Form(db, row.SheetCode, row.SheetVersion))!.Value;
        return new(
            row,
            sheet,
            framework,
            await ObservationStore.Experts(db, id),
            (await ObservationStore.Sheets(db, id)).Select(filled => (filled, Read<FilledSheet>(filled.Content))).ToList(),
            (await ObservationStore.Agreements(db, id)).Select(Read<Dictionary<string, int>>).ToList()
        );
    }

    /// <returns>Null when there is no such version of a sheet.</returns>
    internal static async Task<(ObservationSheet Sheet, Framework Framework)?> Form(Db db, string code, int version) =>
        await InstrumentStore.Find(db, InstrumentKind.ObservationSheet, code, version) is { } row
            ? (Read<ObservationSheet>(row.Content), (await FrameworkCatalog.Find(db, row.FrameworkCode, row.FrameworkVersion))!)
            : null;

    /// <summary>The joint ratings; a later agreement on a criterion replaces an earlier one.</summary>
    internal ObservationResult Result()
    {
        var sheets = Filled.Select(filled => filled.Sheet).ToList();
        var asked = ObservationResult.Of(Sheet, sheets, new Dictionary<string, int>()).Open.ToHashSet(StringComparer.Ordinal);
        var agreed = Agreements
            .SelectMany(agreement => agreement)
            .Where(one => asked.Contains(one.Key))
            .GroupBy(one => one.Key)
            .ToDictionary(criterion => criterion.Key, criterion => criterion.Last().Value);
        return ObservationResult.Of(Sheet, sheets, agreed);
    }

    /// <param name="open">Whether the sheets are shown.</param>
    internal ObservationView View(bool open)
    {
        var (summary, result) = (ObservationSummary.Of(Row), open && Filled.Count > 0 ? Result() : null);
        return new(
            Id: Row.Id,
            ParticipantId: Row.ParticipantId,
            Sheet: summary.Sheet,
            Framework: new(Framework.Code, Framework.Version),
            Occasion: Sheet.Occasion,
            Title: Row.Title,
            HeldOn: summary.HeldOn,
            ArrangedAt: Row.ArrangedAt,
            Experts: Experts,
            Sheets: open ? Filled.Select(Shown).ToList() : [],
            Criteria: result?.Criteria ?? [],
            Open: result?.Open.ToList() ?? [],
            Competencies: result is null ? [] : Competencies(result),
            Agreement: result?.Agreement,
            Withdrawn: summary.Withdrawn
        );
    }

    private List<ObservedCompetency> Competencies(ObservationResult result)
    {
        var evidence = result.Evidence(Sheet, Framework, Row.ArrangedAt).ToLookup(one => one.Competency);
        return (
            from block in Framework.Blocks
            from competency in block.Competencies
            let found = evidence[competency.Code].ToList()
            where found.Count > 0
            select new ObservedCompetency(
                competency.Code,
                competency.Title,
                block.Code,
                found.Count,
                new ResultShare(
                    Points.FromThousandths(found.Sum(one => one.Earned.Thousandths * one.Weight)),
                    Points.FromThousandths(found.Sum(one => one.Maximum.Thousandths * one.Weight))
                ).Percent
            )
        ).ToList();
    }

    private static ObservationSheetView Shown((FilledSheetRow Row, FilledSheet Sheet) filled) =>
        new(
            filled.Sheet.Observer,
            filled.Sheet.Role,
            filled.Row.FilledAt,
            filled.Sheet.Header,
            filled.Sheet.Ratings,
            filled.Sheet.Conclusions,
            filled.Sheet.Recommendations
        );

    private static T Read<T>(string content) => JsonSerializer.Deserialize<T>(content, Json.Stored)!;
}
