using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A line of the menu.</summary>
/// <param name="Path">Path of its page; the pages below it also belong to the line.</param>
/// <param name="Below">Further paths that belong to the line.</param>
internal sealed record MenuLink(string Text, string Path, params string[] Below)
{
    internal bool Covers(string path) => path == Path || Below.Any(below => path.StartsWith(below, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// The menu by roles: people do not see links that do not concern them. A new page for a role needs one line here.
/// </summary>
internal static class Menu
{
    /// <summary>What the viewer can do here, without the help.</summary>
    internal static IReadOnlyList<MenuLink> WorkOf(Viewer viewer) => For(viewer).SkipLast(1).ToList();

    internal static IEnumerable<MenuLink> For(Viewer viewer)
    {
        if (viewer.IsParticipant)
        {
            yield return new("Мои диагностики", "/", "/campaigns", "/applications", "/sessions");
            yield return new("Результаты", "/results", "/results/");
            yield return new("Апелляции", "/appeals", "/appeals/");
        }
        if (ListMyMarking.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Мне на оценивание", "/marking", "/marking/");
        if (CommissionCases.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Конфликтная комиссия", "/cases", "/cases/");
        if (GetMarkingOverview.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Проверка работ", "/commission", "/commission/");
        if (GetRoster.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Площадка", "/site", "/site/");
        if (ImportUnsentAnswers.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Неотправленные ответы", "/unsent-answers");
        if (ListAudit.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Журнал аудита", "/audit", "/audit/");
        else if (VerifyAudit.Operation.Access.Roles.Any(viewer.Roles.Contains))
            yield return new("Проверка журнала", "/audit/verification");
        yield return new("Помощь", "/help");
    }
}
