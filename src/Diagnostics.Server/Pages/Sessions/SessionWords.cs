namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    /// <summary>
    /// The checks of the device in the waiting room, by the ids that the page's JavaScript module uses.
    /// </summary>
    internal static readonly IReadOnlyList<(string Id, string Name)> DeviceChecks =
    [
        ("line", "Связь с сервером"),
        ("store", "Память браузера"),
        ("clock", "Часы"),
        ("device", "Браузер и экран"),
    ];
}
