using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>An access code as it is handed out; it is shown only once.</summary>
/// <param name="Code">Three groups of four characters; it may be typed in capitals or not, and with or without the
/// hyphens.</param>
/// <param name="ValidTo">The time after which the code no longer works; it also stops working when the session
/// ends.</param>
public sealed record AccessCode(Guid SessionId, int Seat, string Person, string Code, Instant ValidFrom, Instant ValidTo);

/// <param name="More">Whether some sessions still have no code, so that the caller should ask again.</param>
public sealed record AccessCodeSheet(IReadOnlyList<AccessCode> Codes, bool More);

/// <param name="SiteId">The site of the sessions.</param>
/// <param name="ValidFrom">When the codes begin to work; when absent, one hour before the person's sitting begins or,
/// without sittings, before the campaign's window begins.</param>
/// <param name="ValidTo">When the codes stop working; when absent, at the end of that sitting or window.</param>
/// <param name="SittingId">The sitting whose sessions get codes; when absent, all sittings that are not over. Staff of the site get
/// codes from the day before on.</param>
public sealed record AccessCodesRequest(Guid SiteId, Instant? ValidFrom = null, Instant? ValidTo = null, Guid? SittingId = null);

/// <inheritdoc cref="AccessCodesRequest"/>
public sealed record AccessCodeRequest(Instant? ValidFrom = null, Instant? ValidTo = null);

/// <param name="Code">The code as on the sheet; capitals, hyphens and blanks do not matter.</param>
public sealed record TypedAccessCode(string Code);

internal static class AccessCodes
{
    private static readonly Duration Early = Duration.FromHours(1);

    internal static string HashOf(string code) => Digest.Of($"access:{code}");

    /// <summary>Issues a code for a session in the caller's transaction; it replaces an existing code.</summary>
    internal static async Task<Result<AccessCode>> Issue(
        Db db,
        SessionRow session,
        Instant? from,
        Instant? to,
        string issuedBy,
        Instant now
    )
    {
        if (session.Clock.State.IsOver())
            return Refusal.Conflict("session-over", "Сеанс уже закончен: код ему не нужен.");
        if (await PersonStore.Find(db, session.ParticipantId) is not { } person)
            return SessionRefusals.NotFound;
        var window = await SessionStore.Window(db, session);
        if (window.CancelledAt is not null)
            return SessionRefusals.NotNow(window);
        // A person who has begun may continue after the time for beginning is over, so the code may work as long as the
        // session accepts answers.
        var end = Instant.Max(window.LastEnd, session.AcceptUntil ?? window.LastEnd);
        var (validFrom, validTo) = (from ?? window.Begins - Early, to ?? end);
        if (validFrom >= validTo || validFrom < window.Begins - Early || validTo > end)
        {
            return Refusal
                .Invalid("access-code-window", "Код действует в пределах времени проведения: validFrom раньше validTo.")
                .With("field", "validTo");
        }
        // Refuse a code that would already have expired: it would open nothing, and it would replace a code that works.
        if (validTo <= now)
            return Refusal
                .Invalid("access-code-window", "Время этого кода уже прошло: validTo раньше, чем сейчас.")
                .With("field", "validTo");
        var account = await AccountOf(db, person, issuedBy, now);
        if (account.Disabled)
            return Refusal.Conflict("account-disabled", "Учётная запись этого человека отключена.");
        await AccessCodeStore.End(db, session.Id, now);
        var code = TypedCode.Of(RandomNumberGenerator.GetString(TypedCode.Alphabet, TypedCode.RandomLength));
        await AccessCodeStore.Add(
            db,
            new AccessCodeRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                SessionId = session.Id,
                SiteId = session.SiteId,
                AccountId = account.Id,
                CodeHash = HashOf(TypedCode.Read(code)!),
                ValidFrom = validFrom,
                ValidTo = validTo,
                IssuedAt = now,
                IssuedBy = issuedBy,
            }
        );
        var name = string.Join(' ', new[] { person.Surname, person.GivenName, person.Patronymic }.OfType<string>());
        return new AccessCode(session.Id, session.Seat, name, code, validFrom, validTo);
    }

    /// <summary>
    /// The person's account or, without one, a new account without a password, for a person who signs in only with
    /// codes.
    /// </summary>
    private static async Task<AccountRow> AccountOf(Db db, PersonRow person, string issuedBy, Instant now) =>
        await AccountStore.FindByParticipant(db, person.ParticipantId)
        ?? (
            await Accounts.Add(
                db,
                now,
                Accounts.NewName(),
                passwordHash: null,
                [new Grant(Role.Participant, GrantScope.All, null)],
                issuedBy,
                participantId: person.ParticipantId,
                organisation: person.Organisation
            )
        ).Value;
}

