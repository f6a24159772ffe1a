using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>What people edit has a revision; an edit names the one it is based on.</summary>
internal static class Revisions
{
    /// <summary>Somebody else changed it since the caller read it.</summary>
    internal static Refusal Stale(int current) => new Refusal(
        "stale-revision", RefusalKind.Stale, "Запись изменилась с тех пор, как вы её прочитали: прочитайте её заново и повторите правку.")
        .With("revision", current);
}
