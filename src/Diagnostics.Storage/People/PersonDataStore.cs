using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Storage.People;

/// <summary>What is stored about a person in one table.</summary>
/// <param name="Title">In Russian.</param>
/// <param name="Columns">The columns that the person gets; docs/personal-data.md names the others and says why.</param>
/// <param name="Condition">Which rows are about the person.</param>
internal sealed record PersonPart(string Table, string Title, string Columns, string Condition);

/// <summary>
/// Everything that is stored about a person, in every stage. It is read by table and column, so that a test can compare
/// it with the register of personal data.
/// </summary>
internal static class PersonDataStore
{
    private const string Own = "participant_id = @participantId";
    private const string OwnSession = "session_id IN (SELECT id FROM sessions WHERE participant_id = @participantId)";
    private const string OwnAppeal = "appeal_id IN (SELECT id FROM appeals WHERE participant_id = @participantId)";
    private const string OwnAccount = "account_id IN (SELECT id FROM access_accounts WHERE participant_id = @participantId)";

    private const string OwnObservation = "observation_id IN (SELECT id FROM observations WHERE participant_id = @participantId)";
    private const string OwnQuestionnaire = "session_id IN (SELECT id FROM questionnaire_sessions WHERE participant_id = @participantId)";

    /// <summary>Results are the person's to see once they are final.</summary>
    private const string Published =
        "session_id IN (SELECT session_id FROM profiles WHERE participant_id = @participantId AND status = 'final')";

    internal static readonly IReadOnlyList<PersonPart> Parts =
    [
        new(
            "people",
            "Персональные данные",
            "participant_id, surname, given_name, patronymic, email, position, organisation, territory, external_id, revision",
            Own
        ),
        new(
            "person_corrections",
            "Просьбы исправить данные",
            "participant_id, number, field, value, asked_at, decision, reason, decided_at",
            Own
        ),
        new("participants", "Псевдоним", "id, created_at", "id = @participantId"),
        new("consents", "Согласия", "id, participant_id, kind, text_code, text_version, given_at, withdrawn_at, operator", Own),
        new(
            "access_accounts",
            "Учётная запись",
            "id, participant_id, user_name, normalized_user_name, organisation, disabled, created_at",
            Own
        ),
        new("access_grants", "Роли", "id, account_id, role, scope, scope_id, commission_id, granted_at, ended_at", OwnAccount),
        new(
            "access_sign_ins",
            "Входы",
            "id, account_id, method, session_id, device, started_at, used_at, expires_at, ended_at, ended_because",
            OwnAccount
        ),
        new("access_second_factors", "Второй фактор", "account_id, created_at, confirmed_at", OwnAccount),
        new("access_outside_identities", "Внешние поставщики входа", "issuer, subject, account_id", OwnAccount),
        new(
            "applications",
            "Заявления",
            "id, campaign_id, participant_id, site_id, sitting_id, status, consent_id, submitted_at, decided_at, reason",
            Own
        ),
        new(
            "application_accommodations",
            "Особые условия",
            "application_id, standing, extra_amount, extra_unit, breaks, assistant, paper",
            "application_id IN (SELECT id FROM applications WHERE participant_id = @participantId)"
        ),
        new(
            "sessions",
            "Сеансы",
            "id, application_id, campaign_id, participant_id, site_id, sitting_id, seat, state, created_at, started_at, deadline, "
                + "ended_at, device",
            Own
        ),
        new(
            "session_access_codes",
            "Коды входа",
            "id, session_id, site_id, account_id, valid_from, valid_to, issued_at, ended_at",
            OwnSession
        ),
        new("session_events", "Журнал сеансов", "id, session_id, kind, at, details", OwnSession),
        new("session_responses", "Ответы", "session_id, slot, revision, content, saved_at", OwnSession),
        new(
            "session_rejected_responses",
            "Сохранения, которые не приняты",
            "session_id, id, slot, base_revision, reason, content, received_at",
            OwnSession
        ),
        new("paper_works", "Работа на бумаге", "session_id, code, started_at", OwnSession),
        new("paper_collections", "Принятые бланки", "session_id, ended_at, sheets, note, collected_at", OwnSession),
        new("paper_entries", "Ответы, введённые с бланков", "session_id, number, content, entered_at", OwnSession),
        new("marking_rounds", "Баллы, в тысячных долях", "session_id, slot, number, kind, outcome, points, maximum, at", Published),
        new(
            "profiles",
            "Дефицитарные профили",
            "id, session_id, participant_id, campaign_id, version, status, cause, content, issued_at",
            "participant_id = @participantId AND status = 'final'"
        ),
        new(
            "appeals",
            "Апелляции",
            "id, kind, campaign_id, session_id, participant_id, slot, ground, statement, state, filed_at, due_at, outcome, clause, "
                + "reason, closed_at, new_session_id, disputed, disputed_at, late_cause",
            Own
        ),
        new("appeal_attachments", "Файлы к апелляциям", "appeal_id, number, name, media_type, size, added_at", OwnAppeal),
        new("appeal_hearings", "Заседания по апелляциям", "appeal_id, number, held_at, place, invitation, reason, set_at", OwnAppeal),
        new("appeal_events", "Ход апелляций", "id, appeal_id, kind, at, details", OwnAppeal),
        new(
            "practice_results",
            "Результаты практики",
            "result_id, version, participant_id, basis, map_code, map_version, title, assessed_on, assessed_by, outcome, content, "
                + "withdrawal_reason, entered_at",
            Own
        ),
        new("observations", "Наблюдения", "id, participant_id, sheet_code, sheet_version, title, held_on, arranged_at", Own),
        new("observation_sheets", "Листы наблюдений", "observation_id, role, content, filled_at", OwnObservation),
        new("observation_agreements", "Согласованные оценки", "observation_id, number, ratings, agreed_at", OwnObservation),
        new("observation_withdrawals", "Отозванные наблюдения", "observation_id, reason, withdrawn_at", OwnObservation),
        new(
            "questionnaire_sessions",
            "Самодиагностика",
            "id, participant_id, questionnaire_code, questionnaire_version, started_at, answered_on",
            Own
        ),
        new("questionnaire_answers", "Ответы самодиагностики", "session_id, question, revision, content, saved_at", OwnQuestionnaire),
        new(
            "questionnaire_rejected_answers",
            "Сохранения самодиагностики, которые не приняты",
            "session_id, id, question, base_revision, reason, content, received_at",
            OwnQuestionnaire
        ),
        new("questionnaire_finishes", "Законченная самодиагностика", "session_id, finished_at", OwnQuestionnaire),
        new("questionnaire_withdrawals", "Отозванная самодиагностика", "session_id, withdrawn_at", OwnQuestionnaire),
        new(
            "complex_profiles",
            "Комплексные профили",
            "id, participant_id, framework_code, framework_version, version, policy_kind, policy_code, policy_version, cause, content, issued_at",
            Own
        ),
        new(
            "events",
            "События, о которых узнают порталы",
            "id, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id, consent_kind, version, territory",
            Own
        ),
    ];

