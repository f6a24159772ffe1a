using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>
/// Examples of marking operations for the API description. The description is public: it contains no item, key or
/// rubric of the bank.
/// </summary>
internal static class MarkingExamples
{
    private const string OpenItem = "method-lost-root-2";
    private const string ShortItem = "math-divisibility-2";
    private const string Comment = "Ошибка и её причина названы, задание приведёт ученика к пропущенному корню.";

    private static readonly Rubric Rubric = new(
        [
            new(
                "K1",
                "Ошибка и её причина",
                [
                    new(Points.Zero, "Потерянный корень не найден."),
                    new(Points.From(1), "Потерянный корень назван, причина не объяснена или не связана с решением ученика."),
                    new(Points.From(2), "Потерянный корень назван, причина объяснена по решению ученика."),
                ]
            ),
            new(
                "K2",
                "Задание для ученика",
                [
                    new(Points.Zero, "Задания нет, или оно не относится к ошибке."),
                    new(Points.From(1), "Задание относится к ошибке, но её называет сам учитель."),
                    new(Points.From(2), "Выполняя задание, ученик обнаружит ошибку сам."),
                ]
            ),
        ],
        "K1"
    );

    private static readonly Dictionary<string, Points> Marks = new() { ["K1"] = Points.From(2), ["K2"] = Points.From(2) };

    internal static readonly ClaimedScript Script = new(
        AssignmentId: ExampleStory.Assignment,
        Code: "Q7KM2XWP",
        CampaignId: ExampleStory.Campaign,
        ItemCode: OpenItem,
        ItemVersion: 1,
        MaxPoints: Rubric.Maximum,
        Stem: "Найдите ошибку ученика, объясните её вероятную причину и предложите задание, которое поможет ему увидеть ошибку самому.",
        Stimulus: SessionsExamples.LostRoot,
        Rubric: Rubric,
        Solution: "(x − 3)² = 16 даёт x − 3 = 4 или x − 3 = −4, то есть x = 7 или x = −1. Потерян корень −1.",
        Exemplars:
        [
            new(
                "Ученик забыл корень −1. Надо повторить тему.",
                new Dictionary<string, Points> { ["K1"] = Points.From(1), ["K2"] = Points.Zero },
                "Корень назван, причины нет; «повторить тему» — не задание."
            ),
        ],
        Answer: "Ученик потерял корень x = −1: из (x − 3)² = 16 он получил только x − 3 = 4. "
            + "Попросила бы его подставить в уравнение −1 и сравнить с найденным ответом.",
        SatOn: "2026-09-14",
        LeaseUntil: ExampleStory.Marked + Duration.FromMinutes(8),
        Draft: new(new Dictionary<string, Points> { ["K1"] = Points.From(2) }, "К2 — перечитать", Revision: 3),
        ThirdReason: null,
        EarlierMarks: null,
        Alike: 0
    );

    private static readonly Refusal NoMark = Rubric.Check(new Dictionary<string, Points> { ["K1"] = Points.From(2) })!;

    private static readonly KeyDecisionRequest Accept = new(
        ShortItem,
        1,
        "сорок два",
        KeyDecision.Accept,
        "Верное число записано словами; условие не требует цифр."
    );

    /// <summary>
    /// The ledger of a variant with three slots: one was right from the start, one was rescored after a key decision,
    /// and one was marked by an expert.
    /// </summary>
    private static readonly IReadOnlyList<SlotScore> Slots =
    [
        Slot(
            1,
            "math-prime-sum-2",
            Standing.DecidedAutomatically,
            "Решает автоматическая оценка по правилу exact/1.",
            Round(1, RoundKind.Auto, Outcome.Right, 1, 1, "exact/1")
        ),
        Slot(
            2,
            ShortItem,
            Standing.DecidedByKeyReview,
            "Решает пересчёт после разбора ответов, не совпавших с ключом.",
            Round(1, RoundKind.Auto, Outcome.Unmatched, 0, 1, "short_answer/ru-2"),
            Round(2, RoundKind.Rescore, Outcome.Right, 1, 1, "short_answer/ru-2") with
            {
                MarkedBy = ExampleStory.Account,
                Reason = Accept.Reason,
                At = ExampleStory.Marked,
            }
        ),
        Slot(
            3,
            OpenItem,
            Standing.DecidedByExpert,
            "Решает проверка эксперта: по политике мероприятия эксперт один.",
            Round(1, RoundKind.Auto, Outcome.AwaitingMarking, 0, 4, "rubric/1"),
            Round(2, RoundKind.Expert, Outcome.Right, 4, 4, "rubric/1") with
            {
                Criteria = Marks,
                MarkedBy = ExampleStory.Expert,
                Reason = Comment,
                At = ExampleStory.Marked,
            }
        ),
    ];

