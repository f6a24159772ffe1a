namespace Diagnostics.UseCases.Execution;

/// <summary>What happens when a caller repeats a request under one key.</summary>
internal enum Repetition
{
    /// <summary>The use case takes no key: running it again does no harm.</summary>
    RunsAgain,

    /// <summary>The use case runs once; a repetition gets the first result again.</summary>
    GivesResultAgain,

    /// <summary>
    /// The use case runs once. Its result contains a secret that is shown only once, so a repetition only learns that
    /// it was done.
    /// </summary>
    TellsThatItWasDone,
}

/// <summary>The declaration of a use case, for routes, pages, tests and the API description.</summary>
/// <param name="Name">Unique and stable: the API publishes it.</param>
/// <param name="Access">Who may run it.</param>
internal sealed record Operation(string Name, AccessRule Access)
{
    internal Repetition Repetition { get; init; } = Repetition.RunsAgain;

    /// <summary>Whether the use case edits something and needs the revision on which the edit is based.</summary>
    internal bool NeedsRevision { get; init; }

    /// <summary>
    /// Whether the use case may end sign-ins; the caller gets the answer once this node knows of the end.
    /// </summary>
    internal bool EndsSignIns { get; init; }
}
