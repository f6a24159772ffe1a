namespace Diagnostics.Engine.SiteDays;

/// <summary>The subject of an entry in the site's journal of the diagnostic day.</summary>
public enum JournalKind
{
    Presence,
    IdentityChecked,
    PlaceChecked,
    MaterialsReceived,
    MaterialsHandedOut,
    MaterialsStored,
    MaterialsDestroyed,
    Incident,

    /// <summary>States that another entry does not count.</summary>
    Corrected,
}

/// <summary>Actions with diagnostic materials (clause 7.1.3: the operator settles how they are stored).</summary>
public enum MaterialsMove
{
    Received,
    HandedOut,
    Stored,
    Destroyed,
}

public static class JournalKinds
{
    public static JournalKind Of(MaterialsMove move) =>
        move switch
        {
            MaterialsMove.Received => JournalKind.MaterialsReceived,
            MaterialsMove.HandedOut => JournalKind.MaterialsHandedOut,
            MaterialsMove.Stored => JournalKind.MaterialsStored,
            MaterialsMove.Destroyed => JournalKind.MaterialsDestroyed,
            _ => throw new ArgumentOutOfRangeException(nameof(move), move, null),
        };

    /// <summary>The action with materials that an entry of this kind records; null for other kinds.</summary>
    public static MaterialsMove? MoveOf(JournalKind kind) =>
        kind switch
        {
            JournalKind.MaterialsReceived => MaterialsMove.Received,
            JournalKind.MaterialsHandedOut => MaterialsMove.HandedOut,
            JournalKind.MaterialsStored => MaterialsMove.Stored,
            JournalKind.MaterialsDestroyed => MaterialsMove.Destroyed,
            _ => null,
        };
}
