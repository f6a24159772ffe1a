using Diagnostics.Engine.SiteDays;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    internal static string Of(SiteDuty duty) =>
        duty switch
        {
            SiteDuty.Head => "руководитель",
            SiteDuty.Organiser => "организатор",
            SiteDuty.Technician => "технический специалист",
            SiteDuty.CommissionMember => "член региональной комиссии",
            _ => throw new ArgumentOutOfRangeException(nameof(duty), duty, null),
        };

    internal static string Of(MissingDutyReason reason) =>
        reason switch
        {
            MissingDutyReason.NotAppointed => "не назначен",
            MissingDutyReason.NotPresent => "назначен, присутствие не отмечено",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };

    internal static string Of(RosterState state) =>
        state switch
        {
            RosterState.NotCome => "не пришёл",
            RosterState.Absent => "отмечена неявка",
            RosterState.Admitted => "допущен, не начинал",
            RosterState.Started => "пишет",
            RosterState.Finished => "завершил",
            RosterState.Annulled => "сеанс аннулирован",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    internal static string Of(MaterialsMove move) =>
        move switch
        {
            MaterialsMove.Received => "получены",
            MaterialsMove.HandedOut => "выданы",
            MaterialsMove.Stored => "сданы на хранение",
            MaterialsMove.Destroyed => "уничтожены",
            _ => throw new ArgumentOutOfRangeException(nameof(move), move, null),
        };

    /// <summary>The heading of a part of the act, by the name of the member that contains this part.</summary>
    internal static string PartOfAct(string member) =>
        member switch
        {
            "campaign" => "название мероприятия",
            "site" => "площадка",
            "date" or "sitting" => "время проведения",
            "counts" => "сколько пришло и завершило",
            "staff" => "кто работал на площадке",
            "missing" => "кого не хватало",
            "firstStart" or "lastEnd" => "начало и конец",
            "places" => "рабочие места",
            "incidents" => "происшествия",
            "annulments" => "аннулированные сеансы",
            "finishedBySite" => "завершено площадкой",
            "materials" => "материалы",
            _ => member,
        };
}
