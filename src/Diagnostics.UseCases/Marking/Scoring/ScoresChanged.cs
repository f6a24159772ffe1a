using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Runs in the same transaction whenever a session's ledger has grown. Later stages (profiles) build on it, and marking
/// does not know them.
/// </summary>
/// <param name="ledger">The present ledger with the pinned policies: no part of it needs to be read again.</param>
/// <param name="cause"><c>scored</c>, <c>marked</c>, <c>rescored</c> or <c>appealed</c>.</param>
internal delegate Task ScoresChanged(Db db, LoadedLedger ledger, string cause, Instant now);