    internal static IEnumerable<Example> All => [.. Scripts, .. Keys, .. Scores];

    private static IEnumerable<Example> Scripts =>
        [
            Takes("ClaimScript", "next", "Следующая работа мероприятия", new ClaimRequest(ExampleStory.Campaign)),
            Takes("ClaimScript", "item", "Следующий ответ на это задание", new ClaimRequest(ExampleStory.Campaign, OpenItem)),
            Gives("ClaimScript", Script with { Draft = null }, 201),
            Lists("ListMyClaims", Script),
            Lists(
                "ListClaimsInHand",
                new ClaimInHand(
                    AssignmentId: ExampleStory.Assignment,
                    Code: Script.Code,
                    CampaignId: ExampleStory.Campaign,
                    ItemCode: OpenItem,
                    ClaimedAt: ExampleStory.Marked,
                    LeaseUntil: Script.LeaseUntil,
                    HeldAt: null,
                    HasDraft: true,
                    AlsoAlike: false
                )
            ),
            Gives("GetMyClaim", Script),
            Gives("ListAlike", new AlikeAnswers(3, [new("x = 7 и x = −1", 2), new("X = 7 и x = −1.", 1)])),
            .. Refuses(ClaimScript.TooMany(MarkingPolicy.UsualInHand), "ClaimScript"),
            .. Refuses(Refusal.Forbidden("not-your-commission", "Вы не эксперт комиссии этого мероприятия."), "ClaimScript"),
            Takes("SaveMarksDraft", Script.Draft!),
            .. Refuses(OwnAssignments.StaleDraft(Script.Draft), "SaveMarksDraft", "HoldMarks"),
            Takes("HoldMarks", new HoldRequest(Marks, Comment, Revision: 3)),
            Gives("HoldMarks", new MarksHeld(ExampleStory.Assignment, Marks.Values.Sum(), ExampleStory.Marked, 1)),
            .. Refuses(OwnAssignments.AlreadyHeld, "SaveMarksDraft", "HoldMarks"),
            .. Refuses(TakeBackMarks.NotHeld, "TakeBackMarks"),
            Lists(
                "ListMyMarking",
                new[]
                {
                    new MyMarking(
                        CampaignId: ExampleStory.Campaign,
                        Title: "Входная диагностика учителей математики",
                        MarkingTo: ExampleStory.Marked + Duration.FromDays(3),
                        WaitingUpTo: 20,
                        InHand: 1,
                        Marked: 33,
                        MarkedLastDay: 12,
                        MedianSeconds: 214.5,
                        Items: [new(OpenItem, Script.Stem, 20, 33, AdmissionState.Admitted, 3, Training: true)]
                    ),
                }
            ),
            Lists(
                "ListMyMarks",
                new MyMark(ExampleStory.Campaign, "Входная диагностика учителей математики", OpenItem, ExampleStory.Marked, 214.5)
            ),
            Gives("RenewClaim", new Lease(ExampleStory.Assignment, Script.LeaseUntil + Duration.FromMinutes(30))),
            Takes("ReturnScript", new ReturnRequest("Автор назвал в ответе свою школу: я в ней работаю.")),
            Takes("AwardMarks", new MarksRequest(Marks, Comment)),
            Gives("AwardMarks", new AwardedMarks(ExampleStory.Assignment, Script.Code, Marks.Values.Sum(), Rubric.Maximum, Marks, 0)),
            .. Refuses(NoMark, "AwardMarks", "HoldMarks"),
            .. Refuses(Rubric.Check(new Dictionary<string, Points> { ["K1"] = Points.From(3), ["K2"] = Points.Zero })!, "SaveMarksDraft"),
            .. Refuses(MarkingComment.CheckReason("")!, "ReturnScript"),
            .. Refuses(OwnAssignments.Lapsed, "SaveMarksDraft", "RenewClaim", "ReturnScript", "AwardMarks", "HoldMarks", "TakeBackMarks"),
            .. Refuses(
                OwnAssignments.NotFound,
                "GetMyClaim",
                "ListAlike",
                "SaveMarksDraft",
                "RenewClaim",
                "ReturnScript",
                "AwardMarks",
                "HoldMarks",
                "TakeBackMarks"
            ),
            Gives(
                "GetMarkingProgress",
                new MarkingState(
                    ExampleStory.Campaign,
                    84,
                    61,
                    5,
                    18,
                    [new(OpenItem, 1, 21, 15, 2)],
                    [new(ExampleStory.Expert, 33, 2, 1, "ekspert-12", 14, ExampleStory.Marked)]
                )
            ),
        ];

