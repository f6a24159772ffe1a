using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.SiteDays;
using NodaTime;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>The rows of the board, which the page and its module show in the same words.</summary>
public sealed partial class BoardPage
{
    /// <summary>Something about a seat that somebody should notice.</summary>
    /// <param name="Tone">A class of the stylesheet: <c>bad</c>, <c>warn</c>, or empty.</param>
    public sealed record Mark(string Text, string Tone);

    /// <summary>
    /// A seat on the board, in the words that the page and its module show. It changes only when something happens, so that
    /// most answers to a board are «nothing new»: the module counts the remaining time by itself.
    /// </summary>
    /// <param name="Rank">The smaller, the sooner somebody is needed there.</param>
    /// <param name="Until">The deadline in milliseconds since 1970, while the time runs.</param>
    /// <param name="Left">The seconds left, while the time stands still.</param>
    public sealed record Row(
        Guid Id,
        int Seat,
        int Rank,
        string State,
        string Tone,
        IReadOnlyList<Mark> Marks,
        string Answered,
        string Saved,
        long? Until,
        long? Left
    )
    {
        /// <summary>A device that has not been heard of for this long has lost its connection: it asks every half a minute.</summary>
        internal static readonly Duration Silence = Duration.FromMinutes(2);

        private static readonly Duration Soon = Duration.FromMinutes(5);

        internal static IReadOnlyList<Row> Of(Board board, bool bySeat) =>
            board.Places.Select(place => Of(place, board)).OrderBy(row => bySeat ? 0 : row.Rank).ThenBy(row => row.Seat).ToList();

        private static Row Of(BoardPlace place, Board board)
        {
            var marks = new List<(int Rank, Mark Mark)>();
            // Without a sitting nobody is late: people may come on any day of the campaign.
            var (zone, late) = (board.Head.TimeZone, board.Head.SittingId is not null && board.At >= board.Head.StartsAt);
            if (place.State is SessionState.InProgress)
            {
                if (place.LastSeenAt is { } seen && board.At - seen > Silence)
                    marks.Add((0, new($"нет связи с {Dates.Time(seen, zone)}", "bad")));
                if (place.Deadline - board.At < Soon)
                    marks.Add((4, new("время кончается", "warn")));
            }
            if (place is { OnPaper: true, Deadline: { } end })
            {
                if (end <= board.At)
                    marks.Add((2, new("время вышло, примите бланки", "bad")));
                else if (end - board.At < Soon)
                    marks.Add((4, new("время кончается", "warn")));
            }
            else if (place.State is SessionState.Paused)
                marks.Add((1, new("на паузе", "warn")));
            if (place is { Absent: false } && late && board.At < board.Head.EndsAt)
            {
                if (place.State is SessionState.Scheduled)
                    marks.Add((3, new("не пришёл", "warn")));
                else if (place.State is SessionState.Open)
                    marks.Add((2, new("допущен, не начал", "warn")));
            }
            if (!place.State.IsOver() && place.PlacePassed is false)
                marks.Add((1, new("место неисправно", "bad")));
            if (place.Rejected > 0)
                marks.Add((5, new($"отложено ответов: {place.Rejected}", "warn")));
            if (place.Incidents > 0)
                marks.Add((6, new($"происшествий: {place.Incidents}", "")));
            var over = place.State.IsOver() || place.Absent;
            return new(
                Id: place.SessionId,
                Seat: place.Seat,
                Rank: over ? 9
                    : marks.Count > 0 ? marks.Min(mark => mark.Rank)
                    // Nobody hears of them by the network, so they stand together before those who write on a screen.
                    : place.OnPaper ? 7
                    : 8,
                State: StateOf(place),
                Tone: ToneOf(place),
                Marks: marks.Select(mark => mark.Mark).ToList(),
                Answered: place.StartedAt is null || place.OnPaper
                    ? "—"
                    : place.Answered.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Saved: place.LastSavedAt is { } saved ? Dates.Time(saved, zone) : "—",
                Until: place.State is SessionState.InProgress || place.OnPaper ? place.Deadline?.ToUnixTimeMilliseconds() : null,
                Left: place is { State: SessionState.Paused, OnPaper: false } ? place.SecondsLeft : null
            );
        }

        private static string StateOf(BoardPlace place) =>
            place switch
            {
                { Absent: true } => "неявка",
                { OnPaper: true } => "на бумаге",
                { State: SessionState.Scheduled } => "ждём",
                { State: SessionState.Open } => "допущен",
                { State: SessionState.InProgress } => "пишет",
                { State: SessionState.Paused } => "пауза",
                { State: SessionState.Finished } => "закончил",
                { State: SessionState.Expired } => "время вышло",
                _ => "аннулирован",
            };

        private static string ToneOf(BoardPlace place) =>
            place switch
            {
                { Absent: true } => "",
                { OnPaper: true } => "good",
                { State: SessionState.InProgress } => "good",
                { State: SessionState.Paused } => "warn",
                { State: SessionState.Open } => "go",
                _ => "",
            };
    }
}
