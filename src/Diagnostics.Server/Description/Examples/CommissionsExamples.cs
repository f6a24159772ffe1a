using Diagnostics.Engine.Commissions;
using Diagnostics.UseCases.Commissions;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on commissions for the API description.</summary>
internal static class CommissionsExamples
{
    private static readonly Guid Commission = new("01a047cf-dd00-71f3-9c37-0d7b30d4e6a1");

    private static readonly CommissionView View = new(
        Commission,
        CommissionKind.Marking,
        ExampleStory.Campaign,
        "Региональная комиссия по математике",
        ExampleStory.Published,
        null,
        [
            new(
                AccountId: ExampleStory.Expert,
                UserName: "s.aliev",
                Organisation: "ГБУ ДПО РД «ДИРО»",
                Role: CommissionRole.Member,
                Standing: ExpertStanding.Senior,
                Blocks: ["methods"],
                AppointedAt: ExampleStory.ExpertJoined,
                LeftAt: null,
                LeftReason: null,
                NearOrganisations: ["ГБУ ДПО «ДИРО»"]
            ),
        ],
        [new(ExampleStory.Expert, ExampleStory.Participant, "Двоюродная сестра", ExampleStory.ExpertJoined + Duration.FromDays(1))]
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("MakeCommission", new CommissionRequest(ExampleStory.Campaign, CommissionKind.Marking, View.Title)),
            Gives("MakeCommission", View with { Members = [], Conflicts = [] }, 201),
            Takes("AppointMember", new MemberRequest(ExampleStory.Expert, CommissionRole.Member, ExpertStanding.Senior, ["methods"])),
            Gives("AppointMember", View with { Conflicts = [] }, 201),
            Takes("DismissMember", new LeaveRequest("Больничный до конца проверки.")),
            Takes(
                "ReplaceMember",
                new ReplacementRequest(new("01a047d4-0980-7a3d-8e11-6c4f0b9d2a77"), "Заболел; приказ о замене от 15.09.2026 № 71.")
            ),
            Takes("DeclareConflict", new ConflictRequest(ExampleStory.Participant, View.Conflicts[0].Reason)),
            Gives("DeclareConflict", View),
            Gives("GetCommission", View),
            Lists("ListCommissions", View),
            .. Refuses(
                CommissionRules.NotFound,
                "GetCommission",
                "EndCommission",
                "AppointMember",
                "DismissMember",
                "ReplaceMember",
                "DeclareConflict"
            ),
            .. Refuses(CommissionRules.Ended, "EndCommission", "AppointMember", "DismissMember", "ReplaceMember", "DeclareConflict"),
            .. Refuses(ReplaceMember.Seated, "ReplaceMember"),
        ];
}
