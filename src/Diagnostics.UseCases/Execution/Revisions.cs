using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>Editable things have a revision; an edit names the revision on which it is based.</summary>
internal static class Revisions
{
    /// <summary>Somebody else has made a change since the caller read the thing.</summary>
    internal static Refusal Stale(int current) =>
        new Refusal(
            "stale-revision",
            RefusalKind.Stale,
            "Запись изменилась с тех пор, как вы её прочитали: прочитайте её заново и повторите правку."
        ).With("revision", current);
}