    private static IEnumerable<Example> Keys =>
        [
            Gives(
                "ListKeyReviews",
                new Page<AnswerGroup>(
                    [
                        new(
                            ItemCode: ShortItem,
                            ItemVersion: 1,
                            Stem: "Наибольший общий делитель чисел 84 и 126 равен ____.",
                            Solution: "84 = 2² · 3 · 7, 126 = 2 · 3² · 7; 2 · 3 · 7 = 42.",
                            MaxPoints: Points.From(1),
                            Normalised: Accept.Normalised,
                            Answers: 3,
                            Samples: ["сорок два", "Сорок  два"],
                            Decision: null,
                            Normalisation: "ru-2"
                        ),
                    ],
                    null
                )
            ),
            Takes("DecideKey", "accept", "Принять ответ: баллы получат все, кто так ответил", Accept),
            Takes(
                "DecideKey",
                "reject",
                "Отклонить ответ",
                Accept with
                {
                    Normalised = "21",
                    Decision = KeyDecision.Reject,
                    Reason = "21 — общий делитель, но не наибольший.",
                }
            ),
            Takes(
                "DecideKey",
                "revert",
                "Отменить действующее решение",
                Accept with
                {
                    Decision = KeyDecision.Revert,
                    Reason = "Решение принято по ошибке: вариант ответа перепутан.",
                }
            ),
            Gives(
                "DecideKey",
                new KeyDecisionMade(Accept.ItemCode, Accept.ItemVersion, Accept.Normalised, 1, Accept.Decision, ExampleStory.Marked, 3)
            ),
            .. Refuses(KeyReview.Check(KeyDecision.Accept, KeyDecision.Reject)!, "DecideKey", "PreviewKeyDecision"),
            .. Refuses(
                Refusal.NotFound("answer-not-found", "Такого краткого ответа на это задание никто не дал."),
                "DecideKey",
                "PreviewKeyDecision"
            ),
            .. Refuses(MarkingComment.CheckReason("")!, "DecideKey"),
        ];

    private static IEnumerable<Example> Scores =>
        [
            Gives(
                "GetScores",
                new SessionScores(
                    SessionId: ExampleStory.Session,
                    CampaignId: ExampleStory.Campaign,
                    Variant: 2,
                    ScoredAt: ExampleStory.Scored,
                    ScoringFault: null,
                    Complete: true,
                    Points: Slots.Select(slot => slot.Points!.Value).Sum(),
                    Maximum: Slots.Select(slot => slot.Maximum).Sum(),
                    Slots: Slots
                )
            ),
            .. Refuses(SessionRefusals.NotFound, "GetScores", "ScoreSession"),
            Gives("ScoreSession", new ScoringDone(ExampleStory.Session, ExampleStory.Scored)),
            .. Refuses(
                Refusal.Conflict("session-state", "Оценить можно только завершённый сеанс.").With("state", "in_progress"),
                "ScoreSession"
            ),
            Gives(
                "ListScoringFaults",
                new Page<ScoringFault>(
                    [
                        new(
                            ExampleStory.Session,
                            new BrokenItemException(ShortItem, "сохранённый ответ не читается").Message,
                            ExampleStory.Finished
                        ),
                    ],
                    null
                )
            ),
            .. Refuses(MarkingRights.NotLeading, "GetMarkingProgress", "ListKeyReviews", "ListScoringFaults"),
        ];

    private static SlotScore Slot(int slot, string item, Standing standing, string explanation, params ScoreRound[] rounds)
    {
        var deciding = rounds[^1] with { Decides = true };
        return new(slot, item, 1, deciding.Maximum, deciding.Points, standing, explanation, [.. rounds[..^1], deciding]);
    }

    private static ScoreRound Round(int number, RoundKind kind, Outcome outcome, int points, int maximum, string rule) =>
        new(
            Number: number,
            Kind: kind,
            ResponseRevision: 1,
            Outcome: outcome,
            Points: Points.From(points),
            Maximum: Points.From(maximum),
            Rule: rule,
            Criteria: null,
            MarkedBy: null,
            Reason: null,
            At: ExampleStory.Scored,
            Decides: false
        );
}
