using System.Globalization;
using Diagnostics.Engine.Tables;

namespace Diagnostics.Engine.Practice;

/// <summary>The columns of a table of results.</summary>
internal enum SkillColumn
{
    Skill,
    Share,
    Russia,
    Region,
    Municipality,
    PassMark,
}

/// <summary>What a group of pupils did of one skill, in percent. Pupils never appear as persons.</summary>
/// <param name="Row">Row of the table, from 1.</param>
/// <param name="Skill">The skill as the map calls it.</param>
/// <param name="Share">Share of right answers, 0–100.</param>
/// <param name="Russia">The same share in Russia; null where the table does not tell it, like the other references.</param>
/// <param name="PassMark">The lower end of a positive mark; null where the map's own applies.</param>
public sealed record SkillResult(
    int Row,
    string Skill,
    decimal Share,
    decimal? Russia,
    decimal? Region,
    decimal? Municipality,
    decimal? PassMark
);

/// <summary>A fault in a table of results.</summary>
/// <param name="Row">From 1, as the spreadsheet program counts.</param>
/// <param name="Column">The letter of the column, with its heading.</param>
/// <param name="Message">In Russian.</param>
public sealed record TableFault(int Row, string Column, string Message);

/// <summary>Reads a table of results. It is taken whole or refused with all its faults by row and column.</summary>
public static class SkillTable
{
    private const int MaxFaultsTold = 100;

    private static readonly Dictionary<string, SkillColumn> Headings = new(StringComparer.Ordinal)
    {
        ["умение"] = SkillColumn.Skill,
        ["проверяемое умение"] = SkillColumn.Skill,
        ["показатель"] = SkillColumn.Skill,
        ["доля верных"] = SkillColumn.Share,
        ["доля верных ответов"] = SkillColumn.Share,
        ["выполнение"] = SkillColumn.Share,
        ["процент выполнения"] = SkillColumn.Share,
        ["значение"] = SkillColumn.Share,
        ["россия"] = SkillColumn.Russia,
        ["регион"] = SkillColumn.Region,
        ["муниципалитет"] = SkillColumn.Municipality,
        ["граница"] = SkillColumn.PassMark,
        ["граница положительной отметки"] = SkillColumn.PassMark,
        // The names in JSON, with which a fault there is reported too.
        [SkillMap.Compared("skill")] = SkillColumn.Skill,
        [SkillMap.Compared("share")] = SkillColumn.Share,
        [SkillMap.Compared("russia")] = SkillColumn.Russia,
        [SkillMap.Compared("region")] = SkillColumn.Region,
        [SkillMap.Compared("municipality")] = SkillColumn.Municipality,
        [SkillMap.Compared("passMark")] = SkillColumn.PassMark,
    };

    // A table with these columns is a list of children, which this service neither needs nor takes.
    private static readonly string[] Personal =
    [
        "фио",
        "фамилия",
        "имя",
        "отчество",
        "ученик",
        "учащийся",
        "обучающийся",
        "снилс",
        "дата рождения",
    ];

    /// <param name="rows">The headings, and the rows under them.</param>
    public static Result<IReadOnlyList<SkillResult>> Read(IReadOnlyList<TableRow> rows, SkillMap map)
    {
        var headings = rows[0];
        var faults = new List<TableFault>();
        var columns = Columns(headings, faults);
        if (faults.Count > 0)
            return Refused(faults);
        var reading = new Reading(map, headings, columns, faults);
        var results = rows.Skip(1).Select(reading.Row).ToList();
        if (results.Count == 0)
            faults.Add(new(headings.Number, "", "Под заголовками нет ни одной строки."));
        return faults.Count > 0 ? Refused(faults) : results.ConvertAll(result => result!);
    }

