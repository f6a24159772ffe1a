namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>
/// Writes a batch of saves in a few statements. The saves run in waves, because the second save of a slot must see the
/// first.
/// </summary>
internal sealed class SaveWaves
{
    private readonly IReadOnlyList<ResponseToSave> saves;
    private readonly List<Dictionary<(Guid Session, int Slot), int>> waves;

    internal SaveWaves(IReadOnlyList<ResponseToSave> saves)
    {
        this.saves = saves;
        waves = [new(saves.Count)];
        for (var place = 0; place < saves.Count; place++)
        {
            var slot = (saves[place].SessionId, saves[place].Slot);
            var at = waves.FindIndex(wave => !wave.ContainsKey(slot));
            if (at < 0)
                waves.Add(new() { [slot] = place });
            else
                waves[at].Add(slot, place);
        }
        Outcomes = new SaveOutcome?[saves.Count];
    }

    /// <summary>The saves of each wave. No slot occurs twice in the same wave.</summary>
    internal IEnumerable<List<ResponseToSave>> All => waves.Select(wave => wave.Values.Select(place => saves[place]).ToList());

    internal int Count => waves.Count;

    /// <summary>Outcomes in the order of the saves; null for a save that was not accepted.</summary>
    internal SaveOutcome?[] Outcomes { get; }

    /// <summary>Records that the save of this slot in this wave was accepted and written.</summary>
    /// <param name="deadline">The session's deadline, as the database engine stores it.</param>
    internal void Taken(int wave, Guid session, int slot, object deadline)
    {
        var place = waves[wave][(session, slot)];
        Outcomes[place] = SaveOutcome.Saved.Now(saves[place], deadline);
    }
}
