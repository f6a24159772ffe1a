using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.Server.Pages.Marking;

public sealed partial class MarkingPage
{
    /// <summary>Marks as they stand in the form.</summary>
    /// <param name="Missing">The first criterion without points, as a refusal; null when none is missing.</param>
    public sealed record TypedMarks(
        IReadOnlyDictionary<string, Points> Criteria,
        string Comment,
        bool NoAnswer,
        bool AlsoAlike,
        int Revision,
        Refusal? Missing
    )
    {
        private const string Field = "m-";

        internal MarksDraft Draft => new(Criteria, Comment, NoAnswer, Revision);

        internal HoldRequest Held => new(Criteria, Comment, NoAnswer, AlsoAlike, Revision);

        internal MarksRequest Given => new(Criteria, Comment, NoAnswer);

        internal static TypedMarks Of(ClaimedScript script) =>
            new(
                script.Draft?.Criteria ?? new Dictionary<string, Points>(),
                script.Draft?.Comment ?? "",
                script.Draft?.NoAnswer is true,
                script.AlsoAlike,
                script.Draft?.Revision ?? 0,
                Missing: null
            );

        internal static TypedMarks Read(SentForm form, Rubric rubric)
        {
            var noAnswer = form.Has("no-answer");
            var criteria = new Dictionary<string, Points>();
            foreach (var criterion in rubric.Criteria)
                if (noAnswer)
                    criteria[criterion.Code] = Points.Zero;
                else if (PointsOf(form[Field + criterion.Code]) is { } points)
                    criteria[criterion.Code] = points;
            var complete = rubric.Completed(criteria);
            var missing = rubric.Criteria.FirstOrDefault(criterion => !complete.ContainsKey(criterion.Code)) is { } open
                ? Refusal.Invalid("criterion-missing", $"Нет балла по критерию «{open.Title}».").With("field", $"{Field}{open.Code}-0")
                : null;
            return new(criteria, form["comment"], noAnswer, form.Has("alike"), form.Number("revision") ?? 0, missing);
        }

        /// <summary>Without the rubric: a criterion without points is not noticed.</summary>
        internal static TypedMarks Read(SentForm form)
        {
            var criteria = new Dictionary<string, Points>();
            foreach (var name in form.Names.Where(name => name.StartsWith(Field, StringComparison.Ordinal)))
                if (PointsOf(form[name]) is { } points)
                    criteria[name[Field.Length..]] = points;
            return new(criteria, form["comment"], form.Has("no-answer"), form.Has("alike"), form.Number("revision") ?? 0, Missing: null);
        }

        /// <summary>The marks as text, when there is no rubric to show them in.</summary>
        internal string Words => string.Join("; ", Criteria.Select(mark => $"{mark.Key} — {Numbers.Of(mark.Value)}"));

        private static Points? PointsOf(string typed) =>
            decimal.TryParse(typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            && Points.TryFrom(number, out var points)
                ? points
                : null;
    }
}
