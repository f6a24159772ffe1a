namespace Diagnostics.Engine.Campaigns;

public enum ExtraTimeUnit
{
    Percent,
    Minutes,
}

/// <summary>Time in addition to the usual limit.</summary>
/// <param name="Amount">1–100 per cent of the campaign's time limit, or 1–600 minutes.</param>
public sealed record ExtraTime(int Amount, ExtraTimeUnit Unit)
{
    internal const int MostMinutes = 600;

    /// <summary>Rounds a fraction of a minute up, in the person's favour.</summary>
    public int Minutes(int timeLimitMinutes) => Unit is ExtraTimeUnit.Minutes ? Amount : (timeLimitMinutes * Amount + 99) / 100;

    internal bool IsPossible => Amount >= 1 && Amount <= (Unit is ExtraTimeUnit.Percent ? 100 : MostMinutes);
}

/// <summary>
/// Special conditions (особые условия) for a person's diagnostic. They state only what is needed and never why: a
/// reason would reveal the person's health.
/// </summary>
/// <param name="ExtraTime">Granted from the start of the session; null when none is needed.</param>
/// <param name="Breaks">Whether the site pauses the session at the person's request.</param>
/// <param name="Assistant">Whether an assistant reads aloud or types for the participant.</param>
/// <param name="Paper">Whether the items are also given on paper.</param>
public sealed record Accommodations(ExtraTime? ExtraTime = null, bool Breaks = false, bool Assistant = false, bool Paper = false)
{
    private static readonly Accommodations None = new();

    public bool AreNone() => this == None;

    public int ExtraMinutes(int timeLimitMinutes) => ExtraTime?.Minutes(timeLimitMinutes) ?? 0;

    /// <summary>A refusal when the campaign's rules do not allow these conditions; otherwise null.</summary>
    /// <param name="mostExtraMinutes">The most extra time that a session may have in all.</param>
    public Refusal? Check(int timeLimitMinutes, int mostExtraMinutes)
    {
        if (ExtraTime is not { } time)
            return null;
        if (!time.IsPossible)
        {
            return Refusal
                .Invalid("extra-time-invalid", $"Дополнительное время — от 1 до 100 процентов или от 1 до {ExtraTime.MostMinutes} минут.")
                .With("field", "accommodations.extraTime");
        }
        return time.Minutes(timeLimitMinutes) <= mostExtraMinutes
            ? null
            : Refusal
                .Invalid("extra-time-exceeded", $"По правилам мероприятия к времени можно добавить не больше {mostExtraMinutes} мин.")
                .With("field", "accommodations.extraTime")
                .With("maxExtraMinutes", mostExtraMinutes);
    }
}
