using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Calibration;

/// <summary>One place of one variant of the form.</summary>
/// <param name="Maximum">Whole points.</param>
/// <param name="Options">Ids of the options of a choice, in the author's order; empty for other types.</param>
/// <param name="Keys">Places in <paramref name="Options"/> that are right.</param>
public sealed record CalibrationItem(
    int Variant, int Slot, string Code, int Version, string Block, string Element, ItemType Type, int Difficulty, int Maximum,
    IReadOnlyList<string> Options, IReadOnlyList<int> Keys);

/// <summary>What one session says of its variant, in the order of its slots.</summary>
/// <param name="Scores">Whole points.</param>
/// <param name="Answered">Anything at all.</param>
/// <param name="Choices">Of a single choice the place of the option, of a multiple choice a bit for every option ticked; −1 without an answer or a choice.</param>
/// <param name="Territory">Of the person; null once erased.</param>
/// <param name="Organisation">Of the person; null once erased.</param>
/// <param name="Site">Code of the site it was sat at.</param>
public sealed record CalibrationPerson(
    Guid SessionId, int Variant, IReadOnlyList<int> Scores, IReadOnlyList<bool> Answered, IReadOnlyList<int> Choices,
    string? Territory, string? Organisation, string Site);

/// <summary>Marks of independent experts, in long form: whose answer, which expert (both numbered from 0), points.</summary>
public sealed record ExpertMarks(IReadOnlyList<int> Answers, IReadOnlyList<int> Experts, IReadOnlyList<double> Points);

/// <summary>What was not used, or not as it stands.</summary>
/// <param name="Open">Sessions with an answer that is not decided yet.</param>
/// <param name="Repeated">Later sessions of a person who is in already: two results of one person are not independent.</param>
/// <param name="Rounded">Scores of a part of a point, taken as the nearest whole point, half up.</param>
public sealed record SessionsLeftOut(int Open, int Repeated, int Rounded);

/// <summary>Everything that a calibration rests on.</summary>
/// <param name="Items">Of all variants, by variant and slot.</param>
/// <param name="Persons">By session.</param>
/// <param name="Scale">Whose boundaries the reports speak of.</param>
public sealed record CalibrationInputs(
    Guid FormId, IReadOnlyList<CalibrationItem> Items, IReadOnlyList<CalibrationPerson> Persons, LevelScale Scale, SessionsLeftOut LeftOut, ExpertMarks Marks)
{
    /// <summary>Slots of a variant, in order.</summary>
    public IReadOnlyList<CalibrationItem> Of(int variant) => Items.Where(item => item.Variant == variant).ToList();

    /// <summary>Variants that anybody sat.</summary>
    public IReadOnlyList<int> Variants => Persons.Select(person => person.Variant).Distinct().Order().ToList();
}
