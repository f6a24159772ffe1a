namespace Diagnostics.Engine.Sessions;

/// <summary><c>scheduled → open → in_progress ⇄ paused → finished | expired | annulled</c> (docs/promises.md, sessions).</summary>
public enum SessionState
{
    Scheduled,
    Open,
    InProgress,
    Paused,
    Finished,
    Expired,
    Annulled,
}

public static class SessionStates
{
    /// <summary>Whether the person has no more time to answer.</summary>
    public static bool IsOver(this SessionState state) => state is SessionState.Finished or SessionState.Expired or SessionState.Annulled;

    /// <summary>Whether the answers count and are scored.</summary>
    public static bool IsScored(this SessionState state) => state is SessionState.Finished or SessionState.Expired;

    /// <summary>Whether the taker may see the items.</summary>
    public static bool ShowsItems(this SessionState state) => state is SessionState.InProgress;
}
