using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Jobs;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;

namespace Diagnostics.Engine.Hooks;

/// <summary>
/// One table for each thing in the procedure that has states, with its moves as rows and its states as columns. The
/// tables serve docs/procedure.md and the tests.
/// </summary>
public static class StateTables
{
    public static readonly IReadOnlyList<StateTable> All =
    [
        StateTable.Of("Мероприятие", CampaignMoves.All),
        StateTable.Of("Заявление", ApplicationMoves.All),
        StateTable.Of("Сеанс", SessionMoves.All),
        StateTable.Of("Работа на проверке", TaskMoves.All),
        StateTable.Of("Апелляция", AppealMoves.All),
        StateTable.Of("Фоновая работа", JobMoves.All),
    ];
}
