namespace Diagnostics.UseCases.Execution;

/// <summary>What happens when a caller repeats a request with the same key.</summary>
internal enum Repetition
{
    /// <summary>The use case takes no key: running it again does no harm.</summary>
    RunsAgain,

    /// <summary>The use case runs once; a repetition gets the first result again.</summary>
    GivesResultAgain,

    /// <summary>
    /// The use case runs once. Its result contains a secret that is shown only once, so a repetition is only told that
    /// the request was carried out.
    /// </summary>
    TellsThatItWasDone,
}

/// <summary>The declaration of a use case, for routes, pages, tests and the API description.</summary>
/// <param name="Name">The name, which is unique and never changes, because the API publishes it.</param>
/// <param name="Access">Who may run the use case.</param>
/// <param name="Trail">What the audit trail records of it.</param>
internal sealed record Operation(string Name, AccessRule Access, Trail Trail)
{
    internal Repetition Repetition { get; init; } = Repetition.RunsAgain;

    /// <summary>Whether the use case edits something and needs the revision on which the edit is based.</summary>
    internal bool NeedsRevision { get; init; }

    /// <summary>
    /// Whether the use case may end sign-ins. If so, the caller gets the answer only after this node has learnt which
    /// sign-ins have ended.
    /// </summary>
    internal bool EndsSignIns { get; init; }
}
