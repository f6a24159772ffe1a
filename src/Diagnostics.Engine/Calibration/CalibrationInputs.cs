using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Calibration;

/// <summary>One slot of one variant of the form, with its item.</summary>
/// <param name="Maximum">Largest possible score, in whole points.</param>
/// <param name="Options">Ids of the options of a choice item, in the author's order; empty for other types.</param>
/// <param name="Keys">Indexes, from 0, of the right options in <paramref name="Options"/>.</param>
public sealed record CalibrationItem(
    int Variant,
    int Slot,
    string Code,
    int Version,
    string Block,
    string Element,
    ItemType Type,
    int Difficulty,
    int Maximum,
    IReadOnlyList<string> Options,
    IReadOnlyList<int> Keys
);

/// <summary>The scores and answers of one session, in the order of the slots of its variant.</summary>
/// <param name="Scores">Whole points.</param>
/// <param name="Answered">For each slot, whether the person answered at all.</param>
/// <param name="Choices">For a single choice, the index of the chosen option; for a multiple choice, a number with one
/// bit for each ticked option; −1 when there is no answer, and for other types.</param>
/// <param name="Territory">Territory of the person; null once it has been erased.</param>
/// <param name="Organisation">Organisation of the person; null once it has been erased.</param>
/// <param name="Site">Code of the site of the session.</param>
public sealed record CalibrationPerson(
    Guid SessionId,
    int Variant,
    IReadOnlyList<int> Scores,
    IReadOnlyList<bool> Answered,
    IReadOnlyList<int> Choices,
    string? Territory,
    string? Organisation,
    string Site
);

/// <summary>
/// Marks of independent experts in long form: each mark is an answer, an expert (both numbered from 0) and the points.
/// </summary>
public sealed record ExpertMarks(IReadOnlyList<int> Answers, IReadOnlyList<int> Experts, IReadOnlyList<double> Points);

/// <summary>Sessions and scores that were left out or changed.</summary>
/// <param name="Open">Number of sessions with an answer that has no decided score yet.</param>
/// <param name="Repeated">Number of sessions left out because an earlier session of the same person is included: two
/// results of one person are not independent.</param>
/// <param name="Rounded">Number of scores with a fraction of a point; they were rounded to the nearest whole point,
/// half up.</param>
public sealed record SessionsLeftOut(int Open, int Repeated, int Rounded);

/// <summary>All inputs of a calibration.</summary>
/// <param name="Items">Items of all variants, in the order of variants and slots.</param>
/// <param name="Persons">One entry for each session used, in the order of session ids.</param>
/// <param name="Scale">The scale whose boundaries the reports describe.</param>
public sealed record CalibrationInputs(
    Guid FormId,
    IReadOnlyList<CalibrationItem> Items,
    IReadOnlyList<CalibrationPerson> Persons,
    LevelScale Scale,
    SessionsLeftOut LeftOut,
    ExpertMarks Marks
)
{
    /// <summary>Slots of a variant, in order.</summary>
    public IReadOnlyList<CalibrationItem> Of(int variant) => Items.Where(item => item.Variant == variant).ToList();

    /// <summary>Variants that somebody sat.</summary>
    public IReadOnlyList<int> Variants => Persons.Select(person => person.Variant).Distinct().Order().ToList();
}
