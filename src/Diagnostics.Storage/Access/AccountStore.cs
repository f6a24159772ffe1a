using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record AccountRow
{
    public Guid Id { get; init; }
    public string UserName { get; init; } = "";
    public string NormalizedUserName { get; init; } = "";
    public string? PasswordHash { get; init; }
    public string SecurityStamp { get; init; } = "";
    public Guid? ParticipantId { get; init; }
    public string? Organisation { get; init; }

    /// <summary>
    /// The person who takes diagnostics and is the same human being as this member of staff; null when nobody has said so.
    /// </summary>
    public Guid? SamePersonId { get; init; }

    public bool Disabled { get; init; }

    /// <summary>
    /// Whether the password is the first one, or was chosen by somebody else. If so, the account can do nothing except
    /// change the password.
    /// </summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Wrong passwords entered before this time no longer count.</summary>
    public Instant? UnlockedAt { get; init; }

    public Instant CreatedAt { get; init; }

    /// <summary>Whether the account belongs to an erased person; nobody may sign in with it again.</summary>
    public bool IsErased => UserName == ErasedName(Id);

    internal static string ErasedName(Guid id) => $"erased-{id:N}";
}

internal sealed record GrantRow
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public string Role { get; init; } = "";
    public string Scope { get; init; } = "";
    public string? ScopeId { get; init; }
    public Instant GrantedAt { get; init; }
    public Instant? EndedAt { get; init; }

    public Grant Grant => new(RoleOf(Role), Codes.Parse<GrantScope>(Scope), ScopeId);

    // While nodes are replaced one by one, a node of the previous version still writes the old code of the
    // methodologist's role.
    private static Role RoleOf(string code) => code == "methodist" ? Engine.Access.Role.Methodologist : Codes.Parse<Role>(code);
}

internal static class AccountStore
{
    private const string Columns = """
        id, user_name, normalized_user_name, password_hash, security_stamp, participant_id, organisation, same_person_id, disabled,
        must_change_password, unlocked_at, created_at
        """;

    internal static Task<AccountRow?> Find(Db db, Guid id) =>
        db.Find<AccountRow>($"SELECT {Columns} FROM access_accounts WHERE id = @id", new { id });

    internal static Task<AccountRow?> FindByName(Db db, string normalizedUserName) =>
        db.Find<AccountRow>(
            $"SELECT {Columns} FROM access_accounts WHERE normalized_user_name = @normalizedUserName",
            new { normalizedUserName }
        );

    /// <summary>The accounts of people who do not take diagnostics, by name.</summary>
    internal static Task<IReadOnlyList<AccountRow>> StaffNames(Db db) =>
        db.Query<AccountRow>("SELECT id, user_name FROM access_accounts WHERE participant_id IS NULL ORDER BY user_name", new { });

    internal static Task<AccountRow?> FindByParticipant(Db db, Guid participantId) =>
        db.Find<AccountRow>($"SELECT {Columns} FROM access_accounts WHERE participant_id = @participantId", new { participantId });

    /// <summary>Returns false when the user name is taken.</summary>
    internal static async Task<bool> Add(Db db, AccountRow account) =>
        await db.Execute(
            """
            INSERT INTO access_accounts (id, user_name, normalized_user_name, password_hash, security_stamp, participant_id,
                                         organisation, disabled, must_change_password, unlocked_at, created_at)
            VALUES (@Id, @UserName, @NormalizedUserName, @PasswordHash, @SecurityStamp, @ParticipantId,
                    @Organisation, @Disabled, @MustChangePassword, @UnlockedAt, @CreatedAt)
            ON CONFLICT (normalized_user_name) DO NOTHING
            """,
            account
        ) == 1;

    internal static Task<int> Update(Db db, AccountRow account) =>
        db.Execute(
            """
            UPDATE access_accounts
            SET user_name = @UserName, normalized_user_name = @NormalizedUserName, password_hash = @PasswordHash,
                security_stamp = @SecurityStamp, organisation = @Organisation, disabled = @Disabled,
                must_change_password = @MustChangePassword, unlocked_at = @UnlockedAt
            WHERE id = @Id
            """,
            account
        );

    /// <summary>
    /// Stores a new hash of the same password, computed with a higher work factor. The statement changes only this
    /// column, and only if the old hash is still there, so a password that was changed in the meantime is not changed
    /// back.
    /// </summary>
    internal static Task<int> Rehash(Db db, Guid id, string from, string to) =>
        db.Execute(
            """
            UPDATE access_accounts SET password_hash = @to WHERE id = @id AND password_hash = @from
            """,
            new
            {
                id,
                from,
                to,
            }
        );

    internal static Task<bool> Any(Db db) => db.Value<bool>("SELECT CASE WHEN EXISTS (SELECT 1 FROM access_accounts) THEN 1 ELSE 0 END");

    internal static Task<IReadOnlyList<AccountRow>> List(Db db, Guid? after, int limit) =>
        db.Query<AccountRow>(
            $"""
            SELECT {Columns} FROM access_accounts WHERE @after IS NULL OR id > @after ORDER BY id LIMIT @limit
            """,
            new { after, limit }
        );

