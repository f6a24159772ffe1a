using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Rubric and exemplars in a facet's file, for types that experts mark.</summary>
internal static class RubricText
{
    internal static Rubric Read(Fields facet)
    {
        if (facet.Mapping("rubric") is not { } rubric)
            return new([], null);
        var criteria = rubric.List("criteria").Select(ReadCriterion).ToList();
        string? gate = null;
        if (rubric.OptionalMapping("gate") is { } condition)
        {
            gate = condition.Text("criterion");
            condition.Done();
        }
        rubric.Done();
        return new(criteria, gate);
    }

    internal static Exemplar ReadExemplar(Fields fields)
    {
        var exemplar = new Exemplar(fields.Text("text"), fields.PointsMap("points"), fields.Text("comment"));
        fields.Done();
        return exemplar;
    }

    internal static void Write(YamlLines lines, Rubric rubric)
    {
        lines.Raw(0, "rubric:");
        lines.Raw(2, "criteria:");
        foreach (var criterion in rubric.Criteria)
        {
            lines.Text(4, "- code", criterion.Code);
            lines.Text(6, "title", criterion.Title);
            lines.Raw(6, "levels:");
            foreach (var level in criterion.Levels)
                lines.Raw(
                    8,
                    "- " + YamlLines.Flow(("points", level.Points.ToString()), ("description", YamlLines.Quote(level.Description)))
                );
        }
        if (rubric.Gate is not null)
            lines.Raw(2, "gate: " + YamlLines.Flow(("criterion", YamlLines.Quote(rubric.Gate))));
    }

    internal static void Write(YamlLines lines, IReadOnlyList<Exemplar> exemplars)
    {
        if (exemplars.Count == 0)
            return;
        lines.Raw(4, "exemplars:");
        foreach (var exemplar in exemplars)
        {
            lines.Text(6, "- text", exemplar.Text);
            lines.Raw(8, $"points: {YamlLines.Flow(exemplar.Points, points => points.ToString())}");
            lines.Text(8, "comment", exemplar.Comment);
        }
    }

    private static Criterion ReadCriterion(Fields fields)
    {
        var criterion = new Criterion(fields.Text("code"), fields.Text("title"), fields.List("levels").Select(ReadLevel).ToList());
        fields.Done();
        return criterion;
    }

    private static CriterionLevel ReadLevel(Fields fields)
    {
        var level = new CriterionLevel(fields.Points("points"), fields.Text("description"));
        fields.Done();
        return level;
    }
}