/// <summary>Issues the sheet that a site hands out, with codes for those of its sessions that have none yet.</summary>
internal sealed class IssueAccessCodes(Executor executor) : UseCase<IssueAccessCodes.Request, AccessCodeSheet>(Operation, executor)
{
    /// <summary>
    /// The greatest number of codes issued in one transaction; on SQLite other people's saves wait for the transaction.
    /// </summary>
    private const int Together = 100;

    internal static new readonly Operation Operation = new(
        nameof(IssueAccessCodes),
        SessionRights.Staff,
        Trail.Shows("access-codes.issued")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    internal sealed record Request(Guid CampaignId, AccessCodesRequest Codes);

    protected override Task<Result<AccessCodeSheet>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, wanted) = request;
                if (!Reaches(caller, new Target { Campaign = campaignId, Site = wanted.SiteId }))
                    return SessionRefusals.NotFound;
                var now = Now;
                var before = await SessionRights.NamesBefore(db, caller, campaignId, wanted.SiteId, now);
                var sessions = await AccessCodeStore.Without(db, campaignId, wanted.SiteId, wanted.SittingId, before, now, Together + 1);
                var (codes, people) = (new List<AccessCode>(), new List<Guid>());
                foreach (var id in sessions.Take(Together))
                {
                    var session = (await SessionStore.Find(db, id))!;
                    if (
                        (await AccessCodes.Issue(db, session, wanted.ValidFrom, wanted.ValidTo, caller.Id, now)).Refused(
                            out var refusal,
                            out var code
                        )
                    )
                        return refusal;
                    codes.Add(code);
                    people.Add(session.ParticipantId);
                }
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "access-codes.issued",
                    $"campaign:{campaignId:D}",
                    new { wanted.SiteId, codes.Count },
                    people
                );
                return new AccessCodeSheet(codes, sessions.Count > Together);
            }
        );
}

/// <summary>
/// Issues a code for a single session that has none or whose sheet was lost; the previous code stops working.
/// </summary>
internal sealed class IssueAccessCode(Executor executor) : UseCase<IssueAccessCode.Request, AccessCode>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(IssueAccessCode), SessionRights.Staff, Trail.Shows("access-code.issued"))
    {
        Repetition = Repetition.TellsThatItWasDone,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid SessionId, AccessCodeRequest Code);

    protected override Task<Result<AccessCode>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await SessionStore.Find(db, request.SessionId) is not { } session || !Reaches(caller, session.Target))
                    return SessionRefusals.NotFound;
                var now = Now;
                var before = await SessionRights.NamesBefore(db, caller, session.CampaignId, session.SiteId, now);
                if ((await SessionStore.Window(db, session)).Begins >= before)
                    return SessionRights.NotTheDay;
                var issued = await AccessCodes.Issue(db, session, request.Code.ValidFrom, request.Code.ValidTo, caller.Id, now);
                if (issued.Refusal is null)
                    await AuditStore.Append(
                        db,
                        now,
                        caller.Id,
                        "access-code.issued",
                        $"session:{session.Id:D}",
                        people: [session.ParticipantId]
                    );
                return issued;
            }
        );
}

