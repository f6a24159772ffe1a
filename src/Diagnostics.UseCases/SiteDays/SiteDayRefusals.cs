using Diagnostics.Engine;

namespace Diagnostics.UseCases.SiteDays;

internal static class SiteDayRefusals
{
    internal static readonly Refusal WhichSitting = Refusal
        .Invalid("sitting-required", "На этой площадке у мероприятия назначены проведения: назовите, о каком речь (sittingId).")
        .With("field", "sittingId");

    internal static readonly Refusal NoAppointment = Refusal.NotFound("appointment-not-found", "Такого назначения на площадке нет.");

    internal static readonly Refusal AppointmentEnded = Refusal.Conflict("appointment-ended", "Назначение уже прекращено.");

    internal static readonly Refusal NoEntry = Refusal.NotFound("journal-entry-not-found", "Такой записи в журнале площадки нет.");

    internal static readonly Refusal EntryCorrected = Refusal.Conflict("journal-entry-corrected", "Эта запись уже исправлена.");
}
