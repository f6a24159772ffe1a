namespace Diagnostics.UseCases.Execution;

/// <summary>
/// The idempotency key of a call. A request is carried out only once, however often it is sent with the same key.
/// </summary>
/// <param name="key">The key that the caller has chosen.</param>
/// <param name="requestHash">
/// A hash that distinguishes a repetition from a different request with the same key. Keys belong to the caller, not to
/// a use case, so the hash must also depend on the use case, as a hash of method, address and body does.
/// </param>
internal sealed class Repeat(string key, string requestHash)
{
    internal const int MaxKeyLength = 200;

    internal string Key { get; } = key;

    internal string RequestHash { get; } = requestHash;

    /// <summary>Whether the key has been written together with the work, which means that the work is done.</summary>
    internal bool Recorded { get; set; }

    /// <summary>Whether the result is that of an earlier call.</summary>
    internal bool Replayed { get; set; }
}

/// <summary>The key was recorded earlier, so this request has already been carried out.</summary>
internal sealed class RepeatedRequestException : Exception;
