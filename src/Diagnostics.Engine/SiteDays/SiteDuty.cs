using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.SiteDays;

/// <summary>A person's duty at a site on the day of a diagnostic.</summary>
public enum SiteDuty
{
    Head,
    Organiser,
    Technician,
    CommissionMember,
}

/// <summary>Why a duty is missing.</summary>
public enum MissingDutyReason
{
    NotAppointed,
    NotPresent,
}

/// <summary>A duty that clause 7.1.3 requires at the site, but that nobody there performs.</summary>
public sealed record MissingDuty(SiteDuty Duty, MissingDutyReason Reason);

public static class SiteDuties
{
    /// <summary>
    /// The role at the site that a duty requires; null when it requires membership in the marking commission instead.
    /// </summary>
    public static Role? RoleOf(SiteDuty duty) =>
        duty switch
        {
            SiteDuty.Head => Role.SiteHead,
            SiteDuty.Organiser or SiteDuty.Technician => Role.Invigilator,
            SiteDuty.CommissionMember => null,
            _ => throw new ArgumentOutOfRangeException(nameof(duty), duty, null),
        };

    /// <summary>
    /// Duties missing according to clause 7.1.3: «В день проведения диагностики в ППД присутствуют руководитель и
    /// организаторы диагностики, не менее одного члена PK, технический специалист». Missing duties are reported and
    /// recorded, but do not keep anybody from the test.
    /// </summary>
    public static IReadOnlyList<MissingDuty> Missing(IReadOnlyCollection<SiteDuty> appointed, IReadOnlyCollection<SiteDuty> present) =>
        [
            .. Enum.GetValues<SiteDuty>()
                .Where(duty => !present.Contains(duty))
                .Select(duty => new MissingDuty(
                    duty,
                    appointed.Contains(duty) ? MissingDutyReason.NotPresent : MissingDutyReason.NotAppointed
                )),
        ];
}
