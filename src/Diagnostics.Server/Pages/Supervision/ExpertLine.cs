using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Commissions;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.Server.Pages.Supervision;

public sealed partial class ExpertPage
{
    /// <summary>An expert of the commission, with everything that the chair compares.</summary>
    /// <param name="Seat">Null for an expert who has the right without a seat in the commission.</param>
    /// <param name="Compared">Null for an expert who has marked nothing.</param>
    /// <param name="Admissions">The expert's admission to items, where the policy asks for one.</param>
    public sealed record ExpertLine(
        Guid Id,
        string Name,
        CommissionMember? Seat,
        ExpertProgress Progress,
        ExpertStatistics? Compared,
        IReadOnlyList<ExpertAdmission> Admissions
    )
    {
        /// <summary>The least number of shared scripts from which two experts can be compared.</summary>
        private const int LeastShared = 10;

        /// <summary>The comparison, if there are enough scripts for one.</summary>
        internal ExpertStatistics? Enough => Compared is { } known && known.Shared >= LeastShared ? known : null;

        internal int Controls => Admissions.Sum(each => each.Controls);

        internal int ControlsWithin => Admissions.Sum(each => each.ControlsWithin);

        internal int Paused => Admissions.Count(each => each.State is AdmissionState.Paused);
    }
}
