using NodaTime;

namespace Diagnostics.Server.Tests.Region;

using static Diagnostics.Server.Tests.Region.RegionalDiagnostic;

/// <summary>What may go wrong between the exam day and the publication of the results.</summary>
internal sealed class AtMarking(RegionalDiagnostic region) : Mishaps(region)
{
    protected override IEnumerable<(string Name, Func<Task> Play)> Kinds =>
        [
            ("chair of the commission ill", ChairIll),
            ("expert leaves with scripts in hand", ExpertLeaves),
            ("chair of the conflict commission ill", ConflictChairIll),
            ("member of the conflict commission replaced", MemberReplaced),
            ("marking takes longer", MarkingLonger),
        ];

    private async Task ChairIll()
    {
        var other = await Replace(Region.MarkingCommission, Region.Chair, "Болезнь");
        await Refused(Region.Chair.Post(Campaign("/results/approval"), new { Checked }), "not-allowed");
        Region.Chair = other;
    }

    internal static readonly string[] Checked = ["Статистика экспертов просмотрена"];

    private async Task ExpertLeaves()
    {
        var expert = Region.Experts[0];
        (await expert.Post("marking/claims", new { campaignId = Region.Campaign })).Ok();
        var other = await Replace(Region.MarkingCommission, expert, "Отпуск");
        await Refused(expert.Post("marking/claims", new { campaignId = Region.Campaign }), null);
        Region.Experts[0] = other;
    }

    private async Task ConflictChairIll() =>
        Region.ConflictChair = await Replace(Region.ConflictCommission, Region.ConflictChair, "Болезнь");

    private async Task MemberReplaced() =>
        Region.ConflictMembers[0] = await Replace(Region.ConflictCommission, Region.ConflictMembers[0], "Переезд");

    private async Task MarkingLonger()
    {
        var to = Text(Local(10, 30, 9, 0, Offset.Zero));
        var extended = await Region.Operator.Post(Campaign("/extension"), new { reason = "Много третьих проверок", markingTo = to }).Ok();
        Holds(extended["windows"]!.Word("markingTo") == to);
    }
}
