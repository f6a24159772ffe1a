namespace Diagnostics.Engine.Campaigns;

public enum ExtraTimeUnit { Percent, Minutes }

/// <summary>More time than others have.</summary>
/// <param name="Amount">1–100 per cent of the campaign's time limit, or 1–600 minutes.</param>
public sealed record ExtraTime(int Amount, ExtraTimeUnit Unit)
{
    internal const int MostMinutes = 600;

    /// <summary>A part of a minute counts as a whole one, in the person's favour.</summary>
    public int Minutes(int timeLimitMinutes) => Unit is ExtraTimeUnit.Minutes ? Amount : (timeLimitMinutes * Amount + 99) / 100;

    internal bool IsPossible => Amount >= 1 && Amount <= (Unit is ExtraTimeUnit.Percent ? 100 : MostMinutes);
}

/// <summary>
/// Special conditions (особые условия) under which a person sits a diagnostic. Only what is needed, never why: a reason would
/// tell of the person's health.
/// </summary>
/// <param name="ExtraTime">Runs from the start of the session; null where none is needed.</param>
/// <param name="Breaks">The site pauses the session when the person asks.</param>
/// <param name="Assistant">Somebody reads aloud or types for the person.</param>
/// <param name="Paper">The items on paper as well.</param>
public sealed record Accommodations(ExtraTime? ExtraTime = null, bool Breaks = false, bool Assistant = false, bool Paper = false)
{
    private static readonly Accommodations None = new();

    public bool AreNone() => this == None;

    public int ExtraMinutes(int timeLimitMinutes) => ExtraTime?.Minutes(timeLimitMinutes) ?? 0;

    /// <summary>What the campaign's rules do not allow; null where they allow it all.</summary>
    /// <param name="mostExtraMinutes">That a session may be given in all.</param>
    public Refusal? Check(int timeLimitMinutes, int mostExtraMinutes)
    {
        if (ExtraTime is not { } time) return null;
        if (!time.IsPossible)
        {
            return Refusal
                .Invalid("extra-time-invalid", $"Дополнительное время — от 1 до 100 процентов или от 1 до {ExtraTime.MostMinutes} минут.")
                .With("field", "accommodations.extraTime");
        }
        return time.Minutes(timeLimitMinutes) <= mostExtraMinutes ? null : Refusal
            .Invalid("extra-time-exceeded", $"По правилам мероприятия к времени можно добавить не больше {mostExtraMinutes} мин.")
            .With("field", "accommodations.extraTime").With("maxExtraMinutes", mostExtraMinutes);
    }
}
