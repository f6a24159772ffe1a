using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>
/// Three slots of one block: a choice worth 1 point, a short answer worth 2, and an essay worth 4 (К1 and К2, with К1
/// as the gate).
/// </summary>
internal static class LedgerScene
{
    internal const int Choice = 1,
        Short = 2,
        Essay = 3;

    internal static readonly Guid Session = Id(1),
        First = Id(11),
        Second = Id(12),
        Third = Id(13),
        Chair = Id(14);

    internal static readonly Instant Noon = Instant.FromUtc(2026, 3, 2, 12, 0);

    internal static readonly IReadOnlyList<FormSlot> Slots =
    [
        new(Choice, Items.Single("b") with { Code = "choice-1" }, 1),
        new(Short, Items.Short(texts: ["инклюзия"], points: 2) with { Code = "short-1" }, 2),
        new(Essay, Items.Extended() with { Code = "essay-1" }, 3),
    ];

    internal static MarkingPolicy One { get; } = new(1, 30);

    internal static MarkingPolicy Two(params DiscrepancyRule[] rules) => new(2, 30, Resolution.MeanInFavour, rules);

    internal static SessionLedger Empty(MarkingPolicy policy) => new(Session, Slots, [], policy);

    /// <summary>
    /// The choice is right, the short answer matches nothing in the key, and the essay waits for marks.
    /// </summary>
    internal static SessionLedger Scored(MarkingPolicy policy) => Empty(policy).Score(Answers(), KeyDecisions.None, Noon).Ledger;

    internal static Dictionary<int, SavedAnswer> Answers(string essay = "Мой ответ", int essayRevision = 5) =>
        new()
        {
            [Choice] = new(2, """{"type":"single_choice","option":"b"}"""),
            [Short] = new(1, """{"type":"short_answer","text":" Включение "}"""),
            [Essay] = new(essayRevision, $$"""{"type":"extended_response","text":"{{essay}}"}"""),
        };

    internal static RubricMarks Marks(int k1, int k2, bool noAnswer = false) =>
        RubricMarks
            .Of(Slots[Essay - 1].Item, new Dictionary<string, Points> { ["K1"] = Points.From(k1), ["K2"] = Points.From(k2) }, noAnswer)
            .Value;

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
