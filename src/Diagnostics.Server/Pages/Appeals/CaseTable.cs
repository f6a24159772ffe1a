using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using NodaTime;

namespace Diagnostics.Server.Pages.Appeals;

/// <summary>The register as a table.</summary>
internal static class CaseTable
{
    /// <summary>The course of a disputed session, by minutes since it began.</summary>
    internal static readonly Table<DisputedEvent> Journal = new(
        "session",
        "Ход сеанса по минутам от начала",
        [
            new("event", "Что было", happened => TableCell.Of(Words.SessionEventOf(happened.Kind))),
            new("minute", "Минута", happened => TableCell.Of((decimal)happened.Minute, 0)) { Numeric = true },
            new("details", "Подробности", happened => TableCell.Of(happened.Details)),
        ]
    )
    {
        Filters = [new("kind", "Что было", happened => happened.Kind, Words.SessionEventOf)],
        Empty = "Записей нет.",
    };

    internal static readonly Table<CommissionCase> Register = new(
        "appeals",
        "Апелляции",
        [
            new("number", "Апелляция", own => TableCell.Of(own.Number).To($"/cases/{own.Appeal.Id:D}").With(Words.SubjectOf(own.Appeal))),
            new("due", "Решить до", own => TableCell.At(own.Appeal.DueAt - Duration.FromSeconds(1), own.TimeZone).With(Words.LeftOf(own))),
            new("step", "Следующий шаг", StepOf),
            new("state", "Состояние", own => TableCell.Of(Words.Of(own.Appeal.State))),
            new("filed", "Подана", own => TableCell.At(own.Appeal.FiledAt, own.TimeZone).With(own.Appeal.Late ? "после срока" : null)),
            new("campaign", "Мероприятие", own => TableCell.Of(own.CampaignTitle)),
        ]
    )
    {
        Filters =
        [
            new("due", "Срок", Words.DueOf, Words.DueTitle),
            new(
                "step",
                "Чей шаг",
                own => [WhoseOf(own), .. CasePage.CaseStep.Of(own).Own ? ["own"] : Array.Empty<string>()],
                whose =>
                    whose switch
                    {
                        "own" => "ваш",
                        "chair" => "председателя",
                        "members" => "членов комиссии",
                        _ => "ничей",
                    }
            ),
            new("state", "Состояние", own => Codes.Of(own.Appeal.State), code => Words.Of(Codes.Parse<AppealState>(code))),
            new("kind", "Вид", own => Codes.Of(own.Appeal.Kind), code => Words.Of(Codes.Parse<AppealKind>(code))),
            new("campaign", "Мероприятие", own => own.CampaignTitle),
        ],
        Searched = true,
        Empty = "Апелляций пока не подавали.",
    };

    private static TableCell StepOf(CommissionCase own)
    {
        var step = CasePage.CaseStep.Of(own);
        return TableCell
            .Of(step.Text)
            .With(
                own.SteppedAside ? "вы заявили самоотвод"
                : own.Recused ? "вы не участвуете: отвод по правилам"
                : step.Own ? "ваш шаг"
                : step.Whose is { } whose ? $"шаг: {whose}"
                : null
            );
    }

    private static string WhoseOf(CommissionCase own) =>
        own.Appeal.State switch
        {
            AppealState.Filed or AppealState.Admitted => "chair",
            AppealState.InConsideration when own is { Proposal: > 0, Voted: false } => "members",
            AppealState.InConsideration => "chair",
            _ => "none",
        };
}
