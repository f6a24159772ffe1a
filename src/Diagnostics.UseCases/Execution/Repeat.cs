namespace Diagnostics.UseCases.Execution;

/// <summary>The key of a call: a request under one key is carried out once.</summary>
/// <param name="key">Chosen by the caller.</param>
/// <param name="requestHash">
/// Distinguishes a different request under the same key from a repetition. Keys belong to the caller, not to a use
/// case, so the hash must also depend on the use case, as a hash of method, address and body does.
/// </param>
internal sealed class Repeat(string key, string requestHash)
{
    internal const int MaxKeyLength = 200;

    internal string Key { get; } = key;

    internal string RequestHash { get; } = requestHash;

    /// <summary>Whether the key was written together with the work, so that the work is done.</summary>
    internal bool Recorded { get; set; }

    /// <summary>Whether the result is that of an earlier call.</summary>
    internal bool Replayed { get; set; }
}

/// <summary>The key was recorded before: this request has already been carried out.</summary>
internal sealed class RepeatedRequestException : Exception;
