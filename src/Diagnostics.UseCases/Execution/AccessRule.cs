using Diagnostics.Engine;
using Diagnostics.Engine.Access;

namespace Diagnostics.UseCases.Execution;

/// <summary>The relation that a right requires between the caller and the target of a use case.</summary>
internal enum Relation
{
    /// <summary>
    /// Having the role is enough, whatever the scope of the grant; lists then contain only what the caller's grants
    /// cover.
    /// </summary>
    Any,

    /// <summary>The target belongs to the participant who calls.</summary>
    Own,

    /// <summary>The grant covers the site.</summary>
    Site,

    /// <summary>The grant covers the territory.</summary>
    Territory,

    /// <summary>The grant covers the organisation, whose name people spell in different ways.</summary>
    Organisation,

    /// <summary>The grant covers the campaign.</summary>
    Campaign,

    /// <summary>The grant must be unlimited, because the target belongs to no campaign, site, territory or
    /// organisation.</summary>
    Everything,
}

/// <summary>A role, and the relation that the caller must have to the target.</summary>
internal readonly record struct Entitlement(Role Role, Relation Relation)
{
    public static implicit operator Entitlement(Role role) => new(role, Relation.Any);
}

internal static class Entitlements
{
    internal static Entitlement OfOwn(this Role role) => new(role, Relation.Own);

    internal static Entitlement OfSite(this Role role) => new(role, Relation.Site);

    internal static Entitlement OfTerritory(this Role role) => new(role, Relation.Territory);

    internal static Entitlement OfOrganisation(this Role role) => new(role, Relation.Organisation);

    internal static Entitlement OfEverything(this Role role) => new(role, Relation.Everything);

    internal static Entitlement OfCampaign(this Role role) => new(role, Relation.Campaign);
}

/// <summary>
/// What a use case is about, as far as rights may depend on it. A part that is null is unknown, and gives no right.
/// </summary>
internal readonly record struct Target
{
    internal Guid? Campaign { get; init; }

    internal Guid? Site { get; init; }

    internal string? Territory { get; init; }

    internal string? Organisation { get; init; }

    internal Guid? Participant { get; init; }
}

/// <summary>
/// Who may run a use case. <see cref="Gate"/> checks the role before the use case begins. <see cref="Covers"/> checks
/// the caller's relation to the target once the target has been loaded.
/// </summary>
/// <param name="Anyone">Whether no sign-in is needed.</param>
/// <param name="AnyAccount">Whether any signed-in person may run it.</param>
/// <param name="Entitlements">The rights, any one of which is enough.</param>
/// <param name="ClientScopes">Scopes, any one of which admits a portal's client, for people of its territory.</param>
internal sealed record AccessRule(bool Anyone, bool AnyAccount, IReadOnlyList<Entitlement> Entitlements, IReadOnlyList<string> ClientScopes)
{
    internal static readonly AccessRule Public = new(true, false, [], []);

    /// <summary>Any signed-in person.</summary>
    internal static readonly AccessRule Account = new(false, true, [], []);

    /// <summary>The sign-in limits under which a caller may still run the use case.</summary>
    internal SignInLimits OpenUnder { get; private init; }

    internal static AccessRule Of(params Entitlement[] entitlements) => new(false, false, entitlements, []);

    internal static AccessRule Client(params string[] scopes) => new(false, false, [], scopes);

    internal AccessRule Or(params string[] clientScopes) => this with { ClientScopes = clientScopes };

    internal AccessRule Under(SignInLimits limits) => this with { OpenUnder = limits };

    internal IEnumerable<Role> Roles => Entitlements.Select(entitlement => entitlement.Role).Distinct();

    /// <summary>Whether it is certain, without reading the database, that the rule admits this caller.</summary>
    internal bool AdmitsAtOnce(Caller caller)
    {
        if (Anyone)
            return true;
        if (!caller.IsAccount || Limited(caller) is not SignInLimits.None)
            return false;
        // A participant's right follows from the session itself and is checked where the session is used, so saving an
        // answer needs no look-up here.
        var byItself = AnyAccount || (caller.ParticipantId is not null && Names(Role.Participant));
        return caller.KnowsGrants ? byItself || HoldsRole(caller) : byItself && Entitlements.Count <= 1;
    }

    /// <summary>The limits that keep the caller's sign-in out, whatever roles the account has.</summary>
    internal SignInLimits Limited(Caller caller) => Anyone ? SignInLimits.None : caller.Limits & ~OpenUnder;

    /// <summary>
    /// Whether one of the caller's grants is for a role that the rule names, or the rule admits participants and the
    /// caller is one.
    /// </summary>
    internal bool AdmitsByRole(Caller caller) =>
        AnyAccount || (caller.ParticipantId is not null && Names(Role.Participant)) || HoldsRole(caller);

    /// <summary>Whether the caller is a portal's client with one of the rule's scopes.</summary>
    internal bool AdmitsByScope(Caller caller) => ClientScopes.Any(caller.HasScope);

    /// <summary>Whether the caller has the relation to the target that one of the entitlements requires.</summary>
    internal bool Covers(Caller caller, in Target target)
    {
        if (Anyone || (AnyAccount && caller.IsAccount))
            return true;
        if (caller.ClientId is not null)
            return AdmitsByScope(caller) && (caller.ClientTerritory is not { } own || own == target.Territory);
        for (var place = 0; place < Entitlements.Count; place++)
            if (Stands(caller, Entitlements[place].Role, Entitlements[place].Relation, target))
                return true;
        return false;
    }

    private static bool Stands(Caller caller, Role role, Relation relation, in Target target) =>
        relation switch
        {
            Relation.Any => role is Role.Participant ? caller.ParticipantId is not null : caller.Has(role),
            Relation.Own => target.Participant is { } person && person == caller.ParticipantId,
            Relation.Site => target.Site is { } site && caller.May(role, GrantScope.Site, site.ToString("D")),
            Relation.Territory => target.Territory is { } territory && caller.May(role, GrantScope.Territory, territory),
            Relation.Organisation => target.Organisation is { } organisation && caller.MayInOrganisation(role, organisation),
            Relation.Campaign => target.Campaign is { } campaign && caller.May(role, GrantScope.Campaign, campaign.ToString("D")),
            Relation.Everything => caller.May(role, GrantScope.All, ""),
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, null),
        };

    // Loop by index: every save of an answer runs this code twice, and a foreach over the interface would allocate an
    // enumerator each time.
    private bool Names(Role role)
    {
        for (var place = 0; place < Entitlements.Count; place++)
            if (Entitlements[place].Role == role)
                return true;
        return false;
    }

    private bool HoldsRole(Caller caller)
    {
        foreach (var grant in caller.Grants)
            if (Names(grant.Role))
                return true;
        return false;
    }

    /// <summary>The rule in words, for the API description.</summary>
    public override string ToString() =>
        Anyone
            ? "все"
            : string.Join(
                ", ",
                new[]
                {
                    AnyAccount ? "любая учётная запись" : null,
                    Entitlements.Count > 0 ? "роли " + string.Join(", ", Roles.Select(role => $"`{Codes.Of(role)}`")) : null,
                    ClientScopes.Count > 0 ? "клиент с правом " + string.Join(" или ", ClientScopes.Select(scope => $"`{scope}`")) : null,
                }.OfType<string>()
            );
}
