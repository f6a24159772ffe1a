using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Told in the same transaction whenever a session's ledger has grown; later stages build on it (profiles) without
/// marking knowing of them.
/// </summary>
/// <param name="ledger">As it is now, with the pinned policies: nothing of it need be read again.</param>
/// <param name="cause"><c>scored</c>, <c>marked</c>, <c>rescored</c> or <c>appealed</c>.</param>
internal delegate Task ScoresChanged(Db db, LoadedLedger ledger, string cause, Instant now);
