using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A version of a policy without its content.</summary>
/// <param name="Kind">Kind of policy.</param>
/// <param name="Code">Code that distinguishes policies of the same kind, e.g. <c>default</c>.</param>
/// <param name="Version">Number of the version, from 1; a version never changes.</param>
public sealed record PolicySummary(PolicyKind Kind, string Code, int Version, Instant CreatedAt);

/// <summary>A version of a policy.</summary>
/// <param name="Content">A document whose form depends on the kind: a scale of levels, the rules of a session or of
/// appeals, a production calendar, the text of a consent…</param>
public sealed record PolicyDocument(PolicyKind Kind, string Code, int Version, Instant CreatedAt, JsonNode Content)
{
    internal static PolicyDocument Of(PolicyRow row) =>
        new(row.Policy.Kind, row.Code, row.Version, row.CreatedAt, JsonNode.Parse(row.Content)!);
}

/// <summary>The next version of a policy, or the first version of a new code.</summary>
/// <param name="Code">Code of the policy: lower-case Latin letters, digits and hyphens.</param>
/// <param name="Content">The document, whose form depends on the kind.</param>
public sealed record PolicyRequest(PolicyKind Kind, string Code, JsonElement Content);

/// <summary>Refuses a policy that names a document which does not exist; null for a valid policy and for other kinds.</summary>
internal delegate Task<Refusal?> PolicyGuard(Db db, PolicyKind kind, string content);

internal static class PolicyRules
{
    /// <summary>Everybody may read policies: people have a right to know the rules by which they are judged.</summary>
    internal static readonly AccessRule Readers = AccessRule.Account.Or(Clients.EnrolPeople, Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("policy-not-found", "Такой версии политики нет.");
}

internal sealed class ListPolicies(Executor executor) : UseCase<ListPolicies.Request, IReadOnlyList<PolicySummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListPolicies), PolicyRules.Readers, Trail.None);

    /// <param name="Kind">Code of the kind; null for all kinds.</param>
    internal sealed record Request(string? Kind);

    protected override async Task<Result<IReadOnlyList<PolicySummary>>> Handle(Request request, Caller caller)
    {
        var wanted = Codes.Find<PolicyKind>(request.Kind);
        if (request.Kind is not null && wanted is null)
            return Refusal.Invalid("policy-kind-unknown", $"Вида политики «{request.Kind}» нет.");
        return await Read(async db =>
            (await PolicyStore.List(db, wanted))
                .Select(row => new PolicySummary(row.Policy.Kind, row.Code, row.Version, row.CreatedAt))
                .ToList()
        );
    }
}

internal sealed class GetPolicy(Executor executor) : UseCase<GetPolicy.Request, PolicyDocument>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetPolicy), PolicyRules.Readers, Trail.None);

    internal sealed record Request(string Kind, string Code, int Version);

    protected override Task<Result<PolicyDocument>> Handle(Request request, Caller caller) =>
        Read(async db =>
            Codes.Find<PolicyKind>(request.Kind) is { } known && await PolicyStore.Find(db, known, request.Code, request.Version) is { } row
                ? PolicyDocument.Of(row)
                : PolicyRules.NotFound
        );
}

/// <summary>Adds the next version of a policy; campaigns keep the versions that they have pinned.</summary>
internal sealed class AddPolicyVersion(Executor executor, PolicyGuard guard) : UseCase<PolicyRequest, PolicyDocument>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AddPolicyVersion),
        AccessRule.Of(Role.Operator.OfEverything()),
        Trail.Writes("policy.added")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<PolicyDocument>> Handle(PolicyRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, default))
                    return CampaignRefusals.NotEverywhere;
                if (!Codes.IsCode(request.Code))
                {
                    return Refusal
                        .Invalid("policy-code-invalid", $"code — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков.")
                        .With("field", "code");
                }
                var reading = EngineHooks.Policies.Check(request.Kind, request.Content.GetRawText());
                if (reading.Refused(out var refusal, out var content))
                    return refusal;
                if (await Calendars.Check(db, request.Kind, content) is { } broken)
                    return broken;
                if (await guard(db, request.Kind, content) is { } lacking)
                    return lacking;
                var latest = await PolicyStore.Latest(db, request.Kind, request.Code);
                if (latest?.Content == content)
                {
                    return Refusal
                        .Conflict("policy-unchanged", $"Версия {latest.Version} уже имеет это содержание.")
                        .With("version", latest.Version);
                }
                var now = Now;
                var policy = new Policy(request.Kind, request.Code, (latest?.Version ?? 0) + 1, content);
                if (!await PolicyStore.Add(db, policy, now, caller.Id))
                    return Refusal.Conflict("policy-changed", "Только что добавлена другая версия; прочитайте её и повторите.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "policy.added",
                    $"policy:{Codes.Of(policy.Kind)}/{policy.Code}/{policy.Version}"
                );
                return PolicyDocument.Of((await PolicyStore.Find(db, policy.Kind, policy.Code, policy.Version))!);
            }
        );
}
