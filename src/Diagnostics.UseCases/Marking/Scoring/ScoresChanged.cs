using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Runs whenever a session's ledger has grown, in the same transaction. Through it later stages (profiles) follow the
/// scores, although marking does not know these stages.
/// </summary>
/// <param name="ledger">The present ledger with the pinned policies; no part of it needs to be read again.</param>
/// <param name="cause">Why the ledger has grown: <c>scored</c>, <c>marked</c>, <c>rescored</c> or
/// <c>appealed</c>.</param>
internal delegate Task ScoresChanged(Db db, LoadedLedger ledger, string cause, Instant now);
