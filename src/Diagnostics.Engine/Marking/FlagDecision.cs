namespace Diagnostics.Engine.Marking;

/// <summary>What was decided on an expert's flag.</summary>
public enum FlagDecision
{
    /// <summary>The expert is right; the reason says what was done about it.</summary>
    Confirmed,

    /// <summary>The script may be marked as it is.</summary>
    Dismissed,
}
