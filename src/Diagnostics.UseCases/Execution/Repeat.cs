namespace Diagnostics.UseCases.Execution;

/// <summary>The key that a call came with: the same key with the same request is carried out once.</summary>
/// <param name="key">Chosen by the caller.</param>
/// <param name="requestHash">
/// Tells another request under the same key from a repetition. Keys are the caller's, not the use case's: the hash must
/// stand for the use case too, as that of a request's method, address and body does.
/// </param>
internal sealed class Repeat(string key, string requestHash)
{
    internal const int MaxKeyLength = 200;

    internal string Key { get; } = key;

    internal string RequestHash { get; } = requestHash;

    /// <summary>The key was written together with the work: the work is done.</summary>
    internal bool Recorded { get; set; }

    /// <summary>The result is that of an earlier call.</summary>
    internal bool Replayed { get; set; }
}

/// <summary>The key was recorded before: this request has been carried out already.</summary>
internal sealed class RepeatedRequestException : Exception;
