using Diagnostics.Server.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.Server.Marking;

/// <summary>
/// Told in the same transaction whenever a session's ledger has grown; later stages build on it (profiles) without
/// marking knowing of them.
/// </summary>
/// <param name="cause"><c>scored</c>, <c>marked</c>, <c>rescored</c> or <c>appealed</c>.</param>
internal delegate Task ScoresChanged(Db db, SessionRow session, FormContent form, string cause, Instant now);