    private static Dictionary<SkillColumn, int> Columns(TableRow headings, List<TableFault> faults)
    {
        var columns = new Dictionary<SkillColumn, int>();
        for (var place = 0; place < headings.Cells.Count; place++)
        {
            var heading = SkillMap.Compared(headings.Cells[place].TrimEnd(' ', '%', ',', '(', ')'));
            if (Personal.Any(word => heading == word || heading.StartsWith($"{word} ", StringComparison.Ordinal)))
                faults.Add(
                    new(headings.Number, Name(headings, place), "Сведения об отдельных обучающихся не принимаются: удалите этот столбец.")
                );
            else if (Headings.TryGetValue(heading, out var column) && !columns.TryAdd(column, place))
                faults.Add(new(headings.Number, Name(headings, place), "Такой столбец уже есть левее."));
        }
        if (!columns.ContainsKey(SkillColumn.Skill))
            faults.Add(new(headings.Number, "", "Нет столбца «Умение»."));
        if (!columns.ContainsKey(SkillColumn.Share))
            faults.Add(new(headings.Number, "", "Нет столбца «Доля верных ответов, %»."));
        return columns;
    }

    private static Refusal Refused(List<TableFault> faults) =>
        Refusal
            .Invalid(
                "results-invalid",
                string.Join(" ", faults.Take(3).Select(Sentence)) + (faults.Count > 3 ? $" Всего ошибок: {faults.Count}." : "")
            )
            .With("faults", faults.Take(MaxFaultsTold).ToList())
            .With("faultCount", faults.Count);

    private static string Sentence(TableFault fault) =>
        fault.Column.Length == 0 ? $"Строка {fault.Row}: {fault.Message}" : $"Строка {fault.Row}, столбец {fault.Column}: {fault.Message}";

    private static string Name(TableRow headings, int place)
    {
        var letters = "";
        for (var rest = place + 1; rest > 0; rest = (rest - 1) / 26)
            letters = (char)('A' + (rest - 1) % 26) + letters;
        return $"{letters} «{headings.At(place)}»";
    }

    private sealed class Reading(SkillMap map, TableRow headings, Dictionary<SkillColumn, int> columns, List<TableFault> faults)
    {
        private readonly IReadOnlyDictionary<string, Skill> skills = map.ByWording();
        private readonly Dictionary<Skill, int> seen = new(ReferenceEqualityComparer.Instance);

        /// <summary>Null where the row has faults.</summary>
        internal SkillResult? Row(TableRow row)
        {
            var before = faults.Count;
            var skill = ReadSkill(row);
            var share = Percent(row, SkillColumn.Share);
            if (share is null && row.At(columns[SkillColumn.Share]).Length == 0)
                Report(row, SkillColumn.Share, "Доля не указана.");
            var (russia, region) = (Percent(row, SkillColumn.Russia), Percent(row, SkillColumn.Region));
            var (municipality, passMark) = (Percent(row, SkillColumn.Municipality), Percent(row, SkillColumn.PassMark));
            return faults.Count > before ? null : new(row.Number, skill!.Name, share!.Value, russia, region, municipality, passMark);
        }

        private Skill? ReadSkill(TableRow row)
        {
            var wording = row.At(columns[SkillColumn.Skill]);
            if (wording.Length == 0)
            {
                Report(row, SkillColumn.Skill, "Умение не названо.");
                return null;
            }
            if (!skills.TryGetValue(SkillMap.Compared(wording), out var skill))
                Report(row, SkillColumn.Skill, $"Умения «{wording}» нет в карте «{map.Title}».");
            else if (!seen.TryAdd(skill, row.Number))
                Report(row, SkillColumn.Skill, $"Умение «{wording}» уже есть в строке {seen[skill]}.");
            return skill;
        }

        private decimal? Percent(TableRow row, SkillColumn column)
        {
            if (!columns.TryGetValue(column, out var place) || row.At(place) is not { Length: > 0 } cell)
                return null;
            var text = cell.TrimEnd('%').TrimEnd().Replace(',', '.');
            if (
                !decimal.TryParse(
                    text,
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var value
                )
            )
                Report(row, column, $"«{cell}» — не число процентов.");
            else if (value is < 0 or > 100)
                Report(row, column, $"{cell} — не от 0 до 100 процентов.");
            else
                return value;
            return null;
        }

        private void Report(TableRow row, SkillColumn column, string message) =>
            faults.Add(new(row.Number, Name(headings, columns[column]), message));
    }
}
