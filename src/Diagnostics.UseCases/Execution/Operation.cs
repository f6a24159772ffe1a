namespace Diagnostics.UseCases.Execution;

/// <summary>What happens when a caller sends the same request again under the same key.</summary>
internal enum Repetition
{
    /// <summary>The use case takes no key: running it again does no harm.</summary>
    RunsAgain,

    /// <summary>It is done once; a repetition gets the first result again.</summary>
    GivesResultAgain,

    /// <summary>It is done once; its result holds a secret that is shown once, so a repetition is only told that it was done.</summary>
    TellsThatItWasDone,
}

/// <summary>What a use case declares of itself; routes, pages, tests and the description of the API take it from there.</summary>
/// <param name="Name">Unique and stable: the API publishes it.</param>
/// <param name="Access">Who may run it.</param>
internal sealed record Operation(string Name, AccessRule Access)
{
    internal Repetition Repetition { get; init; } = Repetition.RunsAgain;

    /// <summary>It edits something and must be told the revision that the edit is based on.</summary>
    internal bool NeedsRevision { get; init; }

    /// <summary>It may end sign-ins; whoever runs it is answered when this node knows.</summary>
    internal bool EndsSignIns { get; init; }
}