/// <summary>
/// Signs a person in with the code of a session. This computes one fast hash and reads a few rows by their keys; the
/// slow hashing of a password is not needed. The sign-in gives access to this session and to nothing else that belongs
/// to the person.
/// </summary>
internal sealed class SignInWithCode(Executor executor, SignIns signIns, Attempts attempts, SignInLog log)
    : UseCase<SignInWithCode.Request, TokenSubject.Account>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(SignInWithCode),
        AccessRule.Public,
        Trail.Writes("sign-in.begun", "sign-in.refused")
    );

    /// <summary>
    /// The greatest number of simultaneous sign-ins for one session. There is a limit because each sign-in is a row,
    /// and a person with the code could make any number of them.
    /// </summary>
    private const int LiveOfSession = 10;

    private static readonly Refusal Mistyped = Refusal
        .Invalid("access-code-mistyped", "В коде ошибка: в нём 12 знаков, без нуля, единицы и букв O, I, L. Проверьте его по листку.")
        .With("field", "code");

    private static readonly Refusal Unknown = Refusal
        .Invalid("access-code-unknown", "Такой код не действует: возьмите у организатора новый.")
        .With("field", "code");

    internal sealed record Request(string Code, Attempt From);

    protected override async Task<Result<TokenSubject.Account>> Handle(Request request, Caller caller)
    {
        var opened = await Try(request, caller);
        if (opened.Refused(out var refusal, out var account))
            log.Refused(SignInMethod.Code, null, request.From, refusal.Code);
        else
            log.Succeeded(SignInMethod.Code, account, request.From);
        return opened;
    }

    private async Task<Result<TokenSubject.Account>> Try(Request request, Caller caller)
    {
        // A typing error does not count as a failure: it fails a check that guessers can compute themselves, so they
        // learn nothing from it.
        if (TypedCode.Read(request.Code) is not { } code)
            return Mistyped;
        using var turn = attempts.WithCode(request.From);
        if (turn.Hold > TimeSpan.Zero)
            await Task.Delay(turn.Hold);
        var hash = AccessCodes.HashOf(code);
        // A code that does not exist is rejected without a transaction.
        if (!await Fetch(db => AccessCodeStore.Exists(db, hash)))
            return Unknown;
        turn.Succeeded();
        using var opening = attempts.Opening(hash);
        if (opening.RefusedFor is { } wait)
            return PasswordCheck.Wait(wait, "Этим кодом только что входили много раз");
        return await Write(caller, db => Open(db, hash, request.From), Isolation.Guarded);
    }

    private async Task<Result<TokenSubject.Account>> Open(Db db, string hash, Attempt from)
    {
        // Take the turn (Db.TakeTurn) for the audit trail before locking the code, because the transaction that has the
        // turn now may be waiting for the code.
        await db.TakeTurn();
        var now = Now;
        if (await AccessCodeStore.Hold(db, hash) is not { EndedAt: null } code)
            return Unknown;
        var session = await SessionStore.Find(db, code.SessionId);
        if (session is null || session.SiteId != code.SiteId)
            return Unknown;
        if (session.Clock.State.IsOver())
            return Refusal.Conflict("session-over", "Этот сеанс уже закончен.");
        if (now < code.ValidFrom)
            return Refusal.Conflict("access-code-early", "Код ещё не действует.").With("validFrom", code.ValidFrom);
        var until = EndOf(code, session, now);
        if (now >= until)
            return Unknown;
        if (await AccountStore.Find(db, code.AccountId) is not { Disabled: false } account)
            return Unknown;
        var begun = await signIns.Begin(db, account, SignInMethod.Code, from.Device, now, session.Id, until);
        await SignInStore.EndOlder(db, account.Id, session.Id, LiveOfSession, now);
        return begun;
    }

    /// <summary>
    /// When a sign-in with the code ends. A person in the middle of the test may sign in again until the test ends,
    /// even when it is too late to begin.
    /// </summary>
    private static Instant EndOf(AccessCodeRow code, SessionRow session, Instant now) =>
        session.AcceptUntil is { } running
            ? Instant.Max(code.ValidTo, session.PausedAt is { } paused ? running + (now - paused) : running)
            : code.ValidTo;
}