    /// <returns>For each part, the rows as JSON objects, with the columns' names in camelCase.</returns>
    internal static async Task<IReadOnlyList<(PersonPart Part, IReadOnlyList<JsonObject> Rows)>> Of(Db db, Guid participantId)
    {
        var all = new List<(PersonPart, IReadOnlyList<JsonObject>)>(Parts.Count);
        foreach (var part in Parts)
        {
            var sql = $"SELECT {part.Columns} FROM {part.Table} WHERE {part.Condition} ORDER BY 1, 2";
            var rows = await db.Query<dynamic>(sql, new { participantId });
            all.Add((part, rows.Select(row => Row((IDictionary<string, object?>)row)).ToList()));
        }
        return all;
    }

    /// <summary>Erases what others wrote about the person where it can be erased without harm to a result.</summary>
    internal static async Task EraseWords(Db db, Guid participantId)
    {
        await db.Execute(
            "UPDATE applications SET reason = '' WHERE participant_id = @participantId AND reason IS NOT NULL",
            new { participantId }
        );
        await db.Execute("UPDATE commission_conflicts SET reason = '' WHERE participant_id = @participantId", new { participantId });
        await db.Execute(
            """
            UPDATE marking_tasks SET organisation = '' WHERE session_id IN (SELECT id FROM sessions WHERE participant_id = @participantId)
            """,
            new { participantId }
        );
    }

    private static JsonObject Row(IDictionary<string, object?> columns)
    {
        var row = new JsonObject();
        foreach (var (name, value) in columns)
            row[JsonNamingPolicy.CamelCase.ConvertName(Words(name))] = Value(name, value);
        return row;
    }

    private static string Words(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static JsonNode? Value(string name, object? value) =>
        value switch
        {
            null or DBNull => null,
            // Documents are stored as text; an answer, for example, is one.
            string text when name is "content" or "details" or "ratings" => Document(text),
            string text => text,
            Guid id => id.ToString("D"),
            byte[] { Length: 16 } id => new Guid(id, bigEndian: true).ToString("D"),
            bool flag => flag,
            Instant at => InstantPattern.ExtendedIso.Format(at),
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            DateTime day when name.EndsWith("_on", StringComparison.Ordinal) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime at => InstantPattern.ExtendedIso.Format(Instant.FromDateTimeUtc(DateTime.SpecifyKind(at, DateTimeKind.Utc))),
            IConvertible number => number.ToInt64(CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"{name} is a {value.GetType()}."),
        };

    private static JsonNode? Document(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
