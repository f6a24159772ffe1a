using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Told in the same transaction whenever a session's ledger has grown; later stages build on it (profiles) without
/// marking knowing of them.
/// </summary>
/// <param name="cause"><c>scored</c>, <c>marked</c>, <c>rescored</c> or <c>appealed</c>.</param>
internal delegate Task ScoresChanged(Db db, SessionRow session, FormContent form, string cause, Instant now);
