using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.SiteDays;

/// <summary>What somebody does at a site on the day of a diagnostic.</summary>
public enum SiteDuty { Head, Organiser, Technician, CommissionMember }

/// <summary>Why a duty is missing.</summary>
public enum MissingDutyReason { NotAppointed, NotPresent }

/// <summary>Somebody whom clause 7.1.3 wants at the site and who is not there.</summary>
public sealed record MissingDuty(SiteDuty Duty, MissingDutyReason Reason);

public static class SiteDuties
{
    /// <summary>The right at the site that goes with a duty; null where a seat in the marking commission goes with it.</summary>
    public static Role? RoleOf(SiteDuty duty) => duty switch
    {
        SiteDuty.Head => Role.SiteHead,
        SiteDuty.Organiser or SiteDuty.Technician => Role.Invigilator,
        SiteDuty.CommissionMember => null,
        _ => throw new ArgumentOutOfRangeException(nameof(duty), duty, null),
    };

    /// <summary>
    /// Who is missing by clause 7.1.3: «В день проведения диагностики в ППД присутствуют руководитель и организаторы диагностики,
    /// не менее одного члена PK, технический специалист». It is told and written down; nobody is kept from the test for it.
    /// </summary>
    public static IReadOnlyList<MissingDuty> Missing(IReadOnlyCollection<SiteDuty> appointed, IReadOnlyCollection<SiteDuty> present) =>
    [
        .. Enum.GetValues<SiteDuty>().Where(duty => !present.Contains(duty)).Select(duty =>
            new MissingDuty(duty, appointed.Contains(duty) ? MissingDutyReason.NotPresent : MissingDutyReason.NotAppointed)),
    ];
}
