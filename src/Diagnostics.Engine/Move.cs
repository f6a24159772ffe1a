namespace Diagnostics.Engine;

/// <summary>
/// One move between the states of a thing: the states from which it is allowed, and the states to which it leads. All
/// rules about states use these moves, so that the rules stand in one place (docs/procedure.md, «Таблицы состояний»).
/// </summary>
public sealed class Move<TState>
    where TState : struct, Enum
{
    private readonly Func<Move<TState>, TState, Refusal> refuse;
    private readonly Dictionary<TState, IReadOnlyList<TState>> leads;

    /// <param name="name">Code of the move.</param>
    /// <param name="title">The action, as an infinitive.</param>
    /// <param name="refuse">Explains why the move cannot be made from a state.</param>
    /// <param name="leads">Each allowed state with a state to which the move leads from it.</param>
    public Move(string name, string title, Func<Move<TState>, TState, Refusal> refuse, params (TState From, TState To)[] leads)
    {
        (Name, Title, this.refuse) = (name, title, refuse);
        this.leads = leads
            .GroupBy(way => way.From)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<TState>)[.. group.Select(way => way.To)]);
    }

    public string Name { get; }

    public string Title { get; }

    /// <summary>States from which the move is allowed, in the order of the enumeration.</summary>
    public IEnumerable<TState> Allowed => leads.Keys.Order();

    /// <summary>Codes of the allowed states, for the SQL statement that makes the move.</summary>
    public string[] AllowedCodes => [.. Allowed.Select(Codes.Of)];

    /// <summary>
    /// The states to which the move leads: several when the move restores an earlier state, none when it is refused.
    /// </summary>
    public IReadOnlyList<TState> Leads(TState from) => leads.GetValueOrDefault(from, []);

    /// <summary>Why the move cannot be made; null when it can.</summary>
    public Refusal? Check(TState from) => leads.ContainsKey(from) ? null : refuse(this, from);

    /// <summary>The next state, for a move that leads to a single one.</summary>
    public Result<TState> From(TState from) => Check(from) is { } refusal ? refusal : leads[from].Single();

    /// <summary>The earlier state, for a move that restores it.</summary>
    public Result<TState> From(TState from, TState back)
    {
        if (Check(from) is { } refusal)
            return refusal;
        return leads[from].Contains(back) ? back : throw new InvalidOperationException($"{Name} never leads to {back}.");
    }
}

/// <summary>
/// The table of one kind of thing that has states: its moves are the rows, its states the columns. It is printed and
/// tested in this form.
/// </summary>
/// <param name="Title">The kind of thing that has these states.</param>
/// <param name="States">Codes of the states.</param>
public sealed record StateTable(string Title, IReadOnlyList<string> States, IReadOnlyList<StateTable.Row> Rows)
{
    /// <param name="Move">Code of the move.</param>
    /// <param name="Title">The action.</param>
    /// <param name="Leads">One list for each state: codes of the next states, empty when the move is refused.</param>
    /// <param name="Problems">One entry for each state: code of the problem, null when the move is allowed.</param>
    public sealed record Row(string Move, string Title, IReadOnlyList<IReadOnlyList<string>> Leads, IReadOnlyList<string?> Problems);

    public static StateTable Of<TState>(string title, IEnumerable<Move<TState>> moves)
        where TState : struct, Enum
    {
        var states = Enum.GetValues<TState>();
        return new(
            title,
            [.. states.Select(Codes.Of)],
            [
                .. moves.Select(move => new Row(
                    move.Name,
                    move.Title,
                    [.. states.Select(state => (IReadOnlyList<string>)[.. move.Leads(state).Select(Codes.Of)])],
                    [.. states.Select(state => move.Check(state)?.Code)]
                )),
            ]
        );
    }
}
