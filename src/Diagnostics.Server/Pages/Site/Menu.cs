using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A line of the menu.</summary>
/// <param name="Path">Of its page; pages below it belong to it too.</param>
/// <param name="Below">More paths that belong to it.</param>
internal sealed record MenuLink(string Text, string Path, params string[] Below)
{
    internal bool Covers(string path) =>
        path == Path || Below.Any(below => path.StartsWith(below, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The menu by roles: whoever has no part in something does not see it. A new page for a role is a line here.</summary>
internal static class Menu
{
    internal static IEnumerable<MenuLink> For(Viewer viewer)
    {
        if (viewer.IsParticipant)
        {
            yield return new("Мои диагностики", "/", "/campaigns", "/applications", "/sessions");
            yield return new("Результаты", "/results", "/results/");
            yield return new("Апелляции", "/appeals", "/appeals/");
        }
        if (ImportUnsentAnswers.Operation.Access.Roles.Any(viewer.Roles.Contains)) yield return new("Неотправленные ответы", "/unsent-answers");
        yield return new("Помощь", "/help");
    }
}
