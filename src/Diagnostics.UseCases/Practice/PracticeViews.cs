using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Practice;
using Diagnostics.Storage;
using Diagnostics.Storage.Instruments;
using Diagnostics.Storage.Practice;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Practice;

/// <summary>A version of a map of skills.</summary>
public sealed record SkillMapReference(string Code, int Version);

/// <summary>The result was withdrawn, and says nothing about the person any more.</summary>
public sealed record PracticeWithdrawal(Instant At, string Reason);

/// <summary>A table of results without its rows, and what it says about the person.</summary>
/// <param name="Version">Number of the version, from 1; it is also the ETag.</param>
/// <param name="Title">What was assessed, for example «ВПР, русский язык, 6 класс».</param>
/// <param name="AssessedOn">The day of the assessment.</param>
/// <param name="AssessedBy">Who has assessed a head.</param>
/// <param name="Outcome">What an attestation has found.</param>
/// <param name="EnteredAt">When this version was entered.</param>
/// <param name="Skills">Number of rows.</param>
/// <param name="Deficient">How many of the skills are deficient.</param>
/// <param name="MeanShare">Mean share of right answers, in percent, rounded to two decimal places.</param>
/// <param name="Competencies">What the skills say, by the version of the map that is named; empty once withdrawn.</param>
public sealed record PracticeResult(
    Guid Id,
    int Version,
    Guid ParticipantId,
    PracticeBasis Basis,
    SkillMapReference Map,
    FrameworkReference Framework,
    string Title,
    DateOnly AssessedOn,
    Instant EnteredAt,
    int Skills,
    int Deficient,
    decimal MeanShare,
    IReadOnlyList<PracticeCompetency> Competencies,
    string? AssessedBy = null,
    AttestationOutcome? Outcome = null,
    PracticeWithdrawal? Withdrawn = null
);

/// <summary>A row of a table of results, and what it means.</summary>
/// <param name="Row">Row of the table, from 1, as the spreadsheet program counts.</param>
/// <param name="Share">Share of right answers, in percent.</param>
/// <param name="IsDeficient">Whether the skill is deficient.</param>
/// <param name="Below">The bounds below which the share lies.</param>
/// <param name="Shows">The deficits to which the skill points.</param>
public sealed record PracticeSkill(
    int Row,
    string Skill,
    decimal Share,
    decimal? Russia,
    decimal? Region,
    decimal? Municipality,
    decimal? PassMark,
    bool IsDeficient,
    IReadOnlyList<SkillBound> Below,
    IReadOnlyList<ShownDeficit> Shows
)
{
    internal static PracticeSkill Of(SkillFinding found) =>
        new(
            Row: found.Result.Row,
            Skill: found.Result.Skill,
            Share: found.Result.Share,
            Russia: found.Result.Russia,
            Region: found.Result.Region,
            Municipality: found.Result.Municipality,
            PassMark: found.Result.PassMark,
            IsDeficient: found.IsDeficient,
            Below: found.Below,
            Shows: found.Shows
        );
}

/// <summary>
/// Works out what stored tables say. Versions of maps and frameworks never change, so the same table always says the same.
/// Maps are read once for each transaction.
/// </summary>
internal sealed class PracticeReader(Db db)
{
    private readonly Dictionary<(string Code, int Version), (SkillMap, Framework)?> maps = [];

    /// <returns>Null when there is no such version of a map.</returns>
    internal async Task<(SkillMap Map, Framework Framework)?> Map(string code, int version)
    {
        if (maps.TryGetValue((code, version), out var known))
            return known;
        var found =
            await InstrumentStore.Find(db, InstrumentKind.SkillMap, code, version) is { } row
            && JsonSerializer.Deserialize<SkillMap>(row.Content, Json.Stored) is { } map
                ? (map, (await FrameworkCatalog.Find(db, row.FrameworkCode, row.FrameworkVersion))!)
                : ((SkillMap, Framework)?)null;
        return maps[(code, version)] = found;
    }

    /// <summary>What the rows of a version say; null for the version that withdraws the result.</summary>
    internal async Task<PracticeResults?> Findings(PracticeResultRow row) =>
        row.Content is null
            ? null
            : PracticeResults.Of((await Map(row)).Map, JsonSerializer.Deserialize<List<SkillResult>>(row.Content, Json.Stored)!);

    internal async Task<PracticeResult> View(PracticeResultRow row)
    {
        var found = await Findings(row);
        var (_, framework) = await Map(row);
        return new(
            Id: row.ResultId,
            Version: row.Version,
            ParticipantId: row.ParticipantId,
            Basis: Codes.Parse<PracticeBasis>(row.Basis),
            Map: new(row.MapCode, row.MapVersion),
            Framework: new(framework.Code, framework.Version),
            Title: row.Title,
            AssessedOn: DateOnly.ParseExact(row.AssessedOn, "O", CultureInfo.InvariantCulture),
            EnteredAt: row.EnteredAt,
            Skills: found?.Skills.Count ?? 0,
            Deficient: found?.Skills.Count(skill => skill.IsDeficient) ?? 0,
            MeanShare: found is null ? 0 : Math.Round(found.MeanShare, 2),
            Competencies: found?.Competencies(framework) ?? [],
            AssessedBy: row.AssessedBy,
            Outcome: Codes.Find<AttestationOutcome>(row.Outcome),
            Withdrawn: row.WithdrawalReason is { } reason ? new(row.EnteredAt, reason) : null
        );
    }

    private async Task<(SkillMap Map, Framework Framework)> Map(PracticeResultRow row) => (await Map(row.MapCode, row.MapVersion))!.Value;
}
