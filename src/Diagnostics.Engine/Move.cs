namespace Diagnostics.Engine;

/// <summary>
/// One move of things that have states: from which states it is allowed and where it leads. All rules about states are asked
/// of these, so that what is allowed stands in one place (docs/procedure.md, «Таблицы состояний»).
/// </summary>
public sealed class Move<TState> where TState : struct, Enum
{
    private readonly Func<Move<TState>, TState, Refusal> refuse;
    private readonly Dictionary<TState, IReadOnlyList<TState>> leads;

    /// <param name="name">Code of the move.</param>
    /// <param name="title">What one does, as an infinitive.</param>
    /// <param name="refuse">Why it cannot be made from a state.</param>
    /// <param name="leads">Where it leads from each state from which it is allowed.</param>
    public Move(string name, string title, Func<Move<TState>, TState, Refusal> refuse, params (TState From, TState To)[] leads)
    {
        (Name, Title, this.refuse) = (name, title, refuse);
        this.leads = leads.GroupBy(way => way.From)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<TState>)[.. group.Select(way => way.To)]);
    }

    public string Name { get; }

    public string Title { get; }

    /// <summary>States from which it is allowed, in the order of the closed set.</summary>
    public IEnumerable<TState> Allowed => leads.Keys.Order();

    /// <summary>Their codes, for the statement that makes the move.</summary>
    public string[] AllowedCodes => [.. Allowed.Select(Codes.Of)];

    /// <summary>Where it leads; more than one state where it takes the thing back to what it was, none where it is refused.</summary>
    public IReadOnlyList<TState> Leads(TState from) => leads.GetValueOrDefault(from, []);

    /// <summary>Why it cannot be made; null when it can.</summary>
    public Refusal? Check(TState from) => leads.ContainsKey(from) ? null : refuse(this, from);

    /// <summary>The next state, of a move that leads to one.</summary>
    public Result<TState> From(TState from) => Check(from) is { } refusal ? refusal : leads[from].Single();

    /// <summary>The state that the thing had, of a move that takes it back.</summary>
    public Result<TState> From(TState from, TState back)
    {
        if (Check(from) is { } refusal) return refusal;
        return leads[from].Contains(back) ? back : throw new InvalidOperationException($"{Name} never leads to {back}.");
    }
}

/// <summary>Every move of one kind of thing × every state, as it is printed and tested.</summary>
/// <param name="Title">What has these states.</param>
/// <param name="States">Codes.</param>
public sealed record StateTable(string Title, IReadOnlyList<string> States, IReadOnlyList<StateTable.Row> Rows)
{
    /// <param name="Move">Its code.</param>
    /// <param name="Title">What one does.</param>
    /// <param name="Leads">One for each state: codes of the states that follow, none where the move is refused.</param>
    /// <param name="Problems">One for each state: code of the problem, null where the move is allowed.</param>
    public sealed record Row(
        string Move, string Title, IReadOnlyList<IReadOnlyList<string>> Leads, IReadOnlyList<string?> Problems);

    public static StateTable Of<TState>(string title, IEnumerable<Move<TState>> moves) where TState : struct, Enum
    {
        var states = Enum.GetValues<TState>();
        return new(title, [.. states.Select(Codes.Of)], [.. moves.Select(move => new Row(
            move.Name, move.Title,
            [.. states.Select(state => (IReadOnlyList<string>)[.. move.Leads(state).Select(Codes.Of)])],
            [.. states.Select(state => move.Check(state)?.Code)]))]);
    }
}
