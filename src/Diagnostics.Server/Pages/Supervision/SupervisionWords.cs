using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.Server.Pages.Site;

internal static class LedMarkingWords
{
    internal const string SomeExpert = "эксперт вне комиссии";

    internal const string Operator = "оператор диагностики";

    internal const string Chair = "председатель комиссии";
}

internal static partial class Words
{
    /// <summary>What the pages call a state of a script, or a further reading of it.</summary>
    internal static string OfScript(string state) =>
        state switch
        {
            "waiting" => "ждёт эксперта",
            "held" => "у эксперта",
            "marked" => "проверена",
            "unmarked" => "проверена не до конца",
            "third" => "третья из-за расхождения",
            "second_look" => "второй взгляд",
            "open" => "назначена и ещё не сделана",
            _ => state,
        };

    internal static string OfDay(string day) =>
        DateOnly.TryParseExact(day, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? Dates.Of(date) : day;

    internal static string OfAttention(string what) =>
        what switch
        {
            "paused" => "приостановлен после контрольной",
            "idle" => "за сутки ничего не проверил",
            "apart" => "строже или мягче прочих",
            _ => what,
        };

    internal static string OfFlagKind(string code) => Codes.Find<ScriptFlag>(code) is { } kind ? Of(kind) : code;

    /// <summary>Whom the policy has told of a flag.</summary>
    internal static string OfTold(Role role) => role is Role.Chair ? "председателю" : "оператору";

    internal static string OfToldCode(string code) => Codes.Find<Role>(code) is { } role ? OfTold(role) : code;

    internal static string OfFlagState(string state) =>
        state == "open" ? "ждёт решения"
        : Codes.Find<FlagDecision>(state) is { } decision ? Of(decision)
        : state;

    internal static string Of(DeficitLevel level) =>
        level switch
        {
            DeficitLevel.High => "высокий",
            DeficitLevel.Medium => "средний",
            DeficitLevel.Low => "низкий",
            DeficitLevel.Minimal => "минимальный",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };

    internal static string Of(FlagDecision decision) =>
        decision switch
        {
            FlagDecision.Confirmed => "подтверждена",
            FlagDecision.Dismissed => "снята",
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, null),
        };

    internal static string Of(ScriptFlag flag) =>
        flag switch
        {
            ScriptFlag.AuthorRevealed => "автор раскрыл себя",
            ScriptFlag.Unreadable => "нечитаемо",
            ScriptFlag.Dangerous => "опасное",
            ScriptFlag.Other => "другое",
            _ => throw new ArgumentOutOfRangeException(nameof(flag), flag, null),
        };

    internal static string Of(CommissionRole role, ExpertStanding standing) =>
        role switch
        {
            CommissionRole.Chair => "председатель",
            CommissionRole.Deputy => "заместитель председателя",
            CommissionRole.Member => standing switch
            {
                ExpertStanding.Main => "основной эксперт",
                ExpertStanding.Senior => "старший эксперт",
                ExpertStanding.Lead => "ведущий эксперт",
                _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    internal static string Of(ClaimState state) =>
        state switch
        {
            ClaimState.Claimed => "на руках",
            ClaimState.Marked => "проверил",
            ClaimState.Returned => "вернул или у него забрали",
            ClaimState.Lapsed => "вышел срок",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    /// <summary>How far the experts of a commission agree, and how often they found nothing to mark.</summary>
    internal static string OfAgreement(MarkingStatisticsView statistics) =>
        statistics.Alpha is { } alpha
            ? $"Согласие экспертов (альфа Криппендорфа): {TableCell.Of(alpha, 2).Text}. "
                + $"«К заданию не приступали» отмечено {Russian.Count(statistics.NoAnswers, "раз", "раза", "раз")}."
            : "Согласие экспертов появится, когда одну работу проверят двое.";

    /// <summary>«строже прочих, от −0,41 до −0,07».</summary>
    internal static string OfSeverity(ExpertStatistics expert)
    {
        var tendency = expert.Tendency switch
        {
            Tendency.Severe => "строже прочих",
            Tendency.Lenient => "мягче прочих",
            Tendency.NotShown => "как прочие",
            _ => throw new ArgumentOutOfRangeException(nameof(expert), expert.Tendency, null),
        };
        return expert is { SeverityFrom: { } from, SeverityTo: { } to }
            ? $"{tendency}, от {TableCell.Of(from, 2).Text} до {TableCell.Of(to, 2).Text}"
            : tendency;
    }

    extension(ScriptInCommission script)
    {
        /// <summary>The short name by which people talk about the script.</summary>
        internal string Name => NameOf(script.Id);
    }

    /// <summary>The end of an id, which is random: «3F9A12BC».</summary>
    internal static string NameOf(Guid id) => id.ToString("N")[^8..].ToUpperInvariant();
}
