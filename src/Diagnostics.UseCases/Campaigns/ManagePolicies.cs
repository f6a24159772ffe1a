using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A version of a policy without its content.</summary>
/// <param name="Kind">What it rules.</param>
/// <param name="Code">Which of this kind, e.g. <c>default</c>.</param>
/// <param name="Version">From 1; a version never changes.</param>
public sealed record PolicySummary(PolicyKind Kind, string Code, int Version, Instant CreatedAt);

/// <summary>A version of a policy.</summary>
/// <param name="Content">Document of the kind: a scale of levels, the rules of a session or of appeals, a production calendar, the text of a consent…</param>
public sealed record PolicyDocument(PolicyKind Kind, string Code, int Version, Instant CreatedAt, JsonNode Content);

/// <summary>A next version of a policy, or the first of a new code.</summary>
/// <param name="Code">Lower-case Latin letters, digits and hyphens.</param>
/// <param name="Content">Document of the kind.</param>
public sealed record PolicyRequest(PolicyKind Kind, string Code, JsonElement Content);

/// <summary>Policies: read by everybody, because people are entitled to know the rules; versions added by operators.</summary>
internal static class ManagePolicies
{
    private static readonly AccessRule Readers = AccessRule.Account.Or(Clients.EnrolPeople);

    internal static readonly Refusal NotFound = Refusal.NotFound("policy-not-found", "Такой версии политики нет.");

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var policies = routes.MapGroup("/policies").WithTags("Campaigns");
        policies.MapGet("/", List).WithName("ListPolicies").WithSummary("Политики: все виды и версии").AllowedTo(Readers);
        policies.MapGet("/{kind}/{code}/{version:int}", Read).WithName("GetPolicy").WithSummary("Версия политики с её содержанием").AllowedTo(Readers);
        policies.MapPost("/", Add).WithName("AddPolicyVersion").WithSummary("Добавить следующую версию политики; прежние не меняются").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
    }

    private static async Task<Results<Ok<IReadOnlyList<PolicySummary>>, ProblemHttpResult>> List(Transactions transactions, string? kind)
    {
        var wanted = Codes.Find<PolicyKind>(kind);
        if (kind is not null && wanted is null) return Problems.From(Refusal.Invalid("policy-kind-unknown", $"Вида политики «{kind}» нет."));
        var rows = await transactions.Read(db => PolicyStore.List(db, wanted));
        return TypedResults.Ok<IReadOnlyList<PolicySummary>>(rows.Select(row => new PolicySummary(row.Policy.Kind, row.Code, row.Version, row.CreatedAt)).ToList());
    }

    private static Task<Results<Ok<PolicyDocument>, ProblemHttpResult>> Read(string kind, string code, int version, Transactions transactions) =>
        transactions.Read<Result<PolicyDocument>>(async db =>
            Codes.Find<PolicyKind>(kind) is { } known && await PolicyStore.Find(db, known, code, version) is { } row
                ? View(row)
                : NotFound).Ok();

    private static Task<Results<Created<PolicyDocument>, ProblemHttpResult>> Add(PolicyRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<PolicyDocument>>(async db =>
        {
            if (!caller.OperatesEverywhere()) return CampaignRefusals.NotEverywhere;
            if (!Codes.IsCode(request.Code))
                return Refusal.Invalid("policy-code-invalid", $"code — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков.").With("field", "code");
            if (EngineHooks.Policies.Check(request.Kind, request.Content.GetRawText()).Refused(out var refusal, out var content)) return refusal;
            if (await Calendars.Check(db, request.Kind, content) is { } broken) return broken;
            var latest = await PolicyStore.Latest(db, request.Kind, request.Code);
            if (latest?.Content == content)
                return Refusal.Conflict("policy-unchanged", $"Версия {latest.Version} уже имеет это содержание.").With("version", latest.Version);
            var now = clock.GetCurrentInstant();
            var policy = new Policy(request.Kind, request.Code, (latest?.Version ?? 0) + 1, content);
            if (!await PolicyStore.Add(db, policy, now, caller.Id))
                return Refusal.Conflict("policy-changed", "Только что добавлена другая версия; прочитайте её и повторите.");
            await AuditStore.Append(db, now, caller.Id, "policy.added", $"policy:{Codes.Of(policy.Kind)}/{policy.Code}/{policy.Version}");
            return View((await PolicyStore.Find(db, policy.Kind, policy.Code, policy.Version))!);
        }).Created(policy => $"/api/v1/policies/{Codes.Of(policy.Kind)}/{policy.Code}/{policy.Version}");

    private static PolicyDocument View(PolicyRow row) => new(row.Policy.Kind, row.Code, row.Version, row.CreatedAt, JsonNode.Parse(row.Content)!);
}
