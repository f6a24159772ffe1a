using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Everything that can be edited has a revision, and an edit names the revision on which it is based.
/// </summary>
internal static class Revisions
{
    /// <summary>Refuses an edit, because somebody else has changed the object since the caller read it.</summary>
    internal static Refusal Stale(int current) =>
        new Refusal(
            "stale-revision",
            RefusalKind.Stale,
            "Запись изменилась с тех пор, как вы её прочитали: прочитайте её заново и повторите правку."
        ).With("revision", current);
}
