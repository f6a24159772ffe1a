namespace Diagnostics.UseCases.Execution;

/// <summary>What the audit trail records of a use case.</summary>
internal abstract record Trail
{
    private protected Trail() { }

    /// <summary>
    /// Nothing: the use case decides nothing, and shows neither personal data nor answers, scores, keys or profiles.
    /// </summary>
    internal static readonly Trail None = new Silent();

    /// <summary>Nothing: the caller sees and changes only what is the caller's own.</summary>
    internal static readonly Trail Own = new Silent();

    /// <summary>
    /// Nothing: what the caller reports goes into the log of the session or the site, which is kept as long and is only
    /// appended to.
    /// </summary>
    internal static readonly Trail Journal = new Silent();

    /// <summary>The use case itself writes entries with these actions, in the transaction of what it does.</summary>
    internal static Trail Writes(params string[] actions) => new Written(actions);

    /// <summary>
    /// The use case shows what belongs to somebody else, and itself writes the entry, in the transaction that decides
    /// whether to show it.
    /// </summary>
    internal static Trail Shows(string action) => new Written([action], look: true);

    /// <summary>The use case shows what belongs to somebody else; each look is recorded before the answer.</summary>
    /// <param name="of">What a successful call has shown; null when it has shown nothing.</param>
    internal static Trail Look<TRequest, TResult>(string action, Func<TRequest, TResult, Looked?> of) =>
        new Look<TRequest, TResult>(action, of);

    /// <summary>The actions of the entries.</summary>
    internal virtual IReadOnlyList<string> Actions => [];

    /// <summary>Whether the entries say that somebody saw what belongs to somebody else.</summary>
    internal bool IsLook { get; private protected init; }

    private sealed record Silent : Trail;

    private sealed record Written : Trail
    {
        internal Written(IReadOnlyList<string> actions, bool look = false) => (Actions, IsLook) = (actions, look);

        internal override IReadOnlyList<string> Actions { get; }
    }
}

/// <summary>What somebody has been shown.</summary>
/// <param name="Subject">What it is, e.g. <c>session:…</c>, or of what a list is, e.g. <c>campaign:…</c>.</param>
/// <param name="People">The people whose data were shown. Where none are named, the person is looked up by the
/// subject.</param>
internal sealed record Looked(string Subject, IReadOnlyCollection<Guid> People)
{
    /// <summary>Further ids for the entry; null for none.</summary>
    internal object? Details { get; private init; }

    internal Looked(string subject)
        : this(subject, []) { }

    /// <summary>A list that names people; null when it names none, because then it has shown nothing.</summary>
    internal static Looked? List(string subject, IEnumerable<Guid?> people) =>
        people.OfType<Guid>().Distinct().ToList() is { Count: > 0 } named ? new(subject, named) : null;

    /// <summary>Profiles of one person or of several; null when there are none.</summary>
    internal static Looked? Profiles(string subject, IReadOnlyCollection<(Guid? Person, Guid? Profile)> shown) =>
        List(subject, shown.Select(each => each.Person)) is { } looked
            ? looked with
            {
                Details = new { profiles = shown.Select(each => each.Profile).ToList() },
            }
            : null;

    /// <summary>A list that names nobody; null when it is empty.</summary>
    internal static Looked? Rows(string subject, int rows) => rows > 0 ? new(subject) : null;
}

/// <inheritdoc cref="Trail.Look"/>
internal sealed record Look<TRequest, TResult> : Trail
{
    internal Look(string action, Func<TRequest, TResult, Looked?> of) => (Action, Of, Actions, IsLook) = (action, of, [action], true);

    internal string Action { get; }

    internal Func<TRequest, TResult, Looked?> Of { get; }

    internal override IReadOnlyList<string> Actions { get; }
}
