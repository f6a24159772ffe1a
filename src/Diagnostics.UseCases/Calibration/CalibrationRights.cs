using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// A calibration concerns a whole form. An operator of all campaigns in a calibration may request it and read how the
/// form works. Only an operator of everything sees reports that contain keys, and decides on the calibration, because
/// profiles of all campaigns with the form will rest on it.
/// </summary>
internal static class CalibrationRights
{
    /// <summary>Operators of campaigns; the caller must operate every campaign that a calibration covers.</summary>
    internal static readonly AccessRule Operators = AccessRule.Of(Role.Operator.OfCampaign());

    internal static readonly AccessRule OperatorsOfEverything = AccessRule.Of(Role.Operator.OfEverything());

    internal static readonly Refusal NotFound = Refusal.NotFound("calibration-not-found", "Такой калибровки нет.");

    internal static readonly Refusal NoForm = Refusal.NotFound("form-not-found", "Такой формы нет.");

    internal static readonly Refusal NotYours = Refusal.Forbidden(
        "not-your-campaigns",
        "Калибровка охватывает мероприятия, которые ведёт другой оператор."
    );

    internal static readonly Refusal NotEverywhere = Refusal.Forbidden(
        "not-for-whole-form",
        "Решает о калибровке оператор, чья роль не ограничена мероприятием, площадкой или территорией: "
            + "на ней основаны профили всех мероприятий с этой формой."
    );

    /// <summary>Only people with access to the bank see keys (<see cref="ItemBank.ItemBankStage"/>).</summary>
    internal static readonly Refusal KeysInside = Refusal.Forbidden(
        "not-for-whole-bank",
        "Здесь видны ключи заданий: это открыто оператору, чья роль не ограничена мероприятием, площадкой или территорией."
    );

    internal static bool Operates(Caller caller, IEnumerable<Guid> campaigns) =>
        campaigns.All(campaignId => Operators.Covers(caller, new Target { Campaign = campaignId }));

    /// <summary>Finds a calibration run that the caller may know of.</summary>
    internal static async Task<Result<CalibrationRow>> Find(Db db, Guid id, Caller caller) =>
        await CalibrationStore.Find(db, id) is { } run && Operates(caller, await CalibrationStore.Campaigns(db, id)) ? run : NotFound;
}
