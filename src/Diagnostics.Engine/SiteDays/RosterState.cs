using Diagnostics.Engine.Sessions;

namespace Diagnostics.Engine.SiteDays;

/// <summary>A person's state on the day of the diagnostic, in the words that the staff at the door use.</summary>
public enum RosterState
{
    NotCome,
    Absent,
    Admitted,
    Started,
    Finished,
    Annulled,
}

public static class RosterStates
{
    /// <param name="absent">Whether it was recorded that the person did not come.</param>
    public static RosterState Of(SessionState state, bool absent) =>
        state switch
        {
            SessionState.Scheduled or SessionState.Open when absent => RosterState.Absent,
            SessionState.Scheduled => RosterState.NotCome,
            SessionState.Open => RosterState.Admitted,
            SessionState.InProgress or SessionState.Paused => RosterState.Started,
            SessionState.Finished or SessionState.Expired => RosterState.Finished,
            SessionState.Annulled => RosterState.Annulled,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };
}