    /// <summary>Live grants of an account; an empty list while the account is disabled.</summary>
    internal static async Task<IReadOnlyList<Grant>> Grants(Db db, Guid accountId) => (
            await db.Query<GrantRow>(
                """
                SELECT g.id, g.account_id, g.role, g.scope, g.scope_id, g.granted_at, g.ended_at
                FROM access_grants AS g JOIN access_accounts AS a ON a.id = g.account_id
                WHERE g.account_id = @accountId AND g.ended_at IS NULL AND a.disabled = FALSE
                """,
                new { accountId }
            )
        ).Select(row => row.Grant).ToList();

    internal static Task<IReadOnlyList<GrantRow>> GrantHistory(Db db, Guid accountId) =>
        db.Query<GrantRow>(
            """
            SELECT id, account_id, role, scope, scope_id, granted_at, ended_at FROM access_grants WHERE account_id = @accountId ORDER BY id
            """,
            new { accountId }
        );

    /// <summary>Returns false when the account already has this grant.</summary>
    /// <param name="commissionId">The commission from which the grant comes, and with whose end it ends; null for a
    /// grant that comes from no commission.</param>
    internal static async Task<bool> AddGrant(
        Db db,
        Guid id,
        Guid accountId,
        Grant grant,
        string grantedBy,
        Instant now,
        Guid? commissionId = null
    ) =>
        await db.Execute(
            """
            INSERT INTO access_grants (id, account_id, role, scope, scope_id, commission_id, granted_by, granted_at)
            SELECT @id, @accountId, @role, @scope, @scopeId, @commissionId, @grantedBy, @now
            WHERE NOT EXISTS (
                SELECT 1 FROM access_grants
                WHERE account_id = @accountId AND role = @role AND scope = @scope AND COALESCE(scope_id, '') = COALESCE(@scopeId, '')
                  AND (commission_id = @commissionId OR (commission_id IS NULL AND @commissionId IS NULL)) AND ended_at IS NULL)
            """,
            new
            {
                id,
                accountId,
                role = Codes.Of(grant.Role),
                scope = Codes.Of(grant.Scope),
                scopeId = grant.ScopeId,
                commissionId,
                grantedBy,
                now,
            }
        ) == 1;

    /// <summary>The live grants of an account that were made by a given actor.</summary>
    internal static Task<IReadOnlyList<GrantRow>> GrantsBy(Db db, Guid accountId, string grantedBy) =>
        db.Query<GrantRow>(
            """
            SELECT id, account_id, role, scope, scope_id, granted_at, ended_at FROM access_grants
            WHERE account_id = @accountId AND granted_by = @grantedBy AND ended_at IS NULL
            """,
            new { accountId, grantedBy }
        );

    /// <summary>
    /// Ends the grants from a commission: those of one account, or all of them when the commission ends. Every check of
    /// a right reads the grants, so a grant that has ended stops working immediately. The sign-ins are not ended,
    /// because a member may still be at work in another commission.
    /// </summary>
    internal static Task<int> EndGrantsOfCommission(Db db, Guid commissionId, Guid? accountId, Instant now) =>
        db.Execute(
            """
            UPDATE access_grants SET ended_at = @now
            WHERE commission_id = @commissionId AND (@accountId IS NULL OR account_id = @accountId) AND ended_at IS NULL
            """,
            new
            {
                commissionId,
                accountId,
                now,
            }
        );

    /// <summary>
    /// Ends a grant, and all sign-ins of its account. Returns false when the account has no such live grant.
    /// </summary>
    internal static async Task<bool> EndGrant(Db db, Guid accountId, Guid grantId, Instant now)
    {
        var ended =
            await db.Execute(
                """
                UPDATE access_grants SET ended_at = @now WHERE id = @grantId AND account_id = @accountId AND ended_at IS NULL
                """,
                new
                {
                    accountId,
                    grantId,
                    now,
                }
            ) == 1;
        if (ended)
            await SignInStore.EndAll(db, accountId, "role", now);
        return ended;
    }

    /// <summary>Whether there is another administrator who can sign in.</summary>
    internal static Task<bool> HasOtherAdministrator(Db db, Guid accountId) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM access_grants AS g JOIN access_accounts AS a ON a.id = g.account_id
                WHERE g.role = 'administrator' AND g.scope = 'all' AND g.ended_at IS NULL AND a.disabled = FALSE AND a.id <> @accountId) THEN 1 ELSE 0 END
            """,
            new { accountId }
        );

    /// <summary>
    /// Whether another account is an administrator's, open or closed, or was one after this time. Somebody who has just ended the
    /// other administrator's role does not become the only administrator by that.
    /// </summary>
    internal static Task<bool> HadOtherAdministrator(Db db, Guid accountId, Instant since) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM access_grants
                WHERE role = 'administrator' AND scope = 'all' AND account_id <> @accountId AND (ended_at IS NULL OR ended_at > @since)) THEN 1 ELSE 0 END
            """,
            new { accountId, since }
        );

    /// <summary>Says that the member of staff is this person; null says that they are nobody who takes diagnostics.</summary>
    internal static Task<int> SetSamePerson(Db db, Guid accountId, Guid? participantId) =>
        db.Execute("UPDATE access_accounts SET same_person_id = @participantId WHERE id = @accountId", new { accountId, participantId });

    internal static Task<int> ForgetSamePerson(Db db, Guid participantId) =>
        db.Execute("UPDATE access_accounts SET same_person_id = NULL WHERE same_person_id = @participantId", new { participantId });
}
