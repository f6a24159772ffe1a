namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    /// <summary>What the waiting room tries on the device, by the ids that its module knows.</summary>
    internal static readonly IReadOnlyList<(string Id, string Name)> DeviceChecks =
    [
        ("line", "Связь с сервером"),
        ("store", "Память браузера"),
        ("clock", "Часы"),
        ("device", "Браузер и экран"),
    ];
}
