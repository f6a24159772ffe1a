using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Tables;

namespace Diagnostics.UseCases.Practice;

/// <summary>A row of a table of results in JSON. Pupils never appear as persons.</summary>
/// <param name="Skill">The skill, in any wording of the map.</param>
/// <param name="Share">Share of right answers, 0–100 percent.</param>
/// <param name="Russia">The same share in Russia, like the other references where it is known.</param>
/// <param name="PassMark">The lower end of a positive mark; the map's own where it is absent.</param>
public sealed record PracticeRow(
    string Skill,
    decimal Share,
    decimal? Russia = null,
    decimal? Region = null,
    decimal? Municipality = null,
    decimal? PassMark = null
);

/// <param name="Rows">The rows, each with another skill.</param>
public sealed record PracticeRowsRequest(IReadOnlyList<PracticeRow> Rows);

/// <summary>A table as it was sent: the file of a spreadsheet program, or rows in JSON.</summary>
internal sealed class SubmittedTable
{
    private static readonly IReadOnlyList<string> Headings = ["skill", "share", "russia", "region", "municipality", "passMark"];

    private readonly byte[]? file;
    private readonly PracticeRowsRequest? request;

    internal SubmittedTable(byte[] file) => this.file = file;

    internal SubmittedTable(PracticeRowsRequest request) => this.request = request;

    /// <summary>The headings and the rows under them; rows of JSON are counted from 1.</summary>
    internal Result<IReadOnlyList<TableRow>> Read()
    {
        if (file is not null)
            return TableFile.Read(file);
        if (request!.Rows.Count > TableFile.MaxRows)
            return TableFile.TooLarge;
        return request
            .Rows.Select(
                (row, index) =>
                    new TableRow(
                        index + 1,
                        [row.Skill.Trim(), Text(row.Share), Text(row.Russia), Text(row.Region), Text(row.Municipality), Text(row.PassMark)]
                    )
            )
            .Prepend(new TableRow(0, Headings))
            .ToList();
    }

    private static string Text(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
